// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/region.h"

#include <libfdt.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/region_link.h"
#include "model/devicetree/region_node.h"
#include "model/devicetree/tree.h"
#include "model/devicetree/tree_index.h"
#include "model/devicetree/vendor_bindings.h"

bool region_is_compatible(const struct region *region, const char *compatible)
{
	const char *at = region->compatible.data;
	size_t left = region->compatible.length;

	while (left) {
		size_t length = strnlen(at, left);

		if (length == left)
			return false;            /* no end */
		if (!strcasecmp(at, compatible)) /* of_compat_cmp(), include/linux/of.h */
			return true;
		at += length + 1;
		left -= length + 1;
	}
	return false;
}

static enum region_kind kind_of(const struct region *region)
{
	if (region_is_compatible(region, "shared-dma-pool"))
		return region->reusable && !region->no_map ? REGION_CMA_POOL : REGION_COHERENT_POOL;
	if (region_is_compatible(region, "restricted-dma-pool"))
		return REGION_RESTRICTED_POOL;
	if (region->exported || region_is_compatible(region, "carved-out"))
		return REGION_CARVE_OUT;
	return region->vendor ? REGION_VENDOR_HEAP : REGION_PLAIN;
}

/* #address-cells or #size-cells; false, and *CELLS as it was, where there is none. */
static bool read_cells(const void *blob, int node, const char *name, uint32_t *cells)
{
	struct property property;

	if (!property_get(blob, node, name, &property) || property.length < sizeof(fdt32_t))
		return false;
	*cells = fdt32_ld(property.data);
	return true;
}

/* Cells of the root, which stand for every region's: early_init_dt_scan_root(). */
static void read_root(const void *blob, struct regions *regions)
{
	regions->root_address_cells = regions->root_size_cells = 1;
	read_cells(blob, 0, "#address-cells", &regions->root_address_cells);
	read_cells(blob, 0, "#size-cells", &regions->root_size_cells);
	/* nobody has more than 4 (FDT_MAX_NCELLS); 0 makes every entry unreadable */
	if (regions->root_address_cells > FDT_MAX_NCELLS ||
	    regions->root_size_cells > FDT_MAX_NCELLS)
		regions->root_address_cells = regions->root_size_cells = 0;
	regions->model = property_get_string(blob, 0, "model");
}

/* __reserved_mem_check_root(), drivers/of/of_reserved_mem.c */
static void read_parent(const void *blob, int node, struct regions *regions)
{
	struct property property;

	regions->present = true;
	regions->has_address_cells =
		read_cells(blob, node, "#address-cells", &regions->address_cells);
	regions->has_size_cells = read_cells(blob, node, "#size-cells", &regions->size_cells);
	regions->has_ranges = property_get(blob, node, "ranges", &property);
	regions->supported = regions->has_address_cells && regions->has_size_cells &&
			     regions->has_ranges &&
			     regions->address_cells == regions->root_address_cells &&
			     regions->size_cells == regions->root_size_cells;
}

/* early_init_dt_scan_memory(), drivers/of/fdt.c */
static void read_bank(const void *blob, int node, struct regions *regions)
{
	const char *type = property_get_string(blob, node, "device_type");
	struct ranges pairs = {0};
	struct property property;

	if (!type || strcmp(type, "memory") != 0 ||
	    !status_is_okay(property_get_string(blob, node, "status")))
		return;
	if (!property_get(blob, node, "linux,usable-memory", &property) &&
	    !property_get(blob, node, "reg", &property))
		return;
	property_ranges(&property, regions->root_address_cells, regions->root_size_cells, &pairs);
	array_for_each (&pairs, pair) {
		struct bank *bank;

		if (!pair->size)
			continue;
		bank = array_add(&regions->banks);
		bank->name = fdt_get_name(blob, node, NULL);
		bank->base = pair->base;
		bank->size = pair->size;
	}
	array_free(&pairs);
}

static void read_memreserve(const void *blob, struct regions *regions)
{
	int count = fdt_num_mem_rsv(blob);

	for (int i = 0; i < count && i < ENTRIES_MAX; i++) {
		uint64_t base, size;

		if (fdt_get_mem_rsv(blob, i, &base, &size) || !size)
			return;
		*array_add(&regions->memreserve) = (struct range){base, size};
	}
}

/* Static ones by address, then dynamic, then those without memory; else the tree's order. */
static int compare(const void *a, const void *b)
{
	const struct region *one = a, *other = b;

	if (one->placement != other->placement)
		return one->placement < other->placement ? -1 : 1;
	if (one->base != other->base)
		return one->base < other->base ? -1 : 1;
	return one->offset < other->offset ? -1 : one->offset > other->offset;
}

void regions_read(const struct tree *tree, struct regions *regions)
{
	const void *blob = tree_blob(tree);
	const struct tree_index *index = tree_index(tree);
	int node;

	memset(regions, 0, sizeof(*regions));
	read_root(blob, regions);
	if (index->reserved_memory >= 0) {
		read_parent(blob, index->reserved_memory, regions);
		fdt_for_each_subnode(node, blob, index->reserved_memory)
		{
			regions->truncated = regions->count == ENTRIES_MAX;
			if (regions->truncated)
				break;
			region_read_node(blob, node, regions, array_add(regions));
		}
		if (regions->count)
			qsort(regions->items, regions->count, sizeof(*regions->items), compare);
	}
	regions->is_overlay = index->is_overlay;
	array_for_each (&index->memory, bank)
		read_bank(blob, *bank, regions);
	if (index->chosen >= 0)
		regions->bootargs = property_get_string(blob, index->chosen, "bootargs");
	read_memreserve(blob, regions);
	regions_link(blob, index, regions);
	array_for_each (regions, region) {
		vendor_read(blob, region);
		region->kind = kind_of(region);
	}
}

static void consumers_release(struct consumers *consumers)
{
	array_for_each (consumers, consumer)
		free(consumer->path);
	array_free(consumers);
}

void regions_release(struct regions *regions)
{
	array_for_each (regions, region) {
		array_free(&region->alloc_ranges);
		strings_free(&region->labels);
		strings_free(&region->vendor_heaps);
		consumers_release(&region->consumers);
		array_free(&region->unknown);
	}
	array_free(regions);
	array_free(&regions->banks);
	array_free(&regions->memreserve);
	consumers_release(&regions->unresolved);
}

const struct region *regions_find(const struct regions *regions, const char *name)
{
	array_for_each (regions, region) {
		if (!strcmp(region->name, name))
			return region;
	}
	return NULL;
}

char *region_path(const struct region *region)
{
	return xasprintf("/reserved-memory/%s", region->name);
}

const char *region_kind_words(enum region_kind kind)
{
	switch (kind) {
	case REGION_CMA_POOL:
		return "CMA pool";
	case REGION_COHERENT_POOL:
		return "coherent pool";
	case REGION_RESTRICTED_POOL:
		return "restricted pool";
	case REGION_CARVE_OUT:
		return "carve-out";
	case REGION_VENDOR_HEAP:
		return "vendor heap";
	case REGION_PLAIN:
		break;
	}
	return "plain reservation";
}

const char *region_placement_words(enum region_placement placement)
{
	switch (placement) {
	case REGION_STATIC:
		return "static";
	case REGION_DYNAMIC:
		return "dynamic";
	case REGION_NOWHERE:
		break;
	}
	return NULL;
}
