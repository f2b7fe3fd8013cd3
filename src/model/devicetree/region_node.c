// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/region_node.h"

#include <libfdt.h>
#include <string.h>

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
	} else if (!strcmp(name, "compatible")) {
		region->compatible = *property;
	} else if (!strcmp(name, "phandle") || !strcmp(name, "linux,phandle")) {
		if (property->length == sizeof(fdt32_t))
			region->phandle = fdt32_ld(property->data);
	} else if (strcmp(name, "name") != 0) {
		*array_add(&region->unknown) = *property;
	}
}

void region_read_node(const void *blob, int node, const struct regions *regions,
		      struct region *region)
{
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
		if (!read_placement(regions, region, &property))
			read_property(region, &property);
	}
	if (region->placement == REGION_NOWHERE && region->has_size && region->size_length_ok) {
		region->placement = REGION_DYNAMIC;
		region->size = region->dynamic_size;
	}
	region->enabled = status_is_okay(region->status);
}
