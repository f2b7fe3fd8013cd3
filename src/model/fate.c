// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/fate_boot.h"

#define MIB UINT64_C(0x100000)

void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		out_of_memory();
	va_end(arguments);
	free(fate->text);
	fate->text = text;
	fate->kind = kind;
}

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

static uint64_t page_kib(const struct boot *boot)
{
	return (boot->facts->page_size ? boot->facts->page_size : 4096) / 1024;
}

/* rmem_cma_setup(): base and size; the kernel aligns the base of a dynamic one itself. */
static bool is_aligned(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const uint64_t base = region->placement == REGION_STATIC ? region->base : 0;
	bool maybe, base_is_wrong;
	uint64_t missed = missed_alignment(boot, base, &maybe);

	if (!missed || maybe) {
		bool maybe_size;
		uint64_t of_size = missed_alignment(boot, region->size, &maybe_size);

		base_is_wrong = missed && !(of_size && !maybe_size);
		if (!base_is_wrong) {
			missed = of_size;
			maybe = maybe_size;
		}
	} else {
		base_is_wrong = true;
	}
	if (!missed)
		return true;
	fate_set(fate, maybe ? FATE_OPEN : FATE_NO_HEAP,
		 "%s: %s 0x%llx is no multiple of %llu MiB, the CMA alignment %s%llu KiB pages%s",
		 maybe ? "open" : "no heap", base_is_wrong ? "base" : "size",
		 (unsigned long long)(base_is_wrong ? base : region->size),
		 (unsigned long long)(missed / MIB), maybe ? "of some kernels with " : "with ",
		 (unsigned long long)page_kib(boot),
		 maybe ? " (CONFIG_HUGETLB_PAGE and CONFIG_TRANSPARENT_HUGEPAGE off)" : "");
	if (maybe)
		strings_add(&fate->heaps, region->name);
	return false;
}

static bool is_dropped_by_length(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	if (region->has_reg && !region->reg_length_ok &&
	    (boot->version < KERNEL(7, 0, 0) || !region->has_size)) {
		if (region->reg_length)
			fate_set(fate, FATE_DROPPED,
				 "dropped: reg has a length that is no multiple of %u cells",
				 boot->regions->root_address_cells +
					 boot->regions->root_size_cells);
		else
			fate_set(fate, FATE_DROPPED, "dropped: reg is empty");
		return true;
	}
	if (region->placement == REGION_STATIC)
		return false;
	if (region->has_size && !region->size_length_ok)
		fate_set(fate, FATE_DROPPED, "dropped: size does not have the root's %u cells",
			 boot->regions->root_size_cells);
	else if (region->has_size && region->has_alignment && !region->alignment_length_ok)
		fate_set(fate, FATE_DROPPED, "dropped: alignment does not have the root's %u cells",
			 boot->regions->root_address_cells);
	else if (region->has_size && region->has_alloc_ranges && !region->alloc_ranges_length_ok &&
		 boot->version < KERNEL(7, 0, 0))
		fate_set(fate, FATE_DROPPED,
			 "dropped: alloc-ranges has a length that is no multiple of %u cells",
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
				 "dropped: the cells of /reserved-memory are not the root's");
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

/* Makes the next CMA area, unless the kernel has no room for more (MAX_CMA_AREAS). */
static void add_area(struct boot *boot, const struct region *region, struct fate *fate)
{
	/* mm/Kconfig: 8, or 20 with NUMA, unless the configuration says another number */
	size_t fewest = boot->facts->cma_areas ? boot->facts->cma_areas : 8;
	struct area *area;

	if (boot->areas.count >= fewest) {
		fate->too_many = true;
		if (boot->facts->cma_areas) {
			fate_set(fate, FATE_NO_HEAP,
				 "no heap: the kernel has room for %zu CMA areas "
				 "(CONFIG_CMA_AREAS), "
				 "and "
				 "others come first",
				 fewest);
			return;
		}
		fate_set(fate, FATE_OPEN,
			 "open: CMA area %zu; a kernel has 8, or 20 with CONFIG_NUMA "
			 "(CONFIG_CMA_AREAS)",
			 boot->areas.count + 1);
		strings_add(&fate->heaps, region ? region->name : "reserved");
	}
	area = array_add(&boot->areas);
	area->region = region;
	area->fate = fate;
	area->name = xstrndup(region ? region->name : "reserved", AREA_NAME_MAX);
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
		 placement_ram_bytes(boot->regions, region) < region->size)
		/* seen: init_cma_reserved_pageblock() has no struct page to write to, and panics */
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: a CMA area outside the RAM that the tree has stops the boot");
	else
		add_area(boot, region, fate);
}

static void decide_coherent_pool(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	if (region->reusable)
		fate_set(fate, FATE_NO_HEAP, "no heap: reusable and no-map exclude each other");
	else if (region->no_map)
		fate_set(fate, FATE_NO_HEAP, "no heap: no-map");
	else if (boot->facts->architecture && !strcmp(boot->facts->architecture, "arm"))
		fate_set(fate, FATE_DROPPED,
			 "dropped: 32-bit Arm has no shared-dma-pool without reusable or no-map");
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: not reusable");
}

