// SPDX-License-Identifier: GPL-2.0-or-later
/* What the nodes of regions say, and what they leave unsaid. */
#include <inttypes.h>
#include <string.h>

#include "model/boot/dropped.h"
#include "model/lint/check.h"

RULE(STATUS_DISABLED, NOTE, "status-disabled", "status",
     "only a region without status, or with \"ok\" or \"okay\", is reserved (drivers/of/fdt.c, "
     "of_fdt_device_is_available)",
     "status = \"okay\" where the region is wanted");
RULE(STATUS_ODD, WARNING, "status-drops", "status",
     "only a region without status, or with \"ok\" or \"okay\", is reserved (drivers/of/fdt.c, "
     "of_fdt_device_is_available): \"reserved\" does not reserve",
     "no status");

static void check_status(struct check *check, const struct region *region)
{
	array_for_each (&region->consumers, consumer) {
		if (consumer->enabled)
			return; /* said where it matters: memory-region-disabled */
	}
	if (!strcmp(region->status, "disabled")) /* and a board that wants the region enables it */
		check_report_detail(check, &RULE_STATUS_DISABLED, region,
				    "status \"%s\" drops the region", region->status);
	else
		check_report(check, &RULE_STATUS_ODD, region, NULL,
			     "status \"%s\" drops the region", region->status);
}

RULE(RESTRICTED_MISUSED, ERROR, "restricted-pool-misused", "compatible",
     "a restricted-dma-pool with reusable, no-map, linux,cma-default or linux,dma-default is not "
     "reserved (kernel/dma/swiotlb.c, rmem_swiotlb_setup)",
     "a restricted-dma-pool with none of them");
RULE(BOTH_FLAGS, ERROR, "no-map-reusable", "reusable",
     "a region that is both no-map and reusable does not become a pool (kernel/dma/contiguous.c, "
     "__rmem_cma_verify_node; kernel/dma/coherent.c, rmem_dma_setup)",
     "reusable for a CMA heap, no-map for memory that the kernel must not touch");
RULE(REUSABLE_ALONE, WARNING, "reusable-ignored", "reusable",
     "reusable has an effect on a shared-dma-pool only (kernel/dma/contiguous.c, "
     "RESERVEDMEM_OF_DECLARE): the memory is reserved for good, and there is no heap",
     "compatible = \"shared-dma-pool\" beside reusable");
RULE(DEFAULT_MISUSED, ERROR, "cma-default-misused", "linux,cma-default",
     "linux,cma-default has an effect on a reusable shared-dma-pool without no-map only "
     "(kernel/dma/contiguous.c, __rmem_cma_verify_node)",
     "compatible = \"shared-dma-pool\", reusable and no no-map, or no linux,cma-default");
RULE(DMA_DEFAULT_MISUSED, WARNING, "dma-default-misused", "linux,dma-default",
     "linux,dma-default has an effect on a shared-dma-pool without reusable only "
     "(kernel/dma/coherent.c, "
     "rmem_dma_setup)",
     "compatible = \"shared-dma-pool\" and no reusable, or no linux,dma-default");

static void check_flags(struct check *check, const struct region *region)
{
	bool pool = property_has_string(&region->compatible, "shared-dma-pool");
	const char *conflict = restricted_pool_conflict(region);

	if (conflict && property_has_string(&region->compatible, "restricted-dma-pool")) {
		check_report(check, &RULE_RESTRICTED_MISUSED, region, NULL,
			     "a restricted-dma-pool cannot be %s", conflict);
		return;
	}
	if (region->reusable && region->no_map)
		check_report(check, &RULE_BOTH_FLAGS, region, NULL, "no-map and reusable");
	else if (region->reusable && !pool)
		check_report(check, &RULE_REUSABLE_ALONE, region, NULL,
			     "reusable, but not a shared-dma-pool");
	else if (region->cma_default && region->kind != REGION_CMA_POOL)
		check_report(check, &RULE_DEFAULT_MISUSED, region, NULL,
			     "linux,cma-default on a region that is not a CMA pool: %s",
			     !pool            ? "it is not a shared-dma-pool"
			     : region->no_map ? "it is no-map"
					      : "it is not reusable");
	if (region->dma_default && (!pool || region->reusable))
		check_report(check, &RULE_DMA_DEFAULT_MISUSED, region, NULL,
			     "linux,dma-default on a region that is not a coherent pool");
}

