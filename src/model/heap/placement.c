// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/placement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "model/boot/kernel_config.h"
#include "model/buffer/location.h"
#include "sys/root.h"

enum {
	BITMAP_LIMIT = 64 << 20,
	ROUNDS_MOST = 32,
};

struct stretches {
	ARRAY_OF(struct placed);
};

struct work {
	struct placement *placement;
	const struct usages *usages;
	struct stretches taken; /* pages in use, of which it is not yet known for what */
	uint64_t page_size;
	unsigned int alignment; /* order of pages */
};

static int by_address(const void *a, const void *b)
{
	const struct placed *first = a, *second = b;

	return order_of(first->base, second->base);
}

/* Adds a stretch of bits, to the last one of that kind if it lies behind it. */
static void add_span(struct stretches *spans, uint64_t base, uint64_t size)
{
	struct placed *last = spans->count ? &spans->items[spans->count - 1] : NULL;

	if (last && last->base + last->size == base)
		last->size += size;
	else
		*array_add(spans) = (struct placed){.base = base, .size = size};
}

/* The text of the bitmap: words of 32 bits in decimal, with a blank after each (mm/cma_debug.c). */
static int read_bitmap_text(const struct root *root, const char *directory, char **text)
{
	AUTO_FREE char *several = xasprintf("%s/ranges/1", directory);
	AUTO_FREE char *path = xasprintf("%s/bitmap", directory);
	struct stat status;

	/* an area of several ranges: this file is of the first */
	if (!root_lstat(root, several, &status))
		return -EOPNOTSUPP;
	return root_read(root, path, BITMAP_LIMIT, text, NULL);
}

/* Reads which pages are taken and which are free. */
static int read_bitmap(const struct root *root, const struct cma_area *area, struct work *work,
		       struct stretches *holes)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *order_path = NULL;
	uint64_t order = 0, bits, unit, word = 0;
	char *next;
	int error;

	if (!area->debugfs)
		return -EACCES;
	/* the words of a long are in the order of the machine */
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		return -EOPNOTSUPP;
	error = read_bitmap_text(root, area->debugfs, &text);
	if (error)
		return error;
	order_path = xasprintf("%s/order_per_bit", area->debugfs);
	if (root_read_number(root, order_path, &order) || order > 20)
		return -ENODATA;
	unit = work->page_size << order;
	bits = work->placement->size / unit;
	next = text;
	for (uint64_t bit = 0; bit < bits; bit++) {
		if (bit % 32 == 0) {
			char *start = next;

			word = strtoull(start, &next, 10);
			if (next == start || word > UINT32_MAX)
				return -EBADMSG;
		}
		add_span(word >> (bit % 32) & 1 ? &work->taken : holes,
			 work->placement->base + bit * unit, unit);
	}
	return 0;
}

/* Takes a stretch out of what is taken for an unknown use; it lies in one of these. */
static void take(struct work *work, uint64_t base, uint64_t size)
{
	for (size_t i = 0; i < work->taken.count; i++) {
		struct placed *span = &work->taken.items[i];
		struct placed rest = {.base = base + size,
				      .size = span->base + span->size - base - size};

		if (base < span->base || base + size > span->base + span->size)
			continue;
		span->size = base - span->base;
		if (rest.size)
			*array_add(&work->taken) = rest;
		return;
	}
}

/* COUNT buffers, the last of the list, of which one lies here. */
static void place(struct work *work, uint64_t base, uint64_t size, size_t count)
{
	*array_add(&work->placement->used) =
		(struct placed){.base = base,
				.size = size,
				.first = work->placement->buffers.count - count,
				.count = count};
	take(work, base, size);
}

static bool is_inside(const struct placement *placement, uint64_t base, uint64_t size)
{
	return base >= placement->base && size <= placement->size &&
	       base - placement->base <= placement->size - size;
}

/*
 * Places a buffer by its mappings, where these show all of it inside the memory, or, as it is
 * CONTIGUOUS, any of it.
 */
