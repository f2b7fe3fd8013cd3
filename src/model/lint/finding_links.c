// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about the whole tree, about who uses a region, and about bindings. */
#include <string.h>

#include "base/xalloc.h"
#include "model/lint/region_rules.h"

/* Bindings that were proposed or shipped, and that mainline never had. */
static const struct {
	const char *compatible, *property; /* one of them */
	const char *meaning;
} not_merged[] = {
	{"carved-out", NULL,
	 "it was to make a heap of a carve-out (2025), and became a CMA heap per region instead"},
	{NULL, "export",
	 "it was to make a heap of any region (2024), and became a CMA heap per region instead"},
	{NULL, "linux,cma-heap",
	 "it was to make a heap of a CMA area other than the default (2020); 6.19 does so without"},
	{"removed-dma-pool", NULL,
	 "in Qualcomm's kernels it takes the memory from Linux; no-map does that"},
	{NULL, "linux,contiguous-region",
	 "it was the first proposal for shared-dma-pool with reusable"},
	{"linux,contiguous-region", NULL,
	 "it was the first proposal for shared-dma-pool with reusable"},
};

static bool has_property(const struct region *region, const char *name)
{
	if (!strcmp(name, "export"))
		return region->exported;
	array_for_each (&region->unknown, property) {
		if (!strcmp(property->name, name))
			return true;
	}
	return false;
}

void finding_check_binding(struct judge *judge, const struct region *region)
{
	for (size_t i = 0; i < COUNT_OF(not_merged); i++) {
		const char *compatible = not_merged[i].compatible;
		const char *property = not_merged[i].property;

		if (compatible ? property_has_string(&region->compatible, compatible)
			       : has_property(region, property))
			finding_add(judge, RULE_NOT_MERGED, region, NULL, "%s: %s",
				    compatible ? compatible : property, not_merged[i].meaning);
	}
	if (region->kind == REGION_VENDOR_HEAP)
		finding_add(judge, RULE_VENDOR, region, NULL, "%s makes a heap of it",
			    region->vendor);
}

static void check_parent(struct judge *judge)
{
	const struct regions *regions = judge->regions;
	static const char path[] = "/reserved-memory";

	if (!regions->present || !regions->count)
		return;
	if (!regions->has_address_cells || !regions->has_size_cells)
		finding_add(judge, RULE_CELLS, NULL, path,
			    "no %s: the kernel ignores all %zu regions",
			    regions->has_address_cells ? "#size-cells" : "#address-cells",
			    regions->count);
	else if (regions->address_cells != regions->root_address_cells ||
		 regions->size_cells != regions->root_size_cells)
		finding_add(judge, RULE_CELLS, NULL, path,
			    "#address-cells and #size-cells are %u and %u, the root's %u and %u: "
			    "the kernel ignores all %zu regions",
			    regions->address_cells, regions->size_cells,
			    regions->root_address_cells, regions->root_size_cells, regions->count);
	if (!regions->has_ranges)
		finding_add(judge, RULE_RANGES, NULL, path,
			    "no ranges: the kernel ignores all %zu regions", regions->count);
	if (regions->truncated)
		finding_add(judge, RULE_TOO_MANY_REGIONS, NULL, path,
			    "more than %zu regions: the others were not read", regions->count);
}

static void check_default(struct judge *judge)
{
	const struct region *winner = NULL;

	for (size_t i = 0; i < judge->regions->count; i++) {
		if (judge->fates->items[i].default_area)
			winner = &judge->regions->items[i];
	}
	if (!winner)
		return;
	array_for_each (judge->regions, region) {
		if (region != winner && region->cma_default &&
		    judge->fates->items[region - judge->regions->items].area)
			finding_add(judge, RULE_DEFAULT_TWICE, region, NULL,
				    "%s has linux,cma-default as well, and wins", winner->name);
	}
}

static void check_consumers(struct judge *judge)
{
	const struct regions *regions = judge->regions;

	array_for_each (&regions->unresolved, consumer) {
		if (regions->is_overlay)
			break; /* phandles are filled in when it is applied */
		if (consumer->elsewhere)
			finding_add(judge, RULE_LINK_ELSEWHERE, NULL, consumer->path,
				    "entry %u of memory-region points at a node that is no child "
				    "of /reserved-memory",
				    consumer->index);
		else
			finding_add(judge, RULE_LINK_DANGLING, NULL, consumer->path,
				    "entry %u of memory-region is phandle 0x%x, which no node has",
				    consumer->index, consumer->phandle);
	}
	array_for_each (regions, region) {
		if (region->enabled)
			continue;
		array_for_each (&region->consumers, consumer) {
			if (consumer->enabled)
				finding_add(judge, RULE_LINK_DISABLED, NULL, consumer->path,
					    "entry %u of memory-region is %s, which is disabled",
					    consumer->index, region->name);
		}
	}
}

void finding_check_tree(struct judge *judge)
{
	check_parent(judge);
	check_default(judge);
	check_consumers(judge);
}
