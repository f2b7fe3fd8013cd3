// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/evidence.h"

#include "base/xalloc.h"
#include "model/boot/fate.h"
#include "model/heap/inventory.h"

/* Takes REGION, which may be NULL. */
static struct name_evidence *add(struct named_heaps *heaps, const char *name, char *region)
{
	struct named_heap *heap = array_add(heaps);

	heap->name = xstrdup(name);
	heap->region = region;
	heap->evidence.region = region;
	return &heap->evidence;
}

void named_heaps_free(struct named_heaps *heaps)
{
	array_for_each (heaps, heap) {
		free(heap->name);
		free(heap->region);
	}
	array_free(heaps);
}

/* Both drivers map buffers for the CPU: system_heap_mmap(), cma_heap_mmap(). */
static void set_buffers(struct name_evidence *evidence, enum memory_kind kind)
{
	if (kind == MEMORY_PAGES || kind == MEMORY_CMA)
		evidence->mappable = YES;
	if (kind == MEMORY_PROTECTED)
		evidence->mappable = NO;
}

static void add_memory(struct named_heaps *heaps, const struct memory *memory)
{
	const struct region *region = memory->region;
	struct name_evidence *evidence;
	char *identity = NULL;

	if (memory->kind == MEMORY_PAGES)
		identity = xstrdup(REGION_OF_PAGES);
	else if (region)
		identity = region_path(region);
	else if (memory->area)
		identity = xasprintf("area %s", memory->area->name);
	evidence = add(heaps, memory->heap->name, identity);
	/* an area without a node is placed anew at each boot, too */
	evidence->dynamic = region ? region->placement == REGION_DYNAMIC : memory->area != NULL;
	evidence->placed = memory->base.number.known;
	evidence->base = memory->base.number.value;
	evidence->size = memory->size.number.known ? memory->size.number.value : 0;
	evidence->contiguous = memory->contiguous;
	evidence->cacheable = memory->cacheable;
	evidence->protected = memory->protected;
	set_buffers(evidence, memory->kind);
}

void named_heaps_of_machine(struct named_heaps *heaps, const struct inventory *inventory)
{
	array_for_each (&inventory->memories, memory)
		add_memory(heaps, memory);
}

static void add_fate(struct named_heaps *heaps, const struct region *region,
		     const struct fate *fate)
{
	if (fate->kind != FATE_HEAP && fate->kind != FATE_OPEN)
		return;
	array_for_each (&fate->heaps, name) {
		struct name_evidence *evidence =
			add(heaps, *name, region ? region_path(region) : xstrdup("area reserved"));

		evidence->dynamic = !region || region->placement == REGION_DYNAMIC;
		evidence->placed = region && region->placement == REGION_STATIC;
		evidence->base = evidence->placed ? region->base : 0;
		evidence->size = region ? region->size : 0;
		if (region && region->kind != REGION_CMA_POOL)
			continue; /* a driver that mainline does not have may do anything */
		evidence->contiguous = YES;
		evidence->cacheable = YES;
		evidence->protected = NO;
		set_buffers(evidence, MEMORY_CMA);
	}
}

void named_heaps_of_tree(struct named_heaps *heaps, const struct tree *tree,
			 const struct kernel_facts *facts)
{
	AUTO_REGIONS struct regions regions = {0};
	AUTO_FATES struct fates fates = {0};
	struct kernel_facts own = *facts; /* the architecture stays the caller's */

	regions_read(tree, &regions);
	if (!facts->cmdline && regions.bootargs)
		kernel_facts_set_cmdline(&own, regions.bootargs);
	fates_decide(&regions, &own, &fates);
	for (size_t i = 0; i < regions.count; i++)
		add_fate(heaps, &regions.items[i], &fates.items[i]);
	/* an area that may or may not be there belongs to no tree */
	if (fates.other_area && fates.other.kind == FATE_HEAP)
		add_fate(heaps, NULL, &fates.other);
}
