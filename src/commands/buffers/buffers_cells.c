// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_cells.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/buffer/location.h"

static int compare_name(const void *name, const void *memory)
{
	return strcmp(name, ((const struct memory *)memory)->heap->name);
}

const struct memory *buffers_heap(const struct inventory *inventory, const struct usage *usage)
{
	if (!usage->exporter || !inventory->memories.count)
		return NULL;
	return bsearch(usage->exporter, inventory->memories.items, inventory->memories.count,
		       sizeof(*inventory->memories.items), compare_name);
}

static struct value *kernel_value(const struct usage *usage)
{
	struct value *map;

	if (!usage->unexplained.known && !usage->listed)
		return NULL;
	map = value_map();
	value_set(map, "references", value_maybe(usage->unexplained));
	value_set(map, "devices", value_strings(&usage->devices));
	return map;
}

static struct value *fence_value(const struct bufinfo_fence *fence)
{
	struct value *map = value_map();
	struct bufinfo_fence_words words;

	bufinfo_fence_split(fence, &words);
	value_set(map, "usage", value_text(bufinfo_usage_name(fence->usage)));
	value_set(map, "driver", value_text(words.driver));
	value_set(map, "timeline", value_text(words.timeline));
	value_set(map, "context", value_maybe(words.context));
	value_set(map, "seqno", value_maybe(words.seqno));
	bufinfo_fence_words_free(&words);
	return map;
}

static struct value *fences_value(const struct usage *usage)
{
	static const enum bufinfo_usage kinds[] = {BUFINFO_WRITE, BUFINFO_READ, BUFINFO_OTHER};
	struct value *map, *pending, *each;

	if (!usage->listed)
		return NULL;
	map = value_map();
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		uint64_t count = 0;

		array_for_each (&usage->fences, fence)
			count += !fence->signalled && fence->usage == kinds[i];
		value_set(map, bufinfo_usage_name(kinds[i]), value_number(count));
	}
	pending = value_array();
	each = value_array();
	array_for_each (&usage->fences, fence) {
		if (fence->signalled)
			continue;
		value_append(pending, value_text(fence->text));
		value_append(each, fence_value(fence));
	}
	value_set(map, "pending", pending);
	value_set(map, "each", each);
	return map;
}

static struct value *piece_value(const struct page_run *run)
{
	struct value *map = value_map();

	value_set(map, "offset", value_number(run->offset));
	value_set(map, "address", value_address(run->address));
	value_set(map, "size", value_number(run->size));
	return map;
}

static struct value *address_value(const struct buffers_view *view, const struct usage *usage)
{
	struct page_runs runs = {0};
	struct value *map, *pieces;
	uint64_t known = 0;

	usage_locate(view->root, view->usages, usage, &runs);
	if (!runs.count)
		return NULL;
	map = value_map();
	value_set(map, "first", runs.items[0].offset ? NULL : value_address(runs.items[0].address));
	pieces = value_array();
	array_for_each (&runs, run) {
		value_append(pieces, piece_value(run));
		known += run->size;
	}
	value_set(map, "pieces", pieces);
	value_set(map, "unknown",
		  value_number(usage->size.value > known ? usage->size.value - known : 0));
	array_free(&runs);
	return map;
}

struct value *buffers_id(uint64_t number)
{
	AUTO_FREE char *text = xasprintf("%" PRIu64, number);

	return value_text(text);
}

