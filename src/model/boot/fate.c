// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/fate.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/fate_boot.h"

void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
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
		fate->no_room = error == -ENOMEM;
		fate->no_range = error == -ERANGE;
		fate->no_ram = error == -ENXIO;
		fate->too_many_dynamic = error == -ENOSPC;
		fate_set(fate, FATE_DROPPED, "dropped: %s", problem);
		free(problem);
		return;
	}
	switch (region->kind) {
	case REGION_CMA_POOL:
	case REGION_COHERENT_POOL:
	case REGION_RESTRICTED_POOL:
		fate_decide_pool(boot, region, fate);
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
		fate_decide_other_area(&boot);
	decide_some(&boot, ordered, true);
	fate_decide_other_area(&boot);

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