static bool place_mapped(const struct root *root, struct work *work, size_t index, bool contiguous)
{
	const struct usage *usage = &work->usages->items[index];
	struct page_runs runs = {0};
	uint64_t known = 0;
	bool inside = true;

	usage_locate(root, work->usages, usage, &runs);
	if (contiguous && runs.count)
		runs.items[0] =
			(struct page_run){.address = runs.items[0].address - runs.items[0].offset,
					  .size = usage->size.value};
	if (contiguous && runs.count)
		runs.count = 1;
	array_for_each (&runs, run) {
		known += run->size;
		inside &= is_inside(work->placement, run->address, run->size);
	}
	inside &= known == usage->size.value;
	if (inside) {
		*array_add(&work->placement->buffers) = index;
		array_for_each (&runs, run)
			place(work, run->address, run->size, 1);
	}
	array_free(&runs);
	return inside;
}

uint64_t placement_alignment(uint64_t size, uint64_t page_size, unsigned int order)
{
	uint64_t alignment = page_size;

	for (; order && alignment < size; order--)
		alignment *= 2;
	return alignment;
}

static uint64_t alignment_of(const struct work *work, uint64_t size)
{
	return placement_alignment(size, work->page_size, work->alignment);
}

/* How many places a stretch has for a buffer; the first goes to *first. */
static uint64_t count_places(const struct placed *span, uint64_t size, uint64_t alignment,
			     uint64_t *first)
{
	uint64_t end = span->base + span->size;

	*first = (span->base + alignment - 1) / alignment * alignment;
	return *first > end || end - *first < size ? 0 : (end - *first - size) / alignment + 1;
}

/*
 * Places the buffers FROM up to TO of the unplaced ones, all of one size, where there are only as
 * many places as buffers.
 */
static bool place_equal(struct work *work, size_t from, size_t to)
{
	const size_t *unplaced = work->placement->unplaced.items;
	uint64_t size = work->usages->items[unplaced[from]].size.value;
	uint64_t alignment = alignment_of(work, size), places = 0, first;
	struct stretches found = {0};

	array_for_each (&work->taken, span)
		places += count_places(span, size, alignment, &first);
	if (places != to - from)
		return false;
	array_for_each (&work->taken, span) {
		uint64_t count = count_places(span, size, alignment, &first);

		for (uint64_t i = 0; i < count; i++)
			*array_add(&found) = (struct placed){.base = first + i * alignment};
	}
	for (size_t i = from; i < to; i++)
		*array_add(&work->placement->buffers) = unplaced[i];
	array_for_each (&found, span)
		place(work, span->base, size, to - from);
	array_free(&found);
	return true;
}

static const struct usages *sorting; /* qsort(3) takes no context */

static int by_size(const void *a, const void *b)
{
	const struct usage *first = &sorting->items[*(const size_t *)a];
	const struct usage *second = &sorting->items[*(const size_t *)b];

	if (first->size.value != second->size.value)
		return first->size.value > second->size.value ? -1 : 1;
	return order_of(first->inode, second->inode);
}

/* Places what is certain, until nothing more is. */
static void place_by_bitmap(struct work *work)
{
	struct placement *placement = work->placement;
	bool more = true;

	sorting = work->usages;
	if (placement->unplaced.count)
		qsort(placement->unplaced.items, placement->unplaced.count,
		      sizeof(*placement->unplaced.items), by_size);
	for (int round = 0; more && round < ROUNDS_MOST; round++) {
		size_t kept = 0;

		more = false;
		for (size_t i = 0, next; i < placement->unplaced.count; i = next) {
			const size_t *items = placement->unplaced.items;
			uint64_t size = work->usages->items[items[i]].size.value;
			bool placed;

			for (next = i + 1; next < placement->unplaced.count &&
					   work->usages->items[items[next]].size.value == size;)
				next++;
			placed = place_equal(work, i, next);
			more |= placed;
			for (size_t left = i; !placed && left < next; left++)
				placement->unplaced.items[kept++] = items[left];
		}
		placement->unplaced.count = kept;
	}
}

/* Says whether a stretch is the only one with a place for a buffer. */
static bool is_only_place(const struct work *work, const struct placed *span, uint64_t size)
{
	uint64_t alignment = alignment_of(work, size), first;

	if (!count_places(span, size, alignment, &first))
		return false;
	array_for_each (&work->taken, other) {
		if (other != span && count_places(other, size, alignment, &first))
			return false;
	}
	return true;
}

