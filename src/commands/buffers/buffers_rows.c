// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_rows.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/buffer/location.h"
#include "view/units.h"

/* "vivid.0,2 refs", "vivid.0,? refs": attached devices, and references that no process explains */
static char *kernel_text(struct value *value)
{
	struct value *devices = value_get(value, "devices");
	uint64_t references = 0;
	bool known = value_as_number(value_get(value, "references"), &references);
	size_t count = value_count(devices), size;
	char *text;
	FILE *stream;

	if (!count && known && !references)
		return xstrdup("0");
	stream = xmemopen(&text, &size);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *name = text_show(value_string(value_item(devices, i)));

		fprintf(stream, "%s%s", i ? "," : "", name);
	}
	if (!known)
		fprintf(stream, "%s? refs", count ? "," : "");
	else if (references)
		fprintf(stream, "%s%" PRIu64 " ref%s", count ? "," : "", references,
			references == 1 ? "" : "s");
	xmemclose(stream);
	return text;
}

/* "1 write,2 read" */
static char *fences_text(struct value *value)
{
	static const char *const usages[] = {"write", "read", "other"};
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	const char *comma = "";

	for (size_t i = 0; i < COUNT_OF(usages); i++) {
		uint64_t count;

		if (!value_as_number(value_get(value, usages[i]), &count) || !count)
			continue;
		fprintf(stream, "%s%" PRIu64 " %s", comma, count, usages[i]);
		comma = ",";
	}
	if (!*comma)
		fputs("0", stream);
	xmemclose(stream);
	return text;
}

/* "0x50000000", "0x50000000 and 2 more pieces", "0x50000000, 1M known" */
static char *address_text(struct value *value)
{
	struct value *pieces = value_get(value, "pieces");
	const char *first = value_string(value_get(value, "first"));
	uint64_t unknown = 0;
	AUTO_FREE char *size = NULL;
	AUTO_FREE char *more = value_count(pieces) > 1
				       ? xasprintf(" and %zu more piece%s", value_count(pieces) - 1,
						   value_count(pieces) == 2 ? "" : "s")
				       : xstrdup("");

	value_as_number(value_get(value, "unknown"), &unknown);
	size = units_size(unknown);
	return xasprintf("%s%s%s%s", first ? first : "?", more, unknown ? ", unknown: " : "",
			 unknown ? size : "");
}

