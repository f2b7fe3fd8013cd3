/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came and went between two looks at the buffers. */
#ifndef COMMANDS_BUFFERS_BUFFERS_WATCH_H
#define COMMANDS_BUFFERS_BUFFERS_WATCH_H

#include "cli/command.h"
#include "commands/buffers/buffers_cells.h"

/* A buffer as it was at the last look. */
struct known_buffer {
	uint64_t inode;
	struct maybe size;
	char *exporter, *name;  /* or NULL */
	struct strings holders; /* processes and devices, in the order of their text */
};

/* The last look. {0}: there was none. */
struct buffers_known {
	bool any;
	ARRAY_OF(struct known_buffer); /* those that were shown, by inode */
};

/*
 * Writes a line for each buffer that came (+) or went (-) since the last look, and for each that
 * stayed (=) with other holders; nothing where there was none. Then remembers this one. Free with
 * buffers_known_free().
 */
void buffers_changes(const struct context *context, struct buffers_known *known,
		     const struct buffers_view *view, FILE *stream) __attribute__((nonnull));
void buffers_known_free(struct buffers_known *known);

#endif