void buffers_set_buffer(struct table *table, const struct buffers_view *view,
			const struct usage *usage)
{
	const struct memory *memory = buffers_heap(view->inventory, usage);

	table_set(table, BUFFERS_ID, buffers_id(usage->inode));
	table_set(table, BUFFERS_TYPE, value_text("buffer"));
	table_set(table, BUFFERS_INODE, value_number(usage->inode));
	table_set(table, BUFFERS_SIZE, value_maybe(usage->size));
	table_set(table, BUFFERS_SHARE, value_maybe(usage_share(usage)));
	table_set(table, BUFFERS_EXPORTER, value_text(usage->exporter));
	table_set(table, BUFFERS_HEAP, value_text(memory ? memory->heap->name : NULL));
	table_set(table, BUFFERS_NAME, value_text(usage->name));
	if (table_wants(table, BUFFERS_AGE))
		table_set(table, BUFFERS_AGE,
			  value_maybe(usage_age(view->root, view->usages, usage)));
	if (table_wants(table, BUFFERS_ADDRESS))
		table_set(table, BUFFERS_ADDRESS, address_value(view, usage));
	table_set(table, BUFFERS_HOLDERS, value_number(usage->processes));
	table_set(table, BUFFERS_KERNEL, kernel_value(usage));
	table_set(table, BUFFERS_FENCES, fences_value(usage));
}

void buffers_set_counts(struct table *table, const struct usage *usage)
{
	table_set(table, BUFFERS_FDS, value_number(usage->descriptors + usage->paths));
	table_set(table, BUFFERS_MAPS, value_number(usage->mappings));
	table_set(table, BUFFERS_MAPPED, value_number(usage->mapped));
}

void buffers_set_process(struct table *table, const struct buffers_view *view,
			 const struct process *process)
{
	const struct passwd *user =
		view->live && process->user.known ? getpwuid((uid_t)process->user.value) : NULL;

	table_set(table, BUFFERS_ID, buffers_id(process->pid));
	table_set(table, BUFFERS_TYPE, value_text("process"));
	table_set(table, BUFFERS_PID, value_number(process->pid));
	table_set(table, BUFFERS_NSPID, process->inner ? value_number(process->inner) : NULL);
	table_set(table, BUFFERS_USER,
		  user                  ? value_text(user->pw_name)
		  : process->user.known ? buffers_id(process->user.value)
					: NULL);
	table_set(table, BUFFERS_COMMAND, value_text(process->command));
	table_set(table, BUFFERS_UNIT, value_text(process->unit));
}

/*
 * "fd 4", "fd 4 of thread 13", "mapping at 0x7ff7b80000", "fd 4 (O_PATH)", "fd 4, shared with 12"
 */
static char *hold_text(const struct hold *hold)
{
	AUTO_FREE char *thread =
		hold->thread ? xasprintf(" of thread %" PRIu64, hold->thread) : xstrdup("");
	AUTO_FREE char *shared =
		hold->shared ? xasprintf(", shared with %" PRIu64, hold->shared) : xstrdup("");

	switch (hold->kind) {
	case HOLD_DESCRIPTOR:
		return xasprintf("fd %" PRIu64 "%s%s", hold->number, thread, shared);
	case HOLD_PATH:
		return xasprintf("fd %" PRIu64 "%s (O_PATH)%s", hold->number, thread, shared);
	case HOLD_MAPPING:
		break;
	}
	return xasprintf("mapping at 0x%" PRIx64 "%s", hold->number, shared);
}

void buffers_set_holds(struct table *table, const struct hold *holds, size_t count)
{
	struct value *how = value_array();
	uint64_t descriptors = 0, mappings = 0, mapped = 0;

	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *text = hold_text(&holds[i]);

		descriptors += holds[i].kind != HOLD_MAPPING;
		mappings += holds[i].kind == HOLD_MAPPING;
		mapped += holds[i].size;
		value_append(how, value_text(text));
	}
	table_set(table, BUFFERS_FDS, value_number(descriptors));
	table_set(table, BUFFERS_MAPS, value_number(mappings));
	table_set(table, BUFFERS_MAPPED, value_number(mapped));
	table_set(table, BUFFERS_HOW, how);
}

void buffers_set_how(struct table *table, const char *text)
{
	struct value *array = value_array();

	value_append(array, value_text(text));
	table_set(table, BUFFERS_HOW, array);
}
