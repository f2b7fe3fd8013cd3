/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cells of a row of buffers: of a buffer, and of a process that holds it. */
#ifndef COMMANDS_BUFFERS_BUFFERS_CELLS_H
#define COMMANDS_BUFFERS_BUFFERS_CELLS_H

#include "commands/buffers/buffers_columns.h"
#include "model/buffer/usage.h"
#include "model/fence/waiters.h"
#include "model/heap/inventory.h"

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

/* The heap that made a buffer, or NULL: another exporter, or a kernel that does not say. */
const struct memory *buffers_heap(const struct inventory *inventory, const struct usage *usage)
	__attribute__((nonnull));

/* A number as the text of ID. */
struct value *buffers_id(uint64_t number) __attribute__((returns_nonnull));

/* Sets what is the same wherever a buffer stands. */
void buffers_set_buffer(struct table *table, const struct buffers_view *view,
			const struct usage *usage) __attribute__((nonnull));

/* Sets how a buffer is held, by all processes. */
void buffers_set_counts(struct table *table, const struct usage *usage) __attribute__((nonnull));

/* Sets who a process is. */
void buffers_set_process(struct table *table, const struct buffers_view *view,
			 const struct process *process) __attribute__((nonnull));

/* Sets how one process holds one buffer: COUNT holds. */
void buffers_set_holds(struct table *table, const struct hold *holds, size_t count)
	__attribute__((nonnull));

/* Sets HOW to one text. */
void buffers_set_how(struct table *table, const char *text) __attribute__((nonnull));

#endif
