// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "commands/buffers/buffers_waiters.h"

/* The number of holds from FIRST on of the same buffer by the same process. */
static size_t same_holder(const struct usages *usages, size_t first)
{
	const struct hold *holds = usages->scan.holds.items;
	size_t next = first + 1;

	while (next < usages->scan.holds.count && holds[next].inode == holds[first].inode &&
	       holds[next].process == holds[first].process)
		next++;
	return next - first;
}

/* "perhaps: fd 5, a socket with 1 descriptor in flight" */
static char *candidate_text(const struct candidate *candidate)
{
	const char *plural = candidate->count == 1 ? "" : "s";

	switch (candidate->descriptor.kind) {
	case DESCRIPTOR_IO_URING:
		return xasprintf("perhaps: fd %" PRIu64 ", an io_uring with %" PRIu64
				 " registered file%s",
				 candidate->descriptor.number, candidate->count, plural);
	case DESCRIPTOR_DRM:
		return xasprintf("perhaps: fd %" PRIu64 ", a DRM file of %s",
				 candidate->descriptor.number, candidate->device);
	case DESCRIPTOR_SYNC_FILE:
		return xasprintf("perhaps a fence: fd %" PRIu64 ", a sync file",
				 candidate->descriptor.number);
	case DESCRIPTOR_SOCKET:
	case DESCRIPTOR_BUFFER:
		break;
	}
	return xasprintf("perhaps: fd %" PRIu64 ", a socket with %" PRIu64
			 " descriptor%s in flight",
			 candidate->descriptor.number, candidate->count, plural);
}

/* What may hold what is unexplained, of whichever buffer, or have the fences that are pending. */
static void add_candidates(struct table *table, const struct buffers_view *view)
{
	if (!view->usages->candidates.count)
		return;
	table_row(table);
	table_set(table, BUFFERS_ID, value_text("candidates"));
	table_set(table, BUFFERS_TYPE, value_text("candidates"));
	array_for_each (&view->usages->candidates, candidate) {
		AUTO_FREE char *how = candidate_text(candidate);

		table_row_below(table);
		buffers_set_process(table, view, &candidate->process);
		table_set(table, BUFFERS_TYPE, value_text("candidate"));
		buffers_set_how(table, how);
	}
}

static void add_by_buffer(struct table *table, const struct buffers_view *view,
			  const struct usage *usage)
{
	const struct usages *usages = view->usages;

	table_row(table);
	buffers_set_buffer(table, view, usage);
	buffers_set_counts(table, usage);
	for (size_t i = 0, count; i < usage->holds; i += count) {
		const struct hold *hold = &usages->scan.holds.items[usage->first_hold + i];

		count = same_holder(usages, usage->first_hold + i);
		table_row_below(table);
		buffers_set_process(table, view, &usages->scan.processes.items[hold->process]);
		buffers_set_holds(table, hold, count);
	}
}

/* What one process has to do with one buffer. */
struct pair {
	size_t process, usage, first, count; /* of the holds */
};

struct pairs {
	ARRAY_OF(struct pair);
};

static int by_process(const void *a, const void *b)
{
	const struct pair *first = a, *second = b;
	int order = order_of(first->process, second->process);

	return order ? order : order_of(first->usage, second->usage);
}

static void collect_pairs(const struct buffers_view *view, struct pairs *pairs)
{
	const struct usages *usages = view->usages;

	for (size_t index = 0; index < usages->count; index++) {
		const struct usage *usage = &usages->items[index];

		for (size_t i = 0, count; view->shown[index] && i < usage->holds; i += count) {
			size_t first = usage->first_hold + i;

			count = same_holder(usages, first);
			*array_add(pairs) =
				(struct pair){.process = usages->scan.holds.items[first].process,
					      .usage = index,
					      .first = first,
					      .count = count};
		}
	}
	if (pairs->count)
		qsort(pairs->items, pairs->count, sizeof(*pairs->items), by_process);
}

