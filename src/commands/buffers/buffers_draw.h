/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of heaps as a picture, each buffer in its place. */
#ifndef COMMANDS_BUFFERS_BUFFERS_DRAW_H
#define COMMANDS_BUFFERS_BUFFERS_DRAW_H

#include "cli/command.h"
#include "model/buffer/usage.h"
#include "model/heap/inventory.h"

/*
 * Draws the memory of each heap in NAMES, or of all whose memory is a region: as text into STREAM,
 * or, where SVG is not NULL, of one into that file. Returns the exit status.
 */
enum exit_code buffers_draw(const struct context *context, const struct inventory *inventory,
			    const struct usages *usages, const struct strings *names,
			    const char *svg, FILE *stream) __attribute__((nonnull(1, 2, 3, 4, 6)));

#endif
