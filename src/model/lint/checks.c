// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/lint/checks.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"
#include "model/boot/dropped.h"
#include "model/boot/known_names.h"

/* What the kernel does and where, and what to write instead; beside the function that checks it. */
#define RULE(name, severity_, id_, property_, sentence_, instead_) \
	static const struct rule RULE_##name = {.id = (id_), \
						.severity = SEVERITY_##severity_, \
						.property = (property_), \
						.sentence = (sentence_), \
						.instead = (instead_)}

RULE(ALIGNMENT_PAGES, NOTE, "cma-alignment-pages", NULL,
     "the CMA alignment grows with the page size: 2 MiB with 4 KiB pages, 32 MiB with 16 KiB, 512 "
     "MiB with 64 KiB (include/linux/cma.h, include/linux/pageblock-flags.h)",
     "multiples of the alignment of every kernel that should have the heap");

struct check {
	const char *file;
	const struct regions *regions;
	const struct fates *fates;
	const struct kernel_facts *facts;
	bool every_page_size;
	struct tree_findings *findings;
	struct spans ram, memreserve;
};

/* Puts the last finding before those whose rules come later. */
static void sort_in(struct findings *findings)
{
	struct finding last = findings->items[findings->count - 1];
	size_t rule = rule_index(region_rules, region_rule_count, last.rule);
	size_t i = findings->count - 1;

	for (; i && rule_index(region_rules, region_rule_count, findings->items[i - 1].rule) > rule;
	     i--)
		findings->items[i] = findings->items[i - 1];
	findings->items[i] = last;
}

/* Adds a finding about REGION, or about the node PATH where REGION is NULL; DETAIL: see finding.h.
 */
__attribute__((format(printf, 6, 0))) static void vadd(struct check *check, const struct rule *rule,
						       bool detail, const struct region *region,
						       const char *path, const char *format,
						       va_list arguments)
{
	struct findings *findings =
		region ? &check->findings->regions[region - check->regions->items]
		       : &check->findings->tree;
	struct finding *finding = array_add(findings);

	finding->rule = rule;
	finding->severity = rule->severity;
	finding->detail = detail;
	finding->subject = region ? region->name : path;
	finding->where.file = check->file;
	finding->where.node = region ? region_path(region) : xstrdup(path);
	finding->where.property = rule->property;
	finding->message = xvasprintf(format, arguments);
	if (region)
		sort_in(findings);
}

__attribute__((format(printf, 5, 6))) static void add(struct check *check, const struct rule *rule,
						      const struct region *region, const char *path,
						      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vadd(check, rule, !check->every_page_size && rule == &RULE_ALIGNMENT_PAGES, region, path,
	     format, arguments);
	va_end(arguments);
}

/* What an author does on purpose more often than not: nobody acts on it who did not ask. */
__attribute__((format(printf, 4, 5))) static void add_detail(struct check *check,
							     const struct rule *rule,
							     const struct region *region,
							     const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vadd(check, rule, true, region, region->name, format, arguments);
	va_end(arguments);
}

static const struct fate *fate_of(const struct check *check, const struct region *region)
{
	return &check->fates->items[region - check->regions->items];
}

