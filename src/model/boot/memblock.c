// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/memblock.h"

#include "base/number.h"
#include "base/xalloc.h"

#define PAGE_LEAST UINT64_C(4096)

static void free_spans(const struct memblock *memblock, struct spans *found)
{
	array_for_each (&memblock->memory, span)
		spans_add(found, span->first, span->last - span->first + 1);
	array_for_each (&memblock->no_map, span)
		spans_remove(found, span->first, span->last - span->first + 1);
	array_for_each (&memblock->reserved, span)
		spans_remove(found, span->first, span->last - span->first + 1);
	spans_remove(found, 0, PAGE_LEAST); /* the first page is never given out */
}

void memblock_gaps(const struct memblock *memblock, struct spans *gaps)
{
	if (memblock->memory.count)
		free_spans(memblock, gaps);
	else
		spans_add(gaps, PAGE_LEAST, UINT64_MAX - PAGE_LEAST); /* RAM is unknown */
}

/* Whether the gap at INDEX begins below LIMIT (0: any). */
static bool is_below(const struct spans *gaps, size_t index, uint64_t limit)
{
	return index < gaps->count && (!limit || gaps->items[index].first < limit);
}

/* The part of a span from START on and below LIMIT (0: any); false where there is none. */
static bool clip(const struct span *span, uint64_t start, uint64_t limit, struct span *part)
{
	part->first = span->first > start ? span->first : start;
	part->last = limit && limit - 1 < span->last ? limit - 1 : span->last;
	return part->first <= part->last;
}

/* The lowest and the highest place in a span, and how many there are side by side. */
static uint64_t places(const struct span *span, const struct wanted_place *wanted, uint64_t *lowest,
		       uint64_t *highest)
{
	uint64_t mask = wanted->align - 1, stride = (wanted->size + mask) & ~mask;

	if (stride < wanted->size || span->first > UINT64_MAX - mask ||
	    span->last - span->first < wanted->size - 1)
		return 0;
	*lowest = (span->first + mask) & ~mask;
	*highest = (span->last - (wanted->size - 1)) & ~mask;
	return *highest < *lowest ? 0 : (*highest - *lowest) / stride + 1;
}

/* What is free and large enough: from the lowest place to the end of the highest one, in each gap.
 */
struct room {
	uint64_t gaps, bytes, largest;
	uint64_t places; /* side by side */
};

/* Adds what of PART is free wherever what is hidden lies. */
static void add_room(struct room *room, const struct span *part, const struct wanted_place *wanted)
{
	uint64_t lowest, highest, bytes, more = places(part, wanted, &lowest, &highest);

	if (!more)
		return;
	bytes = highest - lowest + wanted->size;
	room->places += more;
	room->gaps++;
	room->bytes += bytes;
	if (bytes > room->largest)
		room->largest = bytes;
}

/* … less where the kernel may lie. */
static void add_room_beside(struct room *room, const struct span *part, const struct range *kernel,
			    const struct wanted_place *wanted)
{
	const uint64_t last = kernel->size ? last_address(kernel->base, kernel->size) : 0;
	struct span rest;

	if (!kernel->size || part->last < kernel->base || part->first > last) {
		add_room(room, part, wanted);
		return;
	}
	rest = (struct span){part->first, kernel->base - 1};
	if (part->first < kernel->base)
		add_room(room, &rest, wanted);
	rest = (struct span){last + 1, part->last};
	if (part->last > last)
		add_room(room, &rest, wanted);
}

/* A sum, or the largest number. */
static uint64_t capped_sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* How many places side by side what is hidden can spoil. */
static uint64_t spoiled_by_hidden(const struct memblock *memblock,
				  const struct wanted_place *wanted)
{
	uint64_t count = 0;

	array_for_each (&memblock->hidden, bytes)
		count = capped_sum(count, capped_sum((*bytes - 1) / wanted->size, 2));
	return count;
}

/*
 * How many bytes GAPS may have in which what is hidden leaves no place, if some of it lies in each:
 * what is left at both ends of a gap is smaller than what is wanted, and what is left between two
 * things that are hidden has no place at the alignment.
 */
