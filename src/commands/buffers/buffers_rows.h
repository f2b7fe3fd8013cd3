/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers and their holders as rows: the columns of buffers, in one order or the other. */
#ifndef COMMANDS_BUFFERS_BUFFERS_ROWS_H
#define COMMANDS_BUFFERS_BUFFERS_ROWS_H

#include "model/buffer/usage.h"
#include "model/fence/waiters.h"
#include "model/heap/inventory.h"
#include "view/table.h"

enum buffers_column {
	BUFFERS_ID,
	BUFFERS_TYPE,
	BUFFERS_INODE,
	BUFFERS_PID,
	BUFFERS_NSPID,
	BUFFERS_SIZE,
	BUFFERS_SHARE,
	BUFFERS_EXPORTER,
	BUFFERS_HEAP,
	BUFFERS_NAME,
	BUFFERS_AGE,
	BUFFERS_ADDRESS,
	BUFFERS_BUFFERS,
	BUFFERS_HOLDERS,
	BUFFERS_FDS,
	BUFFERS_MAPS,
	BUFFERS_MAPPED,
	BUFFERS_KERNEL,
	BUFFERS_FENCES,
	BUFFERS_USER,
	BUFFERS_COMMAND,
	BUFFERS_UNIT,
	BUFFERS_HOW,
	BUFFERS_COLUMN_COUNT
};

extern const struct column buffers_columns[BUFFERS_COLUMN_COUNT];

/* What stands at the left. */
enum buffers_order {
	BY_BUFFER,
	BY_PROCESS,
	BY_HEAP,
	BY_EXPORTER,
};

/* What was read, and which of it is shown. */
struct buffers_view {
	const struct usages *usages;
	const struct inventory *inventory; /* heaps: none where they could not be read */
	const bool *shown;                 /* a flag for each buffer */
	bool all;                          /* no filter was given */
	const struct root *root;
	const struct waiters *waiters; /* or NULL: with --waiters */
	bool live;                     /* names of users are this machine's */
};

/* The columns that --waiters shows without --output. */
#define BUFFERS_WAITERS_COLUMNS "ID,SIZE,EXPORTER,NAME,FENCES,COMMAND,HOW"

/* Says whether a task waits for a fence of the buffer, or may. */
bool buffers_have_waiter(const struct waiters *waiters, const struct usage *usage)
	__attribute__((nonnull));

/* Adds the rows. */
void buffers_rows(struct table *table, const struct buffers_view *view, enum buffers_order order)
	__attribute__((nonnull));

/* The heap that made a buffer, or NULL: another exporter, or a kernel that does not say. */
const struct memory *buffers_heap(const struct inventory *inventory, const struct usage *usage)
	__attribute__((nonnull));

#endif
