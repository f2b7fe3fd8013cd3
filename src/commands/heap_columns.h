/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A heap as a row: the columns of list, which info shows as well. */
#ifndef COMMANDS_HEAP_COLUMNS_H
#define COMMANDS_HEAP_COLUMNS_H

#include "model/heap/inventory.h"
#include "view/table.h"

enum heap_column {
	HEAP_NAME,
	HEAP_NODE,
	HEAP_DEVICE,
	HEAP_OWNER,
	HEAP_GROUP,
	HEAP_MODE,
	HEAP_ACCESS,
	HEAP_PROVENANCE,
	HEAP_KIND,
	HEAP_BASE,
	HEAP_SIZE,
	HEAP_FREE,
	HEAP_LARGEST,
	HEAP_BUFFERS,
	HEAP_ALIASES,
	HEAP_COLUMN_COUNT
};

extern const struct column heap_columns[HEAP_COLUMN_COUNT];

/* Sets the cells of the table's last row. The heap was read below ROOT. */
void heap_row(struct table *table, const struct root *root, const struct memory *memory)
	__attribute__((nonnull));

#endif
