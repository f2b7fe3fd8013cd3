// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"
#include "model/boot/boot.h"
#include "model/boot/dropped.h"
#include "model/boot/known_names.h"

bool is_refused_for_cma(const struct boot *boot, const struct region *region)
{
	return region->kind == REGION_CMA_POOL && region->cma_default &&
	       boot->facts->cmdline.cma_given && boot->facts->cma_config != NO;
}

bool is_refused_early(const struct boot *boot, const struct region *region)
{
	return boot->version >= KEEPS_UNKNOWN && is_refused_for_cma(boot, region);
}

/*
 * Before FREES_NO_MAP memblock_add() is to give no-map memory back. Of what is RAM the mark
 * MEMBLOCK_NOMAP stays: only a dynamic region was taken out of the RAM, and what is none becomes
 * RAM then.
 */
static bool keeps_mark(const struct boot *boot, const struct region *region)
{
	const struct spans *ram = &boot->memblock.memory;

	return region->placement == REGION_STATIC && region->no_map &&
	       boot->version < FREES_NO_MAP &&
	       spans_meet(&boot->memblock.no_map, region->base, region->size) &&
	       (!ram->count || spans_bytes(ram, region->base, region->size) == region->size);
}

/* Gives the memory of a region back, as fdt_init_reserved_mem_node() does. Returns whether with it
 * goes what others have reserved there. */
static bool give_back(struct boot *boot, const struct region *region, uint64_t base)
{
	const bool frees = !region->no_map || boot->version < FREES_NO_MAP;

	if (region->no_map && !keeps_mark(boot, region))
		spans_remove(&boot->memblock.no_map, base, region->size);
	if (frees)
		spans_remove(&boot->memblock.reserved, base, region->size);
	return frees;
}

/* The CMA alignment that VALUE misses for sure, or else where configurations differ: *maybe. */
static uint64_t missed_alignment(const struct boot *boot, uint64_t value, bool *maybe)
{
	uint64_t largest, smallest = alignment_range(boot->facts, &largest);

	*maybe = false;
	if (value & (smallest - 1))
		return smallest;
	*maybe = true;
	return value & (largest - 1) ? largest : 0;
}

/* rmem_cma_setup(): base and size; the kernel aligns the base of a dynamic one itself. */
static bool is_aligned(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const uint64_t base = region->placement == REGION_STATIC ? region->base : 0;
	bool base_maybe, size_maybe;
	const uint64_t of_base = missed_alignment(boot, base, &base_maybe);
	const uint64_t of_size = missed_alignment(boot, region->size, &size_maybe);
	/* what is wrong for sure is reported first */
	const bool base_is_wrong = of_base && (!base_maybe || !of_size || size_maybe);
	const bool maybe = base_is_wrong ? base_maybe : size_maybe;
	const uint64_t missed = base_is_wrong ? of_base : of_size;
	AUTO_FREE char *alignment = NULL;

	if (!missed)
		return true;
	alignment = alignment_text(missed);
	fate->misaligned = !maybe;
	fate_set(fate, maybe ? FATE_OPEN : FATE_DROPPED,
		 "%s: %s 0x%llx is not a multiple of %s, the CMA alignment %s%llu KiB pages%s",
		 maybe ? "open" : "dropped", base_is_wrong ? "base" : "size",
		 (unsigned long long)(base_is_wrong ? base : region->size), alignment,
		 maybe ? "of some kernels with " : "with ",
		 (unsigned long long)kernel_facts_page_size(boot->facts) / 1024,
		 maybe ? " (CONFIG_HUGETLB_PAGE and CONFIG_TRANSPARENT_HUGEPAGE off)" : "");
	if (maybe)
		may_have_heap(fate, region->name);
	return false;
}

