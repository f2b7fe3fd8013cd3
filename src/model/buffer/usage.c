// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/usage.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/process/sharing.h"
#include "sys/root.h"

#define ATTEMPTS 3

static void take_seen(struct usage *usage, const struct seen_buffer *seen)
{
	usage->size = seen->size;
	usage->references = seen->references;
	usage->exporter = xstrdup_maybe(seen->exporter);
	usage->name = xstrdup_maybe(seen->name);
}

/* The listing is of one moment, and knows buffers that no process shows. */
static void take_listed(struct usage *usage, struct bufinfo *info)
{
	usage->listed = true;
	usage->size = (struct maybe){true, info->size};
	usage->references = (struct maybe){true, info->references};
	if (!usage->exporter)
		usage->exporter = TAKE_POINTER(info->exporter);
	if (!usage->name)
		usage->name = TAKE_POINTER(info->name);
	usage->devices = info->devices;
	info->devices = (struct strings){0};
	array_for_each (&info->fences, fence)
		*array_add(&usage->fences) = (struct bufinfo_fence){fence->usage, fence->signalled,
								    TAKE_POINTER(fence->text)};
}

/* Merges the two lists, both in the order of the inodes. */
static void merge(struct usages *usages, struct bufinfos *infos)
{
	const struct seen_buffer *seen = usages->scan.buffers.items;
	size_t a = 0, b = 0;

	while (a < usages->scan.buffers.count || b < infos->count) {
		uint64_t next_seen = a < usages->scan.buffers.count ? seen[a].inode : UINT64_MAX;
		uint64_t next_listed = b < infos->count ? infos->items[b].inode : UINT64_MAX;
		struct usage *usage = array_add(usages);

		usage->inode = next_seen < next_listed ? next_seen : next_listed;
		if (a < usages->scan.buffers.count && next_seen == usage->inode)
			take_seen(usage, &seen[a++]);
		if (b < infos->count && next_listed == usage->inode)
			take_listed(usage, &infos->items[b++]);
	}
}

static void count_holds(struct usages *usages)
{
	const struct hold *holds = usages->scan.holds.items;
	size_t next = 0;

	array_for_each (usages, usage) {
		uint64_t explained;
		bool unasked = false;

		usage->first_hold = next;
		for (; next < usages->scan.holds.count && holds[next].inode == usage->inode;
		     next++) {
			bool counts = !holds[next].shared;

			usage->descriptors += counts && holds[next].kind == HOLD_DESCRIPTOR;
			usage->mappings += counts && holds[next].kind == HOLD_MAPPING;
			usage->paths += counts && holds[next].kind == HOLD_PATH;
			usage->mapped += counts ? holds[next].size : 0;
			unasked |= holds[next].unasked;
			usage->processes += next == usage->first_hold ||
					    holds[next].process != holds[next - 1].process;
		}
		usage->holds = next - usage->first_hold;
		explained = usage->descriptors + usage->mappings;
		if (usage->references.known && !unasked)
			usage->unexplained =
				(struct maybe){true, usage->references.value > explained
							     ? usage->references.value - explained
							     : 0};
	}
}

/* Says whether both listings have the same buffers with the same references. */
static bool is_unchanged(const struct bufinfos *before, const struct bufinfos *after)
{
	if (before->count != after->count)
		return false;
	for (size_t i = 0; i < before->count; i++) {
		if (before->items[i].inode != after->items[i].inode ||
		    before->items[i].references != after->items[i].references)
			return false;
	}
	return true;
}

/* Reads processes between two readings of the listing, until those agree. */
static int read_all(const struct root *root, struct usages *usages, struct bufinfos *infos)
{
	int error;

	for (int attempt = 1;; attempt++) {
		struct bufinfos before = {0};

		usages->listing_error = bufinfos_read(root, &before);
		error = process_scan(root, &usages->scan);
		if (!error && root_is_live(root))
			sharing_mark(&usages->scan);
		if (!error && !usages->listing_error)
			usages->listing_error = bufinfos_read(root, infos);
		usages->moving = !error && !usages->listing_error && !is_unchanged(&before, infos);
		bufinfos_free(&before);
		if (error || !usages->moving || attempt == ATTEMPTS)
			return error;
		bufinfos_free(infos);
		process_scan_free(&usages->scan);
	}
}

