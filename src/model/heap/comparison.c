// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/comparison.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/set.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"

struct compared {
	const struct inventory *inventory;
	const struct fates *fates;
	int heaps_error;
	struct comparison *comparison;
};

static bool any_cma_heap(const struct compared *compared)
{
	array_for_each (&compared->inventory->memories, memory) {
		if (memory->kind == MEMORY_CMA && memory->link != LINK_PROPERTY &&
		    !memory->replaces)
			return true; /* made by mainline's driver */
	}
	return false;
}

/* Those of the missing heaps that the kernel has: "a and b"; NULL: none. The caller frees it. */
static char *without_node(const struct compared *compared, const struct strings *missing)
{
	AUTO_STRINGS struct strings lacking = {0};

	array_for_each (missing, name) {
		if (inventory_lacks_node(compared->inventory, *name))
			strings_add(&lacking, *name);
	}
	return strings_join(&lacking, " and ");
}

/* Why an expected heap is not there. The caller frees it. */
static char *why_missing(const struct compared *compared, const struct comparison_row *row)
{
	AUTO_FREE char *names = without_node(compared, &row->missing);

	if (names)
		return xasprintf("missing: the kernel has %s (" HEAP_CLASS "), the device node is "
				 "not there: udev did not make it, or this container was not "
				 "given it",
				 names);
	if (compared->heaps_error)
		return xstrdup("missing: /dev/dma_heap cannot be read");
	if (!row->area)
		return xstrdup("missing: the kernel made no CMA area of it; see 'Reserved memory' "
			       "and 'cma' in its log");
	if (!any_cma_heap(compared))
		return xstrdup("missing: the CMA area is there, but no CMA heap: "
			       "CONFIG_DMABUF_HEAPS_CMA is not built or not loaded");
	return xstrdup("missing: the CMA area is there, its heap is not; see the kernel's log");
}

/* Heaps that the kernel has without a device node, whatever was to become of the region. */
static void add_without_node(const struct compared *compared, struct comparison_row *row)
{
	const struct region *region = row->region;
	AUTO_FREE char *name =
		region ? cma_area_name(region->name) : xstrdup(row->area ? row->area->name : "");

	if (inventory_lacks_node(compared->inventory, name) && !strings_have(&row->missing, name))
		strings_add(&row->missing, name);
	if (!region)
		return;
	array_for_each (&region->vendor.names, vendor) {
		if (inventory_lacks_node(compared->inventory, *vendor) &&
		    !strings_have(&row->missing, *vendor))
			strings_add(&row->missing, *vendor);
	}
}

/*
 * Whether the heaps that a fate promises are known to be missing where they are not there: a kernel
 * that does not show its areas (/sys/kernel/mm/cma: since 5.13, CONFIG_CMA_SYSFS) may not have made
 * the area, and where the tree is hidden it may have made another one.
 */
static char *why_open(const struct compared *compared, const struct comparison_row *row)
{
	const struct inventory *inventory = compared->inventory;

	if (!inventory->areas_known)
		return xstrdup("open: the kernel does not show its CMA areas (" CMA_DIRECTORY
			       ": since Linux 5.13, with CONFIG_CMA_SYSFS), so whether it made "
			       "this one is unknown; its log may say");
	if (row->region && !row->area && !inventory_has_boot_tree(inventory))
		return xstrdup("open: the kernel made no CMA area of it: it refused it (see "
			       "'Reserved memory' and 'cma' in its log), or an overlay added the "
			       "node after the boot (root can compare /sys/firmware/fdt)");
	if (!inventory->tree && !row->area)
		return xstrdup("open: the device tree cannot be read, so whether the default CMA "
			       "area is this one is unknown");
	return NULL;
}

/* Whether a vendor's driver has made its heaps in place of mainline's. */
static bool replaced(const struct comparison_row *row)
{
	array_for_each (&row->heaps, memory) {
		if ((*memory)->replaces)
			return true;
	}
	return false;
}

/* The heaps of an area that the kernel has not activated are there, and give nothing. */
static char *why_dead(const struct comparison_row *row, const struct fate *fate)
{
	array_for_each (&row->heaps, memory) {
		if (!(*memory)->dead)
			continue;
		if (fate->border.zone)
			return xasprintf("every allocation fails: the kernel has not activated the "
					 "CMA area, which lies on both sides of 0x%llx, the end of "
					 "%s",
					 (unsigned long long)fate->border.end, fate->border.zone);
		return xstrdup("every allocation fails: the kernel has not activated the CMA area "
			       "(it shows no pages of it), which lies in two zones of memory");
	}
	return NULL;
}

/* Compares what is there with the fate; the heaps of the row are known. */
static void compare(const struct compared *compared, const struct fate *fate,
		    struct comparison_row *row)
{
	AUTO_FREE char *open = NULL;

	if (fate->kind == FATE_HEAP) {
		array_for_each (&fate->heaps, name) {
			if (!inventory_has_heap(compared->inventory, *name))
				strings_add(&row->missing, *name);
		}
		open = why_open(compared, row);
	}
	if (open || replaced(row))
		strings_free(&row->missing);
	add_without_node(compared, row);
	if (row->missing.count) {
		row->state = STATE_MISSING;
		row->reason = why_missing(compared, row);
	} else if (row->heaps.count) {
		row->state = STATE_HEAP;
		row->reason = why_dead(row, fate);
		row->dead = row->reason;
	} else if (open) {
		row->state = STATE_OPEN;
		row->reason = TAKE_POINTER(open);
	} else {
		bool foreign = row->region && row->region->kind != REGION_CMA_POOL;

		row->state = fate->kind == FATE_OPEN && !foreign ? STATE_OPEN : STATE_NO_HEAP;
		if (fate->kind == FATE_OPEN && foreign && fate->heaps.count)
			row->reason = xasprintf("no heap: no driver that makes %s is loaded",
						fate->heaps.items[0]);
		else if (fate->text)
			row->reason = xstrdup(fate->text);
	}
}

