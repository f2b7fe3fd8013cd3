// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/fate.h"

#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"

#define MIB UINT64_C(0x100000)

/* One CMA area of the boot, in the order in which the kernel makes them. */
struct area {
	const struct region *region; /* NULL: the one of cma= or Kconfig */
	struct fate *fate;
	char *name;
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
	struct free_memory *memory;
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

static bool is_dropped_by_length(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	if (region->has_reg && !region->reg_length_ok &&
	    (boot->version < KERNEL(7, 0, 0) || !region->has_size)) {
		if (region->reg_length)
			fate_set(fate, FATE_DROPPED,
				 "dropped: the length of reg is not a multiple of %u cells",
				 boot->regions->root_address_cells +
					 boot->regions->root_size_cells);
		else
			fate_set(fate, FATE_DROPPED, "dropped: reg is empty");
		return true;
	}
	if (region->placement == REGION_STATIC)
		return false;
	if (region->has_size && !region->size_length_ok)
		fate_set(fate, FATE_DROPPED,
			 "dropped: the length of size is not %u cells (the root's #size-cells)",
			 boot->regions->root_size_cells);
	else if (region->has_size && region->has_alignment && !region->alignment_length_ok)
		fate_set(fate, FATE_DROPPED,
			 "dropped: the length of alignment is not %u cells (the root's "
			 "#address-cells)",
			 boot->regions->root_address_cells);
	else if (region->has_size && region->has_alloc_ranges && !region->alloc_ranges_length_ok &&
		 boot->version < KERNEL(7, 0, 0))
		fate_set(fate, FATE_DROPPED,
			 "dropped: the length of alloc-ranges is not a multiple of %u cells",
			 boot->regions->root_address_cells + boot->regions->root_size_cells);
	else
		return false;
	return true;
}

/* What keeps every kind of region from being reserved: of_reserved_mem.c. */
static bool is_dropped(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const struct regions *regions = boot->regions;

	if (!regions->supported) {
		if (!regions->has_address_cells || !regions->has_size_cells)
			fate_set(fate, FATE_DROPPED, "dropped: /reserved-memory has no %s",
				 regions->has_address_cells ? "#size-cells" : "#address-cells");
		else if (regions->address_cells != regions->root_address_cells ||
			 regions->size_cells != regions->root_size_cells)
			fate_set(fate, FATE_DROPPED,
				 "dropped: #address-cells or #size-cells of /reserved-memory is "
				 "not the root's");
		else
			fate_set(fate, FATE_DROPPED, "dropped: /reserved-memory has no ranges");
	} else if (!region->enabled) {
		fate_set(fate, FATE_DROPPED, "dropped: status is \"%s\"", region->status);
	} else if (is_dropped_by_length(boot, region, fate)) {
		return true;
	} else if (region->placement == REGION_NOWHERE) {
		if (region->has_iommu_addresses)
			fate_set(fate, FATE_NO_HEAP, "no heap: no memory, only iommu-addresses");
		else
			fate_set(fate, FATE_DROPPED, "dropped: neither reg nor size");
	} else if (!region->size) {
		fate_set(fate, FATE_DROPPED, "dropped: size is 0");
	} else {
		return false;
	}
	return true;
}

/* What becomes of pools of DMA memory: kernel/dma/{contiguous,coherent,swiotlb}.c */

/* The CMA alignment that VALUE misses for sure, or else where configurations differ: *maybe. */
static uint64_t missed_alignment(const struct boot *boot, uint64_t value, bool *maybe)
{
	uint64_t largest, smallest = kernel_facts_alignment(boot->facts, &largest);

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

	if (!missed)
		return true;
	fate->misaligned = !maybe;
	/* fdt_init_reserved_mem_node(), drivers/of/of_reserved_mem.c: given back to memblock */
	fate_set(
		fate,
		maybe                         ? FATE_OPEN
		: fate == &boot->fates->other ? FATE_NO_HEAP
					      : FATE_DROPPED,
		"%s: %s 0x%llx is not a multiple of %llu MiB, the CMA alignment %s%llu KiB pages%s",
		maybe                         ? "open"
		: fate == &boot->fates->other ? "no heap"
					      : "dropped",
		base_is_wrong ? "base" : "size",
		(unsigned long long)(base_is_wrong ? base : region->size),
		(unsigned long long)(missed / MIB), maybe ? "of some kernels with " : "with ",
		(unsigned long long)kernel_facts_page_size(boot->facts) / 1024,
		maybe ? " (CONFIG_HUGETLB_PAGE and CONFIG_TRANSPARENT_HUGEPAGE off)" : "");
	if (maybe)
		strings_add(&fate->heaps, region->name);
	return false;
}

/* Makes the next CMA area, unless the kernel has no room for more (MAX_CMA_AREAS). */
static void add_area(struct boot *boot, const struct region *region, struct fate *fate)
{
	size_t fewest = boot->facts->cma_areas ? boot->facts->cma_areas : CMA_AREAS_FEWEST;
	struct area *area;

	if (boot->areas.count >= fewest) {
		fate->too_many_areas = true;
		if (boot->facts->cma_areas) {
			fate_set(fate, FATE_NO_HEAP,
				 "no heap: the kernel has room for %zu CMA areas "
				 "(CONFIG_CMA_AREAS), and others come first",
				 fewest);
			return;
		}
		fate_set(fate, FATE_OPEN,
			 "open: this is CMA area %zu; a kernel has room for %d, or for %d with "
			 "CONFIG_NUMA (CONFIG_CMA_AREAS)",
			 boot->areas.count + 1, CMA_AREAS_FEWEST, CMA_AREAS_NUMA);
		strings_add(&fate->heaps, region ? region->name : RESERVED_AREA);
	}
	area = array_add(&boot->areas);
	area->region = region;
	area->fate = fate;
	area->name = cma_area_name(region ? region->name : RESERVED_AREA);
	fate->area = true;
	if (!region || region->cma_default)
		boot->default_index = boot->areas.count - 1;
}

static void decide_cma_pool(struct boot *boot, const struct region *region, struct fate *fate)
{
	const struct kernel_facts *facts = boot->facts;

	if (facts->cma_config == NO)
		fate_set(fate, FATE_NO_HEAP, "no heap: the kernel is built without CONFIG_DMA_CMA");
	else if (region->cma_default && facts->cma_given)
		fate_set(fate, FATE_NO_HEAP, "no heap: cma= on the command line takes its place");
	else if (!is_aligned(boot, region, fate))
		return;
	else if (region->placement == REGION_STATIC && boot->regions->banks.count &&
		 ram_bytes(boot->regions, region) < region->size) {
		/* seen: init_cma_reserved_pageblock() has no struct page to write to, and panics */
		fate->outside_ram = true;
		fate_set(fate, FATE_NO_HEAP, "no heap: a CMA area outside the %s stops the boot",
			 boot->regions->banks_cut ? "RAM that mem= leaves" : "tree's RAM");
	} else {
		add_area(boot, region, fate);
	}
	if (fate->area && ram_cut_is_open(facts) && fate->kind != FATE_OPEN) {
		fate_set(fate, FATE_OPEN,
			 "open: what several mem=, or one with an address, leave of the RAM "
			 "depends on the architecture");
		strings_add(&fate->heaps, region->name);
	}
}

static void decide_coherent_pool(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	if (region->reusable)
		fate_set(fate, FATE_NO_HEAP, "no heap: reusable and no-map must not be combined");
	else if (region->no_map)
		fate_set(fate, FATE_NO_HEAP, "no heap: no-map");
	else if (boot->facts->architecture && !strcmp(boot->facts->architecture, "arm"))
		fate_set(fate, FATE_DROPPED,
			 "dropped: 32-bit Arm has no shared-dma-pool without reusable or no-map");
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: not reusable");
}

const char *restricted_pool_conflict(const struct region *region)
{
	return region->reusable      ? "reusable"
	       : region->no_map      ? "no-map"
	       : region->cma_default ? "linux,cma-default"
	       : region->dma_default ? "linux,dma-default"
				     : NULL;
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

/* A heap that a driver makes which mainline has not. */
static void decide_foreign(const struct boot *boot, struct fate *fate, const char *driver)
{
	AUTO_FREE char *names = NULL;

	array_for_each (&fate->heaps, name) {
		AUTO_FREE char *before = names;

		names = xasprintf("%s%s%s", before ? before : "", before ? " and " : "", *name);
	}
	switch (boot->facts->carve_out_driver) {
	case YES:
		fate_set(fate, FATE_HEAP, "heap%s %s", fate->heaps.count > 1 ? "s" : "", names);
		break;
	case NO:
		strings_free(&fate->heaps);
		fate_set(fate, FATE_NO_HEAP, "no heap: no %s driver", driver);
		break;
	case UNKNOWN:
		fate_set(fate, FATE_OPEN, "heap%s %s if %s driver is loaded (mainline has none)",
			 fate->heaps.count > 1 ? "s" : "", names, driver);
	}
}

static void decide_region(struct boot *boot, const struct region *region)
{
	static const char *const reasons[] = {
		[NO_ROOM] = "no RAM is left that is large enough",
		[NO_RANGE] = "no memory of alloc-ranges is free and large enough",
		[NO_RAM] = "the memory banks have no RAM in alloc-ranges",
		[TOO_MANY_DYNAMIC] =
			("the kernel places " TEXT_OF(DYNAMIC_REGIONS_MAX) " dynamic regions at "
									   "most"),
	};
	struct fate *fate = &boot->fates->items[region - boot->regions->items];

	if (is_dropped(boot, region, fate))
		return;
	if (region->placement == REGION_DYNAMIC)
		fate->no_place = free_memory_place(boot->memory, region);
	if (fate->no_place) {
		fate_set(fate, FATE_DROPPED, "dropped: %s", reasons[fate->no_place]);
		return;
	}
	switch (region->kind) {
	case REGION_CMA_POOL:
		decide_cma_pool(boot, region, fate);
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
}

/* Whether setup_arch() calls dma_contiguous_reserve() before unflatten_device_tree(), which makes
 * the static regions. */
static bool reserves_early(const struct kernel_facts *facts)
{
	const char *architecture = facts->architecture;

	return architecture && (!strcmp(architecture, "arm") || !strcmp(architecture, "riscv"));
}

/* Whether the kernel gives the memory of a region back once it has looked at it. */
static bool is_given_back(const struct boot *boot, const struct region *region)
{
	const struct fate *fate = &boot->fates->items[region - boot->regions->items];

	return fate->kind == FATE_DROPPED || fate->kind == FATE_OPEN ||
	       (region->kind == REGION_CMA_POOL && !fate->area);
}

/* What lies where cma= wants its area. Returns false where the kernel refuses it, or may. */
static bool is_free(struct boot *boot, const struct region *wanted, struct fate *fate)
{
	uint64_t last = last_address(wanted->base, wanted->size);

	array_for_each (&boot->regions->memreserve, range) {
		if (range->base > last || last_address(range->base, range->size) < wanted->base)
			continue;
		fate_set(fate, FATE_NO_HEAP, "no heap: the place of cma= is in /memreserve/");
		return false;
	}
	array_for_each (boot->regions, region) {
		if (!boot->regions->supported || region->placement != REGION_STATIC ||
		    !region->enabled || !region->size || region->base > last ||
		    last_address(region->base, region->size) < wanted->base)
			continue;
		if (region->no_map || (!reserves_early(boot->facts) && is_given_back(boot, region)))
			fate_set(fate, FATE_OPEN,
				 "open: the place of cma= overlaps %s, which may not be reserved",
				 region->name);
		else
			fate_set(fate, FATE_NO_HEAP, "no heap: the place of cma= overlaps %s",
				 region->name);
		return false;
	}
	return true;
}

/* cma=SIZE@BASE: __cma_declare_contiguous_nid(), mm/cma.c */
static bool has_fixed_place(struct boot *boot, const struct region *wanted, struct fate *fate)
{
	uint64_t last = last_address(wanted->base, wanted->size), end = 0;

	if (!is_aligned(boot, wanted, fate))
		return false;
	array_for_each (&boot->regions->banks, bank) {
		if (last_address(bank->base, bank->size) > end)
			end = last_address(bank->base, bank->size);
	}
	if (end && (last > end || wanted->base + (wanted->size - 1) != last)) {
		fate_set(fate, FATE_NO_HEAP, "no heap: 0x%llx..0x%llx of cma= is outside the RAM",
			 (unsigned long long)wanted->base, (unsigned long long)last);
		return false;
	}
	if (!is_free(boot, wanted, fate))
		return false;
	if (end && ram_bytes(boot->regions, wanted) < wanted->size) {
		fate_set(fate, FATE_OPEN,
			 "open: part of 0x%llx..0x%llx of cma= is no RAM, which the kernel does "
			 "not check: the boot may stop",
			 (unsigned long long)wanted->base, (unsigned long long)last);
		return false;
	}
	return true;
}

/* The size of the area of cma=, or 0 where configurations round it differently. */
static uint64_t rounded_size(const struct kernel_facts *facts)
{
	uint64_t largest, smallest = kernel_facts_alignment(facts, &largest);
	uint64_t size = facts->cma_size;

	if (size > UINT64_MAX - largest)
		return 0;
	smallest = (size + smallest - 1) & ~(smallest - 1);
	largest = (size + largest - 1) & ~(largest - 1);
	return smallest == largest ? smallest : 0;
}

/* Whether there is room for the area; else its fate says why not, as far as that is certain. */
static bool has_room(struct boot *boot, struct fate *fate)
{
	const struct kernel_facts *facts = boot->facts;
	uint64_t size = facts->cma_given ? facts->cma_size : facts->default_size;
	struct region wanted = {.placement = REGION_STATIC,
				.name = RESERVED_AREA,
				.base = facts->cma_base,
				.size = size};

	if (facts->cma_given && facts->cma_base &&
	    facts->cma_base + facts->cma_size == facts->cma_limit)
		return has_fixed_place(boot, &wanted, fate);
	if (free_memory_has_room(boot->memory, facts->cma_given ? facts->cma_base : 0,
				 facts->cma_given ? facts->cma_limit : 0, size))
		return true;
	if (!facts->cma_given)
		return false;
	array_for_each (boot->regions, region) {
		if (region->placement == REGION_STATIC && region->enabled && region->size &&
		    !reserves_early(facts) && is_given_back(boot, region))
			return false; /* there may be room where it is */
	}
	fate_set(fate, FATE_NO_HEAP, "no heap: no RAM is free that is large enough for cma=");
	return false;
}

/* The area of cma= or Kconfig, unless a region is the default one: dma_contiguous_reserve(). */
static void decide_other_area(struct boot *boot)
{
	const struct kernel_facts *facts = boot->facts;
	struct fate *fate = &boot->fates->other;

	if (facts->cma_config == NO && facts->cma_given && facts->cma_size)
		fate_set(fate, FATE_NO_HEAP, "no heap: cma= has no effect without CONFIG_DMA_CMA");
	else if (facts->cma_config == NO && !facts->cma_given && facts->config_mib)
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: CONFIG_CMA_SIZE_MBYTES=%llu has no effect without "
			 "CONFIG_DMA_CMA",
			 (unsigned long long)facts->config_mib);
	if (facts->cma_config == NO || boot->default_index != SIZE_MAX || boot->fates->other_area)
		return;
	if (facts->cma_given ? !facts->cma_size : facts->default_area != YES)
		return;
	if (facts->cma_given)
		boot->fates->other_size = rounded_size(facts);
	if (facts->cma_given && facts->cma_base + facts->cma_size == facts->cma_limit)
		boot->fates->other_base = facts->cma_base;
	if (fate->text)
		return; /* refused before the static regions */
	if (!has_room(boot, fate) && (!fate->text || fate->kind == FATE_NO_HEAP)) {
		boot->fates->other_refused = fate->text;
		return;
	}
	boot->fates->other_area = true;
	add_area(boot, NULL, fate);
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
	const char *unless = is_default && boot->facts->cmdline != YES && area->region
				     ? ", unless cma= is on the command line"
				     : "";

	if (heaps->count == 2)
		fate_set(area->fate, FATE_HEAP, "heaps %s and %s, one region%s", heaps->items[0],
			 heaps->items[1], unless);
	else if (heaps->count == 1)
		fate_set(area->fate, FATE_HEAP, "heap %s%s", heaps->items[0], unless);
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
	if (!is_default && version < KERNEL(6, 19, 0)) {
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: before Linux 6.19 only the default CMA area becomes one");
		return;
	}
	if (is_default && version >= KERNEL(6, 17, 0))
		strings_add(&fate->heaps, DEFAULT_CMA_HEAP);
	if (version < KERNEL(6, 17, 0) || version >= KERNEL(6, 19, 0) ||
	    boot->facts->legacy_name == YES) {
		fate->name_taken = !take_name(boot, area->name);
		if (!fate->name_taken)
			strings_add(&fate->heaps, area->name);
	}
	name_heaps(boot, area, is_default);
	if (!fate->heaps.count)
		fate_set(fate, FATE_NO_HEAP, "no heap: another heap already has the name %s",
			 area->name);
	else if (is_default && version >= KERNEL(6, 17, 0) && version < KERNEL(6, 19, 0) &&
		 boot->facts->legacy_name == UNKNOWN)
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
	for (size_t i = 0; i < boot->areas.count; i++)
		decide_area(boot, &boot->areas.items[i], i == boot->default_index);
}

void fates_decide(const struct regions *regions, const struct kernel_facts *facts,
		  struct fates *fates)
{
	struct boot boot = {.regions = regions, .facts = facts, .fates = fates};
	AUTO_FREE const struct region **ordered = regions_in_boot_order(regions);
	size_t i = 0;

	memset(fates, 0, sizeof(*fates));
	boot.version = facts->version ? facts->version : KERNEL_NEWEST;
	boot.default_index = SIZE_MAX;
	boot.memory = free_memory_new(regions, facts);
	for (size_t j = 0; j < regions->count; j++)
		array_add(fates);

	for (; i < regions->count && ordered[i]->placement != REGION_STATIC; i++)
		decide_region(&boot, ordered[i]);
	if (reserves_early(facts))
		decide_other_area(&boot);
	for (; i < regions->count; i++)
		decide_region(&boot, ordered[i]);
	decide_other_area(&boot);

	decide_heaps(&boot);
	array_for_each (&boot.areas, area)
		free(area->name);
	array_free(&boot.areas);
	strings_free(&boot.taken);
	free_memory_free(boot.memory);
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
