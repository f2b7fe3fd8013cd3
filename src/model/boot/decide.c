// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/decide.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/boot.h"
#include "model/boot/dropped.h"
#include "model/boot/known_names.h"
#include "model/boot/seen.h"

/* The early scan: all static regions are reserved before anything is placed. */

/* Remembers where no-map memory begins or ends inside a page that is not mapped then. */
static void note_edges(struct boot *boot, const struct region *region, const struct range *range)
{
	const uint64_t ends[] = {range->base, range->base + range->size};

	if (!region->no_map || !range->size || boot->version < KERNEL(6, 2, 0) ||
	    boot->version >= KERNEL(7, 2, 0) ||
	    (boot->facts->architecture && !kernel_facts_is(boot->facts, "arm64")))
		return;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (ends[i] & (kernel_facts_page_size(boot->facts) - 1))
			*array_add(&boot->inside_pages) = (struct edge){region, ends[i]};
	}
}

/* early_init_dt_reserve_memory(): no-map is refused where the RAM is reserved already. */
static bool reserve_range(struct boot *boot, const struct region *region, const struct range *range)
{
	struct memblock *memblock = &boot->memblock;

	if (region->no_map && spans_meet(&memblock->memory, range->base, range->size) &&
	    spans_meet(&memblock->reserved, range->base, range->size))
		return false;
	spans_add(region->no_map ? &memblock->no_map : &memblock->reserved, range->base,
		  range->size);
	note_edges(boot, region, range);
	return true;
}

static void reserve_static(struct boot *boot, const struct region *region)
{
	const struct range first = {region->base, region->size};

	if (is_refused_early(boot, region))
		return;
	if (!reserve_range(boot, region, &first)) {
		/* it is set up all the same, and what is refused then is given back */
		if (boot->version >= FREES_NO_MAP || region->kind != REGION_COHERENT_POOL ||
		    !region->reusable)
			fate_set(fate_of(boot, region), FATE_DROPPED,
				 "dropped: no-map, but its memory is reserved already");
	} else if (region->size && is_remapped_early(boot, region))
		*array_add(&boot->remapped) = region;
	if (boot->version >= FIRST_REG_ONLY)
		return;
	array_for_each (&region->more_reg, range)
		reserve_range(boot, region, range);
}

static void reserve_memreserve(struct boot *boot)
{
	spans_add_all(&boot->memblock.reserved, &boot->regions->memreserve);
}

static bool is_static(const struct boot *boot, const struct region *region)
{
	bool no_memory = false;
	AUTO_FREE char *why = NULL;

	if (region->placement != REGION_STATIC)
		return false;
	why = dropped_why(boot->regions, region, boot->version, &no_memory);
	return !why;
}

static void reserve_pages(struct spans *reserved, const struct range *range, uint64_t page)
{
	const uint64_t first = range->base & ~(page - 1);

	spans_add(reserved, first,
		  (last_address(range->base, range->size) | (page - 1)) - first + 1);
}

/* What the kernel knows before it looks for regions. */
static void begin_memblock(struct boot *boot)
{
	const struct kernel_facts *facts = boot->facts;
	const struct range *initrd = &boot->regions->initrd;
	struct memblock *memblock = &boot->memblock;

	ram_spans(boot->regions, &memblock->memory);
	/* whole pages: arm64_memblock_init(), reserve_initrd_mem() (6.12, 7.2) */
	if (initrd->size)
		reserve_pages(&memblock->reserved, initrd, kernel_facts_page_size(facts));
	else if (!facts->live && !facts->taken)
		*array_add(&memblock->hidden) = INITRD_MOST;
	if (!facts->taken) {
		*array_add(&memblock->hidden) = KERNEL_MOST;
		*array_add(&memblock->hidden) = TREE_MOST;
		return;
	}
	array_for_each (facts->taken, range)
		spans_add(&memblock->reserved, range->base, range->size);
}

/* A dynamic region that is not placed, or perhaps not. */
static void set_no_place(const struct boot *boot, const struct region *region,
			 const struct dynamic_place *place)
{
	static const char *const reasons[] = {
		[HAS_PLACE] = "there may be no room",
		[NO_ROOM] = "no RAM is left that is large enough",
		[NO_RANGE] = "no memory of alloc-ranges is free and large enough",
		[NO_RAM] = "the memory banks have no RAM in alloc-ranges",
		[TOO_MANY_DYNAMIC] =
			("the kernel places " TEXT_OF(DYNAMIC_REGIONS_MAX) " dynamic regions at "
									   "most"),
	};
	struct fate *fate = fate_of(boot, region);
	AUTO_FREE char *obstacles = NULL;

	fate->no_place = place->why_not;
	if (!place->sure) {
		fate_set(fate, FATE_OPEN, "open: %s%s: %s",
			 fate->text && fate->kind == FATE_NO_HEAP ? "no heap in any case, but "
								  : "",
			 reasons[place->why_not], what_is_missing(boot, !place->why_not));
		if (region->kind == REGION_CMA_POOL)
			may_have_heap(fate, region->name);
	} else if (place->why_not == NO_RANGE ||
		   (place->why_not == NO_ROOM && !boot->memblock.hidden.count)) {
		obstacles = dynamic_obstacles(&boot->memblock, region);
		fate_set(fate, FATE_DROPPED, "dropped: %s: %s", reasons[place->why_not], obstacles);
	} else {
		fate_set(fate, FATE_DROPPED, "dropped: %s", reasons[place->why_not]);
	}
}