/* The sentence of a fate without the word for its kind. */
static const char *reason_of(const struct fate *fate)
{
	const char *colon = strstr(fate->text, ": ");

	return colon ? colon + 2 : fate->text;
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
		add(check, &RULE_REG_LENGTH, region, NULL, "reg is empty");
	else if (region->has_reg && !region->reg_length_ok)
		add(check, &RULE_REG_LENGTH, region, NULL,
		    "reg has %u bytes, not a multiple of %" PRIu64 " (%" PRIu64 " + %" PRIu64
		    " cells)",
		    region->reg_length, (address + size) * 4, address, size);
	if (region->has_reg && region->reg_length_ok && region->reg_entries > 1)
		add(check, &RULE_REG_ENTRIES, region, NULL,
		    "reg has %u entries, the kernel uses the first", region->reg_entries);
	if (region->placement != REGION_STATIC) {
		if (region->has_size && !region->size_length_ok)
			add(check, &RULE_SIZE_LENGTH, region, NULL,
			    "size has %u bytes, not %" PRIu64 " (%" PRIu64 " cells)",
			    region->size_length, size * 4, size);
		if (region->has_alignment && !region->alignment_length_ok)
			add(check, &RULE_ALIGNMENT_LENGTH, region, NULL,
			    "alignment has %u bytes, not %" PRIu64 " (%" PRIu64 " cells)",
			    region->alignment_length, address * 4, address);
		if (region->has_alloc_ranges && !region->alloc_ranges_length_ok)
			add(check, &RULE_ALLOC_RANGES_LENGTH, region, NULL,
			    "alloc-ranges has %u bytes, not a multiple of %" PRIu64 " (%" PRIu64
			    " + %" PRIu64 " cells)",
			    region->alloc_ranges_length, (address + size) * 4, address, size);
	}
	if (region->placement == REGION_NOWHERE) {
		if (!region->has_reg && !region->has_size && !region->has_iommu_addresses)
			add(check, &RULE_NO_MEMORY, region, NULL, "neither reg nor size");
		return true;
	}
	if (!region->size)
		add(check, &RULE_SIZE_ZERO, region, NULL, "size is 0");
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
		add(check, &RULE_ADDRESS_DYNAMIC, region, NULL,
		    "a unit address, but no reg: the kernel chooses the place");
		return;
	}
	if (region->placement != REGION_STATIC)
		return;
	if (!text) {
		add(check, &RULE_ADDRESS_MISSING, region, NULL, "reg, but no unit address: %s@%llx",
		    region->name, (unsigned long long)region->base);
		return;
	}
	text++;
	length = unit_address_length(region->name);
	if (!unit_address(region->name, &address) || address != region->base) {
		add(check, &RULE_ADDRESS_WRONG, region, NULL,
		    "the unit address is %.*s, reg says %llx", (int)length, text,
		    (unsigned long long)region->base);
		return;
	}
	if (strspn(text, "0123456789abcdef") < length || (text[0] == '0' && length > 1))
		add(check, &RULE_ADDRESS_CASE, region, NULL,
		    "the unit address is %.*s, usually written %llx", (int)length, text,
		    (unsigned long long)address);
}

/* The larger page sizes whose CMA alignment BITS, of base and size, miss, or NULL. */
static const char *list_pages(char *text, size_t size, uint64_t bits)
{
	static const uint64_t pages[] = {16384, 65536};

	*text = '\0';
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		const struct kernel_facts facts = {.page_size = pages[i]};
		uint64_t largest, alignment = alignment_range(&facts, &largest);
		size_t length = strlen(text);

		if (bits & (alignment - 1))
			snprintf(text + length, size - length, "%s%llu KiB (%llu MiB)",
				 length ? " and " : "", (unsigned long long)pages[i] / 1024,
				 (unsigned long long)alignment >> 20);
	}
	return *text ? text : NULL;
}

RULE(ALIGNMENT, ERROR, "cma-alignment", NULL,
     "base and size of a CMA area have to be multiples of CMA_MIN_ALIGNMENT_BYTES "
     "(kernel/dma/contiguous.c, rmem_cma_setup; include/linux/cma.h)",
     "base and size as multiples of the alignment");
RULE(TOO_MANY_AREAS, ERROR, "too-many-areas", NULL,
     "the kernel has room for CONFIG_CMA_AREAS CMA areas, cma= included (mm/cma.c, cma_new_area)",
     "fewer reusable pools, or a kernel with a larger CONFIG_CMA_AREAS");
RULE(MANY_AREAS, WARNING, "many-areas", NULL,
     "the kernel has room for CONFIG_CMA_AREAS CMA areas: 8 by default, 20 with CONFIG_NUMA "
     "(mm/cma.c, cma_new_area; mm/Kconfig)",
     "fewer reusable pools; --kconfig shows what a kernel makes of them");
RULE(NAME_COLLISION, ERROR, "name-collision", NULL,
     "two heaps cannot have the same name: the second is not made (drivers/dma-buf/dma-heap.c, "
     "dma_heap_add)",
     "a node name that no heap has: not system, not default_cma_region");
RULE(NAME_LONG, WARNING, "name-long", NULL,
     "the name of a CMA area, and so of its heap, is cut at 63 characters (mm/cma.c, CMA_MAX_NAME)",
     "a node name of at most 63 characters (the Devicetree specification has 31 before the @)");

