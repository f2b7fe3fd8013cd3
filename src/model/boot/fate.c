// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/fate.h"

#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"
#include "model/boot/dropped.h"
#include "model/boot/known_names.h"
#include "model/boot/seen.h"

/* Static regions are set up in the late scan, unflatten_device_tree(): 6.12 has it, 6.1 not. */
#define LATE_SCAN      KERNEL(6, 12, 0)
/* Only the first entry of reg is reserved (7.2); all are in 6.12. */
#define FIRST_REG_ONLY KERNEL(7, 0, 0)
/* What no setup function takes stays reserved (7.2, -ENODEV); in 6.12 it is given back (-EINVAL).
 */
#define KEEPS_UNKNOWN  KERNEL(7, 0, 0)

/* One CMA area of the boot, in the order in which the kernel makes them. */
struct area {
	const struct region *region; /* NULL: the one of cma= or Kconfig */
	struct fate *fate;
	char *name;
	uint64_t base, size;
	bool at_base; /* for sure */
};

/* A boot, as far as fates have been decided. */
struct boot {
	const struct regions *regions;
	const struct kernel_facts *facts;
	struct fates *fates;
	uint32_t version;
	struct {
		ARRAY_OF(struct area);
	} areas;
	size_t default_index; /* of the default area; SIZE_MAX: none */
	struct strings taken; /* names of heaps */
	struct memblock memblock;
	struct zones zones;
	struct ranges dynamic; /* regions that were placed */
	unsigned int scanned;  /* dynamic regions so far */
};

/* Sets what becomes of a region, in place of what was set before. */
static void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	free(fate->text);
	fate->text = text;
	fate->kind = kind;
}

static struct fate *fate_of(const struct boot *boot, const struct region *region)
{
	return &boot->fates->items[region - boot->regions->items];
}

/* Whether the running kernel shows an area of this name. */
static bool is_seen(const struct boot *boot, const char *name)
{
	const struct seen *seen = boot->facts->seen;
	AUTO_FREE char *area = cma_area_name(name);

	return seen && strings_have(&seen->areas, area);
}

static bool heap_is_seen(const struct boot *boot, const char *name)
{
	return boot->facts->seen && strings_have(&boot->facts->seen->heaps, name);
}

/* What of the boot is not known, as the end of a sentence that is open. PLACED: there is room. */
static const char *what_is_missing(const struct boot *boot, bool placed)
{
	if (!placed && !boot->regions->banks_sure)
		return "the boot loader may add RAM (--memory states it)";
	return boot->memblock.hidden.count
		       ? "the kernel, an initrd or the device tree may be in the "
			 "way (--taken states where they lie)"
		       : "what the kernel allocates early, at the end of the RAM, "
			 "may be in the way";
}

/* The early scan: all static regions are reserved before anything is placed. */

/* early_init_dt_reserve_memory(): no-map is refused where the RAM is reserved already. */
static bool reserve_range(struct boot *boot, const struct region *region, const struct range *range)
{
	struct memblock *memblock = &boot->memblock;

	if (region->no_map && spans_meet(&memblock->memory, range->base, range->size) &&
	    spans_meet(&memblock->reserved, range->base, range->size))
		return false;
	spans_add(region->no_map ? &memblock->no_map : &memblock->reserved, range->base,
		  range->size);
	return true;
}

/* __rmem_cma_verify_node() comes before the memory is reserved (7.2). */
static bool is_refused_for_cma(const struct boot *boot, const struct region *region)
{
	return region->kind == REGION_CMA_POOL && region->cma_default &&
	       boot->facts->cmdline.cma_given && boot->facts->cma_config != NO;
}

static void reserve_static(struct boot *boot, const struct region *region)
{
	const struct range first = {region->base, region->size};

	if (boot->version >= KEEPS_UNKNOWN && is_refused_for_cma(boot, region))
		return;
	if (!reserve_range(boot, region, &first))
		fate_set(fate_of(boot, region), FATE_DROPPED,
			 "dropped: no-map, but its memory is reserved already");
	if (boot->version >= FIRST_REG_ONLY)
		return;
	array_for_each (&region->more_reg, range)
		reserve_range(boot, region, range);
}

