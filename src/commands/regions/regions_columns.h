/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A region, a bank of RAM or a /memreserve/ entry as a row. */
#ifndef COMMANDS_REGIONS_REGIONS_COLUMNS_H
#define COMMANDS_REGIONS_REGIONS_COLUMNS_H

#include "model/boot/fate.h"
#include "model/lint/checks.h"
#include "view/table.h"

enum regions_column {
	REGIONS_FILE,
	REGIONS_NODE,
	REGIONS_BASE,
	REGIONS_SIZE,
	REGIONS_END,
	REGIONS_PLACEMENT,
	REGIONS_ALIGNMENT,
	REGIONS_ALLOC_RANGES,
	REGIONS_KIND,
	REGIONS_FLAGS,
	REGIONS_STATUS,
	REGIONS_COMPATIBLE,
	REGIONS_LABELS,
	REGIONS_CONSUMERS,
	REGIONS_OUTCOME,
	REGIONS_FATE,
	REGIONS_HEAPS,
	REGIONS_AREA,
	REGIONS_FINDINGS,
	REGIONS_PROPERTIES,
	REGIONS_COLUMN_COUNT
};

extern const struct column regions_columns[REGIONS_COLUMN_COUNT];

/* One tree, and what was found out about it. */
struct tree_report {
	const char *file; /* NULL: a blob */
	struct tree *tree;
	struct regions regions;
	struct kernel_facts facts;
	struct fates fates;
	struct tree_findings findings;
};

/* Adds the rows of a tree, by address; ALL: with RAM, /memreserve/ and the area of cma= or Kconfig.
 */
void regions_rows(struct table *table, const struct tree_report *report, bool all);

/* A finding as JSON: id, severity, message; those of a TREE also file and node. */
struct value *regions_finding_value(const struct finding *finding, bool tree);

/* The value of a property as dtc writes it, cut where it is long; the caller frees it. */
char *regions_property_text(const struct property *property);

#endif
