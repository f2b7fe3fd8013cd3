/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules by name, for the checks: RULE(name, severity, id, rule, instead). */
#ifndef MODEL_LINT_REGION_RULES_H
#define MODEL_LINT_REGION_RULES_H

#include "model/lint/checks.h"

enum rule_index {
#define RULE(name, severity, id, rule, instead) RULE_##name,
#include "model/lint/region_rules.inc"
#undef RULE
	RULE_COUNT
};

/* What the checks work on. */
struct judge {
	const struct regions *regions;
	const struct fates *fates;
	const struct kernel_facts *facts;
	struct findings *findings;
};

/* Adds a finding about REGION, or about the node PATH where REGION is NULL. */
void finding_add(struct judge *judge, enum rule_index rule, const struct region *region,
		 const char *path, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Checks of finding_memory.c: regions against each other, /memreserve/ and RAM. */
void finding_check_memory(struct judge *judge) __attribute__((nonnull));
/* Checks of finding_links.c: memory-region, names, defaults, bindings. */
void finding_check_binding(struct judge *judge, const struct region *region)
	__attribute__((nonnull));
void finding_check_tree(struct judge *judge) __attribute__((nonnull));

#endif
