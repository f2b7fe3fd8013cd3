/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pending fences and the tasks that sleep until they are signalled, as rows. */
#ifndef COMMANDS_BUFFERS_BUFFERS_WAITERS_H
#define COMMANDS_BUFFERS_BUFFERS_WAITERS_H

#include "commands/buffers/buffers_cells.h"

/* Says whether a task waits for a fence of the buffer, or may. */
bool buffers_have_waiter(const struct waiters *waiters, const struct usage *usage)
	__attribute__((nonnull));

/* Adds the buffers that are shown, and below each its fences and who waits for these. */
void buffers_waiters(struct table *table, const struct buffers_view *view) __attribute__((nonnull));

#endif