const struct column buffers_columns[BUFFERS_COLUMN_COUNT] = {
	[BUFFERS_ID] = {"ID", "the buffer's inode number, the process's id, or the group's name",
			COLUMN_DEFAULT | COLUMN_TREE, NULL},
	[BUFFERS_TYPE] = {"TYPE", "buffer, process, candidate(s), heap, exporter, fence or waiter",
			  0, NULL},
	[BUFFERS_INODE] = {"INODE", "inode number of the buffer", COLUMN_RIGHT, NULL},
	[BUFFERS_PID] = {"PID", "id of the process", COLUMN_RIGHT, NULL},
	[BUFFERS_NSPID] = {"NSPID", "id of the process in its own namespace", COLUMN_RIGHT, NULL},
	[BUFFERS_SIZE] = {"SIZE", "size of the buffer; of several, each counted once",
			  COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[BUFFERS_SHARE] = {"SHARE", "size divided by the number of processes that hold it",
			   COLUMN_SIZE, NULL},
	[BUFFERS_EXPORTER] = {"EXPORTER", "the driver or heap that made it", COLUMN_DEFAULT, NULL},
	[BUFFERS_HEAP] = {"HEAP", "the heap that made it", 0, NULL},
	[BUFFERS_NAME] = {"NAME", "the name that a process gave it", COLUMN_DEFAULT, NULL},
	[BUFFERS_AGE] = {"AGE", "time since it was made", COLUMN_TIME, NULL},
	[BUFFERS_ADDRESS] = {"ADDRESS",
			     "physical address, where a mapping of the CPU shows it: not of heaps",
			     0, address_text},
	[BUFFERS_BUFFERS] = {"BUFFERS", "number of buffers", COLUMN_RIGHT, NULL},
	[BUFFERS_HOLDERS] = {"HOLDERS", "number of processes that hold it", COLUMN_RIGHT, NULL},
	[BUFFERS_FDS] = {"FDS", "number of descriptors", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BUFFERS_MAPS] = {"MAPS", "number of mapped ranges", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BUFFERS_MAPPED] = {"MAPPED", "bytes of the mapped ranges, touched or not", COLUMN_SIZE,
			    NULL},
	[BUFFERS_KERNEL] = {"KERNEL", "attached devices, and references that nobody explains",
			    COLUMN_DEFAULT, kernel_text},
	[BUFFERS_FENCES] = {"FENCES", "pending fences", COLUMN_DEFAULT, fences_text},
	[BUFFERS_USER] = {"USER", "user of the process", 0, NULL},
	[BUFFERS_COMMAND] = {"COMMAND", "name of the process", COLUMN_DEFAULT, NULL},
	[BUFFERS_UNIT] = {"UNIT", "systemd unit or container: the last part of the control group",
			  0, NULL},
	[BUFFERS_HOW] = {"HOW", "descriptors and mappings of a process; what a task waits in", 0,
			 NULL},
};

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

static struct value *id_value(uint64_t number)
{
	AUTO_FREE char *text = xasprintf("%" PRIu64, number);

	return value_text(text);
}

/* What is the same wherever a buffer stands. */
static void set_buffer(struct table *table, const struct buffers_view *view,
		       const struct usage *usage)
{
	const struct memory *memory = buffers_heap(view->inventory, usage);

	table_set(table, BUFFERS_ID, id_value(usage->inode));
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

/* By all processes. */
static void set_counts(struct table *table, const struct usage *usage)
{
	table_set(table, BUFFERS_FDS, value_number(usage->descriptors + usage->paths));
	table_set(table, BUFFERS_MAPS, value_number(usage->mappings));
	table_set(table, BUFFERS_MAPPED, value_number(usage->mapped));
}

static void set_process(struct table *table, const struct buffers_view *view,
			const struct process *process)
{
	const struct passwd *user =
		view->live && process->user.known ? getpwuid((uid_t)process->user.value) : NULL;

	table_set(table, BUFFERS_ID, id_value(process->pid));
	table_set(table, BUFFERS_TYPE, value_text("process"));
	table_set(table, BUFFERS_PID, value_number(process->pid));
	table_set(table, BUFFERS_NSPID, process->inner ? value_number(process->inner) : NULL);
	table_set(table, BUFFERS_USER,
		  user                  ? value_text(user->pw_name)
		  : process->user.known ? id_value(process->user.value)
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

/* How one process holds one buffer: COUNT holds. */
static void set_holds(struct table *table, const struct hold *holds, size_t count)
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

static void set_how(struct table *table, const char *text)
{
	struct value *array = value_array();

	value_append(array, value_text(text));
	table_set(table, BUFFERS_HOW, array);
}

static bool is_unexplained(const struct buffers_view *view)
{
	for (size_t i = 0; i < view->usages->count; i++) {
		if (view->shown[i] && view->usages->items[i].unexplained.value)
			return true;
	}
	return false;
}

/* Sockets and rings that may hold what is unexplained, of whichever buffer. */
static void add_candidates(struct table *table, const struct buffers_view *view)
{
	if (!view->usages->candidates.count || !is_unexplained(view))
		return;
	table_row(table);
	table_set(table, BUFFERS_ID, value_text("candidates"));
	table_set(table, BUFFERS_TYPE, value_text("candidates"));
	array_for_each (&view->usages->candidates, candidate) {
		AUTO_FREE char *how = xasprintf(
			candidate->io_uring ? "perhaps: fd %" PRIu64 ", an io_uring with %" PRIu64
					      " registered file%s"
					    : "perhaps: fd %" PRIu64 ", a socket with %" PRIu64
					      " descriptor%s in flight",
			candidate->descriptor, candidate->count, candidate->count == 1 ? "" : "s");

		table_row_below(table);
		set_process(table, view, &candidate->process);
		table_set(table, BUFFERS_TYPE, value_text("candidate"));
		set_how(table, how);
	}
}

static void add_by_buffer(struct table *table, const struct buffers_view *view,
			  const struct usage *usage)
{
	const struct usages *usages = view->usages;

	table_row(table);
	set_buffer(table, view, usage);
	set_counts(table, usage);
	for (size_t i = 0, count; i < usage->holds; i += count) {
		const struct hold *hold = &usages->scan.holds.items[usage->first_hold + i];

		count = same_holder(usages, usage->first_hold + i);
		table_row_below(table);
		set_process(table, view, &usages->scan.processes.items[hold->process]);
		set_holds(table, hold, count);
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
	set_process(table, view, &usages->scan.processes.items[pairs->process]);
	table_set(table, BUFFERS_SIZE, value_number(size));
	table_set(table, BUFFERS_SHARE, value_number(share));
	table_set(table, BUFFERS_BUFFERS, value_number(count));
	table_set(table, BUFFERS_FDS, value_number(descriptors));
	table_set(table, BUFFERS_MAPS, value_number(mappings));
	table_set(table, BUFFERS_MAPPED, value_number(mapped));
	for (size_t i = 0; i < count; i++) {
		table_row_below(table);
		set_buffer(table, view, &usages->items[pairs[i].usage]);
		set_holds(table, &usages->scan.holds.items[pairs[i].first], pairs[i].count);
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
		set_buffer(table, view, members[i].usage);
		set_counts(table, members[i].usage);
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

/* "write, driver vgem, timeline unbound, seqno 1" */
static void add_fence(struct table *table, const struct bufinfo_fence *fence)
{
	struct bufinfo_fence_words words;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *seqno = NULL;

	bufinfo_fence_split(fence, &words);
	seqno = words.seqno.known ? xasprintf(", seqno %" PRIu64, words.seqno.value) : xstrdup("");
	text = words.driver
		       ? xasprintf("%s, driver %s, timeline %s%s", bufinfo_usage_name(fence->usage),
				   words.driver, words.timeline, seqno)
		       : xstrdup(fence->text);
	bufinfo_fence_words_free(&words);
	table_row_below(table);
	table_set(table, BUFFERS_ID, value_text("fence"));
	table_set(table, BUFFERS_TYPE, value_text("fence"));
	set_how(table, text);
}

/* "waits in poll, fd 4 (do_sys_poll)" */
static void set_waiter(struct table *table, const struct waiter *waiter, const char *what)
{
	AUTO_FREE char *descriptor = waiter->descriptor.known
					     ? xasprintf(", fd %" PRIu64, waiter->descriptor.value)
					     : xstrdup("");
	AUTO_FREE char *text = xasprintf("waits in %s%s (%s)%s", wait_kind_name(waiter->kind),
					 descriptor, waiter->function, what);

	table_set(table, BUFFERS_ID, id_value(waiter->tid));
	table_set(table, BUFFERS_TYPE, value_text("waiter"));
	table_set(table, BUFFERS_PID, value_number(waiter->pid));
	table_set(table, BUFFERS_COMMAND, value_text(waiter->command));
	set_how(table, text);
}

static int compare_inode(const void *inode, const void *waiter)
{
	return order_of(*(const uint64_t *)inode, ((const struct waiter *)waiter)->inode);
}

bool buffers_have_waiter(const struct waiters *waiters, const struct usage *usage)
{
	array_for_each (&usage->fences, fence) {
		if (!fence->signalled)
			return true;
	}
	return waiters->count && bsearch(&usage->inode, waiters->items, waiters->count,
					 sizeof(*waiters->items), compare_inode);
}

/* Buffers with their pending fences and who waits for these; then who waits for another fence. */
static void add_by_waiter(struct table *table, const struct buffers_view *view)
{
	const struct waiters *waiters = view->waiters;
	size_t next = 0;

	for (size_t i = 0; i < view->usages->count; i++) {
		const struct usage *usage = &view->usages->items[i];

		while (next < waiters->count && waiters->items[next].inode < usage->inode)
			next++;
		if (!view->shown[i])
			continue;
		table_row(table);
		set_buffer(table, view, usage);
		array_for_each (&usage->fences, fence) {
			if (!fence->signalled)
				add_fence(table, fence);
		}
		for (; next < waiters->count && waiters->items[next].inode == usage->inode;
		     next++) {
			table_row_below(table);
			set_waiter(table, &waiters->items[next], "");
		}
	}
	array_for_each (waiters, waiter) {
		if (waiter->inode || !view->all)
			continue;
		table_row(table);
		set_waiter(table, waiter,
			   waiter->kind == WAIT_DRIVER || waiter->kind == WAIT_SYNC
				   ? ", for an unknown fence"
				   : ", for a sync file");
	}
}

void buffers_rows(struct table *table, const struct buffers_view *view, enum buffers_order order)
{
	if (view->waiters) {
		add_by_waiter(table, view);
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
