// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about where regions lie: over each other, over /memreserve/, outside the RAM. */
#include "base/number.h"
#include "model/boot/free_memory.h"
#include "model/lint/region_rules.h"

/* Of one region with others, in trees made to have millions. */
#define OVERLAPS_MAX 64

typedef unsigned long long address; /* for printf */

static bool has_place(const struct region *region)
{
	return region->placement == REGION_STATIC && region->enabled && region->size;
}

/* Two regions, FIRST not above SECOND, that share memory. */
static void check_pair(struct judge *judge, const struct region *first, const struct region *second)
{
	uint64_t first_last = last_address(first->base, first->size);
	uint64_t second_last = last_address(second->base, second->size);
	uint64_t last = first_last < second_last ? first_last : second_last;
	bool inner = second_last <= first_last;
	bool outer = first->base == second->base && second_last > first_last;

	if (inner || outer)
		finding_add(judge, RULE_OVERLAP_NESTED, second, NULL,
			    "%s (0x%llx..0x%llx) lies inside %s (0x%llx..0x%llx)",
			    inner ? second->name : first->name, (address)second->base,
			    (address)(inner ? second_last : first_last),
			    inner ? first->name : second->name, (address)first->base,
			    (address)(inner ? first_last : second_last));
	else
		finding_add(judge, RULE_OVERLAP, second, NULL,
			    "0x%llx..0x%llx belongs to %s (0x%llx..0x%llx) and %s (0x%llx..0x%llx)",
			    (address)second->base, (address)last, first->name, (address)first->base,
			    (address)first_last, second->name, (address)second->base,
			    (address)second_last);
}

/* Regions are sorted by base: those that begin inside this one follow it. */
static void check_overlaps(struct judge *judge, const struct region *region)
{
	const struct regions *regions = judge->regions;
	uint64_t last = last_address(region->base, region->size);
	int left = OVERLAPS_MAX;

	for (const struct region *next = region + 1;
	     next < regions->items + regions->count && next->placement == REGION_STATIC &&
	     next->base <= last && left;
	     next++) {
		if (has_place(next)) {
			check_pair(judge, region, next);
			left--;
		}
	}
}

static void check_memreserve(struct judge *judge, const struct region *region)
{
	uint64_t region_last = last_address(region->base, region->size);
	int left = OVERLAPS_MAX;

	array_for_each (&judge->regions->memreserve, range) {
		uint64_t range_last = last_address(range->base, range->size);
		uint64_t first = range->base > region->base ? range->base : region->base;
		uint64_t last = range_last < region_last ? range_last : region_last;

		if (first > last || !left--)
			continue;
		finding_add(judge,
			    region->kind == REGION_CMA_POOL ? RULE_OVERLAP_MEMRESERVE_CMA
							    : RULE_OVERLAP_MEMRESERVE,
			    region, NULL, "0x%llx..0x%llx is also in /memreserve/ 0x%llx..0x%llx",
			    (address)first, (address)last, (address)range->base,
			    (address)range_last);
	}
}

static void check_ram(struct judge *judge, const struct region *region)
{
	uint64_t last = last_address(region->base, region->size), bytes;
	enum rule_index rule =
		region->kind == REGION_CMA_POOL ? RULE_OUTSIDE_RAM_CMA : RULE_OUTSIDE_RAM;

	if (!judge->regions->banks.count)
		return; /* the boot loader writes them */
	bytes = ram_bytes(judge->regions, region);
	if (!bytes)
		finding_add(judge, rule, region, NULL, "0x%llx..0x%llx is in no memory bank",
			    (address)region->base, (address)last);
	else if (bytes < region->size)
		finding_add(judge, rule, region, NULL,
			    "0x%llx bytes of 0x%llx..0x%llx are in no memory bank",
			    (address)(region->size - bytes), (address)region->base, (address)last);
}

void finding_check_memory(struct judge *judge)
{
	array_for_each (judge->regions, region) {
		if (!has_place(region))
			continue;
		check_overlaps(judge, region);
		check_memreserve(judge, region);
		check_ram(judge, region);
	}
}