int usages_read(const struct root *root, struct usages *usages)
{
	struct bufinfos infos = {0};
	int error;

	*usages = (struct usages){0};
	error = read_all(root, usages, &infos);
	if (!error) {
		merge(usages, &infos);
		count_holds(usages);
	}
	bufinfos_free(&infos);
	return error;
}

bool usage_is_pending(const struct usage *usage)
{
	array_for_each (&usage->fences, fence) {
		if (!fence->signalled)
			return true;
	}
	return false;
}

void usages_find_candidates(const struct root *root, struct usages *usages, const bool *shown)
{
	struct candidates_wanted wanted = {0};

	for (size_t i = 0; i < usages->count; i++) {
		const struct usage *usage = &usages->items[i];

		if (!shown[i])
			continue;
		wanted.fences |= usage_is_pending(usage);
		if (!usage->unexplained.value)
			continue;
		wanted.inside = true;
		array_for_each (&usage->devices, device)
			set_add(&wanted.devices, *device);
	}
	if (wanted.inside || wanted.fences)
		candidates_read(root, &usages->scan, &wanted, &usages->candidates);
	set_free(&wanted.devices);
}

void usages_free(struct usages *usages)
{
	array_for_each (usages, usage) {
		free(usage->exporter);
		free(usage->name);
		strings_free(&usage->devices);
		array_for_each (&usage->fences, fence)
			free(fence->text);
		array_free(&usage->fences);
	}
	array_free(usages);
	process_scan_free(&usages->scan);
	candidates_free(&usages->candidates);
}

struct maybe usage_share(const struct usage *usage)
{
	if (!usage->size.known || !usage->processes)
		return (struct maybe){0};
	return (struct maybe){true, usage->size.value / usage->processes};
}

static int by_process(const void *a, const void *b)
{
	const struct holder *first = a, *second = b;

	return first->process < second->process ? -1 : first->process > second->process;
}

static int by_bytes(const void *a, const void *b)
{
	const struct holder *first = a, *second = b;

	if (first->bytes != second->bytes)
		return first->bytes < second->bytes ? 1 : -1;
	return by_process(a, b);
}

static void sort(struct holders *holders, int (*order)(const void *, const void *))
{
	if (holders->count)
		qsort(holders->items, holders->count, sizeof(*holders->items), order);
}

/* Adds an entry for each process that holds this buffer. */
static void add_holders(const struct usages *usages, const struct usage *usage,
			struct holders *holders)
{
	const struct hold *holds = usages->scan.holds.items + usage->first_hold;

	for (size_t i = 0; i < usage->holds; i++) {
		if (!i || holds[i].process != holds[i - 1].process)
			*array_add(holders) = (struct holder){
				.process = &usages->scan.processes.items[holds[i].process],
				.bytes = usage->size.value,
				.buffers = 1};
	}
	if (!usage->holds) {
		holders->other_bytes += usage->size.value;
		holders->other_buffers++;
	}
}

/* Says whether a buffer may be of one of these heaps. */
static bool is_hidden(const struct usage *usage, const struct strings *heaps)
{
	array_for_each (heaps, heap) {
		if (exporter_hides_heap(usage->exporter, *heap))
			return true;
	}
	return false;
}

void holders_of(const struct usages *usages, const struct strings *exporters,
		struct holders *holders)
{
	size_t kept = 0;

	*holders = (struct holders){0};
	array_for_each (usages, usage) {
		if (usage->exporter && strings_have(exporters, usage->exporter)) {
			add_holders(usages, usage, holders);
		} else if (is_hidden(usage, exporters)) {
			holders->unknown_bytes += usage->size.value;
			holders->unknown_buffers++;
		}
	}
	sort(holders, by_process);
	array_for_each (holders, holder) {
		struct holder *last = kept ? &holders->items[kept - 1] : NULL;

		if (last && last->process == holder->process) {
			last->bytes += holder->bytes;
			last->buffers++;
		} else {
			holders->items[kept++] = *holder;
		}
	}
	holders->count = kept;
	sort(holders, by_bytes);
}

void holders_free(struct holders *holders)
{
	array_free(holders);
}