void add_area(struct boot *boot, const struct area *wanted, enum fate_kind refused)
{
	size_t fewest = boot->facts->cma_areas ? boot->facts->cma_areas : CMA_AREAS_FEWEST;
	const struct region *region = wanted->region;
	const char *name = region ? region->name : RESERVED_AREA;
	struct fate *fate = wanted->fate;
	struct area *area;

	if (boot->areas.count >= fewest && !area_is_seen(boot, name)) {
		fate->too_many_areas = true;
		fate->over_others = false; /* of which the sentence is no longer */
		if (boot->facts->cma_areas) {
			fate_set(fate, refused,
				 "%s: the kernel has room for %zu CMA area%s (CONFIG_CMA_AREAS), "
				 "and others come first",
				 refused == FATE_DROPPED ? "dropped" : "no heap", fewest,
				 fewest == 1 ? "" : "s");
			return;
		}
		fate_set(fate, FATE_OPEN,
			 "open: this is CMA area %zu; a kernel has room for %d, or for %d with "
			 "CONFIG_NUMA (CONFIG_CMA_AREAS)",
			 boot->areas.count + 1, CMA_AREAS_FEWEST, CMA_AREAS_NUMA);
		may_have_heap(fate, name);
	}
	area = array_add(&boot->areas);
	*area = *wanted;
	area->name = cma_area_name(name);
	fate->area = true;
	if (!region || region->cma_default)
		boot->default_index = boot->areas.count - 1;
}

/* An area that was made before and has a part of the same memory; NULL: none. */
static struct area *shared_with(const struct boot *boot, const struct region *region)
{
	for (size_t i = 0; i < boot->areas.count; i++) {
		struct area *area = &boot->areas.items[i];

		if (area->at_base && area->size &&
		    region->base <= last_address(area->base, area->size) &&
		    area->base <= last_address(region->base, region->size))
			return area;
	}
	return NULL;
}

void check_others(const struct boot *boot, const struct region *region, bool area,
		  struct fate *fate)
{
	const struct range *initrd = &boot->regions->initrd, *met = NULL;
	struct area *other = area ? shared_with(boot, region) : NULL;
	struct spans own = {0};

	if (boot->facts->live)
		return;
	spans_add(&own, region->base, region->size);
	if (spans_meet(&own, initrd->base, initrd->size))
		met = initrd;
	if (boot->facts->taken) {
		array_for_each (boot->facts->taken, range)
			met = spans_meet(&own, range->base, range->size) ? range : met;
	}
	array_free(&own);
	if (!met && !other &&
	    !(area && spans_meet(&boot->memblock.no_map, region->base, region->size)))
		return;
	fate->over_others = true;
	if (other)
		other->sharer = region->name;
	if (met)
		fate_set(fate, FATE_OPEN,
			 "open: it is over what lies in the RAM at boot, 0x%llx..0x%llx, which "
			 "others get then as well: the boot may stop",
			 (unsigned long long)met->base,
			 (unsigned long long)last_address(met->base, met->size));
	else if (other)
		fate_set(fate, FATE_OPEN,
			 "open: it is made with a part of the memory of %s, which is given to two "
			 "then: the boot may stop, or later what uses both",
			 other->name);
	else
		fate_set(fate, FATE_OPEN,
			 "open: part of it is no-map, which the kernel does not check: what uses "
			 "that may stop the machine");
	if (area)
		may_have_heap(fate, region->name);
}

bool check_ram(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const struct spans *ram = &boot->memblock.memory;
	const bool cut = boot->regions->banks_cut, sure = boot->regions->banks_sure || cut;

	if (boot->facts->live)
		return true;
	fate->in_ram = ram_has(ram, boot->facts, region->base, region->size);
	if (fate->in_ram == IN_RAM)
		return true;
	/* seen: init_cma_reserved_pageblock() has no struct page to write to, and panics; on
	 * 32-bit Arm it writes to what lies behind the last one */
	if (fate->in_ram == OUTSIDE_RAM && sure && !kernel_facts_is(boot->facts, "arm")) {
		fate->stops = true;
		fate_set(fate, FATE_NO_HEAP, "no heap: a CMA area outside the %s stops the boot",
			 cut ? "RAM that mem= leaves" : "tree's RAM");
		return false;
	}
	if (fate->in_ram == IN_RAM_HOLES)
		fate_set(fate, FATE_OPEN,
			 "open: %s no RAM, which the kernel does not check: what uses that may "
			 "stop the machine",
			 spans_meet(ram, region->base, region->size) ? "part of it is" : "it is");
	else if (sure)
		fate_set(fate, FATE_OPEN,
			 "open: a CMA area outside the RAM, which the kernel does not notice: the "
			 "boot may stop");
	else
		fate_set(fate, FATE_OPEN,
			 "open: a CMA area outside the tree's RAM may stop the boot, unless the "
			 "boot loader adds the RAM (--memory states it)");
	may_have_heap(fate, region->name);
	return true;
}

