// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/region.h"

#include <libfdt.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/region_link.h"
#include "model/tree.h"
#include "model/tree_walk.h"
#include "model/vendor.h"

/* As dt_mem_next_cell(): the number in CELLS cells from the one at INDEX; more than two overflow
 * as in the kernel, where the last two count. */
static uint64_t read_number(const void *data, uint32_t index, uint32_t cells)
{
	uint64_t number = 0;

	while (cells--)
		number = number << 32 | fdt32_ld((const fdt32_t *)data + index++);
	return number;
}

static bool get_property(const void *blob, int node, const char *name, struct property *property)
{
	int length;
	const void *data = fdt_getprop(blob, node, name, &length);

	if (!data)
		return false;
	*property = (struct property){name, data, (uint32_t)length};
	return true;
}

/* The first string of a property; NULL where it is absent or has no end. */
static const char *first_string(const struct property *property)
{
	return property->length && memchr(property->data, '\0', property->length) ? property->data
										  : NULL;
}

static const char *get_string(const void *blob, int node, const char *name)
{
	struct property property;

	return get_property(blob, node, name, &property) ? first_string(&property) : NULL;
}

/* of_fdt_device_is_available(), drivers/of/fdt.c */
static bool status_is_okay(const char *status)
{
	return !status || !strcmp(status, "ok") || !strcmp(status, "okay");
}

/*
 * (address, size) pairs in the root's cells, as of_flat_dt_get_addr_size_prop(): false where the
 * length is no multiple of a pair.
 */
static bool read_pairs(const struct regions *regions, const struct property *property,
		       struct ranges *ranges)
{
	uint32_t address = regions->root_address_cells, size = regions->root_size_cells;
	uint32_t cells = address + size;
	uint32_t count;

	/* cells are bounded by read_root() */
	if (!cells || property->length % (cells * sizeof(fdt32_t)))
		return false;
	count = property->length / (cells * (uint32_t)sizeof(fdt32_t));
	for (uint32_t i = 0; i < count && i < REGION_ENTRIES_MAX; i++) {
		struct range *range = array_add(ranges);

		range->base = read_number(property->data, i * cells, address);
		range->size = read_number(property->data, i * cells + address, size);
	}
	return true;
}

static void read_reg(const struct regions *regions, struct region *region,
		     const struct property *property)
{
	struct ranges pairs = {0};

	region->has_reg = true;
	region->reg_length = property->length;
	region->reg_length_ok = read_pairs(regions, property, &pairs) && pairs.count;
	region->reg_entries = (uint32_t)pairs.count;
	if (region->reg_length_ok) {
		region->placement = REGION_STATIC;
		region->base = pairs.items[0].base;
		region->size = pairs.items[0].size;
	}
	array_free(&pairs);
}

static void read_known(const struct regions *regions, struct region *region,
		       const struct property *property)
{
	const char *name = property->name;

	if (!strcmp(name, "reg")) {
		read_reg(regions, region, property);
	} else if (!strcmp(name, "size")) {
		region->has_size = true;
		region->size_length = property->length;
		region->size_length_ok =
			property->length == regions->root_size_cells * sizeof(fdt32_t);
		if (region->size_length_ok)
			region->dynamic_size =
				read_number(property->data, 0, regions->root_size_cells);
	} else if (!strcmp(name, "alignment")) {
		region->has_alignment = true;
		region->alignment_length = property->length;
		region->alignment_length_ok =
			property->length == regions->root_address_cells * sizeof(fdt32_t);
		if (region->alignment_length_ok)
			region->alignment =
				read_number(property->data, 0, regions->root_address_cells);
	} else if (!strcmp(name, "alloc-ranges")) {
		region->has_alloc_ranges = true;
		region->alloc_ranges_length = property->length;
		region->alloc_ranges_length_ok =
			read_pairs(regions, property, &region->alloc_ranges);
	} else if (!strcmp(name, "iommu-addresses")) {
		region->has_iommu_addresses = true;
	} else if (!strcmp(name, "no-map")) {
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
		region->status = first_string(property);
	} else if (!strcmp(name, "compatible")) {
		region->compatible = *property;
	} else if (!strcmp(name, "phandle") || !strcmp(name, "linux,phandle")) {
		if (property->length == sizeof(fdt32_t))
			region->phandle = fdt32_ld(property->data);
	} else if (strcmp(name, "name") != 0) {
		*array_add(&region->unknown) = *property;
	}
}

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