static void decide_restricted_pool(const struct boot *boot, const struct region *region,
				   struct fate *fate)
{
	const char *wrong = region->reusable      ? "reusable"
			    : region->no_map      ? "no-map"
			    : region->cma_default ? "linux,cma-default"
			    : region->dma_default ? "linux,dma-default"
						  : NULL;

	if (wrong && boot->facts->restricted != NO)
		fate_set(fate, FATE_DROPPED, "dropped: a restricted pool can't be %s", wrong);
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: a restricted DMA pool");
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
		fate_set(fate, FATE_OPEN, "heap%s %s where %s driver is loaded, none in mainline",
			 fate->heaps.count > 1 ? "s" : "", names, driver);
	}
}

static void decide_region(struct boot *boot, const struct region *region, struct fate *fate)
{
	char *problem = NULL;
	int error = 0;

	if (is_dropped(boot, region, fate))
		return;
	if (region->placement == REGION_DYNAMIC)
		error = placement_of(boot->placement, region, &problem);
	if (error) {
		fate->no_room = error == -ENOMEM || error == -ENXIO;
		fate->no_ram = error == -ENXIO;
		fate->too_many_dynamic = error == -ENOSPC;
		fate_set(fate, FATE_DROPPED, "dropped: %s", problem);
		free(problem);
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
		array_for_each (&region->vendor_heaps, name)
			strings_add(&fate->heaps, *name);
		decide_foreign(boot, fate, "the vendor's");
		break;
	case REGION_PLAIN:
		fate_set(fate, FATE_NO_HEAP, "no heap: not a shared-dma-pool");
	}
}

static int by_tree_order(const void *a, const void *b)
{
	const struct region *one = *(const struct region *const *)a;
	const struct region *other = *(const struct region *const *)b;

	return one->offset < other->offset ? -1 : one->offset > other->offset;
}

/* Those with a reg, or those without, in the tree's order. */
static void decide_some(struct boot *boot, const struct region **ordered, bool is_static)
{
	for (size_t i = 0; i < boot->regions->count; i++) {
		const struct region *region = ordered[i];

		if ((region->placement == REGION_STATIC) == is_static)
			decide_region(boot, region,
				      &boot->fates->items[region - boot->regions->items]);
	}
}

/* dma_contiguous_reserve(), kernel/dma/contiguous.c */
static void decide_other_area(struct boot *boot)
{
	const struct kernel_facts *facts = boot->facts;
	struct fate *fate = &boot->fates->other;

	if (facts->cma_config == NO || boot->default_index != SIZE_MAX || boot->fates->other_area)
		return;
	if (facts->cma_given ? !facts->cma_size : facts->default_area != YES)
		return;
	if (!placement_has_room(boot->placement,
				facts->cma_given ? facts->cma_size : facts->default_size))
		return;
	boot->fates->other_area = true;
	if (facts->cma_given)
		boot->fates->other_size = facts->cma_size;
	add_area(boot, NULL, fate);
}

/* Whether setup_arch() calls dma_contiguous_reserve() before unflatten_device_tree(). */
static bool reserves_early(const struct kernel_facts *facts)
{
	const char *architecture = facts->architecture;

	return architecture && (!strcmp(architecture, "arm") || !strcmp(architecture, "riscv"));
}

void fates_decide(const struct regions *regions, const struct kernel_facts *facts,
		  struct fates *fates)
{
	struct boot boot = {.regions = regions, .facts = facts, .fates = fates};
	AUTO_FREE const struct region **ordered = xcalloc(regions->count + 1, sizeof(*ordered));

	memset(fates, 0, sizeof(*fates));
	boot.version = facts->version ? facts->version : KERNEL_NEWEST;
	boot.default_index = SIZE_MAX;
	boot.placement = placement_new(regions, facts);
	for (size_t i = 0; i < regions->count; i++) {
		array_add(fates);
		ordered[i] = &regions->items[i];
	}
	qsort(ordered, regions->count, sizeof(*ordered), by_tree_order);

	/* dynamic ones are made during the early scan, static ones with unflatten_device_tree(),
	 * before or after dma_contiguous_reserve() */
	decide_some(&boot, ordered, false);
	if (reserves_early(facts))
		decide_other_area(&boot);
	decide_some(&boot, ordered, true);
	decide_other_area(&boot);

	fate_decide_heaps(&boot);
	array_for_each (&boot.areas, area)
		free(area->name);
	array_free(&boot.areas);
	strings_free(&boot.taken);
	placement_free(boot.placement);
}

static void release(struct fate *fate)
{
	strings_free(&fate->heaps);
	free(fate->text);
}

void fates_release(struct fates *fates)
{
	array_for_each (fates, fate)
		release(fate);
	array_free(fates);
	release(&fates->other);
}

const char *fate_kind_words(enum fate_kind kind)
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