void add_dangers(const struct boot *boot, const struct region *region, struct fate *fate)
{
	struct fate made = {0};
	AUTO_FREE char *before = NULL;

	if (check_ram(boot, region, &made) && !made.text)
		check_others(boot, region, true, &made);
	if (made.text) {
		before = xstrdup(fate->text);
		fate->in_ram = made.in_ram;
		fate->over_others = made.over_others;
		fate_set(fate, FATE_OPEN, "%s; if it is made: %s", before, fate_reason(&made));
	}
	strings_free(&made.heaps);
	free(made.text);
}

static void decide_cma_pool(struct boot *boot, const struct region *region, struct fate *fate,
			    uint64_t base, bool at_base)
{
	const struct kernel_facts *facts = boot->facts;
	const struct area area = {.region = region,
				  .fate = fate,
				  .base = base,
				  .size = region->size,
				  .at_base = at_base};
	const bool seen = area_is_seen(boot, region->name),
		   fixed = region->placement == REGION_STATIC;

	if (facts->cma_config == NO && boot->version >= KEEPS_UNKNOWN)
		fate_set(fate, FATE_NO_HEAP, "no heap: the kernel is built without CONFIG_DMA_CMA");
	else if (facts->cma_config == NO)
		fate_set(fate, FATE_DROPPED, "dropped: the kernel is built without CONFIG_DMA_CMA");
	else if (is_refused_for_cma(boot, region))
		fate_set(fate, FATE_DROPPED, "dropped: cma= on the command line takes its place");
	else if (!seen && !is_aligned(boot, region, fate)) {
		if (fixed && fate->kind == FATE_OPEN)
			add_dangers(boot, region, fate);
		return;
	} else if (!seen && fixed && !spans_meet(&boot->memblock.reserved, base, region->size))
		fate_set(fate, FATE_DROPPED,
			 "dropped: another region has given its memory back before");
	else if (seen || !fixed || check_ram(boot, region, fate)) {
		if (fixed && !seen && !fate->text)
			check_others(boot, region, true, fate);
		if (fixed && !facts->live && boot->version < LATE_SCAN &&
		    kernel_facts_is(facts, "arm"))
			*array_add(&boot->remapped) = region;
		add_area(boot, &area, FATE_DROPPED);
	}
	if (!fate->area || seen)
		return;
	if (fate->kind != FATE_OPEN && ram_cut_is_open(facts)) {
		fate_set(fate, FATE_OPEN,
			 "open: what several mem=, or one with an address, leave of the RAM "
			 "depends on the architecture");
		may_have_heap(fate, region->name);
	}
}

/* Returns whether the kernel refuses it, of which not all give the memory back. */
static bool decide_coherent_pool(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	const bool refused = region->reusable && boot->version < KEEPS_UNKNOWN;

	if (region->reusable && (!refused || keeps_mark(boot, region)))
		fate_set(fate, FATE_NO_HEAP, "no heap: reusable and no-map must not be combined");
	else if (refused)
		fate_set(fate, FATE_DROPPED, "dropped: reusable and no-map must not be combined");
	else if (region->no_map)
		fate_set(fate, FATE_NO_HEAP, "no heap: no-map");
	else if (kernel_facts_is(boot->facts, "arm"))
		fate_set(fate, FATE_DROPPED,
			 "dropped: 32-bit Arm has no shared-dma-pool without reusable or no-map");
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: not reusable");
	return refused;
}

static void decide_restricted_pool(const struct boot *boot, const struct region *region,
				   struct fate *fate)
{
	const char *wrong = restricted_pool_conflict(region);

	if (wrong && boot->facts->restricted != NO)
		fate_set(fate, FATE_DROPPED, "dropped: a restricted pool cannot be %s", wrong);
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: it is a restricted DMA pool");
}