/* Gives the memory of a region back, as fdt_init_reserved_mem_node() does. */
static void give_back(struct boot *boot, const struct region *region, uint64_t base)
{
	spans_remove(region->no_map ? &boot->memblock.no_map : &boot->memblock.reserved, base,
		     region->size);
}

static void reserve_memreserve(struct boot *boot)
{
	array_for_each (&boot->regions->memreserve, range)
		spans_add(&boot->memblock.reserved, range->base, range->size);
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

/* What the kernel knows before it looks for regions. */
static void begin_memblock(struct boot *boot)
{
	const struct kernel_facts *facts = boot->facts;
	struct memblock *memblock = &boot->memblock;

	ram_spans(boot->regions, &memblock->memory);
	if (boot->regions->initrd.size)
		spans_add(&memblock->reserved, boot->regions->initrd.base,
			  boot->regions->initrd.size);
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

/* Pools of DMA memory: kernel/dma/{contiguous,coherent,swiotlb}.c */

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
		strings_add(&fate->heaps, region->name);
	return false;
}

/* Makes the next CMA area, unless the kernel has no room for more (MAX_CMA_AREAS). */
static void add_area(struct boot *boot, const struct area *wanted, enum fate_kind refused)
{
	size_t fewest = boot->facts->cma_areas ? boot->facts->cma_areas : CMA_AREAS_FEWEST;
	const struct region *region = wanted->region;
	const char *name = region ? region->name : RESERVED_AREA;
	struct fate *fate = wanted->fate;
	struct area *area;

	if (boot->areas.count >= fewest && !is_seen(boot, name)) {
		fate->too_many_areas = true;
		if (boot->facts->cma_areas) {
			fate_set(fate, refused,
				 "%s: the kernel has room for %zu CMA areas (CONFIG_CMA_AREAS), "
				 "and others come first",
				 refused == FATE_DROPPED ? "dropped" : "no heap", fewest);
			return;
		}
		fate_set(fate, FATE_OPEN,
			 "open: this is CMA area %zu; a kernel has room for %d, or for %d with "
			 "CONFIG_NUMA (CONFIG_CMA_AREAS)",
			 boot->areas.count + 1, CMA_AREAS_FEWEST, CMA_AREAS_NUMA);
		strings_add(&fate->heaps, name);
	}
	area = array_add(&boot->areas);
	*area = *wanted;
	area->name = cma_area_name(name);
	fate->area = true;
	if (!region || region->cma_default)
		boot->default_index = boot->areas.count - 1;
}

/* An area that was made before and has a part of the same memory; NULL: none. */
static const char *shared_with(const struct boot *boot, const struct region *region)
{
	for (size_t i = 0; i < boot->areas.count; i++) {
		const struct area *area = &boot->areas.items[i];

		if (area->at_base && area->size &&
		    region->base <= last_address(area->base, area->size) &&
		    area->base <= last_address(region->base, region->size))
			return area->name;
	}
	return NULL;
}

/* What of a CMA area, or of memory that is given back, belongs to others. */
static void check_others(const struct boot *boot, const struct region *region, bool area,
			 struct fate *fate)
{
	const struct range *initrd = &boot->regions->initrd, *met = NULL;
	const char *other = area ? shared_with(boot, region) : NULL;
	struct spans own = {0};

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
	if (met)
		fate_set(fate, FATE_OPEN,
			 "open: it is over what lies in the RAM at boot, 0x%llx..0x%llx, which "
			 "others get then as well: the boot may stop",
			 (unsigned long long)met->base,
			 (unsigned long long)last_address(met->base, met->size));
	else if (other)
		fate_set(fate, FATE_OPEN,
			 "open: it is made, with a part of the memory of %s: what uses both may "
			 "stop the machine",
			 other);
	else
		fate_set(fate, FATE_OPEN,
			 "open: part of it is no-map, which the kernel does not check: what uses "
			 "that may stop the machine");
	if (area)
		strings_add(&fate->heaps, region->name);
}

/* What a CMA area is made of that is no RAM. Returns whether the boot comes to an area. */
static bool check_ram(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const bool cut = boot->regions->banks_cut;

	fate->in_ram = ram_has(&boot->memblock.memory, boot->facts, region->base, region->size);
	if (fate->in_ram == IN_RAM)
		return true;
	/* seen: init_cma_reserved_pageblock() has no struct page to write to, and panics */
	if (fate->in_ram == OUTSIDE_RAM && (boot->regions->banks_sure || cut)) {
		fate_set(fate, FATE_NO_HEAP, "no heap: a CMA area outside the %s stops the boot",
			 cut ? "RAM that mem= leaves" : "tree's RAM");
		return false;
	}
	fate_set(fate, FATE_OPEN,
		 fate->in_ram == OUTSIDE_RAM
			 ? "open: a CMA area outside the tree's RAM may stop the boot, unless the "
			   "boot loader adds the RAM (--memory states it)"
			 : "open: part of it is no RAM, which the kernel does not check: what uses "
			   "that may stop the machine");
	strings_add(&fate->heaps, region->name);
	return true;
}

static void decide_cma_pool(struct boot *boot, const struct region *region, struct fate *fate,
			    uint64_t base, bool at_base)
{
	const struct kernel_facts *facts = boot->facts;
	const struct area area = {region, fate, NULL, base, region->size, at_base};
	const bool seen = is_seen(boot, region->name), fixed = region->placement == REGION_STATIC;

	if (facts->cma_config == NO && boot->version >= KEEPS_UNKNOWN)
		fate_set(fate, FATE_NO_HEAP, "no heap: the kernel is built without CONFIG_DMA_CMA");
	else if (facts->cma_config == NO)
		fate_set(fate, FATE_DROPPED, "dropped: the kernel is built without CONFIG_DMA_CMA");
	else if (is_refused_for_cma(boot, region))
		fate_set(fate, FATE_DROPPED, "dropped: cma= on the command line takes its place");
	else if (!seen && !is_aligned(boot, region, fate))
		return;
	else if (!seen && fixed && !spans_meet(&boot->memblock.reserved, base, region->size))
		fate_set(fate, FATE_DROPPED,
			 "dropped: another region has given its memory back before");
	else if (seen || !fixed || check_ram(boot, region, fate)) {
		if (fixed && !seen && !fate->text)
			check_others(boot, region, true, fate);
		add_area(boot, &area, FATE_DROPPED);
	}
	if (!fate->area || seen)
		return;
	if (fate->kind != FATE_OPEN && ram_cut_is_open(facts)) {
		fate_set(fate, FATE_OPEN,
			 "open: what several mem=, or one with an address, leave of the RAM "
			 "depends on the architecture");
		strings_add(&fate->heaps, region->name);
	}
}

static void decide_coherent_pool(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	if (region->reusable && boot->version < KEEPS_UNKNOWN)
		fate_set(fate, FATE_DROPPED, "dropped: reusable and no-map must not be combined");
	else if (region->reusable)
		fate_set(fate, FATE_NO_HEAP, "no heap: reusable and no-map must not be combined");
	else if (region->no_map)
		fate_set(fate, FATE_NO_HEAP, "no heap: no-map");
	else if (kernel_facts_is(boot->facts, "arm"))
		fate_set(fate, FATE_DROPPED,
			 "dropped: 32-bit Arm has no shared-dma-pool without reusable or no-map");
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: not reusable");
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

/* "a", "a and b", … The caller frees it. */
static char *join(const struct strings *names)
{
	char *all = NULL;

	array_for_each (names, name) {
		AUTO_FREE char *before = all;

		all = xasprintf("%s%s%s", before ? before : "", before ? " and " : "", *name);
	}
	return all;
}

/* A heap that a driver makes which mainline has not. */
static void decide_foreign(const struct boot *boot, struct fate *fate, const char *driver)
{
	AUTO_FREE char *names = join(&fate->heaps);
	const char *plural = fate->heaps.count > 1 ? "s" : "";
	enum tristate loaded = boot->facts->carve_out_driver;

	if (fate->heaps.count && heap_is_seen(boot, fate->heaps.items[0]))
		loaded = YES;
	switch (loaded) {
	case YES:
		fate_set(fate, FATE_HEAP, "heap%s %s", plural, names);
		break;
	case NO:
		strings_free(&fate->heaps);
		fate_set(fate, FATE_NO_HEAP, "no heap: no %s driver", driver);
		break;
	case UNKNOWN:
		fate_set(fate, FATE_OPEN, "heap%s %s if %s driver is loaded (mainline has none)",
			 plural, names, driver);
	}
}

/* What the setup function of a region makes of its memory at BASE, and whether that is certain. */
static void set_up(struct boot *boot, const struct region *region, uint64_t base, bool at_base)
{
	struct fate *fate = fate_of(boot, region);

	switch (region->kind) {
	case REGION_CMA_POOL:
		decide_cma_pool(boot, region, fate, base, at_base);
		break;
	case REGION_COHERENT_POOL:
		decide_coherent_pool(boot, region, fate);
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
	if (fate->kind != FATE_DROPPED)
		return;
	give_back(boot, region, base);
	if (region->placement == REGION_STATIC && !region->no_map &&
	    !(boot->version >= KEEPS_UNKNOWN && is_refused_for_cma(boot, region)))
		check_others(boot, region, false, fate);
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
		fate_set(fate, FATE_OPEN, "open: %s: %s", reasons[place->why_not],
			 what_is_missing(boot, !place->why_not));
		if (region->kind == REGION_CMA_POOL)
			strings_add(&fate->heaps, region->name);
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
	    !seen->reserved.count || is_seen(boot, region->name))
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
	bool seen = region->kind == REGION_CMA_POOL && is_seen(boot, region->name);
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
	if (place.base)
		*array_add(&boot->dynamic) = (struct range){place.base, region->size};
	if (seen || !place.why_not)
		set_up(boot, region, place.base, place.at_base);
	/* what would be given back is dropped in any case */
	if (!seen && (place.why_not || !place.sure) && fate_of(boot, region)->kind != FATE_DROPPED)
		set_no_place(boot, region, &place);
}

/* Whether setup_arch() calls dma_contiguous_reserve() before unflatten_device_tree(), whose late
 * scan makes the static regions: arch/{arm,riscv}/kernel/setup.c (6.12, 7.2). */
static bool reserves_early(const struct boot *boot)
{
	return boot->version >= LATE_SCAN &&
	       (kernel_facts_is(boot->facts, "arm") || kernel_facts_is(boot->facts, "riscv"));
}

/* What of the tree lies at an address: the caller frees it. */
static char *name_of_taken(const struct boot *boot, uint64_t address)
{
	array_for_each (&boot->regions->memreserve, range) {
		if (address - range->base < range->size)
			return xstrdup("/memreserve/");
	}
	array_for_each (boot->regions, region) {
		if (region->placement == REGION_STATIC && region->enabled &&
		    address - region->base < region->size)
			return xstrdup(region->name);
	}
	return xasprintf("what lies at 0x%llx", (unsigned long long)address);
}

/* Why the kernel refuses the area of cma= or Kconfig. The caller frees it. */
static char *why_refused(const struct boot *boot, const struct default_area *area)
{
	const char *word = boot->facts->cmdline.cma_given ? "cma=" : "Kconfig";
	const unsigned long long base = area->base, last = base + area->size - 1;
	uint64_t largest, alignment = alignment_range(boot->facts, &largest);
	AUTO_FREE char *text = alignment_text(alignment);
	AUTO_FREE char *taken = NULL;

	switch (area->refusal) {
	case REFUSED_ALIGNMENT:
		return xasprintf("base 0x%llx is not a multiple of %s, the CMA alignment with %llu "
				 "KiB pages",
				 base, text,
				 (unsigned long long)kernel_facts_page_size(boot->facts) / 1024);
	case REFUSED_OUTSIDE:
		if (area->fixed && boot->facts->cmdline.cma_size & (alignment - 1))
			return xasprintf("size 0x%llx is not a multiple of %s, the CMA alignment "
					 "with %llu KiB pages",
					 (unsigned long long)boot->facts->cmdline.cma_size, text,
					 (unsigned long long)kernel_facts_page_size(boot->facts) /
						 1024);
		if (area->fixed && area->limit == memblock_end(&boot->memblock))
			return xasprintf("0x%llx..0x%llx of cma= is outside the RAM", base, last);
		if (area->fixed)
			return xasprintf("0x%llx..0x%llx of cma= lies above 0x%llx, as far as DMA "
					 "reaches",
					 base, last, (unsigned long long)area->limit);
		return xasprintf("%s asks for more than there is below 0x%llx", word,
				 (unsigned long long)area->limit);
	case REFUSED_HIGHMEM:
		return xasprintf("0x%llx..0x%llx of cma= lies over the end of lowmem, 0x%llx", base,
				 last, (unsigned long long)boot->zones.highmem);
	case REFUSED_TAKEN:
		taken = name_of_taken(boot, area->taken);
		return xasprintf("the place of cma= overlaps %s", taken);
	default:
		break;
	}
	return xasprintf("no RAM is free that is large enough for %s below 0x%llx (the largest gap "
			 "has %llu MiB)",
			 word, (unsigned long long)area->limit,
			 (unsigned long long)area->largest >> 20);
}

/* An area that is wanted without effect. Returns whether CMA is not built. */
static bool is_without_cma(const struct boot *boot, struct fate *fate)
{
	const struct kernel_facts *facts = boot->facts;

	if (facts->cma_config != NO)
		return false;
	if (facts->cmdline.cma_given && facts->cmdline.cma_size)
		fate_set(fate, FATE_NO_HEAP, "no heap: cma= has no effect without CONFIG_DMA_CMA");
	else if (!facts->cmdline.cma_given && facts->config_mib)
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: CONFIG_CMA_SIZE_MBYTES=%llu has no effect without "
			 "CONFIG_DMA_CMA",
			 (unsigned long long)facts->config_mib);
	return true;
}

/* Says why the area is not made, or may not be. Returns whether it may be. */
static bool may_be_made(const struct boot *boot, struct default_area *area, struct fate *fate)
{
	const struct region region = {
		.name = RESERVED_AREA, .base = area->base, .size = area->size};
	AUTO_FREE char *why = NULL;

	if (!area->size || is_seen(boot, RESERVED_AREA))
		return true;
	if (area->refusal)
		why = why_refused(boot, area);
	if (area->sure && why) {
		fate_set(fate, FATE_NO_HEAP, "no heap: %s", why);
		return false;
	}
	if (!area->sure) {
		if (area->refusal && !boot->zones.limit_sure)
			fate_set(fate, FATE_OPEN,
				 "open: %s; a kernel without CONFIG_ZONE_DMA and CONFIG_ZONE_DMA32 "
				 "may make it elsewhere (--kconfig tells)",
				 why);
		else
			fate_set(fate, FATE_OPEN, "open: %s%s%s", why ? why : "", why ? "; " : "",
				 what_is_missing(boot, !why));
		strings_add(&fate->heaps, RESERVED_AREA);
		return true;
	}
	if (!area->fixed)
		return true;
	if (!check_ram(boot, &region, fate))
		return false;
	if (!fate->text)
		check_others(boot, &region, true, fate);
	return true;
}

/* The area of cma= or Kconfig, unless a region is the default one: dma_contiguous_reserve(). */
static void decide_other_area(struct boot *boot)
{
	struct fate *fate = &boot->fates->other;
	struct default_area *place = &boot->fates->other_place;
	struct area area = {.fate = fate};

	if (is_without_cma(boot, fate) || boot->default_index != SIZE_MAX ||
	    boot->fates->other_area)
		return;
	default_area_want(boot->facts, &boot->memblock.memory, place);
	if (!place->wanted)
		return;
	default_area_decide(boot->facts, &boot->zones, &boot->memblock, reserves_early(boot),
			    boot->regions->banks.count, place);
	if (!may_be_made(boot, place, fate))
		return;
	boot->fates->other_area = true;
	if (place->fixed && place->sure)
		spans_add(&boot->memblock.reserved, place->base, place->size);
	area.base = place->place;
	area.size = place->size;
	area.at_base = place->sure && !boot->memblock.hidden.count;
	add_area(boot, &area, FATE_NO_HEAP);
}

/* Takes the name of a heap, unless another heap has it. */
static bool take_name(struct boot *boot, const char *name)
{
	if (strings_have(&boot->taken, name))
		return false;
	strings_add(&boot->taken, name);
	return true;
}

/* Names a heap's fate: who is asked for two names has both. */
static void name_heaps(const struct boot *boot, const struct area *area, bool is_default)
{
	const struct strings *heaps = &area->fate->heaps;
	const char *unless = is_default && boot->facts->cmdline.known != YES && area->region
				     ? ", unless cma= is on the command line"
				     : "";

	if (heaps->count == 2)
		fate_set(area->fate, FATE_HEAP, "heaps %s and %s, one region%s", heaps->items[0],
			 heaps->items[1], unless);
	else if (heaps->count == 1)
		fate_set(area->fate, FATE_HEAP, "heap %s%s", heaps->items[0], unless);
}

/* A heap that the running kernel has although it is older than 6.19: it has a backport. */
static const char *backported(const struct boot *boot)
{
	for (size_t i = 0; i < boot->areas.count; i++) {
		const struct area *area = &boot->areas.items[i];

		if (i != boot->default_index && area->region && !area->region->vendor.binding &&
		    is_seen(boot, area->name) && heap_is_seen(boot, area->name))
			return area->name;
	}
	return NULL;
}

/* Whether areas other than the default one become heaps; else the fate says why not. */
static bool has_own_heap(const struct boot *boot, const struct area *area)
{
	const char *other;

	if (boot->version >= KERNEL(6, 19, 0) || boot->facts->per_region ||
	    heap_is_seen(boot, area->name))
		return true;
	other = backported(boot);
	if (other)
		fate_set(area->fate, FATE_OPEN,
			 "open: the kernel is older than 6.19, but has the heap %s by a backport, "
			 "so whether it was to make one of this region is unknown",
			 other);
	else
		fate_set(area->fate, FATE_NO_HEAP,
			 "no heap: before Linux 6.19 only the default CMA area becomes one");
	return false;
}

/* An area over a border of zones has a heap, but nothing can be had of it: cma_activate_area(). */
static void check_zones(const struct boot *boot, const struct area *area)
{
	const struct zone_border *border = zones_crossed(&boot->zones, area->base, area->size);
	AUTO_FREE char *before = NULL;

	if (!border || !area->base || area->fate->kind == FATE_OPEN)
		return;
	area->fate->border = *border;
	before = xstrdup(area->fate->text);
	if (border->sure && area->at_base)
		fate_set(area->fate, area->fate->kind,
			 "%s, but every allocation fails: the end of %s, 0x%llx, is inside", before,
			 border->zone, (unsigned long long)border->end);
	else if (!border->sure)
		fate_set(area->fate, FATE_OPEN,
			 "open: every allocation fails if the kernel has %s (--kconfig tells), "
			 "whose end, 0x%llx, is inside",
			 border->zone, (unsigned long long)border->end);
	else
		fate_set(area->fate, FATE_OPEN,
			 "open: every allocation fails if the end of %s, 0x%llx, is inside: %s",
			 border->zone, (unsigned long long)border->end,
			 what_is_missing(boot, true));
}

/* Heaps that a vendor's driver makes of a CMA pool, beside mainline's. */
static void add_vendor(const struct boot *boot, const struct area *area)
{
	const struct vendor_heaps *vendor = &area->region->vendor;
	AUTO_FREE char *names = join(&vendor->names);
	AUTO_FREE char *before = NULL;
	struct fate *fate = area->fate;

	if (!vendor->names.count || (fate->kind == FATE_HEAP && strings_have(&fate->heaps, names)))
		return; /* the vendor's has the same name: mainline's or the vendor's is there */
	if (fate->kind == FATE_HEAP) {
		before = xstrdup(fate->text);
		fate_set(fate, FATE_HEAP,
			 "%s; %s as well if the vendor's driver is loaded (mainline has none)",
			 before, names);
		return;
	}
	array_for_each (&vendor->names, name)
		strings_add(&fate->heaps, *name);
	decide_foreign(boot, fate, "the vendor's");
}

/* drivers/dma-buf/heaps/cma_heap.c: the default area's second name comes first of all. */
static void decide_area(struct boot *boot, const struct area *area, bool is_default)
{
	uint32_t version = boot->version;
	struct fate *fate = area->fate;

	fate->default_area = is_default;
	if (fate->text && fate->kind == FATE_OPEN)
		return; /* whether there is such an area is open */
	if (boot->facts->cma_heap == NO) {
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: the kernel is built without CONFIG_DMABUF_HEAPS_CMA");
		return;
	}
	if (!is_default && !has_own_heap(boot, area))
		return;
	if (is_default && version >= KERNEL(6, 17, 0))
		strings_add(&fate->heaps, DEFAULT_CMA_HEAP);
	if (version < KERNEL(6, 17, 0) || version >= KERNEL(6, 19, 0) || !is_default ||
	    boot->facts->per_region || boot->facts->legacy_name == YES ||
	    heap_is_seen(boot, area->name)) {
		fate->name_taken = !take_name(boot, area->name);
		if (!fate->name_taken)
			strings_add(&fate->heaps, area->name);
	}
	name_heaps(boot, area, is_default);
	if (!fate->heaps.count)
		fate_set(fate, FATE_NO_HEAP, "no heap: another heap already has the name %s",
			 area->name);
	else if (is_default && version >= KERNEL(6, 17, 0) && version < KERNEL(6, 19, 0) &&
		 fate->heaps.count == 1 && boot->facts->legacy_name == UNKNOWN)
		fate_set(fate, FATE_HEAP,
			 "heap " DEFAULT_CMA_HEAP "; %s as well with "
			 "CONFIG_DMABUF_HEAPS_CMA_LEGACY",
			 area->name);
}

/* Which heaps the areas become, once all of them are there. */
static void decide_heaps(struct boot *boot)
{
	if (boot->facts->system_heap != NO)
		strings_add(&boot->taken, SYSTEM_HEAP);
	if (boot->default_index != SIZE_MAX && boot->version >= KERNEL(6, 17, 0))
		strings_add(&boot->taken, DEFAULT_CMA_HEAP);
	for (size_t i = 0; i < boot->areas.count; i++) {
		const struct area *area = &boot->areas.items[i];

		decide_area(boot, area, i == boot->default_index);
		check_zones(boot, area);
		if (area->region)
			add_vendor(boot, area);
	}
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
	decide_other_area(boot);
	decide_heaps(boot);
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
	memblock_free(&boot.memblock);
}

static void free_fate(struct fate *fate)
{
	strings_free(&fate->heaps);
	free(fate->text);
}

void fates_free(struct fates *fates)
{
	array_for_each (fates, fate)
		free_fate(fate);
	array_free(fates);
	free_fate(&fates->other);
	*fates = (struct fates){0};
}

const char *fate_kind_name(enum fate_kind kind)
{
	switch (kind) {
	case FATE_HEAP:
		return "heap";
	case FATE_NO_HEAP:
		return "no-heap";
	case FATE_DROPPED:
		return "dropped";
	case FATE_OPEN:
		break;
	}
	return "open";
}
