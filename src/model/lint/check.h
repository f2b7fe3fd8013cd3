/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks of the regions of a tree share; only model/lint/ includes it. */
#ifndef MODEL_LINT_CHECK_H
#define MODEL_LINT_CHECK_H

#include "base/finding.h"
#include "model/boot/fate.h"
#include "model/devicetree/region.h"

struct tree_findings;

/* All rules, in the order in which they are reported. */
#define REGION_RULES(EACH) \
	EACH(ELSEWHERE) \
	EACH(CELLS) \
	EACH(RANGES) \
	EACH(REG_LENGTH) \
	EACH(REG_ENTRIES) \
	EACH(SIZE_ZERO) \
	EACH(SIZE_LENGTH) \
	EACH(ALIGNMENT_LENGTH) \
	EACH(ALLOC_RANGES_LENGTH) \
	EACH(NO_MEMORY) \
	EACH(ADDRESS_WRONG) \
	EACH(ADDRESS_MISSING) \
	EACH(ADDRESS_CASE) \
	EACH(ADDRESS_DYNAMIC) \
	EACH(BOTH_FLAGS) \
	EACH(REUSABLE_ALONE) \
	EACH(DEFAULT_MISUSED) \
	EACH(DEFAULT_TWICE) \
	EACH(DMA_DEFAULT_MISUSED) \
	EACH(RESTRICTED_MISUSED) \
	EACH(STATUS_DISABLED) \
	EACH(STATUS_ODD) \
	EACH(OVERLAP) \
	EACH(OVERLAP_NESTED) \
	EACH(OVERLAP_MEMRESERVE) \
	EACH(OVERLAP_MEMRESERVE_CMA) \
	EACH(OUTSIDE_RAM) \
	EACH(OUTSIDE_RAM_CMA) \
	EACH(ALLOC_RANGES_SMALL) \
	EACH(ALLOC_RANGES_RAM) \
	EACH(NO_ROOM) \
	EACH(ALIGNMENT) \
	EACH(ALIGNMENT_PAGES) \
	EACH(NO_RAM_LEFT) \
	EACH(LITTLE_RAM_LEFT) \
	EACH(MEM_ADDS_RAM) \
	EACH(OVER_OTHERS) \
	EACH(CROSSES_ZONES) \
	EACH(MAY_CROSS_ZONES) \
	EACH(DEFAULT_HIGH) \
	EACH(CMA_REFUSED) \
	EACH(CMA_MAY_BE_REFUSED) \
	EACH(TOO_MANY_AREAS) \
	EACH(MANY_AREAS) \
	EACH(TOO_MANY_DYNAMIC) \
	EACH(NAME_LONG) \
	EACH(NAME_COLLISION) \
	EACH(LINK_DANGLING) \
	EACH(LINK_ELSEWHERE) \
	EACH(LINK_DISABLED) \
	EACH(NOT_MERGED) \
	EACH(VENDOR) \
	EACH(TOO_MANY_REGIONS)

#define REGION_RULE_DECLARATION(symbol) extern const struct rule RULE_##symbol;
REGION_RULES(REGION_RULE_DECLARATION)
#undef REGION_RULE_DECLARATION

/* What the kernel does and where, and what to write instead; beside the function that checks it. */
#define RULE(name, severity_, id_, property_, sentence_, instead_) \
	const struct rule RULE_##name = {.id = (id_), \
					 .severity = SEVERITY_##severity_, \
					 .property = (property_), \
					 .sentence = (sentence_), \
					 .instead = (instead_)}

struct check {
	const char *file;
	const struct regions *regions;
	const struct fates *fates;
	const struct kernel_facts *facts;
	bool every_page_size;
	struct tree_findings *findings;
};

/* Adds a finding about REGION, or about the node PATH where REGION is NULL. */
void check_report(struct check *check, const struct rule *rule, const struct region *region,
		  const char *path, const char *format, ...)
	__attribute__((format(printf, 5, 6), nonnull(1, 2, 5)));

/* Adds what an author does on purpose more often than not: nobody acts on it who did not ask. */
void check_report_detail(struct check *check, const struct rule *rule, const struct region *region,
			 const char *format, ...)
	__attribute__((format(printf, 4, 5), nonnull(1, 2, 3, 4)));

/* The fate of one of the regions. */
static inline const struct fate *fate_of(const struct check *check, const struct region *region)
{
	return &check->fates->items[region - check->regions->items];
}

/* /reserved-memory itself, the nodes that refer to regions, and the default area without one. */
void check_tree(struct check *check) __attribute__((nonnull));

/*
 * What the node of a region says: status, flags, bindings, properties, name. Returns whether it
 * leaves the region memory to check.
 */
bool check_node(struct check *check, const struct region *region) __attribute__((nonnull));

/* What keeps a region from being the CMA area, or from having the place, that its node asks for. */
void check_area(struct check *check, const struct region *region) __attribute__((nonnull));
/* The same of the area of cma= or the configuration. */
void check_other_area(struct check *check) __attribute__((nonnull));

/* Regions with an address: their memory beside that of others, /memreserve/ and the RAM. */
void check_memory(struct check *check) __attribute__((nonnull));

#endif