static void add_heaps(const struct compared *compared, struct comparison_row *row)
{
	array_for_each (&compared->inventory->memories, memory) {
		bool same = row->region ? memory->region == row->region
					: row->area && memory->area == row->area;

		if (!same)
			continue;
		*array_add(&row->heaps) = memory;
		if (!row->base.known)
			row->base = memory->base.number;
		if (!row->size.known)
			row->size = memory->size.number;
	}
}

/* Base and size as the kernel has them, where no heap has them. */
static void add_area(const struct compared *compared, struct comparison_row *row)
{
	const struct cma_area *area = row->area;

	if (!area)
		return;
	if (!row->base.known)
		row->base = area->base.number;
	/* 0: not activated */
	if (!row->size.known && area->total.number.value)
		row->size = pages_in_bytes(area->total.number, compared->inventory->page_size);
}

static void add_region(struct compared *compared, const struct region *region)
{
	const struct fate *fate =
		&compared->fates->items[region - compared->inventory->regions.items];
	struct comparison_row *row = array_add(compared->comparison);

	row->region = region;
	if (region->kind == REGION_CMA_POOL)
		row->area = cma_area_of_node(&compared->inventory->areas, region->name);
	add_heaps(compared, row);
	add_area(compared, row);
	if (!row->base.known && region->placement == REGION_STATIC)
		row->base = (struct maybe){true, region->base};
	if (!row->size.known && region->placement != REGION_NOWHERE)
		row->size = (struct maybe){true, region->size};
	compare(compared, fate, row);
}

/* A region that an overlay added on the running system: fdt_init_reserved_mem() is long over. */
static void add_later_region(struct compared *compared, const struct region *region)
{
	struct comparison_row *row = array_add(compared->comparison);

	row->region = region;
	row->state = STATE_NO_HEAP;
	row->reason = xstrdup("no heap: added after the boot: the node is in /proc/device-tree and "
			      "not in /sys/firmware/fdt; memory is reserved at boot only, so it "
			      "belongs in the tree of the boot");
	if (region->placement == REGION_STATIC)
		row->base = (struct maybe){true, region->base};
	if (region->placement != REGION_NOWHERE)
		row->size = (struct maybe){true, region->size};
}

static bool has_area(const struct compared *compared, const struct cma_area *area)
{
	array_for_each (compared->comparison, row) {
		if (row->area == area)
			return true;
	}
	return false;
}

/* CMA areas without a region: of cma=, of the configuration, per NUMA node … */
static void add_other_area(struct compared *compared, const struct cma_area *area)
{
	static char no_heap[] = "no heap: the kernel makes none of this area";
	static char no_tree[] = "open: the device tree cannot be read, so whether a region of it "
				"becomes this area and its heap is unknown";
	static const struct fate none = {.kind = FATE_NO_HEAP, .text = no_heap};
	static const struct fate unknown = {.kind = FATE_OPEN, .text = no_tree};
	bool is_default = !strcmp(area->name, RESERVED_AREA) && compared->fates->other_area;
	struct comparison_row *row = array_add(compared->comparison);

	row->area = area;
	add_heaps(compared, row);
	add_area(compared, row);
	compare(compared,
		is_default                  ? &compared->fates->other
		: compared->inventory->tree ? &none
					    : &unknown,
		row);
}

static void add_heap(struct compared *compared, const struct memory *memory)
{
	struct comparison_row *row;

	if (memory->region || memory->area)
		return;
	row = array_add(compared->comparison);
	*array_add(&row->heaps) = memory;
	row->base = memory->base.number;
	row->size = memory->size.number;
	row->state = STATE_HEAP;
}

/* The default area of cma= or of the configuration, where sysfs does not show it. */
static void add_unseen_area(struct compared *compared)
{
	struct comparison_row *row;

	if (!compared->fates->other_area || cma_find(&compared->inventory->areas, RESERVED_AREA))
		return;
	array_for_each (&compared->fates->other.heaps, name) {
		if (inventory_has_heap(compared->inventory, *name))
			return;
	}
	row = array_add(compared->comparison);
	compare(compared, &compared->fates->other, row);
}

void comparison_make(const struct inventory *inventory, const struct fates *fates, int heaps_error,
		     struct comparison *comparison)
{
	struct compared compared = {inventory, fates, heaps_error, comparison};
	AUTO_SET struct set booted = {0};

	*comparison = (struct comparison){0};
	array_for_each (&inventory->regions, region) {
		set_add(&booted, region->name);
		add_region(&compared, region);
	}
	array_for_each (&inventory->current_regions, region) {
		if (!set_find(&booted, region->name))
			add_later_region(&compared, region);
	}
	array_for_each (&inventory->areas, area) {
		if (!has_area(&compared, area))
			add_other_area(&compared, area);
	}
	add_unseen_area(&compared);
	array_for_each (&inventory->memories, memory)
		add_heap(&compared, memory);
}

void comparison_free(struct comparison *comparison)
{
	array_for_each (comparison, row) {
		array_free(&row->heaps);
		strings_free(&row->missing);
		free(row->reason);
	}
	array_free(comparison);
}

const char *comparison_state_name(enum comparison_state state)
{
	static const char *const names[] = {"heap", "none", "missing", "open"};

	return names[state];
}