/* What a static region that was no-map and is refused gives to the kernel, which uses it. */
static void check_unmapped(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const struct spans *ram = &boot->memblock.memory;

	/* fdt_init_reserved_mem_node() comes after paging_init() then: seen on 6.12 */
	if (boot->version >= LATE_SCAN && spans_meet(ram, region->base, region->size))
		fate_add(fate, "no-map memory that is given back has no mapping, and the kernel "
			       "uses it: the boot may stop");
	/* memblock_add() of 5.10 */
	if (boot->version < FREES_NO_MAP && ram->count &&
	    spans_bytes(ram, region->base, region->size) != region->size)
		fate_add(fate, "it is added to the RAM, and a part of it is none: the boot may "
			       "stop");
}

void set_up(struct boot *boot, const struct region *region, uint64_t base, bool at_base)
{
	struct fate *fate = fate_of(boot, region);
	bool refused = false, frees;

	switch (region->kind) {
	case REGION_CMA_POOL:
		decide_cma_pool(boot, region, fate, base, at_base);
		break;
	case REGION_COHERENT_POOL:
		refused = decide_coherent_pool(boot, region, fate);
		break;
	case REGION_RESTRICTED_POOL:
		decide_restricted_pool(boot, region, fate);
		break;
	case REGION_CARVE_OUT:
		strings_add(&fate->heaps, region->name);
		decide_foreign(boot, fate, "a carve-out");
		break;
	case REGION_VENDOR_HEAP:
		array_for_each (&region->vendor.names, name)
			strings_add(&fate->heaps, *name);
		decide_foreign(boot, fate, "the vendor's");
		break;
	case REGION_PLAIN:
		fate_set(fate, FATE_NO_HEAP, "no heap: not a shared-dma-pool");
	}
	refused |= fate->kind == FATE_DROPPED;
	/* what 7.2 refuses for cma= it has not reserved */
	if (!refused || is_refused_early(boot, region))
		return;
	frees = at_base && give_back(boot, region, base);
	if (region->placement == REGION_DYNAMIC && is_remapped_early(boot, region))
		fate_add(fate, "32-bit Arm maps it anew all the same, and another area at its "
			       "place a second time: the boot may stop");
	if (region->placement == REGION_STATIC && region->no_map && !boot->facts->live)
		check_unmapped(boot, region, fate);
	if (region->placement == REGION_STATIC && frees)
		check_others(boot, region, false, fate);
}

/* The first region that is refused and has a part of these bytes. */
static const char *refused_in(const struct boot *boot, const struct region *wanted)
{
	array_for_each (boot->regions, region) {
		if (region->placement == REGION_STATIC && region->size &&
		    fate_of(boot, region)->kind == FATE_DROPPED && fate_of(boot, region)->text &&
		    region->base <= last_address(wanted->base, wanted->size) &&
		    wanted->base <= last_address(region->base, region->size))
			return region->name;
	}
	return "another region";
}

/* Whether a part of an area is reserved no longer: a refused region has given it back. */
static bool has_lost_memory(const struct boot *boot, const struct area *area)
{
	const struct region *region = area->region;

	return !boot->facts->live && region && region->placement == REGION_STATIC &&
	       spans_bytes(&boot->memblock.reserved, region->base, region->size) != region->size;
}

const char *area_to_share(const struct boot *boot, uint64_t base, uint64_t size)
{
	/* what is allocated before moves it */
	const uint64_t around = early_allocations(boot->facts, &boot->memblock);
	const uint64_t first = base > around ? base - around : 0,
		       last = last_address(base, size + around);

	for (size_t i = 0; i < boot->areas.count; i++) {
		const struct area *area = &boot->areas.items[i];

		if (has_lost_memory(boot, area) && area->base <= last &&
		    last_address(area->base, area->size) >= first)
			return area->name;
	}
	return NULL;
}

/* Seen on 7.2 and 6.12: the boot stops where the page allocator gets pages a second time. */
void check_given_back(struct boot *boot)
{
	array_for_each (&boot->areas, area) {
		const struct region *region = area->region;

		if (area->fate->text || !has_lost_memory(boot, area))
			continue;
		area->fate->over_others = true;
		fate_set(area->fate, FATE_OPEN,
			 "open: %s is refused and gives back memory of it, which the kernel then "
			 "uses as well: the boot may stop",
			 refused_in(boot, region));
		may_have_heap(area->fate, region->name);
	}
}
