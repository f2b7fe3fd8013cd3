// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/growth.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"

/* What is there now is what was there before. */
static void remember(struct growths *growths, const struct usages *usages)
{
	growths->before.count = 0;
	array_for_each (usages, usage)
		*array_add(&growths->before) = usage->inode;
	growths->before_all = !usages->listing_error;
}

int growth_begin(const struct root *root, struct growths *growths)
{
	struct usages usages;
	int error = usages_read(root, &usages);

	if (!error)
		remember(growths, &usages);
	usages_free(&usages);
	return error;
}

/*
 * Says whether a buffer was made since the cycle began. One that was not seen then may have been
 * there, unless its number is larger than all. Numbers do not always grow: before Linux 5.19 each
 * CPU has a range of its own (get_next_ino(), fs/inode.c; commit 370704e707a5).
 */
static bool is_new(const struct growths *growths, uint64_t inode)
{
	const uint64_t *before = growths->before.items;
	size_t count = growths->before.count;

	if (!count || inode > before[count - 1])
		return true;
	return growths->before_all &&
	       !bsearch(&inode, before, count, sizeof(*before), compare_numbers);
}

/* One reading, and which processes of it the command started, where that has been asked. */
struct reading {
	struct usages usages;
	enum tristate *started;
};

static int read_now(const struct root *root, struct reading *reading)
{
	int error = usages_read(root, &reading->usages);

	reading->started =
		xcalloc(reading->usages.scan.processes.count + 1, sizeof(*reading->started));
	return error;
}

static void free_reading(struct reading *reading)
{
	usages_free(&reading->usages);
	free(reading->started);
}

static bool is_started(const struct root *root, const struct reading *reading, size_t process)
{
	enum tristate *answer = &reading->started[process];
	uint64_t pid = reading->usages.scan.processes.items[process].pid;

	if (*answer == UNKNOWN)
		*answer = process_descends_from(root, pid, (uint64_t)getpid()) ? YES : NO;
	return *answer == YES;
}

/* Who keeps it; of several processes one that the command started. */
static enum keeper find_keeper(const struct root *root, const struct reading *reading,
			       const struct usage *usage, const struct process **keeper)
{
	const struct process_scan *scan = &reading->usages.scan;

	*keeper = NULL;
	for (size_t i = 0; i < usage->holds; i++) {
		size_t index = scan->holds.items[usage->first_hold + i].process;

		*keeper = *keeper ? *keeper : &scan->processes.items[index];
		if (is_started(root, reading, index)) {
			*keeper = &scan->processes.items[index];
			return KEEPER_STARTED;
		}
	}
	return *keeper ? KEEPER_OTHER : KEEPER_NOBODY;
}

/* What to call the keeper: the process, or the devices that are attached. */
static const char *name_holder(const struct usage *usage, const struct process *keeper)
{
	if (keeper)
		return keeper->command;
	return usage->devices.count ? usage->devices.items[0] : NULL;
}

/* A name with * for each number in it, so that "frame-1" and "frame-2" are one; or NULL. */
static char *name_pattern(const char *name)
{
	char *pattern = xstrdup_maybe(name), *to = pattern;

	for (const char *from = pattern; from && *from; to++) {
		size_t digits = strspn(from, "0123456789");

		*to = *from;
		if (digits)
			*to = '*';
		from += digits ? digits : 1;
	}
	if (to)
		*to = '\0';
	return pattern;
}

/* What the buffers of an entry have in common. The text is that of the entry. */
struct kind {
	enum keeper keeper;
	const char *exporter, *pattern, *holder; /* or NULL */
	size_t index;                            /* of the entry */
};

static int compare_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !a - !b;
}

static int by_kind(const void *a, const void *b)
{
	const struct kind *first = a, *second = b;
	int order = (int)first->keeper - (int)second->keeper;

	if (!order)
		order = compare_text(first->exporter, second->exporter);
	if (!order)
		order = compare_text(first->pattern, second->pattern);
	return order ? order : compare_text(first->holder, second->holder);
}

static struct growth *add_entry(struct growths *growths, const struct kind *like, const char *name)
{
	struct kind *kind = xcalloc(1, sizeof(*kind));
	struct growth *growth;

	kind->index = growths->count;
	growth = array_add(growths);
	growth->name = xstrdup_maybe(name);
	growth->keeper = kind->keeper = like->keeper;
	kind->exporter = growth->exporter = xstrdup_maybe(like->exporter);
	kind->pattern = growth->pattern = xstrdup_maybe(like->pattern);
	kind->holder = growth->holder = xstrdup_maybe(like->holder);
	must_have(tsearch(kind, &growths->kinds, by_kind));
	return growth;
}

/*
 * The entry of a buffer. Processes are told apart by their name, as each cycle may leave another
 * one.
 */