/* What keeps a CMA pool from being a heap. */
static void check_cma_pool(struct check *check, const struct region *region)
{
	const struct fate *fate = fate_of(check, region);
	uint64_t largest, smallest = alignment_range(check->facts, &largest);
	uint64_t bits =
		region->placement == REGION_STATIC ? region->base | region->size : region->size;
	char text[64];

	if (region->kind != REGION_CMA_POOL ||
	    (fate->kind == FATE_DROPPED && !fate->misaligned && !fate->too_many_areas))
		return;
	if (bits & (smallest - 1)) {
		AUTO_FREE char *alignment = alignment_text(smallest);

		add(check, &RULE_ALIGNMENT, region, NULL,
		    "base or size is not a multiple of %s, the CMA alignment with %llu KiB pages",
		    alignment, (unsigned long long)kernel_facts_page_size(check->facts) / 1024);
	} else if (fate->misaligned) {
		add(check, &RULE_ALIGNMENT, region, NULL, "%s", reason_of(fate));
	} else if (!check->facts->page_size && !check->regions->small_pages_only &&
		   !has_small_pages_only(check->facts->architecture) &&
		   list_pages(text, sizeof(text), bits)) {
		add(check, &RULE_ALIGNMENT_PAGES, region, NULL,
		    "no heap with pages of %s: base or size is not a multiple of the CMA "
		    "alignment",
		    text);
	}
	if (fate->too_many_areas)
		add(check, check->facts->cma_areas ? &RULE_TOO_MANY_AREAS : &RULE_MANY_AREAS,
		    region, NULL, "%s", fate->text);
	if (fate->name_taken)
		add(check, &RULE_NAME_COLLISION, region, NULL,
		    "another heap already has the name %.*s", AREA_NAME_MAX, region->name);
	if (strlen(region->name) > AREA_NAME_MAX)
		add(check, &RULE_NAME_LONG, region, NULL,
		    "the node's name has %zu characters, the heap's %.*s", strlen(region->name),
		    AREA_NAME_MAX, region->name);
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
		add(check, &RULE_RESTRICTED_MISUSED, region, NULL,
		    "a restricted-dma-pool cannot be %s", conflict);
		return;
	}
	if (region->reusable && region->no_map)
		add(check, &RULE_BOTH_FLAGS, region, NULL, "no-map and reusable");
	else if (region->reusable && !pool)
		add(check, &RULE_REUSABLE_ALONE, region, NULL,
		    "reusable, but not a shared-dma-pool");
	else if (region->cma_default && region->kind != REGION_CMA_POOL)
		add(check, &RULE_DEFAULT_MISUSED, region, NULL,
		    "linux,cma-default on a region that is not a CMA pool: %s",
		    !pool            ? "it is not a shared-dma-pool"
		    : region->no_map ? "it is no-map"
				     : "it is not reusable");
	if (region->dma_default && (!pool || region->reusable))
		add(check, &RULE_DMA_DEFAULT_MISUSED, region, NULL,
		    "linux,dma-default on a region that is not a coherent pool");
}

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
		add_detail(check, &RULE_STATUS_DISABLED, region, "status \"%s\" drops the region",
			   region->status);
	else
		add(check, &RULE_STATUS_ODD, region, NULL, "status \"%s\" drops the region",
		    region->status);
}

