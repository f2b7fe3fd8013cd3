// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/region.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"

static enum region_kind kind_of(const struct region *region)
{
	if (property_has_string(&region->compatible, "shared-dma-pool"))
		return region->reusable && !region->no_map ? REGION_CMA_POOL : REGION_COHERENT_POOL;
	if (property_has_string(&region->compatible, "restricted-dma-pool"))
		return REGION_RESTRICTED_POOL;
	if (region->exported || property_has_string(&region->compatible, "carved-out"))
		return REGION_CARVE_OUT;
	return region->vendor.binding ? REGION_VENDOR_HEAP : REGION_PLAIN;
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

/*
 * Cells of the root, which stand for every region's: early_init_dt_scan_root(). It takes any number
 * of them, and of_read_number() the last two of a value.
 */
static void read_root(const void *blob, struct regions *regions)
{
	regions->root_address_cells = regions->root_size_cells = 1;
	read_cells(blob, 0, "#address-cells", &regions->root_address_cells);
	read_cells(blob, 0, "#size-cells", &regions->root_size_cells);
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
	regions->has_unit_address = strchr(fdt_get_name(blob, node, NULL), '@');
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

	if (!type || strcmp(type, "memory") != 0 || !node_is_enabled(blob, node))
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

/* Of RISC-V, or of processors that run 32-bit Arm alone: bindings/arm/cpus.yaml (7.2). */
static bool has_one_page_size(const void *blob, int cpus)
{
	static const char *const names[] = {"riscv",          "arm,arm926ej-s", "arm,arm1176jzf-s",
					    "arm,cortex-a5",  "arm,cortex-a7",  "arm,cortex-a8",
					    "arm,cortex-a9",  "arm,cortex-a12", "arm,cortex-a15",
					    "arm,cortex-a17", "marvell,pj4b",   "qcom,krait"};
	struct property compatible;
	int node;

	fdt_for_each_subnode(node, blob, cpus)
	{
		if (!property_get(blob, node, "compatible", &compatible))
			continue;
		for (size_t i = 0; i < COUNT_OF(names); i++) {
			if (property_has_string(&compatible, names[i]))
				return true;
		}
		break;
	}
	return false;
}

/* An address of /chosen, which a boot loader writes with one cell or two; false: there is none. */
static bool read_address(const void *blob, int node, const char *name, uint64_t *address)
{
	struct property property;

	return property_get(blob, node, name, &property) && property.length &&
	       property_number(&property, property.length / sizeof(fdt32_t), address);
}

/*
 * What a boot loader says. With any of its properties the tree is as the kernel gets it, and the
 * banks are those of the machine. early_init_dt_check_for_initrd(), drivers/of/fdt.c (7.2)
 */
static void read_chosen(const void *blob, int node, struct regions *regions)
{
	static const char *const of_loader[] = {"linux,initrd-start", "kaslr-seed", "rng-seed",
						"u-boot,version", "linux,uefi-system-table"};
	struct property property;
	uint64_t start, end;

	regions->bootargs = property_get_string(blob, node, "bootargs");
	for (size_t i = 0; i < COUNT_OF(of_loader); i++)
		regions->banks_sure |= property_get(blob, node, of_loader[i], &property);
	if (read_address(blob, node, "linux,initrd-start", &start) &&
	    read_address(blob, node, "linux,initrd-end", &end) && start < end)
		regions->initrd = (struct range){start, end - start};
}

static void read_memreserve(const void *blob, struct regions *regions)
{
	int count = fdt_num_mem_rsv(blob);

	for (int i = 0; i < count; i++) {
		uint64_t base, size;

		if (fdt_get_mem_rsv(blob, i, &base, &size) || !size)
			return;
		*array_add(&regions->memreserve) = (struct range){base, size};
	}
}

static void read_reg(const struct regions *regions, struct region *region,
		     const struct property *property)
{
	struct ranges pairs = {0};

	region->has_reg = true;
	region->reg_length = property->length;
	region->reg_length_ok = property_ranges(property, regions->root_address_cells,
						regions->root_size_cells, &pairs) &&
				pairs.count;
	region->reg_entries = (uint32_t)pairs.count;
	if (region->reg_length_ok) {
		region->placement = REGION_STATIC;
		region->base = pairs.items[0].base;
		region->size = pairs.items[0].size;
		for (size_t i = 1; i < pairs.count; i++)
			*array_add(&region->more_reg) = pairs.items[i];
	}
	array_free(&pairs);
}

/* What places a region, or is to place it. */
static bool read_placement(const struct regions *regions, struct region *region,
			   const struct property *property)
{
	const uint32_t address_cells = regions->root_address_cells;
	const uint32_t size_cells = regions->root_size_cells;
	const char *name = property->name;

	if (!strcmp(name, "reg")) {
		read_reg(regions, region, property);
	} else if (!strcmp(name, "size")) {
		region->has_size = true;
		region->size_length = property->length;
		region->size_length_ok =
			property_number(property, size_cells, &region->dynamic_size);
	} else if (!strcmp(name, "alignment")) {
		region->has_alignment = true;
		region->alignment_length = property->length;
		region->alignment_length_ok =
			property_number(property, address_cells, &region->alignment);
	} else if (!strcmp(name, "alloc-ranges")) {
		region->has_alloc_ranges = true;
		region->alloc_ranges_length = property->length;
		region->alloc_ranges_length_ok =
			property_ranges(property, address_cells, size_cells, &region->alloc_ranges);
	} else if (!strcmp(name, "iommu-addresses")) {
		region->has_iommu_addresses = true;
	} else {
		return false;
	}
	return true;
}

static void read_property(struct region *region, const struct property *property)
{
	const char *name = property->name;

	if (!strcmp(name, "no-map")) {
		region->no_map = true;
	} else if (!strcmp(name, "reusable")) {
		region->reusable = true;
	} else if (!strcmp(name, "linux,cma-default")) {
		region->cma_default = true;
	} else if (!strcmp(name, "linux,dma-default")) {
		region->dma_default = true;
	} else if (!strcmp(name, "export")) {
		region->exported = true;
	} else if (!strcmp(name, "status")) {
		region->status = property_string(property);
		region->enabled = status_is_okay(property);
		if (!region->status)
			region->status = "";
	} else if (!strcmp(name, "compatible")) {
		region->compatible = *property;
	} else if (!strcmp(name, "phandle") || !strcmp(name, "linux,phandle")) {
		if (property->length == sizeof(fdt32_t))
			region->phandle = fdt32_ld(property->data);
	} else if (strcmp(name, "name") != 0) {
		*array_add(&region->unknown) = *property;
	}
}

static void read_region(const void *blob, int node, const struct regions *regions,
			struct region *region)
{
	int offset;

	region->name = fdt_get_name(blob, node, NULL);
	region->offset = node;
	region->placement = REGION_NOWHERE;
	region->enabled = true;
	fdt_for_each_property_offset(offset, blob, node)
	{
		struct property property;

		if (!property_at(blob, offset, &property))
			break;
		if (!read_placement(regions, region, &property))
			read_property(region, &property);
	}
	if (region->placement == REGION_NOWHERE && region->has_size && region->size_length_ok) {
		region->placement = REGION_DYNAMIC;
		region->size = region->dynamic_size;
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

/* Regions by phandle or by name: hostile trees have thousands of them, and of consumers. */
struct finder {
	struct region **items;
	size_t count;
};

static int compare_phandles(const void *a, const void *b)
{
	const struct region *one = *(struct region *const *)a;
	const struct region *other = *(struct region *const *)b;

	return order_of(one->phandle, other->phandle);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(struct region *const *)a)->name, (*(struct region *const *)b)->name);
}

static void finder_make(struct finder *finder, struct regions *regions,
			int (*order)(const void *, const void *))
{
	finder->count = 0;
	array_for_each (regions, region)
		finder->items[finder->count++] = region;
	qsort(finder->items, finder->count, sizeof(*finder->items), order);
}

static struct region *finder_find(const struct finder *finder, struct region *key,
				  int (*order)(const void *, const void *))
{
	struct region **found =
		bsearch(&key, finder->items, finder->count, sizeof(*finder->items), order);

	return found ? *found : NULL;
}

static void read_consumer(const void *blob, const struct tree_consumer *from,
			  const struct finder *finder, struct regions *regions)
{
	const int *properties = from->properties;
	struct property cells, names = {0};
	const char *name = NULL;

	if (!property_at(blob, properties[TREE_MEMORY_REGION], &cells) ||
	    (properties[TREE_MEMORY_REGION_NAMES] >= 0 &&
	     !property_at(blob, properties[TREE_MEMORY_REGION_NAMES], &names)))
		return;
	for (uint32_t i = 0; i < cells.length / sizeof(fdt32_t); i++) {
		uint32_t phandle = fdt32_ld((const fdt32_t *)cells.data + i);
		struct region key = {.phandle = phandle};
		struct region *region =
			phandle ? finder_find(finder, &key, compare_phandles) : NULL;
		struct consumer *consumer =
			array_add(region ? &region->consumers : &regions->unresolved);

		if (!i || name)
			name = property_next_string(&names, name);
		consumer->node = from;
		consumer->path = from->path;
		consumer->name = name;
		consumer->phandle = phandle;
		consumer->index = i;
		consumer->enabled = from->enabled;
	}
}

static int compare_cells(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return order_of(one, other);
}

/* Which unresolved links point at a node that is not a region. */
static void mark_elsewhere(const struct tree_index *index, struct regions *regions)
{
	AUTO_FREE uint32_t *phandles = NULL;
	size_t count = index->phandles.count;

	if (!regions->unresolved.count || !count)
		return;
	phandles = xmemdup(index->phandles.items, count * sizeof(*phandles));
	qsort(phandles, count, sizeof(*phandles), compare_cells);
	array_for_each (&regions->unresolved, consumer)
		consumer->elsewhere = bsearch(&consumer->phandle, phandles, count,
					      sizeof(*phandles), compare_cells);
}

static void link_regions(const void *blob, const struct tree_index *index, struct regions *regions)
{
	struct finder finder = {.items = xcalloc(regions->count + 1, sizeof(*finder.items))};

	finder_make(&finder, regions, compare_phandles);
	array_for_each (&index->consumers, consumer)
		read_consumer(blob, consumer, &finder, regions);
	finder_make(&finder, regions, compare_names);
	array_for_each (&index->labels, label) {
		struct region key = {.name = label->node};
		struct region *region = finder_find(&finder, &key, compare_names);

		if (region)
			strings_add(&region->labels, label->label);
	}
	free(finder.items);
	mark_elsewhere(index, regions);
}

/* Whether NODE is meant to be a region; what has only memory need not be one where SURE is wanted.
 */
static bool is_meant_as_region(const void *blob, int node, bool sure)
{
	struct property property;
	bool memory = property_get(blob, node, "reg", &property) ||
		      property_get(blob, node, "size", &property);

	if (!memory || !node_is_enabled(blob, node))
		return false;
	if (!sure || property_get(blob, node, "reusable", &property) ||
	    property_get(blob, node, "no-map", &property))
		return true;
	return property_get(blob, node, "compatible", &property) &&
	       (property_has_string(&property, "shared-dma-pool") ||
		property_has_string(&property, "restricted-dma-pool"));
}

static void read_stray(const void *blob, const struct tree_stray *from, struct regions *regions)
{
	bool misspelt = !node_name_is(fdt_get_name(blob, from->offset, NULL), "reserved-memory");
	struct stray *stray;
	size_t count = 0;
	int node;

	if (!node_is_enabled(blob, from->offset))
		return;
	fdt_for_each_subnode(node, blob, from->offset) count +=
		is_meant_as_region(blob, node, misspelt);
	if (!count)
		return;
	stray = array_add(&regions->strays);
	stray->path = xstrdup(from->path);
	stray->regions = count;
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
			regions->truncated = regions->count == REGIONS_MAX;
			if (regions->truncated)
				break;
			read_region(blob, node, regions, array_add(regions));
		}
		if (regions->count)
			qsort(regions->items, regions->count, sizeof(*regions->items), compare);
	}
	regions->is_overlay = index->is_overlay;
	regions->dma_last = index->dma_last;
	array_for_each (&index->memory, bank)
		read_bank(blob, *bank, regions);
	if (index->cpus >= 0)
		regions->small_pages_only = has_one_page_size(blob, index->cpus);
	if (index->chosen >= 0)
		read_chosen(blob, index->chosen, regions);
	read_memreserve(blob, regions);
	array_for_each (&index->strays, stray)
		read_stray(blob, stray, regions);
	link_regions(blob, index, regions);
	array_for_each (regions, region) {
		vendor_heaps_read(blob, region->name, &region->compatible, &region->consumers,
				  &region->vendor);
		region->kind = kind_of(region);
	}
}

void regions_free(struct regions *regions)
{
	array_for_each (regions, region) {
		array_free(&region->more_reg);
		array_free(&region->alloc_ranges);
		strings_free(&region->labels);
		vendor_heaps_free(&region->vendor);
		array_free(&region->consumers);
		array_free(&region->unknown);
	}
	array_free(regions);
	array_free(&regions->banks);
	array_free(&regions->memreserve);
	array_for_each (&regions->strays, stray)
		free(stray->path);
	array_free(&regions->strays);
	array_free(&regions->unresolved);
}

char *region_path(const struct region *region)
{
	return xasprintf("/reserved-memory/%s", region->name);
}

const char *region_kind_name(enum region_kind kind)
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

const char *region_placement_name(enum region_placement placement)
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
