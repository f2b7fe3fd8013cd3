// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/absent_heap.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/decide.h"
#include "model/boot/known_names.h"
#include "model/heap/comparison.h"

/* Whether a heap of the row would have this name, or has its memory. */
static bool is_of(const struct comparison_row *row, const char *name)
{
	const struct region *region = row->region;
	AUTO_FREE char *area = region ? cma_area_name(region->name) : NULL;

	if (strings_have(&row->missing, name))
		return true;
	if (!region)
		return row->area && !strcmp(row->area->name, name);
	return !strcmp(region->name, name) || !strcmp(area, name) ||
	       strings_have(&region->vendor.names, name);
}

/* The heap that has the default area, under whatever name this kernel gives it. */
static const char *default_heap(const struct inventory *inventory, const struct fates *fates)
{
	array_for_each (&inventory->memories, memory) {
		if (memory->link == LINK_ALIAS && !memory->replaces)
			return memory->heap->name;
		for (size_t i = 0; i < fates->count; i++) {
			if (fates->items[i].default_area &&
			    memory->region == &inventory->regions.items[i])
				return memory->heap->name;
		}
		if (fates->other.default_area && memory->area &&
		    !strcmp(memory->area->name, RESERVED_AREA))
			return memory->heap->name;
	}
	return NULL;
}

/* The sentence without the word that the caller has said. */
static char *without_verdict(const char *reason)
{
	static const char *const verdicts[] = {"no heap: ", "missing: ", "dropped: "};

	for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
		if (text_starts_with(reason, verdicts[i]))
			return xstrdup(reason + strlen(verdicts[i]));
	}
	return xstrdup(reason);
}

struct absences {
	struct inventory inventory;
	struct fates fates;
	struct comparison comparison;
};

char *cmd_why_absent(const struct absences *absences, const char *name)
{
	const char *heap;

	if (text_starts_with(name, HEAP_DIRECTORY "/"))
		name += strlen(HEAP_DIRECTORY "/");
	array_for_each (&absences->comparison, row) {
		if (!is_of(row, name))
			continue;
		if (row->heaps.count)
			return xasprintf("the region's heap is called %s",
					 row->heaps.items[0]->heap->name);
		return row->reason ? without_verdict(row->reason) : NULL;
	}
	if (strcmp(name, DEFAULT_CMA_HEAP) != 0 && strcmp(name, RESERVED_AREA) != 0 &&
	    strcmp(name, "linux,cma") != 0)
		return NULL;
	heap = default_heap(&absences->inventory, &absences->fates);
	return heap ? xasprintf("the heap of the default CMA area is called %s here", heap) : NULL;
}

struct absences *cmd_absences_read(const struct root *root)
{
	struct absences *absences = xcalloc(1, sizeof(*absences));
	struct kernel_facts facts = {0};
	int error;

	inventory_read_all(root, &absences->inventory, &error);
	kernel_facts_read(&facts, root);
	ram_settle(&absences->inventory.regions, &facts);
	fates_decide(&absences->inventory.regions, &facts, &absences->fates);
	comparison_make(&absences->inventory, &absences->fates, error, &absences->comparison);
	kernel_facts_free(&facts);
	return absences;
}

void cmd_absences_free(struct absences *absences)
{
	if (!absences)
		return;
	comparison_free(&absences->comparison);
	fates_free(&absences->fates);
	inventory_free(&absences->inventory);
	free(absences);
}