static uint64_t spoiled_bytes(const struct memblock *memblock, const struct wanted_place *wanted,
			      uint64_t gaps)
{
	uint64_t bytes = 2 * gaps * wanted->size +
			 (memblock->hidden.count - gaps) * (wanted->size + wanted->align);

	array_for_each (&memblock->hidden, hidden)
		bytes = capped_sum(bytes, *hidden);
	return bytes;
}

/* Whether there is a place wherever what is hidden lies. */
static bool is_sure(const struct memblock *memblock, const struct wanted_place *wanted,
		    const struct room *room)
{
	const uint64_t most = UINT64_C(1) << 48; /* no product with a number of regions overflows */

	if (room->places > spoiled_by_hidden(memblock, wanted) ||
	    room->gaps > memblock->hidden.count)
		return true;
	if (wanted->size > most || wanted->align > most)
		return false;
	return room->bytes > spoiled_bytes(memblock, wanted, room->gaps) ||
	       room->largest > spoiled_bytes(memblock, wanted, 1);
}

enum placing memblock_find(const struct memblock *memblock, const struct spans *gaps,
			   const struct wanted_place *wanted, uint64_t *base)
{
	uint64_t lowest, highest, best = 0;
	struct room room = {0};
	bool found = false;

	for (size_t i = spans_find(gaps, wanted->start); is_below(gaps, i, wanted->limit); i++) {
		struct span part;

		if (!clip(&gaps->items[i], wanted->start, wanted->limit, &part) ||
		    !places(&part, wanted, &lowest, &highest))
			continue;
		if (!wanted->bottom_up)
			best = highest;
		else if (!found)
			best = lowest;
		found = true;
		add_room_beside(&room, &part, &memblock->kernel, wanted);
	}
	/* the kernel, or the like, is somewhere in what is free */
	if (!found || (memblock->hidden.count && gaps->count == 1 &&
		       gaps->items[0].last - gaps->items[0].first < wanted->size))
		return NOT_PLACED;
	*base = best;
	return is_sure(memblock, wanted, &room) ? PLACED : PLACED_MAYBE;
}

uint64_t memblock_end(const struct memblock *memblock)
{
	size_t count = memblock->memory.count;

	return count ? memblock->memory.items[count - 1].last + 1 : 0;
}

uint64_t memblock_largest_gap(const struct spans *gaps, uint64_t start, uint64_t limit)
{
	struct span part;
	uint64_t largest = 0;

	for (size_t i = spans_find(gaps, start); is_below(gaps, i, limit); i++) {
		if (clip(&gaps->items[i], start, limit, &part) && part.last - part.first >= largest)
			largest = part.last - part.first + 1;
	}
	return largest;
}

void memblock_fill_top(struct memblock *memblock, uint64_t bytes)
{
	struct spans found = {0};

	free_spans(memblock, &found);
	for (size_t i = found.count; i-- && bytes;) {
		uint64_t size = found.items[i].last - found.items[i].first + 1;

		if (size > bytes)
			size = bytes;
		spans_add(&memblock->reserved, found.items[i].last - size + 1, size);
		bytes -= size;
	}
	array_free(&found);
}

static void copy_spans(const struct spans *from, struct spans *to)
{
	array_for_each (from, span)
		*array_add(to) = *span;
}

void memblock_copy(const struct memblock *memblock, struct memblock *copy)
{
	*copy = (struct memblock){.kernel = memblock->kernel};
	array_for_each (&memblock->hidden, bytes)
		*array_add(&copy->hidden) = *bytes;
	copy_spans(&memblock->memory, &copy->memory);
	copy_spans(&memblock->reserved, &copy->reserved);
	copy_spans(&memblock->no_map, &copy->no_map);
}

void memblock_free(struct memblock *memblock)
{
	array_free(&memblock->memory);
	array_free(&memblock->reserved);
	array_free(&memblock->no_map);
	array_free(&memblock->hidden);
}
