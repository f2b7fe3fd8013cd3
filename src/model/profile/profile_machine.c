// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/tree_fates.h"
#include "model/devicetree/property.h"
#include "model/devicetree/tree.h"
#include "model/heap/inventory.h"
#include "model/profile/profile_heaps.h"
#include "sys/root.h"

static void set(struct profile_heap *heap, enum profile_key key, const char *value)
{
	if (!value)
		return;
	heap->facts[key].known = true;
	strings_take(&heap->facts[key].values, text_escape(value));
}

static void set_number(struct profile_heap *heap, enum profile_key key, struct maybe number)
{
	AUTO_FREE char *text = number.known ? xasprintf("%" PRIu64, number.value) : NULL;

	set(heap, key, text);
}

static void set_answer(struct profile_heap *heap, enum profile_key key, enum tristate answer)
{
	set(heap, key, answer == UNKNOWN ? NULL : answer == YES ? "yes" : "no");
}

static void set_buffers(struct profile_heap *heap, const struct buffer_properties *buffers)
{
	set_answer(heap, PROFILE_CONTIGUOUS, buffers->contiguous);
	set_answer(heap, PROFILE_CACHEABLE, buffers->cacheable);
	set_answer(heap, PROFILE_PROTECTED, buffers->protected);
}

static void set_consumers(struct profile_heap *heap, const struct region *region)
{
	struct profile_fact *fact = &heap->facts[PROFILE_CONSUMER];

	fact->known = true;
	array_for_each (&region->consumers, consumer) {
		if (consumer->enabled)
			strings_take(&fact->values, text_escape(consumer->path));
	}
	profile_sort(&fact->values);
}

static void add_heap(const struct inventory *inventory, const struct memory *memory,
		     struct profile *profile)
{
	struct profile_heap *heap = array_add(&profile->heaps);
	AUTO_FREE char *mode = xasprintf("%04o", memory->heap->mode);
	bool placed = memory->region && memory->region->placement == REGION_STATIC;

	heap->name = text_escape(memory->heap->name);
	set(heap, PROFILE_KIND, memory_kind_name(memory->kind));
	if (placed)
		set_number(heap, PROFILE_BASE, memory->base.number);
	set_number(heap, PROFILE_SIZE, memory->size.number);
	set(heap, PROFILE_OWNER, memory->heap->owner);
	set(heap, PROFILE_GROUP, memory->heap->group);
	set(heap, PROFILE_MODE, mode);
	set_buffers(heap, &memory->buffers);
	heap->facts[PROFILE_ALIAS].known = true;
	array_for_each (&memory->same_region, name)
		strings_take(&heap->facts[PROFILE_ALIAS].values, text_escape(*name));
	profile_sort(&heap->facts[PROFILE_ALIAS].values);
	if (memory->region)
		set_consumers(heap, memory->region);
	else if (inventory->tree && memory->kind == MEMORY_PAGES)
		heap->facts[PROFILE_CONSUMER].known = true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct profile_heap *)a)->name,
		      ((const struct profile_heap *)b)->name);
}

static void set_compatible(struct profile *profile, const struct tree *tree)
{
	struct property compatible;
	const char *next = NULL;

	if (!property_get(tree_blob(tree), 0, "compatible", &compatible))
		return;
	while ((next = property_next_string(&compatible, next)))
		strings_take(&profile->compatible, text_escape(next));
}

static void sort(struct profile *profile)
{
	if (profile->heaps.count)
		qsort(profile->heaps.items, profile->heaps.count, sizeof(*profile->heaps.items),
		      by_name);
}

void profile_of_machine(const struct root *root, const struct inventory *inventory,
			struct profile *profile)
{
	AUTO_FREE char *kernel = NULL;

	*profile = (struct profile){0};
	if (!root_read_line(root, "/proc/sys/kernel/osrelease", &kernel))
		profile->kernel = text_escape(kernel);
	if (inventory->tree)
		set_compatible(profile, inventory->tree);
	array_for_each (&inventory->memories, memory)
		add_heap(inventory, memory, profile);
	sort(profile);
}

/* The heaps of a region, or of the area that no region has. */
static void add_fate(struct profile *profile, const struct region *region, const struct fate *fate)
{
	if (fate->kind != FATE_HEAP && fate->kind != FATE_OPEN)
		return;
	array_for_each (&fate->heaps, name) {
		struct profile_heap *heap = array_add(&profile->heaps);

		heap->name = text_escape(*name);
		heap->open = fate->kind == FATE_OPEN;
		if (heap->open)
			continue;
		heap->facts[PROFILE_ALIAS].known = true;
		array_for_each (&fate->heaps, other) {
			if (strcmp(*other, *name) != 0)
				strings_take(&heap->facts[PROFILE_ALIAS].values,
					     text_escape(*other));
		}
		profile_sort(&heap->facts[PROFILE_ALIAS].values);
		if (!region || region->kind == REGION_CMA_POOL) {
			set(heap, PROFILE_KIND, memory_kind_name(MEMORY_CMA));
			set_buffers(heap, memory_kind_buffers(MEMORY_CMA));
		}
		if (!region)
			continue;
		set_number(heap, PROFILE_SIZE, (struct maybe){region->size != 0, region->size});
		if (region->placement == REGION_STATIC)
			set_number(heap, PROFILE_BASE, (struct maybe){true, region->base});
		set_consumers(heap, region);
	}
}

void profile_of_tree(const struct tree *tree, const struct kernel_facts *facts,
		     struct profile *profile)
{
	AUTO_REGIONS struct regions regions = {0};
	AUTO_FATES struct fates fates = {0};

	*profile = (struct profile){0};
	set_compatible(profile, tree);
	tree_fates_decide(tree, facts, &regions, &fates);
	for (size_t i = 0; i < regions.count; i++)
		add_fate(profile, &regions.items[i], &fates.items[i]);
	if (fates.other_area)
		add_fate(profile, NULL, &fates.other);
	sort(profile);
}
