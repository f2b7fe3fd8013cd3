// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/evidence.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/boot/tree_fates.h"
#include "model/heap/inventory.h"
#include "model/import/measured.h"
#include "sys/file.h"

bool name_is_of_node(const struct name_evidence *evidence, const char *name)
{
	const char *last = evidence->region ? strrchr(evidence->region, '/') : NULL;

	return last && !strcmp(last + 1, name);
}

struct name_evidence *named_heaps_add(struct named_heaps *heaps, const char *name, char *region)
{
	struct named_heap *heap = array_add(heaps);

	heap->name = xstrdup(name);
	heap->region = region;
	heap->evidence.region = region;
	return &heap->evidence;
}

void named_heaps_measured(struct named_heaps *heaps, const struct measured *measured)
{
	array_for_each (heaps, heap) {
		enum tristate cacheable = measured_cacheable(measured, heap->name);
		const struct import_saved_row *row = measured_contiguity(measured, heap->name);

		if (cacheable != UNKNOWN)
			heap->evidence.cacheable = cacheable;
		if (row)
			heap->evidence.contiguous = row->contiguous;
	}
}

void named_heaps_free(struct named_heaps *heaps)
{
	array_for_each (heaps, heap) {
		free(heap->name);
		free(heap->region);
	}
	array_free(heaps);
}

int named_heaps_of_input(struct named_heaps *heaps)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	int error = file_read("-", NAMES_SIZE_MOST, &text, &size);

	if (error)
		return error;
	for (char *line = text, *end; line < text + size; line = end + 1) {
		size_t length;

		end = memchr(line, '\n', (size_t)(text + size - line));
		if (!end)
			end = text + size;
		*end = '\0';
		length = (size_t)(end - line);
		if (strlen(line) == length && length) {
			named_heaps_add(heaps, line, NULL);
		} else if (length) {
			/* a NUL ends a string of C: what was there is shown, not the half of it */
			AUTO_FREE char *escaped = text_escape_bytes(line, length);

			named_heaps_add(heaps, escaped, NULL);
		}
	}
	return 0;
}

static void set_buffers(struct name_evidence *evidence, const struct buffer_properties *buffers)
{
	evidence->contiguous = buffers->contiguous;
	evidence->cacheable = buffers->cacheable;
	evidence->protected = buffers->protected;
	evidence->mappable = buffers->mappable;
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
	evidence = named_heaps_add(heaps, memory->heap->name, identity);
	/* an area without a node is placed anew at each boot, too */
	evidence->dynamic = region ? region->placement == REGION_DYNAMIC : memory->area != NULL;
	evidence->placed = memory->base.number.known;
	evidence->base = memory->base.number.value;
	evidence->size = memory->size.number.known ? memory->size.number.value : 0;
	set_buffers(evidence, &memory->buffers);
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
		struct name_evidence *evidence = named_heaps_add(
			heaps, *name,
			region ? region_path(region) : xstrdup("area " RESERVED_AREA));

		evidence->dynamic = !region || region->placement == REGION_DYNAMIC;
		evidence->placed = region && region->placement == REGION_STATIC;
		evidence->base = evidence->placed ? region->base : 0;
		evidence->size = region ? region->size : 0;
		if (!region || region->kind == REGION_CMA_POOL)
			set_buffers(evidence, memory_kind_buffers(MEMORY_CMA));
	}
}

void named_heaps_of_tree(struct named_heaps *heaps, const struct tree *tree,
			 const struct kernel_facts *facts)
{
	AUTO_REGIONS struct regions regions = {0};
	AUTO_FATES struct fates fates = {0};

	tree_fates_decide(tree, facts, &regions, &fates);
	for (size_t i = 0; i < regions.count; i++)
		add_fate(heaps, &regions.items[i], &fates.items[i]);
	/* an area that may or may not be there belongs to no tree */
	if (fates.other_area && fates.other.kind == FATE_HEAP)
		add_fate(heaps, NULL, &fates.other);
}
