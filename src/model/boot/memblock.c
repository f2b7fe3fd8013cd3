// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/memblock.h"

#include <string.h>

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

/*
 * The one place that the kernel tries in a span where the alignment is no power of two:
 * round_down() and round_up() take its bits.
 */
static bool odd_place(const struct span *span, const struct wanted_place *wanted, uint64_t *place)
{
	const uint64_t mask = wanted->align - 1;

	*place = wanted->bottom_up ? ((span->first - 1) | mask) + 1
				   : (span->last - (wanted->size - 1)) & ~mask;
	return *place >= span->first && *place <= span->last &&
	       span->last - *place >= wanted->size - 1;
}

/* The lowest and the highest place in a span, and how many there are side by side. */
static uint64_t places(const struct span *span, const struct wanted_place *wanted, uint64_t *lowest,
		       uint64_t *highest)
{
	uint64_t mask = wanted->align - 1, stride = (wanted->size + mask) & ~mask;

	if (span->last - span->first < wanted->size - 1)
		return 0;
	if (wanted->align & mask) {
		if (!odd_place(span, wanted, highest))
			return 0;
		*lowest = *highest;
		return 1;
	}
	if (stride < wanted->size || span->first > UINT64_MAX - mask)
		return 0;
	*lowest = (span->first + mask) & ~mask;
	*highest = (span->last - (wanted->size - 1)) & ~mask;
	return *highest < *lowest ? 0 : (*highest - *lowest) / stride + 1;
}

/* Of how many hidden things all ways to lie are tried. */
#define HIDDEN_MOST 8

/* What is free and large enough wherever what is hidden lies. */
struct room {
	uint64_t places; /* side by side */
	uint64_t gaps;
	/* the first gaps, each from its lowest place to the end of its highest one */
	struct span parts[HIDDEN_MOST];
	struct span all; /* from the first to the last one */
};

static void add_room(struct room *room, const struct span *gap, const struct wanted_place *wanted)
{
	uint64_t lowest, highest, more = places(gap, wanted, &lowest, &highest);
	struct span part;

	if (!more)
		return;
	part = (struct span){lowest, highest + (wanted->size - 1)};
	room->places += more;
	if (!room->gaps)
		room->all = part;
	room->all.last = part.last;
	if (room->gaps < HIDDEN_MOST)
		room->parts[room->gaps] = part;
	room->gaps++;
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

static bool is_in(const struct hidden *hidden, const struct span *span)
{
	return hidden->where.first <= span->last && hidden->where.last >= span->first;
}

/*
 * Whether those of HIDDEN whose bits are set leave no place in PART, which they all are in: what
 * is left at both ends is smaller than what is wanted, and what is left between two of them has no
 * place at the alignment.
 */
static bool can_fill(const struct span *part, const struct hidden *const *hidden, unsigned int set,
		     const struct wanted_place *wanted)
{
	uint64_t bytes = 2 * wanted->size, between = 0;

	for (unsigned int i = 0; set >> i; i++) {
		if (!(set >> i & 1))
			continue;
		if (!is_in(hidden[i], part))
			return false;
		bytes = capped_sum(bytes, hidden[i]->size + between);
		between = wanted->size + wanted->align;
	}
	return part->last - part->first < bytes;
}

/* Whether there is a way to lie for all COUNT of HIDDEN that leaves no place. */
static bool can_fill_all(const struct room *room, const struct hidden *const *hidden,
			 unsigned int count, const struct wanted_place *wanted)
{
	const unsigned int sets = 1U << count;
	/* which of them can have filled the parts so far */
	bool filled[1U << HIDDEN_MOST] = {true}, next[1U << HIDDEN_MOST];

	for (uint64_t i = 0; i < room->gaps; i++) {
		memset(next, 0, sizeof(next));
		for (unsigned int set = 0; set < sets; set++) {
			const unsigned int rest = ~set & (sets - 1);

			for (unsigned int more = rest; filled[set] && more;
			     more = (more - 1) & rest)
				next[set | more] |= can_fill(&room->parts[i], hidden, more, wanted);
		}
		memcpy(filled, next, sizeof(filled));
	}
	for (unsigned int set = 0; set < sets; set++) {
		if (filled[set])
			return true;
	}
	return false;
}

/* Whether there is a place wherever what is hidden lies. */
static bool is_sure(const struct memblock *memblock, const struct wanted_place *wanted,
		    const struct room *room)
{
	const uint64_t most = UINT64_C(1) << 48; /* no sum overflows */
	const struct hidden *in_room[HIDDEN_MOST] = {0};
	uint64_t spoiled = 0;
	unsigned int count = 0;

	if (!room->gaps)
		return false;
	array_for_each (&memblock->hidden, hidden) {
		if (!is_in(hidden, &room->all))
			continue;
		/* places side by side */
		spoiled = capped_sum(spoiled, capped_sum((hidden->size - 1) / wanted->size, 2));
		if (count < HIDDEN_MOST)
			in_room[count] = hidden;
		count++;
	}
	if (room->places > spoiled || room->gaps > count)
		return true;
	return count <= HIDDEN_MOST && wanted->size <= most && wanted->align <= most &&
	       !can_fill_all(room, in_room, count, wanted);
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

uint64_t memblock_lowest(const struct memblock *memblock, const struct spans *gaps,
			 const struct wanted_place *wanted)
{
	struct wanted_place from = *wanted;
	uint64_t base, last = gaps->count ? gaps->items[gaps->count - 1].last : 0;

	if (memblock_find(memblock, gaps, wanted, &base) != PLACED)
		return 0;
	if (wanted->limit && wanted->limit - 1 < last)
		last = wanted->limit - 1;
	/* it is above an address from which on there is a place for sure */
	for (uint64_t step = (last - wanted->start) / 2; step > last >> 12; step /= 2) {
		from.start += step;
		if (memblock_find(memblock, gaps, &from, &base) != PLACED)
			from.start -= step;
	}
	return from.start;
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

void memblock_copy(const struct memblock *memblock, struct memblock *copy)
{
	*copy = (struct memblock){.kernel = memblock->kernel};
	array_for_each (&memblock->hidden, hidden)
		*array_add(&copy->hidden) = *hidden;
	spans_copy(&memblock->memory, &copy->memory);
	spans_copy(&memblock->reserved, &copy->reserved);
	spans_copy(&memblock->no_map, &copy->no_map);
}

void memblock_free(struct memblock *memblock)
{
	array_free(&memblock->memory);
	array_free(&memblock->reserved);
	array_free(&memblock->no_map);
	array_free(&memblock->hidden);
}
