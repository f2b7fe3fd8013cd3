/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with the regions of a tree, by rules that each rest on one of the kernel's. */
#ifndef MODEL_LINT_CHECKS_H
#define MODEL_LINT_CHECKS_H

#include "base/finding.h"
#include "model/boot/fate.h"
#include "model/devicetree/region.h"

struct tree_findings {
	struct findings *regions; /* one list for each region, in their order */
	size_t region_count;
	struct findings tree; /* of other nodes, whose paths are the subjects */
};

/*
 * Checks the regions of the tree of FILE (NULL: unknown) with the fates that fates_decide() gave
 * them. Where the page size is unknown, larger ones that the architecture has are tried as well:
 * EVERY_PAGE_SIZE says that what they change is not a detail. The findings point to all of these.
 * Free with tree_findings_free().
 */
void tree_findings_collect(const char *file, const struct regions *regions,
			   const struct fates *fates, const struct kernel_facts *facts,
			   bool every_page_size, struct tree_findings *findings)
	__attribute__((nonnull(2, 3, 4, 6)));
void tree_findings_free(struct tree_findings *findings) __attribute__((nonnull));

/* All rules. */
extern const struct rule *const region_rules[];
extern const size_t region_rule_count;

#endif