static void read_region(const void *blob, int node, struct regions *regions)
{
	struct region *region = array_add(regions);
	int offset;

	region->name = fdt_get_name(blob, node, NULL);
	region->offset = node;
	region->placement = REGION_NOWHERE;
	fdt_for_each_property_offset(offset, blob, node)
	{
		struct property property;
		int length;

		property.data = fdt_getprop_by_offset(blob, offset, &property.name, &length);
		if (!property.data)
			break;
		property.length = (uint32_t)length;
		read_known(regions, region, &property);
	}
	if (region->placement == REGION_NOWHERE && region->has_size && region->size_length_ok) {
		region->placement = REGION_DYNAMIC;
		region->size = region->dynamic_size;
	}
	region->enabled = status_is_okay(region->status);
}

/* Cells of the root, which stand for every region's: early_init_dt_scan_root(). */
static void read_root(const void *blob, struct regions *regions)
{
	struct property property;

	regions->root_address_cells = regions->root_size_cells = 1;
	if (get_property(blob, 0, "#address-cells", &property) && property.length >= 4)
		regions->root_address_cells = fdt32_ld(property.data);
	if (get_property(blob, 0, "#size-cells", &property) && property.length >= 4)
		regions->root_size_cells = fdt32_ld(property.data);
	/* nobody has more than 4 (FDT_MAX_NCELLS); 0 makes every entry unreadable */
	if (regions->root_address_cells > FDT_MAX_NCELLS ||
	    regions->root_size_cells > FDT_MAX_NCELLS)
		regions->root_address_cells = regions->root_size_cells = 0;
	regions->model = get_string(blob, 0, "model");
}

/* __reserved_mem_check_root(), drivers/of/of_reserved_mem.c */
static void read_parent(const void *blob, int node, struct regions *regions)
{
	struct property property;

	regions->present = true;
	if (get_property(blob, node, "#address-cells", &property) && property.length >= 4) {
		regions->has_address_cells = true;
		regions->address_cells = fdt32_ld(property.data);
	}
	if (get_property(blob, node, "#size-cells", &property) && property.length >= 4) {
		regions->has_size_cells = true;
		regions->size_cells = fdt32_ld(property.data);
	}
	regions->has_ranges = get_property(blob, node, "ranges", &property);
	regions->supported = regions->has_address_cells && regions->has_size_cells &&
			     regions->has_ranges &&
			     regions->address_cells == regions->root_address_cells &&
			     regions->size_cells == regions->root_size_cells;
}

/* early_init_dt_scan_memory(), drivers/of/fdt.c */
static void read_bank(const void *blob, int node, struct regions *regions)
{
	const char *type = get_string(blob, node, "device_type");
	struct ranges pairs = {0};
	struct property property;

	if (!type || strcmp(type, "memory") != 0 ||
	    !status_is_okay(get_string(blob, node, "status")))
		return;
	if (!get_property(blob, node, "linux,usable-memory", &property) &&
	    !get_property(blob, node, "reg", &property))
		return;
	read_pairs(regions, &property, &pairs);
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

	for (int i = 0; i < count && i < REGION_ENTRIES_MAX; i++) {
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
			regions->truncated = regions->count == REGION_ENTRIES_MAX;
			if (regions->truncated)
				break;
			read_region(blob, node, regions);
		}
		if (regions->count)
			qsort(regions->items, regions->count, sizeof(*regions->items), compare);
	}
	regions->is_overlay = index->is_overlay;
	array_for_each (&index->memory, bank)
		read_bank(blob, *bank, regions);
	if (index->chosen >= 0)
		regions->bootargs = get_string(blob, index->chosen, "bootargs");
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