static struct growth *entry_of(struct growths *growths, const struct usage *usage,
			       enum keeper keeper, const struct process *process)
{
	AUTO_FREE char *pattern = name_pattern(usage->name);
	const struct kind kind = {.keeper = keeper,
				  .exporter = usage->exporter,
				  .pattern = pattern,
				  .holder = name_holder(usage, process)};
	struct kind *const *known = tfind(&kind, &growths->kinds, by_kind);
	struct growth *growth;

	if (!known)
		return add_entry(growths, &kind, usage->name);
	growth = &growths->items[(*known)->index];
	if (compare_text(growth->name, usage->name)) {
		free(growth->name);
		growth->name = TAKE_POINTER(pattern);
	}
	return growth;
}

static struct growth *add(const struct root *root, struct growths *growths,
			  const struct reading *reading, const struct usage *usage)
{
	const struct process *process;
	enum keeper keeper = find_keeper(root, reading, usage, &process);
	struct growth *growth = entry_of(growths, usage, keeper, process);
	const struct left_buffer *last =
		growth->buffers.count ? &growth->buffers.items[growth->buffers.count - 1] : NULL;

	growth->cycles += !last || last->cycle != growths->cycles;
	growth->pid = process ? process->pid : 0;
	growth->bytes += usage->size.value;
	*array_add(&growth->buffers) = (struct left_buffer){
		.inode = usage->inode, .cycle = growths->cycles, .size = usage->size};
	return growth;
}

/* Says whether the command may have to answer for a new buffer. */
static bool is_left(const struct root *root, const struct growths *growths,
		    const struct reading *reading)
{
	array_for_each (&reading->usages, usage) {
		const struct process *keeper;

		if (is_new(growths, usage->inode) &&
		    find_keeper(root, reading, usage, &keeper) != KEEPER_OTHER)
			return true;
	}
	return false;
}

int growth_end(const struct root *root, struct growths *growths, bool late, bool *ended)
{
	struct reading reading;
	int error = read_now(root, &reading);

	if (!error) {
		*ended = late || !is_left(root, growths, &reading);
		growths->cycles += *ended;
		array_for_each (&reading.usages, usage) {
			if (*ended && is_new(growths, usage->inode))
				add(root, growths, &reading, usage);
		}
		growths->unread = reading.usages.scan.unread;
		growths->listing_error = reading.usages.listing_error;
		if (*ended)
			remember(growths, &reading.usages);
	}
	free_reading(&reading);
	return error;
}

int growth_sample(const struct root *root, const struct growths *growths, struct growths *during)
{
	struct reading reading;
	int error = read_now(root, &reading);

	if (!error) {
		during->samples++;
		array_for_each (during, growth) {
			growth->bytes = 0;
			growth->buffers.count = 0;
		}
		array_for_each (&reading.usages, usage) {
			if (is_new(growths, usage->inode))
				add(root, during, &reading, usage);
		}
		array_for_each (during, growth) {
			while (growth->samples.count + 1 < during->samples)
				array_add(&growth->samples);
			*array_add(&growth->samples) =
				(struct sample){growth->buffers.count, growth->bytes};
		}
	}
	free_reading(&reading);
	return error;
}

/* The least in a quarter of the samples but the last, which is 0 to 3. */
static struct sample least_of(const struct growth *growth, size_t quarter)
{
	size_t count = growth->samples.count - 1;
	struct sample least = {UINT64_MAX, UINT64_MAX};

	for (size_t i = count * quarter / 4; i < count * (quarter + 1) / 4; i++) {
		const struct sample *sample = &growth->samples.items[i];

		least.buffers = sample->buffers < least.buffers ? sample->buffers : least.buffers;
		least.bytes = sample->bytes < least.bytes ? sample->bytes : least.bytes;
	}
	return least;
}

bool growth_trend(const struct growths *during, const struct growth *growth, struct sample *trend)
{
	struct sample first, last;

	if (during->samples < GROWTH_SAMPLES)
		return false;
	first = last = least_of(growth, 0);
	for (size_t quarter = 1; quarter < 4; quarter++) {
		struct sample next = least_of(growth, quarter);

		if (next.bytes <= last.bytes)
			return false;
		last = next;
	}
	trend->bytes = last.bytes - first.bytes;
	trend->buffers = last.buffers > first.buffers ? last.buffers - first.buffers : 0;
	return true;
}

void growths_free(struct growths *growths)
{
	tdestroy(growths->kinds, free);
	growths->kinds = NULL;
	array_for_each (growths, growth) {
		free(growth->exporter);
		free(growth->name);
		free(growth->pattern);
		free(growth->holder);
		array_free(&growth->buffers);
		array_free(&growth->samples);
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
