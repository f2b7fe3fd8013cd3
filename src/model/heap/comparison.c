// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/comparison.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"

struct survey {
	const struct inventory *inventory;
	const struct fates *fates;
	int heaps_error;
	struct atlas *atlas;
};

static const struct heap *heap_called(const struct survey *survey, const char *name)
{
	array_for_each (&survey->inventory->heaps, heap) {
		if (!strcmp(heap->name, name))
			return heap;
	}
	return NULL;
}

static bool any_cma_heap(const struct survey *survey)
{
	array_for_each (&survey->inventory->memories, memory) {
		if (memory->kind == MEMORY_CMA)
			return true;
	}
	return false;
}

/* Why a heap that the rules promise is not there. */
static const char *why_missing(const struct survey *survey, const struct atlas_row *row)
{
	if (survey->heaps_error)
		return "missing: there is no /dev/dma_heap to be read";
	if (!survey->inventory->areas.count)
		return "missing: no CMA area is seen; the kernel's log says more ('Reserved "
		       "memory')";
	if (!row->area)
		return "missing: the kernel made no CMA area of it; its log says why ('Reserved "
		       "memory', 'cma')";
	if (!any_cma_heap(survey))
		return "missing: the CMA area is there, but no CMA heap: CONFIG_DMABUF_HEAPS_CMA "
		       "is "
		       "not built or not loaded";
	return "missing: the CMA area is there, its heap is not; the kernel's log says why";
}

/* Compares what is there with the fate; the heaps of the row are known. */
static void compare(const struct survey *survey, const struct fate *fate, struct atlas_row *row)
{
	if (fate->kind == FATE_HEAP) {
		array_for_each (&fate->heaps, name) {
			if (!heap_called(survey, *name))
				strings_add(&row->missing, *name);
		}
	}
	if (row->missing.count) {
		row->state = ATLAS_MISSING;
		row->reason = xstrdup(why_missing(survey, row));
	} else if (row->heaps.count) {
		row->state = ATLAS_HEAP;
	} else {
		row->state = ATLAS_NONE;
		if (fate->kind == FATE_OPEN && fate->heaps.count)
			row->reason = xasprintf("no heap: no driver that makes %s is loaded",
						fate->heaps.items[0]);
		else if (fate->text)
			row->reason = xstrdup(fate->text);
	}
}

static void add_heaps(const struct survey *survey, struct atlas_row *row)
{
	array_for_each (&survey->inventory->memories, memory) {
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

/* Base and size as the kernel has them, where a heap did not tell. */
static void add_area(const struct survey *survey, struct atlas_row *row)
{
	const struct cma_area *area = row->area;

	if (!area)
		return;
	if (!row->base.known)
		row->base = area->base.number;
	if (!row->size.known)
		row->size = pages_in_bytes(area->total.number, survey->inventory->page_size);
}

static void add_region(struct survey *survey, const struct region *region)
{
	const struct fate *fate = &survey->fates->items[region - survey->inventory->regions.items];
	struct atlas_row *row = array_add(survey->atlas);

	row->region = region;
	if (region->kind == REGION_CMA_POOL)
		row->area = cma_area_of_node(&survey->inventory->areas, region->name);
	add_heaps(survey, row);
	add_area(survey, row);
	if (!row->base.known && region->placement == REGION_STATIC)
		row->base = (struct maybe){true, region->base};
	if (!row->size.known && region->placement != REGION_NOWHERE)
		row->size = (struct maybe){true, region->size};
	compare(survey, fate, row);
}

static bool area_is_told(const struct survey *survey, const struct cma_area *area)
{
	array_for_each (survey->atlas, row) {
		if (row->area == area)
			return true;
	}
	return false;
}

/* CMA areas that no region is behind: of cma=, of the configuration, per NUMA node … */
static void add_other_area(struct survey *survey, const struct cma_area *area)
{
	static char no_heap[] = "no heap: an area of which the kernel makes none";
	static const struct fate none = {.kind = FATE_NO_HEAP, .text = no_heap};
	bool is_default = !strcmp(area->name, RESERVED_AREA) && survey->fates->other_area;
	struct atlas_row *row = array_add(survey->atlas);

	row->area = area;
	add_heaps(survey, row);
	add_area(survey, row);
	compare(survey, is_default ? &survey->fates->other : &none, row);
}

static void add_heap(struct survey *survey, const struct memory *memory)
{
	struct atlas_row *row;

	if (memory->region || memory->area)
		return;
	row = array_add(survey->atlas);
	*array_add(&row->heaps) = memory;
	row->base = memory->base.number;
	row->size = memory->size.number;
	row->state = ATLAS_HEAP;
}

/* The default area of cma= or of the configuration, where sysfs does not show it. */
static void add_unseen_area(struct survey *survey)
{
	struct atlas_row *row;

	if (!survey->fates->other_area || cma_find(&survey->inventory->areas, RESERVED_AREA))
		return;
	array_for_each (&survey->fates->other.heaps, name) {
		if (heap_called(survey, *name))
			return;
	}
	row = array_add(survey->atlas);
	compare(survey, &survey->fates->other, row);
}

void atlas_make(const struct inventory *inventory, const struct fates *fates, int heaps_error,
		struct atlas *atlas)
{
	struct survey survey = {inventory, fates, heaps_error, atlas};

	*atlas = (struct atlas){0};
	array_for_each (&inventory->regions, region)
		add_region(&survey, region);
	array_for_each (&inventory->areas, area) {
		if (!area_is_told(&survey, area))
			add_other_area(&survey, area);
	}
	add_unseen_area(&survey);
	array_for_each (&inventory->memories, memory)
		add_heap(&survey, memory);
}

void atlas_release(struct atlas *atlas)
{
	array_for_each (atlas, row) {
		array_free(&row->heaps);
		strings_free(&row->missing);
		free(row->reason);
	}
	array_free(atlas);
}

const char *atlas_state_words(enum atlas_state state)
{
	static const char *const words[] = {"heap", "none", "missing"};

	return words[state];
}
