// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/growth.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

int growth_begin(const struct root *root, struct growths *growths)
{
	struct usages usages;
	int error = usages_read(root, &usages);

	if (error)
		return error;
	growths->before.count = 0;
	array_for_each (&usages, usage)
		*array_add(&growths->before) = usage->inode;
	growths->before_all = !usages.listing_error;
	usages_free(&usages);
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *first = a, *second = b;

	return *first < *second ? -1 : *first > *second;
}

/*
 * Says whether a buffer was made since the cycle began. One that was not seen then may have been
 * there, unless its number is larger than all. Numbers do not always grow: before Linux 5.19 each
 * CPU has a range of its own (get_next_ino(), fs/inode.c; commit 370704e707a5).
 */
static bool is_new(const struct growths *growths, const struct usage *usage)
{
	const uint64_t *before = growths->before.items;
	size_t count = growths->before.count;

	if (!count || usage->inode > before[count - 1])
		return true;
	return growths->before_all &&
	       !bsearch(&usage->inode, before, count, sizeof(*before), by_number);
}

/* Who keeps it; of several processes one that the command started. */
static enum keeper find_keeper(const struct root *root, const struct usages *usages,
			       const struct usage *usage, const struct process **keeper)
{
	const struct hold *holds = usages->scan.holds.items + usage->first_hold;

	*keeper = NULL;
	for (size_t i = 0; i < usage->holds; i++) {
		const struct process *process = &usages->scan.processes.items[holds[i].process];

		*keeper = *keeper ? *keeper : process;
		if (process_descends_from(root, process->pid, (uint64_t)getpid())) {
			*keeper = process;
			return KEEPER_STARTED;
		}
	}
	return *keeper ? KEEPER_OTHER : KEEPER_NOBODY;
}

int growth_left(const struct root *root, const struct growths *growths, size_t *left)
{
	struct usages usages;
	int error = usages_read(root, &usages);
	size_t found = 0;

	if (error)
		return error;
	array_for_each (&usages, usage) {
		const struct process *keeper;

		found += is_new(growths, usage) &&
			 find_keeper(root, &usages, usage, &keeper) != KEEPER_OTHER;
	}
	usages_free(&usages);
	*left = found;
	return 0;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* What to call the keeper: the process, or the devices that are attached. */
static char *name_holder(const struct usage *usage, const struct process *keeper)
{
	if (keeper)
		return xstrdup_maybe(keeper->command);
	return usage->devices.count ? xstrdup(usage->devices.items[0]) : NULL;
}

/*
 * The entry of a buffer. Processes are told apart by their name, as each cycle may leave another
 * one.
 */
static struct growth *entry_of(struct growths *growths, const struct usage *usage,
			       enum keeper keeper, const struct process *process)
{
	AUTO_FREE char *holder = name_holder(usage, process);
	struct growth *growth;

	array_for_each (growths, known) {
		if (known->keeper != keeper || !is_same(known->exporter, usage->exporter) ||
		    !is_same(known->holder, holder))
			continue;
		if (!is_same(known->name, usage->name)) {
			free(known->name);
			known->name = NULL;
		}
		return known;
	}
	growth = array_add(growths);
	growth->exporter = xstrdup_maybe(usage->exporter);
	growth->name = xstrdup_maybe(usage->name);
	growth->keeper = keeper;
	growth->holder = TAKE_POINTER(holder);
	return growth;
}

static void add(const struct root *root, struct growths *growths, const struct usages *usages,
		const struct usage *usage)
{
	const struct process *process;
	enum keeper keeper = find_keeper(root, usages, usage, &process);
	struct growth *growth = entry_of(growths, usage, keeper, process);
	const struct left_buffer *last =
		growth->buffers.count ? &growth->buffers.items[growth->buffers.count - 1] : NULL;

	growth->cycles += !last || last->cycle != growths->cycles;
	growth->pid = process ? process->pid : 0;
	growth->bytes += usage->size.value;
	*array_add(&growth->buffers) = (struct left_buffer){
		.inode = usage->inode, .cycle = growths->cycles, .size = usage->size};
}

int growth_end(const struct root *root, struct growths *growths)
{
	struct usages usages;
	int error = usages_read(root, &usages);

	if (error)
		return error;
	growths->cycles++;
	array_for_each (&usages, usage) {
		if (is_new(growths, usage))
			add(root, growths, &usages, usage);
	}
	growths->unreadable = usages.scan.unreadable;
	growths->listing_error = usages.listing_error;
	usages_free(&usages);
	return 0;
}

void growths_free(struct growths *growths)
{
	array_for_each (growths, growth) {
		free(growth->exporter);
		free(growth->name);
		free(growth->holder);
		array_free(&growth->buffers);
	}
	array_free(growths);
	array_free(&growths->before);
}

bool growth_is_leak(const struct growths *growths, const struct growth *growth)
{
	if (growths->cycles == 1)
		return growth->keeper != KEEPER_OTHER;
	return growth->cycles > growths->cycles / 2 && growth->cycles > 1;
}

const char *keeper_name(enum keeper keeper)
{
	static const char *const names[] = {
		[KEEPER_NOBODY] = "nobody",
		[KEEPER_STARTED] = "command",
		[KEEPER_OTHER] = "other",
	};

	return names[keeper];
}
