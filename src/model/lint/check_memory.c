// SPDX-License-Identifier: GPL-2.0-or-later
/* Regions with an address: whom else their memory belongs to, and whether it is RAM. */
#include "base/number.h"
#include "model/lint/check.h"

/* Of one region with others, in trees made to have millions: findings are larger than regions. */
#define OVERLAPS_MAX 8

typedef unsigned long long address; /* for printf */

static bool has_place(const struct region *region)
{
	return region->placement == REGION_STATIC && region->enabled && region->size;
}

RULE(OVERLAP_NESTED, WARNING, "overlap-nested", NULL,
     "the kernel logs OVERLAP DETECTED and lets both have the memory "
     "(drivers/of/of_reserved_mem.c, __rmem_check_for_overlap)",
     "one region, or ranges that do not touch");
RULE(OVERLAP, ERROR, "overlap", NULL,
     "the kernel logs OVERLAP DETECTED and lets both have the memory "
     "(drivers/of/of_reserved_mem.c, __rmem_check_for_overlap)",
     "ranges that do not touch");

/* Two regions, FIRST not above SECOND, that share memory. */
static void check_pair(struct check *check, const struct region *first, const struct region *second)
{
	uint64_t first_last = last_address(first->base, first->size);
	uint64_t second_last = last_address(second->base, second->size);
	uint64_t last = first_last < second_last ? first_last : second_last;
	bool inner = second_last <= first_last;
	bool outer = first->base == second->base && second_last > first_last;

	if (inner || outer)
		check_report(check, &RULE_OVERLAP_NESTED, second, NULL,
			     "%s (0x%llx..0x%llx) lies inside %s (0x%llx..0x%llx)",
			     inner ? second->name : first->name, (address)second->base,
			     (address)(inner ? second_last : first_last),
			     inner ? first->name : second->name, (address)first->base,
			     (address)(inner ? first_last : second_last));
	else
		check_report(
			check, &RULE_OVERLAP, second, NULL,
			"0x%llx..0x%llx belongs to %s (0x%llx..0x%llx) and %s (0x%llx..0x%llx)",
			(address)second->base, (address)last, first->name, (address)first->base,
			(address)first_last, second->name, (address)second->base,
			(address)second_last);
}

/* Regions are sorted by base: those that begin inside this one follow it. */
static void check_overlaps(struct check *check, const struct region *region)
{
	const struct regions *regions = check->regions;
	uint64_t last = last_address(region->base, region->size);
	int left = OVERLAPS_MAX;

	for (const struct region *next = region + 1;
	     next < regions->items + regions->count && next->placement == REGION_STATIC &&
	     next->base <= last && left;
	     next++) {
		if (has_place(next)) {
			check_pair(check, region, next);
			left--;
		}
	}
}

RULE(OVERLAP_MEMRESERVE_CMA, ERROR, "overlap-memreserve-cma", NULL,
     "a CMA area gives its memory to the page allocator, /memreserve/ keeps it for the firmware "
     "(mm/cma.c, cma_activate_area; drivers/of/fdt.c, early_init_fdt_scan_reserved_mem)",
     "a region beside what /memreserve/ holds");
RULE(OVERLAP_MEMRESERVE, NOTE, "overlap-memreserve", NULL,
     "/memreserve/ reserves the memory a second time, without a name (drivers/of/fdt.c, "
     "early_init_fdt_scan_reserved_mem)",
     "the region alone");

static void check_memreserve(struct check *check, const struct region *region,
			     const struct spans *memreserve)
{
	uint64_t region_last = last_address(region->base, region->size);
	int left = OVERLAPS_MAX;

	if (!spans_meet(memreserve, region->base, region->size))
		return;
	array_for_each (&check->regions->memreserve, range) {
		uint64_t range_last = last_address(range->base, range->size);
		uint64_t first = range->base > region->base ? range->base : region->base;
		uint64_t last = range_last < region_last ? range_last : region_last;

		if (first > last)
			continue;
		if (!left--)
			break;
		check_report(check,
			     region->kind == REGION_CMA_POOL ? &RULE_OVERLAP_MEMRESERVE_CMA
							     : &RULE_OVERLAP_MEMRESERVE,
			     region, NULL, "0x%llx..0x%llx is also in /memreserve/ 0x%llx..0x%llx",
			     (address)first, (address)last, (address)range->base,
			     (address)range_last);
	}
}

RULE(OUTSIDE_RAM_CMA, ERROR, "cma-outside-ram", NULL,
     "a CMA area that does not lie in RAM stops the boot with a panic, or later what uses it "
     "(mm/cma.c, cma_activate_area)",
     "an address inside the RAM; nothing, if the boot loader adds the bank (--memory)");
RULE(OUTSIDE_RAM, NOTE, "outside-ram", NULL,
     "memory outside the banks is not the kernel's to reserve (mm/memblock.c, memblock_reserve "
     "does not check)",
     "an address inside the RAM, unless the memory is not RAM (a shared-dma-pool with no-map may "
     "be a coherent pool, a CMA pool is not possible) or the boot loader adds the bank");

/* Memory of a device, or RAM that the firmware keeps and takes out of the banks. */
static bool may_be_no_ram(const struct region *region)
{
	return region->kind == REGION_PLAIN ||
	       (region->kind == REGION_COHERENT_POOL && region->no_map);
}

static void check_ram(struct check *check, const struct region *region, const struct spans *ram)
{
	uint64_t last = last_address(region->base, region->size), bytes;
	const struct fate *fate = fate_of(check, region);
	const struct rule *rule = fate->in_ram ? &RULE_OUTSIDE_RAM_CMA : &RULE_OUTSIDE_RAM;
	const char *cut = check->regions->banks_cut ? " that mem= leaves" : "";

	if (!ram->count)
		return; /* the boot loader writes them */
	bytes = spans_bytes(ram, region->base, region->size);
	if (!bytes && may_be_no_ram(region) && !check->regions->banks_cut)
		check_report_detail(check, rule, region, "0x%llx..0x%llx is in no memory bank",
				    (address)region->base, (address)last);
	else if (!bytes)
		check_report(check, rule, region, NULL, "0x%llx..0x%llx is in no memory bank%s",
			     (address)region->base, (address)last, cut);
	else if (bytes < region->size)
		check_report(check, rule, region, NULL,
			     "0x%llx bytes of 0x%llx..0x%llx are in no memory bank%s",
			     (address)(region->size - bytes), (address)region->base, (address)last,
			     cut);
}

/* The area of cma= at a fixed base. */
static void check_other_ram(struct check *check, const struct spans *ram)
{
	const struct default_area *place = &check->fates->other_place;

	if (check->fates->other.in_ram)
		check_report(check, &RULE_OUTSIDE_RAM_CMA, NULL, "/chosen",
			     "0x%llx bytes of the area of cma=, 0x%llx..0x%llx, are in no memory "
			     "bank%s",
			     (address)(place->size - spans_bytes(ram, place->base, place->size)),
			     (address)place->base, (address)last_address(place->base, place->size),
			     check->regions->banks_cut ? " that mem= leaves" : "");
}

void check_memory(struct check *check)
{
	struct spans ram = {0}, memreserve = {0};

	ram_spans(check->regions, &ram);
	spans_add_all(&memreserve, &check->regions->memreserve);
	array_for_each (check->regions, region) {
		if (!has_place(region))
			continue;
		check_overlaps(check, region);
		check_memreserve(check, region, &memreserve);
		check_ram(check, region, &ram);
	}
	check_other_ram(check, &ram);
	array_free(&ram);
	array_free(&memreserve);
}
