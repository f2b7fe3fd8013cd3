// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/dynamic.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"

/* __reserved_mem_alloc_in_range(): beside an earlier region the place nearest to it is taken. */
static bool is_bottom_up(const struct ranges *earlier, uint64_t start, uint64_t end)
{
	bool at_start = false, at_end = false;

	array_for_each (earlier, range) {
		at_start |= start >= range->base && start <= range->base + range->size;
		at_end |= end >= range->base && end <= range->base + range->size;
	}
	return at_start && !at_end;
}

static bool has_ranges(const struct region *region)
{
	return region->has_alloc_ranges && region->alloc_ranges_length_ok;
}

/* Whether alloc-ranges would do without what is hidden, or if all of them were RAM as well. */
static bool could_hold(const struct memblock *memblock, const struct region *region, uint64_t align,
		       bool all_ram)
{
	struct memblock everything;
	struct spans gaps = {0};
	bool could = false;
	uint64_t base;

	memblock_copy(memblock, &everything);
	array_free(&everything.hidden);
	array_for_each (&region->alloc_ranges, range)
		spans_add(&everything.memory, range->base, all_ram ? range->size : 0);
	memblock_gaps(&everything, &gaps);
	array_for_each (&region->alloc_ranges, range) {
		struct wanted_place wanted = {region->size, align, range->base,
					      range->base + range->size, false};

		if (memblock_find(&everything, &gaps, &wanted, &base) != NOT_PLACED) {
			could = true;
			break;
		}
	}
	array_free(&gaps);
	memblock_free(&everything);
	return could;
}

static void find_in_ranges(const struct memblock *memblock, const struct spans *gaps,
			   const struct region *region, uint64_t align,
			   const struct ranges *earlier, struct dynamic_place *place)
{
	place->where = (struct span){UINT64_MAX, 0};
	array_for_each (&region->alloc_ranges, range) {
		const uint64_t last = last_address(range->base, range->size);

		if (range->base < place->where.first)
			place->where.first = range->base;
		if (last > place->where.last)
			place->where.last = last;
	}
	array_for_each (&region->alloc_ranges, range) {
		uint64_t end = range->base + range->size, base;
		struct wanted_place wanted = {region->size, align, range->base, end,
					      is_bottom_up(earlier, range->base, end)};
		enum placing placing = memblock_find(memblock, gaps, &wanted, &base);

		if (placing == NOT_PLACED)
			continue;
		if (!place->base)
			place->base = base;
		place->at_base |= placing == PLACED && place->base == base;
		place->sure |= placing == PLACED;
		if (place->sure)
			return;
	}
}

void dynamic_find(const struct memblock *memblock, const struct region *region,
		  const struct kernel_facts *facts, const struct ranges *earlier, bool banks_sure,
		  struct dynamic_place *place)
{
	uint64_t align = region->alignment ? region->alignment : 64; /* SMP_CACHE_BYTES */
	uint64_t largest, least = alignment_range(facts, &largest);
	struct spans gaps = {0};

	*place = (struct dynamic_place){.where = ANYWHERE};
	if (region->kind == REGION_CMA_POOL && facts->cma_config != NO && align < least)
		align = least;
	if (align & (align - 1) && region->kind == REGION_CMA_POOL)
		return; /* the address may be no multiple of the CMA alignment */
	memblock_gaps(memblock, &gaps);
	if (has_ranges(region)) {
		find_in_ranges(memblock, &gaps, region, align, earlier, place);
		place->why_not = place->base                                  ? HAS_PLACE
				 : could_hold(memblock, region, align, false) ? NO_ROOM
				 : could_hold(memblock, region, align, true)  ? NO_RAM
									      : NO_RANGE;
	} else {
		struct wanted_place wanted = {region->size, align, 0, 0, false};
		enum placing placing = memblock_find(memblock, &gaps, &wanted, &place->base);

		place->sure = place->at_base = placing == PLACED;
		place->where.first = memblock_lowest(memblock, &gaps, &wanted);
		place->why_not = placing == NOT_PLACED ? NO_ROOM : HAS_PLACE;
	}
	array_free(&gaps);
	if (place->why_not)
		place->sure = banks_sure || place->why_not == NO_RANGE;
	if (memblock->hidden.count || !banks_sure)
		place->at_base = false;
}

/* What is taken, or no RAM, between FIRST and LAST; at most three of them are named. */
static void add_obstacles(const struct memblock *memblock, uint64_t first, uint64_t last,
			  char **text, unsigned int *named)
{
	const struct spans *reserved = &memblock->reserved;

	for (size_t i = spans_find(reserved, first); i < reserved->count && *named < 3; i++) {
		const struct span *span = &reserved->items[i];
		AUTO_FREE char *before = NULL;

		if (span->first > last)
			return;
		before = *text;
		*text = xasprintf("%s%s0x%llx..0x%llx", before ? before : "", before ? ", " : "",
				  (unsigned long long)(span->first > first ? span->first : first),
				  (unsigned long long)(span->last < last ? span->last : last));
		++*named;
	}
}

char *dynamic_obstacles(const struct memblock *memblock, const struct region *region)
{
	struct range everything = {0, UINT64_MAX};
	const struct ranges whole = {.items = &everything, .count = 1};
	const struct ranges *ranges = has_ranges(region) ? &region->alloc_ranges : &whole;
	AUTO_FREE char *taken = NULL;
	unsigned int named = 0;
	uint64_t largest = 0;
	struct spans gaps = {0};

	memblock_gaps(memblock, &gaps);
	array_for_each (ranges, range) {
		uint64_t gap = memblock_largest_gap(&gaps, range->base, range->base + range->size);

		if (gap > largest)
			largest = gap;
		if (range->size)
			add_obstacles(memblock, range->base, last_address(range->base, range->size),
				      &taken, &named);
	}
	array_free(&gaps);
	return xasprintf("%s%sthe largest gap has %llu MiB", taken ? taken : "",
			 !taken      ? ""
			 : named > 1 ? " are taken, "
				     : " is taken, ",
			 (unsigned long long)largest >> 20);
}
