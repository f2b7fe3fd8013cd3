/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with regions: a table of rules, each with the kernel's own rule behind it. */
#ifndef MODEL_LINT_CHECKS_H
#define MODEL_LINT_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/severity.h"
#include "model/boot/fate.h"
#include "model/devicetree/region.h"

struct rule {
	const char *id; /* stable */
	enum severity severity;
	const char *rule;    /* what the kernel does, and where */
	const char *instead; /* what to write */
};

struct finding {
	const struct rule *rule;
	const struct region *region; /* NULL: of the tree */
	char *path;                  /* of the node at fault where region is NULL */
	char *message;
};

struct findings {
	ARRAY_OF(struct finding); /* by region, those of the tree last */
};

/* Judges the regions with the fates that fates_decide() gave them; release with
 * findings_release(). */
void findings_collect(const struct regions *regions, const struct fates *fates,
		      const struct kernel_facts *facts, struct findings *findings)
	__attribute__((nonnull));
void findings_release(struct findings *findings) __attribute__((nonnull));

/* All rules, for documentation and tests. */
const struct rule *finding_rules(size_t *count) __attribute__((nonnull, returns_nonnull));

#endif
