// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/lint/checks.h"
#include "model/boot/known_names.h"

#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/free_memory.h"
#include "model/lint/region_rules.h"

#define MIB UINT64_C(0x100000)

static const struct rule rules[] = {
#define RULE(name, severity, id, rule, instead) {id, SEVERITY_##severity, rule, instead},
#include "model/lint/region_rules.inc"
#undef RULE
};

void finding_add(struct judge *judge, enum rule_index rule, const struct region *region,
		 const char *path, const char *format, ...)
{
	struct finding *finding = array_add(judge->findings);
	va_list arguments;

	finding->rule = &rules[rule];
	finding->region = region;
	finding->path = path ? xstrdup(path) : NULL;
	va_start(arguments, format);
	finding->message = xvasprintf(format, arguments);
	va_end(arguments);
}

static const struct fate *fate_of(const struct judge *judge, const struct region *region)
{
	return &judge->fates->items[region - judge->regions->items];
}

/* Properties that can't be read. Returns true where the region has no memory to judge. */
static bool check_properties(struct judge *judge, const struct region *region)
{
	uint32_t address = judge->regions->root_address_cells;
	uint32_t size = judge->regions->root_size_cells;

	if (region->has_reg && !region->reg_length)
		finding_add(judge, RULE_REG_LENGTH, region, NULL, "reg is empty");
	else if (region->has_reg && !region->reg_length_ok)
		finding_add(judge, RULE_REG_LENGTH, region, NULL,
			    "reg has %u bytes, no multiple of %u (%u + %u cells)",
			    region->reg_length, (address + size) * 4, address, size);
	if (region->has_reg && region->reg_length_ok && region->reg_entries > 1)
		finding_add(judge, RULE_REG_ENTRIES, region, NULL,
			    "reg has %u entries, the kernel uses the first", region->reg_entries);
	if (region->placement != REGION_STATIC) {
		if (region->has_size && !region->size_length_ok)
			finding_add(judge, RULE_SIZE_LENGTH, region, NULL,
				    "size has %u bytes, not %u (%u cells)", region->size_length,
				    size * 4, size);
		if (region->has_alignment && !region->alignment_length_ok)
			finding_add(judge, RULE_ALIGNMENT_LENGTH, region, NULL,
				    "alignment has %u bytes, not %u (%u cells)",
				    region->alignment_length, address * 4, address);
		if (region->has_alloc_ranges && !region->alloc_ranges_length_ok)
			finding_add(judge, RULE_ALLOC_RANGES_LENGTH, region, NULL,
				    "alloc-ranges has %u bytes, no multiple of %u (%u + %u cells)",
				    region->alloc_ranges_length, (address + size) * 4, address,
				    size);
	}
	if (region->placement == REGION_NOWHERE) {
		if (!region->has_reg && !region->has_size && !region->has_iommu_addresses)
			finding_add(judge, RULE_NO_MEMORY, region, NULL, "neither reg nor size");
		return true;
	}
	if (!region->size)
		finding_add(judge, RULE_SIZE_ZERO, region, NULL, "size is 0");
	return !region->size;
}

static void check_unit_address(struct judge *judge, const struct region *region)
{
	const char *text = strchr(region->name, '@');
	uint64_t address;

	if (region->placement == REGION_DYNAMIC && text) {
		finding_add(judge, RULE_ADDRESS_DYNAMIC, region, NULL,
			    "a unit address, but no reg: the kernel chooses the place");
		return;
	}
	if (region->placement != REGION_STATIC)
		return;
	if (!text) {
		finding_add(judge, RULE_ADDRESS_MISSING, region, NULL,
			    "reg, but no unit address: %s@%llx", region->name,
			    (unsigned long long)region->base);
		return;
	}
	text++;
	if (!unit_address(region->name, &address) || address != region->base) {
		finding_add(judge, RULE_ADDRESS_WRONG, region, NULL,
			    "the unit address is %s, reg says %llx", text,
			    (unsigned long long)region->base);
		return;
	}
	if (text[strspn(text, "0123456789abcdef")] || (text[0] == '0' && text[1]))
		finding_add(judge, RULE_ADDRESS_CASE, region, NULL,
			    "the unit address is %s, usually written %llx", text,
			    (unsigned long long)address);
}

static const char *list_pages(char *text, size_t size, const struct region *region, uint64_t page)
{
	static const struct {
		uint64_t page, alignment;
	} kernels[] = {{16384, 32 * MIB}, {65536, 512 * MIB}};
	uint64_t wrong =
		region->placement == REGION_STATIC ? region->base | region->size : region->size;

	*text = '\0';
	for (size_t i = 0; i < COUNT_OF(kernels); i++) {
		size_t length = strlen(text);

		if (kernels[i].page > page && wrong & (kernels[i].alignment - 1))
			snprintf(text + length, size - length, "%s%llu KiB (%llu MiB)",
				 length ? " and " : "", (unsigned long long)kernels[i].page / 1024,
				 (unsigned long long)(kernels[i].alignment / MIB));
	}
	return *text ? text : NULL;
}