/* The running kernel has not made the area: what was in the way, as far as it shows that. */
static bool explain_missing(const struct boot *boot, const struct region *region)
{
	const struct seen *seen = boot->facts->seen;
	struct dynamic_place place;
	AUTO_FREE char *obstacles = NULL;
	struct memblock memblock;

	if (!seen || !seen->areas_known || region->kind != REGION_CMA_POOL ||
	    !seen->reserved.count || area_is_seen(boot, region->name))
		return false;
	memblock_copy(&boot->memblock, &memblock);
	array_free(&memblock.hidden);
	array_for_each (&seen->reserved, span)
		spans_add(&memblock.reserved, span->first, span->last - span->first + 1);
	dynamic_find(&memblock, region, boot->facts, &boot->dynamic, true, &place);
	obstacles = dynamic_obstacles(&memblock, region);
	memblock_free(&memblock);
	if (!place.why_not)
		return false;
	fate_of(boot, region)->no_place = place.why_not;
	fate_set(fate_of(boot, region), FATE_DROPPED,
		 "dropped: the kernel has found no place for it: %s", obstacles);
	return true;
}

static void decide_dynamic(struct boot *boot, const struct region *region)
{
	bool seen = region->kind == REGION_CMA_POOL && area_is_seen(boot, region->name);
	struct dynamic_place place;

	if (++boot->scanned > DYNAMIC_REGIONS_MAX) {
		place = (struct dynamic_place){.why_not = TOO_MANY_DYNAMIC, .sure = true};
		set_no_place(boot, region, &place);
		return;
	}
	/* not given memory at all (7.2), or given it and back */
	if (is_refused_for_cma(boot, region)) {
		set_up(boot, region, 0, false);
		return;
	}
	dynamic_find(&boot->memblock, region, boot->facts, &boot->dynamic,
		     boot->regions->banks_sure, &place);
	if (!seen && explain_missing(boot, region))
		return;
	if (place.at_base)
		spans_add(region->no_map ? &boot->memblock.no_map : &boot->memblock.reserved,
			  place.base, region->size);
	else if (seen || !place.why_not || !place.sure)
		*array_add(&boot->memblock.hidden) = region->size;
	if (place.base) {
		*array_add(&boot->dynamic) = (struct range){place.base, region->size};
		note_edges(boot, region, &boot->dynamic.items[boot->dynamic.count - 1]);
	}
	if (seen || !place.why_not)
		set_up(boot, region, place.base, place.at_base);
	if (!place.at_base && !place.why_not && fate_of(boot, region)->kind == FATE_DROPPED)
		boot->memblock.hidden.count--; /* it has been given back */
	/* what would be given back is dropped in any case */
	if (!seen && (place.why_not || !place.sure) && fate_of(boot, region)->kind != FATE_DROPPED)
		set_no_place(boot, region, &place);
}

/* Whether a region has memory; else its fate says why not. */
static bool has_memory(struct boot *boot, const struct region *region)
{
	bool no_memory = false;
	AUTO_FREE char *why = dropped_why(boot->regions, region, boot->version, &no_memory);

	if (why)
		fate_set(fate_of(boot, region), FATE_DROPPED, "%s", why);
	else if (no_memory)
		fate_set(fate_of(boot, region), FATE_NO_HEAP,
			 "no heap: no memory, only iommu-addresses");
	return !why && !no_memory;
}

/* What static regions leave is too little for the kernel's page tables: seen on 7.2. */
static void check_left(struct boot *boot)
{
	const uint64_t least = UINT64_C(1) << 20;
	struct spans left = {0};
	uint64_t bytes = 0;

	array_for_each (&boot->memblock.memory, span)
		spans_add(&left, span->first, span->last - span->first + 1);
	array_for_each (&boot->memblock.reserved, span)
		spans_remove(&left, span->first, span->last - span->first + 1);
	array_for_each (&boot->memblock.no_map, span)
		spans_remove(&left, span->first, span->last - span->first + 1);
	array_for_each (&left, span)
		bytes += span->last - span->first + 1;
	array_free(&left);
	boot->fates->no_ram_left = boot->memblock.memory.count && bytes < least;
}