/* A process with the COUNT buffers that it holds. */
static void add_process(struct table *table, const struct buffers_view *view,
			const struct pair *pairs, size_t count)
{
	const struct usages *usages = view->usages;
	uint64_t size = 0, share = 0, descriptors = 0, mappings = 0, mapped = 0;

	for (size_t i = 0; i < count; i++) {
		const struct usage *usage = &usages->items[pairs[i].usage];

		size += usage->size.value;
		share += usage_share(usage).value;
		for (size_t hold = 0; hold < pairs[i].count; hold++) {
			const struct hold *held = &usages->scan.holds.items[pairs[i].first + hold];

			mappings += held->kind == HOLD_MAPPING;
			descriptors += held->kind != HOLD_MAPPING;
			mapped += held->size;
		}
	}
	table_row(table);
	buffers_set_process(table, view, &usages->scan.processes.items[pairs->process]);
	table_set(table, BUFFERS_SIZE, value_number(size));
	table_set(table, BUFFERS_SHARE, value_number(share));
	table_set(table, BUFFERS_BUFFERS, value_number(count));
	table_set(table, BUFFERS_FDS, value_number(descriptors));
	table_set(table, BUFFERS_MAPS, value_number(mappings));
	table_set(table, BUFFERS_MAPPED, value_number(mapped));
	for (size_t i = 0; i < count; i++) {
		table_row_below(table);
		buffers_set_buffer(table, view, &usages->items[pairs[i].usage]);
		buffers_set_holds(table, &usages->scan.holds.items[pairs[i].first], pairs[i].count);
	}
}

static void add_processes(struct table *table, const struct buffers_view *view)
{
	struct pairs pairs = {0};

	collect_pairs(view, &pairs);
	for (size_t i = 0, count; i < pairs.count; i += count) {
		for (count = 1; i + count < pairs.count &&
				pairs.items[i + count].process == pairs.items[i].process;)
			count++;
		add_process(table, view, &pairs.items[i], count);
	}
	array_free(&pairs);
}

/* A buffer with the name of its group, which is NULL for those that have none. */
struct member {
	const char *group;
	const struct usage *usage;
};

static int by_group(const void *a, const void *b)
{
	const struct member *first = a, *second = b;
	int order = first->group && second->group ? strcmp(first->group, second->group)
						  : !first->group - !second->group;

	return order ? order : order_of(first->usage->inode, second->usage->inode);
}

static bool is_same_group(const struct member *a, const struct member *b)
{
	return a->group && b->group ? !strcmp(a->group, b->group) : !a->group && !b->group;
}

static void add_group(struct table *table, const struct buffers_view *view,
		      const struct member *members, size_t count, const char *type)
{
	uint64_t size = 0, descriptors = 0, mappings = 0, mapped = 0;

	for (size_t i = 0; i < count; i++) {
		size += members[i].usage->size.value;
		descriptors += members[i].usage->descriptors + members[i].usage->paths;
		mappings += members[i].usage->mappings;
		mapped += members[i].usage->mapped;
	}
	table_row(table);
	table_set(table, BUFFERS_ID, value_text(members->group));
	table_set(table, BUFFERS_TYPE, value_text(type));
	table_set(table, BUFFERS_SIZE, value_number(size));
	table_set(table, BUFFERS_BUFFERS, value_number(count));
	table_set(table, BUFFERS_FDS, value_number(descriptors));
	table_set(table, BUFFERS_MAPS, value_number(mappings));
	table_set(table, BUFFERS_MAPPED, value_number(mapped));
	for (size_t i = 0; i < count; i++) {
		table_row_below(table);
		buffers_set_buffer(table, view, members[i].usage);
		buffers_set_counts(table, members[i].usage);
	}
}

static void add_groups(struct table *table, const struct buffers_view *view, bool by_heap)
{
	AUTO_FREE struct member *members = xcalloc(view->usages->count + 1, sizeof(*members));
	size_t all = 0;

	for (size_t i = 0; i < view->usages->count; i++) {
		const struct usage *usage = &view->usages->items[i];
		const struct memory *memory = buffers_heap(view->inventory, usage);

		if (view->shown[i])
			members[all++] = (struct member){!by_heap ? usage->exporter
							 : memory ? memory->heap->name
								  : NULL,
							 usage};
	}
	qsort(members, all, sizeof(*members), by_group);
	for (size_t i = 0, count; i < all; i += count) {
		for (count = 1; i + count < all && is_same_group(&members[i], &members[i + count]);)
			count++;
		add_group(table, view, &members[i], count, by_heap ? "heap" : "exporter");
	}
}

void buffers_rows(struct table *table, const struct buffers_view *view, enum buffers_order order)
{
	if (view->waiters) {
		buffers_waiters(table, view);
	} else if (order == BY_PROCESS) {
		add_processes(table, view);
	} else if (order != BY_BUFFER) {
		add_groups(table, view, order == BY_HEAP);
	} else {
		for (size_t i = 0; i < view->usages->count; i++) {
			if (view->shown[i])
				add_by_buffer(table, view, &view->usages->items[i]);
		}
		add_candidates(table, view);
	}
}