/* Bindings that were proposed or shipped, and that mainline never had. */
static const struct {
	const char *compatible, *property; /* one of them */
	const char *meaning;
} not_merged[] = {
	{"carved-out", NULL,
	 "proposed in 2025 for heaps of carve-outs; mainline merged a CMA heap for each region "
	 "instead"},
	{NULL, "export",
	 "proposed in 2024 for heaps of any region; mainline merged a CMA heap for each region "
	 "instead"},
	{NULL, "linux,cma-heap",
	 "proposed in 2020 for heaps of CMA areas other than the default; 6.19 makes them without "
	 "it"},
	{"removed-dma-pool", NULL,
	 "in Qualcomm's kernels it takes the memory from Linux; no-map does that"},
	{NULL, "linux,contiguous-region",
	 "the first proposal for what is now shared-dma-pool with reusable"},
	{"linux,contiguous-region", NULL,
	 "the first proposal for what is now shared-dma-pool with reusable"},
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

RULE(NOT_MERGED, NOTE, "binding-not-merged", NULL,
     "mainline has never merged this binding: the memory is reserved, nothing more",
     "compatible = \"shared-dma-pool\" and reusable for a heap");
RULE(VENDOR, NOTE, "binding-vendor", NULL,
     "a vendor's driver makes a heap of this memory, mainline does not",
     "compatible = \"shared-dma-pool\" and reusable for a heap in mainline");

static void check_binding(struct check *check, const struct region *region)
{
	for (size_t i = 0; i < COUNT_OF(not_merged); i++) {
		const char *compatible = not_merged[i].compatible;
		const char *property = not_merged[i].property;

		if (compatible ? property_has_string(&region->compatible, compatible)
			       : has_property(region, property))
			check_report(check, &RULE_NOT_MERGED, region, NULL, "%s: %s",
				     compatible ? compatible : property, not_merged[i].meaning);
	}
	if (region->kind == REGION_VENDOR_HEAP)
		check_report(check, &RULE_VENDOR, region, NULL, "%s makes a heap of it",
			     region->vendor.binding);
}

RULE(REG_LENGTH, ERROR, "reg-length", "reg",
     "a reg that is not a whole number of (address, size) pairs in the root's cells is ignored "
     "(drivers/of/fdt.c, of_flat_dt_get_addr_size_prop)",
     "one address and one size, each in the root's cells");
RULE(REG_ENTRIES, WARNING, "reg-entries", "reg",
     "only the first entry of reg is used; up to 6.12 the others are reserved as well, for nothing "
     "(drivers/of/of_reserved_mem.c, __reserved_mem_reserve_reg of 6.12 and 7.2)",
     "one node for each range");
RULE(SIZE_LENGTH, ERROR, "size-length", "size",
     "size must have exactly the root's #size-cells (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "size in the root's #size-cells");
RULE(ALIGNMENT_LENGTH, ERROR, "alignment-length", "alignment",
     "alignment of a dynamic region must have exactly the root's #address-cells "
     "(drivers/of/of_reserved_mem.c, __reserved_mem_alloc_size)",
     "alignment in the root's #address-cells");
RULE(ALLOC_RANGES_LENGTH, ERROR, "alloc-ranges-length", "alloc-ranges",
     "alloc-ranges that are not a whole number of (address, size) pairs are ignored; up to 6.19 "
     "they drop the region (drivers/of/of_reserved_mem.c, __reserved_mem_alloc_size)",
     "pairs of address and size, each in the root's cells");
RULE(NO_MEMORY, WARNING, "no-memory", NULL,
     "a node without reg, size and iommu-addresses reserves nothing (drivers/of/of_reserved_mem.c, "
     "fdt_scan_reserved_mem)",
     "reg or size; nothing, if the firmware adds it before the kernel starts");
RULE(SIZE_ZERO, WARNING, "size-zero", NULL,
     "a region of size 0 is not reserved (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_reserve_reg)",
     "the size; nothing, if the firmware writes it before the kernel starts");

/* Properties that can't be read. Returns true where the region has no memory to check. */
static bool check_properties(struct check *check, const struct region *region)
{
	uint64_t address = check->regions->root_address_cells;
	uint64_t size = check->regions->root_size_cells;

	if (region->has_reg && !region->reg_length)
		check_report(check, &RULE_REG_LENGTH, region, NULL, "reg is empty");
	else if (region->has_reg && !region->reg_length_ok)
		check_report(check, &RULE_REG_LENGTH, region, NULL,
			     "reg has %u bytes, not a multiple of %" PRIu64 " (%" PRIu64
			     " + %" PRIu64 " cells)",
			     region->reg_length, (address + size) * 4, address, size);
	if (region->has_reg && region->reg_length_ok && region->reg_entries > 1)
		check_report(check, &RULE_REG_ENTRIES, region, NULL,
			     "reg has %u entries, the kernel uses the first", region->reg_entries);
	if (region->placement != REGION_STATIC) {
		if (region->has_size && !region->size_length_ok)
			check_report(check, &RULE_SIZE_LENGTH, region, NULL,
				     "size has %u bytes, not %" PRIu64 " (%" PRIu64 " cells)",
				     region->size_length, size * 4, size);
		if (region->has_alignment && !region->alignment_length_ok)
			check_report(check, &RULE_ALIGNMENT_LENGTH, region, NULL,
				     "alignment has %u bytes, not %" PRIu64 " (%" PRIu64 " cells)",
				     region->alignment_length, address * 4, address);
		if (region->has_alloc_ranges && !region->alloc_ranges_length_ok)
			check_report(check, &RULE_ALLOC_RANGES_LENGTH, region, NULL,
				     "alloc-ranges has %u bytes, not a multiple of %" PRIu64
				     " (%" PRIu64 " + %" PRIu64 " cells)",
				     region->alloc_ranges_length, (address + size) * 4, address,
				     size);
	}
	if (region->placement == REGION_NOWHERE) {
		if (!region->has_reg && !region->has_size && !region->has_iommu_addresses)
			check_report(check, &RULE_NO_MEMORY, region, NULL, "neither reg nor size");
		return true;
	}
	if (!region->size)
		check_report(check, &RULE_SIZE_ZERO, region, NULL, "size is 0");
	return !region->size;
}

RULE(ADDRESS_DYNAMIC, NOTE, "unit-address-dynamic", NULL,
     "a region without reg is placed by the kernel at boot (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size): its unit address, which the heap's name repeats, says nothing",
     "the name without @, or reg where the address matters");
RULE(ADDRESS_MISSING, WARNING, "unit-address-missing", NULL,
     "a node with reg has its address as unit address (Devicetree specification, 2.2.1.1); a heap "
     "is named after the node",
     "the name, @ and the address of reg");
RULE(ADDRESS_WRONG, WARNING, "unit-address-wrong", NULL,
     "the kernel does not compare the unit address with reg, and a heap is named after the node, "
     "unit address included (drivers/of/of_reserved_mem.c, kernel/dma/contiguous.c)",
     "the address of reg after the @");
RULE(ADDRESS_CASE, WARNING, "unit-address-case", NULL,
     "unit addresses are written as one number in lower case, without 0x and leading zeros (dtc, "
     "simple_bus_reg); a heap is named after the node, letter by letter",
     "the address in lower-case hexadecimal digits, without 0x, leading zeros and commas");

static void check_unit_address(struct check *check, const struct region *region)
{
	const char *text = strchr(region->name, '@');
	uint64_t address;
	size_t length;

	if (region->placement == REGION_DYNAMIC && text) {
		check_report(check, &RULE_ADDRESS_DYNAMIC, region, NULL,
			     "a unit address, but no reg: the kernel chooses the place");
		return;
	}
	if (region->placement != REGION_STATIC)
		return;
	if (!text) {
		check_report(check, &RULE_ADDRESS_MISSING, region, NULL,
			     "reg, but no unit address: %s@%llx", region->name,
			     (unsigned long long)region->base);
		return;
	}
	text++;
	length = unit_address_length(region->name);
	if (!unit_address(region->name, &address) || address != region->base) {
		check_report(check, &RULE_ADDRESS_WRONG, region, NULL,
			     "the unit address is %.*s, reg says %llx", (int)length, text,
			     (unsigned long long)region->base);
		return;
	}
	if (strspn(text, "0123456789abcdef") < length || (text[0] == '0' && length > 1))
		check_report(check, &RULE_ADDRESS_CASE, region, NULL,
			     "the unit address is %.*s, usually written %llx", (int)length, text,
			     (unsigned long long)address);
}

bool check_node(struct check *check, const struct region *region)
{
	if (!region->enabled) {
		check_status(check, region); /* the cause: what follows from it is not reported */
		return false;
	}
	check_flags(check, region);
	check_binding(check, region);
	if (!check->regions->supported || check_properties(check, region))
		return false;
	check_unit_address(check, region);
	return true;
}