/*
 * 6.12.117 does not map a page of which a part is no-map (map_mem(), arch/arm64/mm/mmu.c), but
 * allocates from the rest of it, as from all RAM from the highest address down, and stops there.
 * 5.10.262, 6.1.192 and 7.2.13 map it. Seen on all; between those nothing was read.
 */
static void check_shared_pages(struct boot *boot)
{
	const uint64_t page = kernel_facts_page_size(boot->facts), swiotlb = UINT64_C(64) << 20;
	struct memblock filled;
	struct spans gaps = {0}, left = {0};

	if (!boot->inside_pages.count || boot->facts->live)
		return;
	memblock_copy(&boot->memblock, &filled);
	memblock_fill_top(&filled, early_allocations(boot->facts, &filled) + swiotlb +
					   boot->fates->other_place.size);
	memblock_gaps(&boot->memblock, &gaps);
	memblock_gaps(&filled, &left);
	array_for_each (&boot->inside_pages, edge) {
		struct fate *fate = fate_of(boot, edge->region);
		const uint64_t start = edge->address & ~(page - 1);

		if (fate->kind == FATE_NO_HEAP &&
		    spans_bytes(&left, start, page) < spans_bytes(&gaps, start, page))
			fate_set(fate, FATE_OPEN,
				 "open: it begins or ends inside a page, of which some kernels do "
				 "not map the rest, but use it: the boot may stop");
	}
	array_free(&gaps);
	array_free(&left);
	memblock_free(&filled);
}

/* What is open matters no more where the boot stops for another reason. */
static void settle_open(struct fate *fate, const char *stopper)
{
	AUTO_FREE char *before = NULL;

	if (fate->kind != FATE_OPEN)
		return;
	before = xstrdup(fate_reason(fate));
	fate_set(fate, FATE_NO_HEAP, "no heap: %s stops the boot; but for that: %s", stopper,
		 before);
}

static void check_stops(struct boot *boot)
{
	const char *stopper = NULL;

	array_for_each (boot->regions, region) {
		if (fate_of(boot, region)->stops)
			stopper = region->name;
	}
	if (!stopper && boot->fates->other.stops)
		stopper = "the area of cma=";
	if (!stopper || boot->facts->live)
		return;
	array_for_each (boot->fates, fate)
		settle_open(fate, stopper);
	if (boot->fates->other.text)
		settle_open(&boot->fates->other, stopper);
}

/* The regions of a boot in its order, and the area of cma= or Kconfig between or after them. */
static void run(struct boot *boot)
{
	const bool late = boot->version >= LATE_SCAN;
	AUTO_FREE const struct region **in_tree = regions_in_boot_order(boot->regions, false);
	AUTO_FREE const struct region **ordered = regions_in_boot_order(boot->regions, !late);
	const size_t count = boot->regions->count;

	if (!late)
		reserve_memreserve(boot);
	for (size_t j = 0; j < count; j++) {
		if (is_static(boot, in_tree[j]))
			reserve_static(boot, in_tree[j]);
	}
	check_left(boot);
	for (size_t j = 0; j < count; j++) {
		if (ordered[j]->placement != REGION_STATIC && has_memory(boot, ordered[j]))
			decide_dynamic(boot, ordered[j]);
	}
	if (late)
		reserve_memreserve(boot);
	if (reserves_early(boot))
		decide_other_area(boot);
	for (size_t j = 0; j < count; j++) {
		const struct region *region = ordered[j];

		if (region->placement == REGION_STATIC && !fate_of(boot, region)->text &&
		    has_memory(boot, region))
			set_up(boot, region, region->base, true);
	}
	check_given_back(boot);
	check_remapped(boot);
	decide_other_area(boot);
	check_shared_pages(boot);
	decide_heaps(boot);
	check_stops(boot);
}

void fates_decide(const struct regions *regions, const struct kernel_facts *facts,
		  struct fates *fates)
{
	struct boot boot = {.regions = regions,
			    .facts = facts,
			    .fates = fates,
			    .version = kernel_facts_version(facts),
			    .default_index = SIZE_MAX};

	memset(fates, 0, sizeof(*fates));
	for (size_t j = 0; j < regions->count; j++)
		array_add(fates);
	zones_find(regions, facts, &boot.zones);
	begin_memblock(&boot);
	run(&boot);
	array_for_each (&boot.areas, area)
		free(area->name);
	array_free(&boot.areas);
	strings_free(&boot.taken);
	array_free(&boot.dynamic);
	array_free(&boot.remapped);
	array_free(&boot.inside_pages);
	memblock_free(&boot.memblock);
}