/* What is left is in use for buffers that can lie nowhere else, or for what is unknown. */
static void add_rest(struct work *work)
{
	struct placement *placement = work->placement;

	array_for_each (&work->taken, span) {
		if (!span->size)
			continue;
		span->first = placement->buffers.count;
		array_for_each (&placement->unplaced, index) {
			if (is_only_place(work, span, work->usages->items[*index].size.value))
				*array_add(&placement->buffers) = *index;
		}
		span->count = placement->buffers.count - span->first;
		span->mixed = span->count > 0;
		*array_add(&placement->used) = *span;
	}
}

static bool is_of_memory(const struct memory *memory, const struct usage *usage)
{
	if (!usage->exporter || !usage->size.value)
		return false;
	if (!strcmp(usage->exporter, memory->heap->name))
		return true;
	array_for_each (&memory->same_region, other) {
		if (!strcmp(usage->exporter, *other))
			return true;
	}
	return false;
}

/* Says whether the buffers are those that were there before the bitmap was read. */
static bool is_unmoved(const struct root *root, const struct usages *usages)
{
	struct bufinfos infos = {0};
	size_t listed = 0, same = 0, next = 0;

	if (bufinfos_read(root, &infos))
		return false;
	array_for_each (usages, usage) {
		listed += usage->listed;
		while (next < infos.count && infos.items[next].inode < usage->inode)
			next++;
		same += usage->listed && next < infos.count &&
			infos.items[next].inode == usage->inode;
	}
	listed = listed == same && infos.count == same;
	bufinfos_free(&infos);
	return listed;
}

static struct maybe read_alignment(const struct root *root)
{
	AUTO_FREE char *config = NULL;
	uint64_t order;

	if (config_read(root, &config) || !config_has_number(config, "CMA_ALIGNMENT", &order) ||
	    order > CMA_ALIGNMENT_MOST)
		return (struct maybe){0};
	return (struct maybe){true, order};
}

int placement_read(const struct root *root, const struct inventory *inventory,
		   const struct memory *memory, const struct usages *usages,
		   struct placement *placement)
{
	struct stretches holes = {0};
	struct maybe alignment = read_alignment(root);
	struct work work = {.placement = placement,
			    .usages = usages,
			    .page_size = inventory->page_size,
			    .alignment = alignment.known ? (unsigned int)alignment.value
							 : CMA_ALIGNMENT_LEAST};

	if (!memory->base.number.known || !memory->size.number.known || !inventory->page_size ||
	    memory->size.number.value > UINT64_MAX - memory->base.number.value)
		return -ENODATA;
	*placement = (struct placement){.base = memory->base.number.value,
					.size = memory->size.number.value,
					.alignment = alignment,
					.error = -ENODATA};
	if (memory->area)
		placement->error = read_bitmap(root, memory->area, &work, &holes);
	if (!placement->error && !is_unmoved(root, usages))
		placement->error = -EAGAIN;
	if (placement->error)
		work.taken.count = holes.count = 0;
	for (size_t i = 0; i < usages->count; i++) {
		if (is_of_memory(memory, &usages->items[i]) &&
		    !place_mapped(root, &work, i, memory->buffers.contiguous == YES))
			*array_add(&placement->unplaced) = i;
	}
	/* another driver may align them in another way */
	if (!placement->error && memory->buffers.contiguous == YES)
		place_by_bitmap(&work);
	add_rest(&work);
	array_for_each (&holes, hole) {
		*array_add(&placement->holes) = *hole;
		placement->largest =
			hole->size > placement->largest ? hole->size : placement->largest;
	}
	if (placement->used.count)
		qsort(placement->used.items, placement->used.count, sizeof(*placement->used.items),
		      by_address);
	array_free(&work.taken);
	array_free(&holes);
	return 0;
}

void placement_free(struct placement *placement)
{
	array_free(&placement->used);
	array_free(&placement->buffers);
	array_free(&placement->unplaced);
	array_free(&placement->holes);
}