/* What keeps a CMA pool from being a heap. */
static void check_cma_pool(struct judge *judge, const struct region *region)
{
	const struct fate *fate = fate_of(judge, region);
	uint64_t largest, smallest = kernel_facts_alignment(judge->facts, &largest);
	uint64_t bits =
		region->placement == REGION_STATIC ? region->base | region->size : region->size;
	char text[64];

	if (region->kind != REGION_CMA_POOL || fate->kind == FATE_DROPPED)
		return;
	if (bits & (smallest - 1))
		finding_add(judge, RULE_ALIGNMENT, region, NULL,
			    "base or size is no multiple of %llu MiB, the CMA alignment with %llu "
			    "KiB pages",
			    (unsigned long long)(smallest / MIB),
			    (unsigned long long)(judge->facts->page_size
							 ? judge->facts->page_size / 1024
							 : 4));
	else if (!judge->facts->page_size && list_pages(text, sizeof(text), region, 4096))
		finding_add(judge, RULE_ALIGNMENT_PAGES, region, NULL,
			    "no heap with pages of %s: base or size is no multiple of the CMA "
			    "alignment",
			    text);
	if (fate->too_many)
		finding_add(judge, judge->facts->cma_areas ? RULE_TOO_MANY_AREAS : RULE_MANY_AREAS,
			    region, NULL, "%s", fate->text);
	if (fate->name_taken)
		finding_add(judge, RULE_NAME_COLLISION, region, NULL,
			    "another heap is called %s already", region->name);
	if (strlen(region->name) > AREA_NAME_MAX)
		finding_add(judge, RULE_NAME_LONG, region, NULL,
			    "the node's name has %zu characters, the heap's %.*s",
			    strlen(region->name), AREA_NAME_MAX, region->name);
}

static void check_flags(struct judge *judge, const struct region *region)
{
	bool pool = property_has_string(&region->compatible, "shared-dma-pool");
	bool restricted = property_has_string(&region->compatible, "restricted-dma-pool");

	if (restricted &&
	    (region->reusable || region->no_map || region->cma_default || region->dma_default)) {
		finding_add(judge, RULE_RESTRICTED_MISUSED, region, NULL,
			    "a restricted-dma-pool can't be %s",
			    region->reusable      ? "reusable"
			    : region->no_map      ? "no-map"
			    : region->cma_default ? "linux,cma-default"
						  : "linux,dma-default");
		return;
	}
	if (region->reusable && region->no_map)
		finding_add(judge, RULE_BOTH_FLAGS, region, NULL, "no-map and reusable");
	else if (region->reusable && !pool)
		finding_add(judge, RULE_REUSABLE_ALONE, region, NULL,
			    "reusable, but no shared-dma-pool");
	else if (region->cma_default && region->kind != REGION_CMA_POOL)
		finding_add(judge, RULE_DEFAULT_MISUSED, region, NULL,
			    "linux,cma-default on a region that is no CMA pool: %s",
			    !pool            ? "it is no shared-dma-pool"
			    : region->no_map ? "it is no-map"
					     : "it is not reusable");
	if (region->dma_default && (!pool || region->reusable))
		finding_add(judge, RULE_DMA_DEFAULT_MISUSED, region, NULL,
			    "linux,dma-default on a region that is no coherent pool");
}

static void check_status(struct judge *judge, const struct region *region)
{
	array_for_each (&region->consumers, consumer) {
		if (consumer->enabled)
			return; /* told where it hurts: memory-region-disabled */
	}
	finding_add(judge,
		    !strcmp(region->status, "disabled") ? RULE_STATUS_DISABLED : RULE_STATUS_ODD,
		    region, NULL, "status \"%s\" drops the region", region->status);
}

static void check_dynamic(struct judge *judge, const struct region *region)
{
	const struct fate *fate = fate_of(judge, region);

	if (fate->no_ram || fate->no_range)
		finding_add(judge, fate->no_ram ? RULE_ALLOC_RANGES_RAM : RULE_ALLOC_RANGES_SMALL,
			    region, NULL,
			    fate->no_ram ? "the memory banks have no RAM in alloc-ranges for the "
					   "size"
					 : "alloc-ranges have no free memory for the size");
	if (fate->no_room)
		finding_add(judge, RULE_NO_ROOM, region, NULL,
			    "the RAM has no free memory for the size");
	if (fate->too_many_dynamic)
		finding_add(judge, RULE_TOO_MANY_DYNAMIC, region, NULL,
			    "more dynamic regions than the kernel places");
}

static void check_region(struct judge *judge, const struct region *region)
{
	if (!region->enabled) {
		check_status(judge, region); /* the cause: what follows from it is not told */
		return;
	}
	check_flags(judge, region);
	finding_check_binding(judge, region);
	if (!judge->regions->supported)
		return;
	if (check_properties(judge, region))
		return;
	check_unit_address(judge, region);
	check_dynamic(judge, region);
	check_cma_pool(judge, region);
}

static int by_region(const void *a, const void *b)
{
	const struct finding *one = a, *other = b;

	if (!one->region || !other->region)
		return !one->region - !other->region;
	if (one->region != other->region)
		return one->region < other->region ? -1 : 1;
	return one->rule < other->rule ? -1 : one->rule > other->rule;
}

void findings_collect(const struct regions *regions, const struct fates *fates,
		      const struct kernel_facts *facts, struct findings *findings)
{
	struct judge judge = {regions, fates, facts, findings};

	memset(findings, 0, sizeof(*findings));
	finding_check_tree(&judge);
	array_for_each (regions, region)
		check_region(&judge, region);
	if (regions->supported)
		finding_check_memory(&judge);
	if (findings->count)
		qsort(findings->items, findings->count, sizeof(*findings->items), by_region);
}

void findings_release(struct findings *findings)
{
	array_for_each (findings, finding) {
		free(finding->path);
		free(finding->message);
	}
	array_free(findings);
}

const struct rule *finding_rules(size_t *count)
{
	*count = COUNT_OF(rules);
	return rules;
}