RULE(ALLOC_RANGES_RAM, NOTE, "alloc-ranges-outside-ram", "alloc-ranges",
     "a dynamic region that fits nowhere in alloc-ranges is dropped (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "ranges in RAM; nothing, if the firmware adds the bank before the kernel starts (--memory "
     "states it)");
RULE(ALLOC_RANGES_SMALL, ERROR, "alloc-ranges-small", "alloc-ranges",
     "a dynamic region that fits nowhere in alloc-ranges is dropped (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "ranges in free RAM that hold the size at the alignment");
RULE(NO_ROOM, ERROR, "no-room", "size",
     "a dynamic region for which there is no room is dropped (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "a size that the RAM has");
RULE(TOO_MANY_DYNAMIC, ERROR, "too-many-dynamic", NULL,
     "the kernel places at most 64 dynamic regions (drivers/of/of_reserved_mem.c, "
     "fdt_scan_reserved_mem)",
     "reg for some of them");

static void check_dynamic(struct check *check, const struct region *region)
{
	const struct fate *fate = fate_of(check, region);
	const struct rule *rule;

	switch (fate->no_place) {
	case NO_RAM:
		/* all boards whose boot loader finds out how much RAM there is have such a tree */
		rule = fate->kind == FATE_OPEN ? &RULE_ALLOC_RANGES_RAM : &RULE_ALLOC_RANGES_SMALL;
		add(check, rule, region, NULL,
		    "the memory banks have no RAM in alloc-ranges for the size");
		break;
	case NO_RANGE:
		add(check, &RULE_ALLOC_RANGES_SMALL, region, NULL,
		    "alloc-ranges have no free memory for the size");
		break;
	case NO_ROOM:
		add(check, &RULE_NO_ROOM, region, NULL, "the RAM has no free memory for the size");
		break;
	case TOO_MANY_DYNAMIC:
		add(check, &RULE_TOO_MANY_DYNAMIC, region, NULL,
		    "more dynamic regions than the kernel places");
		break;
	case HAS_PLACE:
		break;
	}
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
			add(check, &RULE_NOT_MERGED, region, NULL, "%s: %s",
			    compatible ? compatible : property, not_merged[i].meaning);
	}
	if (region->kind == REGION_VENDOR_HEAP)
		add(check, &RULE_VENDOR, region, NULL, "%s makes a heap of it",
		    region->vendor.binding);
}

RULE(CELLS, ERROR, "cells-differ", NULL,
     "the kernel ignores every region unless #address-cells and #size-cells of /reserved-memory "
     "are there and equal the root's (drivers/of/of_reserved_mem.c, __reserved_mem_check_root)",
     "the root's #address-cells and #size-cells in /reserved-memory, and all reg to match");
RULE(RANGES, ERROR, "ranges-missing", "ranges",
     "the kernel ignores every region unless /reserved-memory has ranges "
     "(drivers/of/of_reserved_mem.c, __reserved_mem_check_root)",
     "an empty ranges; in /reserved-memory");
RULE(TOO_MANY_REGIONS, WARNING, "too-many-regions", NULL,
     "this program reads at most 4096 regions of a tree", "fewer regions");

RULE(ELSEWHERE, ERROR, "reserved-memory-elsewhere", NULL,
     "regions are the children of /reserved-memory, which is a child of the root; a node with "
     "another place or name reserves nothing (drivers/of/of_reserved_mem.c, "
     "fdt_scan_reserved_mem)",
     "the regions in /reserved-memory, a child of the root");

static void check_strays(struct check *check)
{
	array_for_each (&check->regions->strays, stray)
		add(check, &RULE_ELSEWHERE, NULL, stray->path,
		    "the kernel reads /reserved-memory only: what is here (%zu region%s) is not "
		    "reserved",
		    stray->regions, stray->regions > 1 ? "s" : "");
}

RULE(CMA_REFUSED, ERROR, "cma-refused", NULL,
     "an area of cma= or Kconfig for which its place or the RAM has no room is not made, and no "
     "other in its stead (mm/cma.c, __cma_declare_contiguous_nid)",
     "a size and a base that are free RAM, as far as DMA reaches, each a multiple of the CMA "
     "alignment, or no base");
RULE(CMA_MAY_BE_REFUSED, WARNING, "cma-may-be-refused", NULL,
     "an area of cma= or Kconfig for which its place or the RAM has no room is not made, and no "
     "other in its stead (mm/cma.c, __cma_declare_contiguous_nid)",
     "a size and a base that are free RAM, as far as DMA reaches; --kconfig, --memory and --taken "
     "tell more");
RULE(CROSSES_ZONES, ERROR, "cma-crosses-zones", NULL,
     "a CMA area that lies in two zones of memory is made, but not activated: its heap is there, "
     "and every allocation fails (mm/cma.c, cma_activate_area)",
     "an area on one side of the border");
RULE(MAY_CROSS_ZONES, WARNING, "cma-may-cross-zones", NULL,
     "a CMA area that lies in two zones of memory is made, but not activated: its heap is there, "
     "and every allocation fails (mm/cma.c, cma_activate_area)",
     "an area on one side of the border; --kconfig tells which zones the kernel has");
RULE(DEFAULT_HIGH, WARNING, "cma-default-high", NULL,
     "devices without an area of their own allocate from the default one (kernel/dma/contiguous.c, "
     "dma_alloc_contiguous): those that reach 32 bits only cannot use it above 4 GiB",
     "a default area below 4 GiB, or a region of its own for each such device");

RULE(NO_RAM_LEFT, ERROR, "no-ram-left", NULL,
     "the kernel stops where static regions leave it no RAM for page tables (arch/arm64/mm/mmu.c)",
     "regions that leave RAM; nothing, if the boot loader adds some (--memory)");

static void check_left(struct check *check)
{
	if (check->fates->no_ram_left)
		add(check, &RULE_NO_RAM_LEFT, NULL, "/reserved-memory",
		    "the regions leave the kernel no RAM, which stops the boot");
}

RULE(OVER_OTHERS, ERROR, "cma-over-others", NULL,
     "the memory of a CMA area, or of a pool that is refused, goes to the page allocator, also "
     "where the kernel, an initrd, the device tree or a no-map region is in it (mm/cma.c, "
     "cma_activate_area; drivers/of/of_reserved_mem.c, fdt_init_reserved_mem_node)",
     "a region beside what lies in the RAM at boot");

/* Borders of zones, and 4 GiB, on which the fate of an area depends that is made. */
static void check_area(struct check *check, const struct region *region, const struct fate *fate,
		       uint64_t base)
{
	const struct zone_border *border = &fate->border;

	if (fate->over_others)
		add(check, &RULE_OVER_OTHERS, region, region ? NULL : "/chosen", "%s",
		    reason_of(fate));
	if (border->zone)
		add(check, fate->dead ? &RULE_CROSSES_ZONES : &RULE_MAY_CROSS_ZONES, region,
		    region ? NULL : "/chosen",
		    "the area %s on both sides of 0x%llx, the end of %s%s",
		    border->sure && !fate->dead ? "may lie" : "lies",
		    (unsigned long long)border->end, border->zone,
		    border->sure ? "" : ", if the kernel has it");
	if (fate->area && fate->default_area && fate->kind != FATE_OPEN &&
	    base >= UINT64_C(1) << 32)
		add(check, &RULE_DEFAULT_HIGH, region, region ? NULL : "/chosen",
		    "the default area is above 4 GiB (0x%llx)", (unsigned long long)base);
}

static void check_other_area(struct check *check)
{
	const struct fates *fates = check->fates;

	if (fates->other_area)
		check_area(check, NULL, &fates->other, fates->other_place.base);
	if (!fates->other.text || !fates->other_place.refusal || fates->other.too_many_areas)
		return;
	add(check, fates->other_area ? &RULE_CMA_MAY_BE_REFUSED : &RULE_CMA_REFUSED, NULL,
	    "/chosen", "%s default CMA area: %s", fates->other_area ? "perhaps no" : "no",
	    reason_of(&fates->other));
}

static void check_parent(struct check *check)
{
	const struct regions *regions = check->regions;
	static const char path[] = "/reserved-memory";

	if (!regions->present || !regions->count)
		return;
	if (!regions->has_address_cells || !regions->has_size_cells)
		add(check, &RULE_CELLS, NULL, path, "no %s: the kernel ignores all regions (%zu)",
		    regions->has_address_cells ? "#size-cells" : "#address-cells", regions->count);
	else if (regions->address_cells != regions->root_address_cells ||
		 regions->size_cells != regions->root_size_cells)
		add(check, &RULE_CELLS, NULL, path,
		    "#address-cells and #size-cells are %u and %u, the root's %u and %u: "
		    "the kernel ignores all regions (%zu)",
		    regions->address_cells, regions->size_cells, regions->root_address_cells,
		    regions->root_size_cells, regions->count);
	if (!regions->has_ranges)
		add(check, &RULE_RANGES, NULL, path,
		    "no ranges: the kernel ignores all regions (%zu)", regions->count);
	if (regions->truncated)
		add(check, &RULE_TOO_MANY_REGIONS, NULL, path,
		    "more than %zu regions: the others were not read", regions->count);
}

RULE(DEFAULT_TWICE, WARNING, "cma-default-twice", "linux,cma-default",
     "of several linux,cma-default the last one that the kernel sets up wins, without a message "
     "(kernel/dma/contiguous.c, rmem_cma_setup)",
     "linux,cma-default in one node");

static void check_default(struct check *check)
{
	const struct region *winner = NULL;

	array_for_each (check->regions, region) {
		if (fate_of(check, region)->default_area)
			winner = region;
	}
	if (!winner)
		return;
	array_for_each (check->regions, region) {
		if (region != winner && region->cma_default && fate_of(check, region)->area)
			add(check, &RULE_DEFAULT_TWICE, region, NULL,
			    "%s has linux,cma-default as well, and wins", winner->name);
	}
}

RULE(LINK_ELSEWHERE, WARNING, "memory-region-elsewhere", "memory-region",
     "memory-region is looked up among the children of /reserved-memory only "
     "(drivers/of/of_reserved_mem.c, of_reserved_mem_lookup)",
     "a label of a child of /reserved-memory");
RULE(LINK_DANGLING, ERROR, "memory-region-dangling", "memory-region",
     "a memory-region that refers to no node gives the device no memory "
     "(drivers/of/of_reserved_mem.c, of_reserved_mem_device_init_by_idx)",
     "a label of a child of /reserved-memory");
RULE(LINK_DISABLED, WARNING, "memory-region-disabled", "memory-region",
     "a device whose memory-region is disabled gets none, and no error "
     "(drivers/of/of_reserved_mem.c, of_reserved_mem_device_init_by_idx)",
     "a region that is not disabled, or no memory-region");

static void check_consumers(struct check *check)
{
	const struct regions *regions = check->regions;

	array_for_each (&regions->unresolved, consumer) {
		if (regions->is_overlay)
			break; /* phandles are filled in when it is applied */
		if (consumer->elsewhere)
			add(check, &RULE_LINK_ELSEWHERE, NULL, consumer->path,
			    "entry %u of memory-region refers to a node that is not a child "
			    "of /reserved-memory",
			    consumer->index);
		else
			add(check, &RULE_LINK_DANGLING, NULL, consumer->path,
			    "entry %u of memory-region is phandle 0x%x, which no node has",
			    consumer->index, consumer->phandle);
	}
	array_for_each (regions, region) {
		if (region->enabled)
			continue;
		array_for_each (&region->consumers, consumer) {
			if (consumer->enabled)
				add(check, &RULE_LINK_DISABLED, NULL, consumer->path,
				    "entry %u of memory-region is %s, which is disabled",
				    consumer->index, region->name);
		}
	}
}

/* Of one region with others, in trees made to have millions: findings are larger than regions. */
#define OVERLAPS_MAX 8

typedef unsigned long long address; /* for printf */

static bool has_place(const struct region *region)
{
	return region->placement == REGION_STATIC && region->enabled && region->size;
}

RULE(OVERLAP_NESTED, WARNING, "overlap-nested", NULL,
     "the kernel logs OVERLAP DETECTED and lets both have the memory "
     "(drivers/of/of_reserved_mem.c, __rmem_check_for_overlap)",
     "one region, or ranges that do not touch");
RULE(OVERLAP, ERROR, "overlap", NULL,
     "the kernel logs OVERLAP DETECTED and lets both have the memory "
     "(drivers/of/of_reserved_mem.c, __rmem_check_for_overlap)",
     "ranges that do not touch");

/* Two regions, FIRST not above SECOND, that share memory. */
static void check_pair(struct check *check, const struct region *first, const struct region *second)
{
	uint64_t first_last = last_address(first->base, first->size);
	uint64_t second_last = last_address(second->base, second->size);
	uint64_t last = first_last < second_last ? first_last : second_last;
	bool inner = second_last <= first_last;
	bool outer = first->base == second->base && second_last > first_last;

	if (inner || outer)
		add(check, &RULE_OVERLAP_NESTED, second, NULL,
		    "%s (0x%llx..0x%llx) lies inside %s (0x%llx..0x%llx)",
		    inner ? second->name : first->name, (address)second->base,
		    (address)(inner ? second_last : first_last), inner ? first->name : second->name,
		    (address)first->base, (address)(inner ? first_last : second_last));
	else
		add(check, &RULE_OVERLAP, second, NULL,
		    "0x%llx..0x%llx belongs to %s (0x%llx..0x%llx) and %s (0x%llx..0x%llx)",
		    (address)second->base, (address)last, first->name, (address)first->base,
		    (address)first_last, second->name, (address)second->base, (address)second_last);
}

/* Regions are sorted by base: those that begin inside this one follow it. */
static void check_overlaps(struct check *check, const struct region *region)
{
	const struct regions *regions = check->regions;
	uint64_t last = last_address(region->base, region->size);
	int left = OVERLAPS_MAX;

	for (const struct region *next = region + 1;
	     next < regions->items + regions->count && next->placement == REGION_STATIC &&
	     next->base <= last && left;
	     next++) {
		if (has_place(next)) {
			check_pair(check, region, next);
			left--;
		}
	}
}

RULE(OVERLAP_MEMRESERVE_CMA, ERROR, "overlap-memreserve-cma", NULL,
     "a CMA area gives its memory to the page allocator, /memreserve/ keeps it for the firmware "
     "(mm/cma.c, cma_activate_area; drivers/of/fdt.c, early_init_fdt_scan_reserved_mem)",
     "a region beside what /memreserve/ holds");
RULE(OVERLAP_MEMRESERVE, NOTE, "overlap-memreserve", NULL,
     "/memreserve/ reserves the memory a second time, without a name (drivers/of/fdt.c, "
     "early_init_fdt_scan_reserved_mem)",
     "the region alone");

static void check_memreserve(struct check *check, const struct region *region)
{
	uint64_t region_last = last_address(region->base, region->size);
	int left = OVERLAPS_MAX;

	if (!spans_meet(&check->memreserve, region->base, region->size))
		return;
	array_for_each (&check->regions->memreserve, range) {
		uint64_t range_last = last_address(range->base, range->size);
		uint64_t first = range->base > region->base ? range->base : region->base;
		uint64_t last = range_last < region_last ? range_last : region_last;

		if (first > last)
			continue;
		if (!left--)
			break;
		add(check,
		    region->kind == REGION_CMA_POOL ? &RULE_OVERLAP_MEMRESERVE_CMA
						    : &RULE_OVERLAP_MEMRESERVE,
		    region, NULL, "0x%llx..0x%llx is also in /memreserve/ 0x%llx..0x%llx",
		    (address)first, (address)last, (address)range->base, (address)range_last);
	}
}

RULE(OUTSIDE_RAM_CMA, ERROR, "cma-outside-ram", NULL,
     "a CMA area that does not lie in RAM stops the boot with a panic, or later what uses it "
     "(mm/cma.c, cma_activate_area)",
     "an address inside the RAM; nothing, if the boot loader adds the bank (--memory)");
RULE(OUTSIDE_RAM, NOTE, "outside-ram", NULL,
     "memory outside the banks is not the kernel's to reserve (mm/memblock.c, memblock_reserve "
     "does not check)",
     "an address inside the RAM, unless the memory is not RAM (a shared-dma-pool with no-map may "
     "be a coherent pool, a CMA pool is not possible) or the boot loader adds the bank");

/* Memory of a device, or RAM that the firmware keeps and takes out of the banks. */
static bool may_be_no_ram(const struct region *region)
{
	return region->kind == REGION_PLAIN ||
	       (region->kind == REGION_COHERENT_POOL && region->no_map);
}

static void check_ram(struct check *check, const struct region *region)
{
	uint64_t last = last_address(region->base, region->size), bytes;
	const struct fate *fate = fate_of(check, region);
	const struct rule *rule = fate->in_ram ? &RULE_OUTSIDE_RAM_CMA : &RULE_OUTSIDE_RAM;
	const char *cut = check->regions->banks_cut ? " that mem= leaves" : "";

	if (!check->ram.count)
		return; /* the boot loader writes them */
	bytes = spans_bytes(&check->ram, region->base, region->size);
	if (!bytes && may_be_no_ram(region) && !check->regions->banks_cut)
		add_detail(check, rule, region, "0x%llx..0x%llx is in no memory bank",
			   (address)region->base, (address)last);
	else if (!bytes)
		add(check, rule, region, NULL, "0x%llx..0x%llx is in no memory bank%s",
		    (address)region->base, (address)last, cut);
	else if (bytes < region->size)
		add(check, rule, region, NULL,
		    "0x%llx bytes of 0x%llx..0x%llx are in no memory bank%s",
		    (address)(region->size - bytes), (address)region->base, (address)last, cut);
}

static void check_memory(struct check *check)
{
	array_for_each (check->regions, region) {
		if (!has_place(region))
			continue;
		check_overlaps(check, region);
		check_memreserve(check, region);
		check_ram(check, region);
	}
}

static void check_region(struct check *check, const struct region *region)
{
	if (!region->enabled) {
		check_status(check, region); /* the cause: what follows from it is not reported */
		return;
	}
	check_flags(check, region);
	check_binding(check, region);
	if (!check->regions->supported)
		return;
	if (check_properties(check, region))
		return;
	check_unit_address(check, region);
	check_dynamic(check, region);
	check_cma_pool(check, region);
	check_area(check, region, fate_of(check, region), region->base);
}

void tree_findings_collect(const char *file, const struct regions *regions,
			   const struct fates *fates, const struct kernel_facts *facts,
			   bool every_page_size, struct tree_findings *findings)
{
	struct check check = {file, regions, fates, facts, every_page_size, findings, {0}, {0}};

	*findings = (struct tree_findings){
		.regions = xcalloc(regions->count + 1, sizeof(*findings->regions)),
		.region_count = regions->count,
	};
	check_strays(&check);
	check_left(&check);
	check_other_area(&check);
	check_parent(&check);
	check_default(&check);
	check_consumers(&check);
	array_for_each (regions, region)
		check_region(&check, region);
	ram_spans(regions, &check.ram);
	spans_add_all(&check.memreserve, &regions->memreserve);
	if (regions->supported)
		check_memory(&check);
	array_free(&check.ram);
	array_free(&check.memreserve);
}

void tree_findings_free(struct tree_findings *findings)
{
	for (size_t i = 0; i < findings->region_count; i++)
		findings_free(&findings->regions[i]);
	free(findings->regions);
	findings_free(&findings->tree);
	*findings = (struct tree_findings){0};
}

/* In the order in which they are reported. */
const struct rule *const region_rules[] = {
	&RULE_ELSEWHERE,
	&RULE_CELLS,
	&RULE_RANGES,
	&RULE_REG_LENGTH,
	&RULE_REG_ENTRIES,
	&RULE_SIZE_ZERO,
	&RULE_SIZE_LENGTH,
	&RULE_ALIGNMENT_LENGTH,
	&RULE_ALLOC_RANGES_LENGTH,
	&RULE_NO_MEMORY,
	&RULE_ADDRESS_WRONG,
	&RULE_ADDRESS_MISSING,
	&RULE_ADDRESS_CASE,
	&RULE_ADDRESS_DYNAMIC,
	&RULE_BOTH_FLAGS,
	&RULE_REUSABLE_ALONE,
	&RULE_DEFAULT_MISUSED,
	&RULE_DEFAULT_TWICE,
	&RULE_DMA_DEFAULT_MISUSED,
	&RULE_RESTRICTED_MISUSED,
	&RULE_STATUS_DISABLED,
	&RULE_STATUS_ODD,
	&RULE_OVERLAP,
	&RULE_OVERLAP_NESTED,
	&RULE_OVERLAP_MEMRESERVE,
	&RULE_OVERLAP_MEMRESERVE_CMA,
	&RULE_OUTSIDE_RAM,
	&RULE_OUTSIDE_RAM_CMA,
	&RULE_ALLOC_RANGES_SMALL,
	&RULE_ALLOC_RANGES_RAM,
	&RULE_NO_ROOM,
	&RULE_ALIGNMENT,
	&RULE_ALIGNMENT_PAGES,
	&RULE_NO_RAM_LEFT,
	&RULE_OVER_OTHERS,
	&RULE_CROSSES_ZONES,
	&RULE_MAY_CROSS_ZONES,
	&RULE_DEFAULT_HIGH,
	&RULE_CMA_REFUSED,
	&RULE_CMA_MAY_BE_REFUSED,
	&RULE_TOO_MANY_AREAS,
	&RULE_MANY_AREAS,
	&RULE_TOO_MANY_DYNAMIC,
	&RULE_NAME_LONG,
	&RULE_NAME_COLLISION,
	&RULE_LINK_DANGLING,
	&RULE_LINK_ELSEWHERE,
	&RULE_LINK_DISABLED,
	&RULE_NOT_MERGED,
	&RULE_VENDOR,
	&RULE_TOO_MANY_REGIONS,
};
const size_t region_rule_count = COUNT_OF(region_rules);
