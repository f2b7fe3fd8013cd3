/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A heap as a row: the columns of list, which info shows as well. To add one, put it into enum
 * heap_column and heap_columns[]; the compiler then asks for its cases.
 */
#ifndef COMMANDS_HEAP_COLUMNS_H
#define COMMANDS_HEAP_COLUMNS_H

#include "model/buffer/bufinfo.h"
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
	HEAP_USED,
	HEAP_COUNT,
	HEAP_BUFFERS,
	HEAP_ALIASES,
	HEAP_COLUMN_COUNT
};

extern const struct column heap_columns[HEAP_COLUMN_COUNT];

/* What has to be read for the columns that the table shows: of enum wanted. */
unsigned int heap_columns_want(const struct table *table) __attribute__((nonnull));

/* Says whether the table shows what the kernel's listing of buffers tells. */
bool heap_columns_want_buffers(const struct table *table) __attribute__((nonnull));

/* Adds a row. BUFFERS: the kernel's listing, or NULL where it was not read. */
void heap_row(struct table *table, const struct memory *memory, const struct bufinfos *buffers)
	__attribute__((nonnull(1, 2)));

/* Where the value of a column was read; NULL: unknown. The caller frees it. */
char *heap_column_source(const struct memory *memory, enum heap_column column)
	__attribute__((nonnull));

#endif
