// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/comparison.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"

struct compared {
	const struct inventory *inventory;
	const struct fates *fates;
	int heaps_error;
	struct comparison *comparison;
};

static const struct heap *heap_called(const struct compared *compared, const char *name)
{
	array_for_each (&compared->inventory->heaps, heap) {
		if (!strcmp(heap->name, name))
			return heap;
	}
	return NULL;
}

static bool any_cma_heap(const struct compared *compared)
{
	array_for_each (&compared->inventory->memories, memory) {
		if (memory->kind == MEMORY_CMA)
			return true;
	}
	return false;
}

/* Why an expected heap is not there. */
static const char *why_missing(const struct compared *compared, const struct comparison_row *row)
{
	if (compared->heaps_error)
		return "missing: /dev/dma_heap cannot be read";
	if (!compared->inventory->areas.count)
		return "missing: the kernel shows no CMA area; see 'Reserved memory' in its log";
	if (!row->area)
		return "missing: the kernel made no CMA area of it; see 'Reserved memory' and "
		       "'cma' in "
		       "its log";
	if (!any_cma_heap(compared))
		return "missing: the CMA area is there, but no CMA heap: CONFIG_DMABUF_HEAPS_CMA "
		       "is not built or not loaded";
	return "missing: the CMA area is there, its heap is not; see the kernel's log";
}

/* Compares what is there with the fate; the heaps of the row are known. */
static void compare(const struct compared *compared, const struct fate *fate,
		    struct comparison_row *row)
{
	if (fate->kind == FATE_HEAP) {
		array_for_each (&fate->heaps, name) {
			if (!heap_called(compared, *name))
				strings_add(&row->missing, *name);
		}
	}
	if (row->missing.count) {
		row->state = STATE_MISSING;
		row->reason = xstrdup(why_missing(compared, row));
	} else if (row->heaps.count) {
		row->state = STATE_HEAP;
	} else {
		row->state = STATE_NO_HEAP;
		if (fate->kind == FATE_OPEN && fate->heaps.count)
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
	if (!row->size.known)
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
	static const struct fate none = {.kind = FATE_NO_HEAP, .text = no_heap};
	bool is_default = !strcmp(area->name, RESERVED_AREA) && compared->fates->other_area;
	struct comparison_row *row = array_add(compared->comparison);

	row->area = area;
	add_heaps(compared, row);
	add_area(compared, row);
	compare(compared, is_default ? &compared->fates->other : &none, row);
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
		if (heap_called(compared, *name))
			return;
	}
	row = array_add(compared->comparison);
	compare(compared, &compared->fates->other, row);
}

void comparison_make(const struct inventory *inventory, const struct fates *fates, int heaps_error,
		     struct comparison *comparison)
{
	struct compared compared = {inventory, fates, heaps_error, comparison};

	*comparison = (struct comparison){0};
	array_for_each (&inventory->regions, region)
		add_region(&compared, region);
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
	static const char *const names[] = {"heap", "none", "missing"};

	return names[state];
}
