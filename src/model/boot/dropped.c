// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/dropped.h"

#include <inttypes.h>

#include "base/xalloc.h"
#include "model/boot/kernel_version.h"

static char *by_length(const struct regions *regions, const struct region *region, uint32_t version)
{
	const uint64_t cells = (uint64_t)regions->root_address_cells + regions->root_size_cells;

	if (region->has_reg && !region->reg_length_ok &&
	    (version < KERNEL(7, 0, 0) || !region->has_size)) {
		if (region->reg_length)
			return xasprintf("dropped: the length of reg is not a multiple of %" PRIu64
					 " cells",
					 cells);
		return xstrdup("dropped: reg is empty");
	}
	if (region->placement == REGION_STATIC)
		return NULL;
	if (region->has_size && !region->size_length_ok)
		return xasprintf(
			"dropped: the length of size is not %u cells (the root's #size-cells)",
			regions->root_size_cells);
	if (region->has_size && region->has_alignment && !region->alignment_length_ok)
		return xasprintf("dropped: the length of alignment is not %u cells (the root's "
				 "#address-cells)",
				 regions->root_address_cells);
	if (region->has_size && region->has_alloc_ranges && !region->alloc_ranges_length_ok &&
	    version < KERNEL(7, 0, 0))
		return xasprintf("dropped: the length of alloc-ranges is not a multiple of %" PRIu64
				 " cells",
				 cells);
	return NULL;
}

static char *by_parent(const struct regions *regions)
{
	if (!regions->has_address_cells || !regions->has_size_cells)
		return xasprintf("dropped: /reserved-memory has no %s",
				 regions->has_address_cells ? "#size-cells" : "#address-cells");
	if (regions->address_cells != regions->root_address_cells ||
	    regions->size_cells != regions->root_size_cells)
		return xstrdup("dropped: #address-cells or #size-cells of /reserved-memory is not "
			       "the root's");
	return xstrdup("dropped: /reserved-memory has no ranges");
}

char *dropped_why(const struct regions *regions, const struct region *region, uint32_t version,
		  bool *no_memory)
{
	char *why;

	/* __fdt_scan_reserved_mem(), drivers/of/fdt.c: 5.10 wants the very name, 6.1 does not */
	if (regions->has_unit_address && version < KERNEL(6, 1, 0))
		return xstrdup("dropped: before Linux 6.1 a /reserved-memory with a unit address "
			       "is not looked at");
	if (!regions->supported)
		return by_parent(regions);
	if (!region->enabled)
		return xasprintf("dropped: status is \"%s\"", region->status);
	why = by_length(regions, region, version);
	if (why)
		return why;
	if (region->placement == REGION_NOWHERE) {
		if (!region->has_iommu_addresses)
			return xstrdup("dropped: neither reg nor size");
		*no_memory = true;
		return NULL;
	}
	return region->size ? NULL : xstrdup("dropped: size is 0");
}

const char *restricted_pool_conflict(const struct region *region)
{
	return region->reusable      ? "reusable"
	       : region->no_map      ? "no-map"
	       : region->cma_default ? "linux,cma-default"
	       : region->dma_default ? "linux,dma-default"
				     : NULL;
}
