/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers and their holders as rows, in one order or the other. */
#ifndef COMMANDS_BUFFERS_BUFFERS_ROWS_H
#define COMMANDS_BUFFERS_BUFFERS_ROWS_H

#include "commands/buffers/buffers_cells.h"

/* What stands at the left. */
enum buffers_order {
	BY_BUFFER,
	BY_PROCESS,
	BY_HEAP,
	BY_EXPORTER,
};

/* Adds the rows: with view->waiters those of buffers_waiters(). */
void buffers_rows(struct table *table, const struct buffers_view *view, enum buffers_order order)
	__attribute__((nonnull));

#endif
