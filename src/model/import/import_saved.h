/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the buffers of each heap lay, in a file: text with tabs between the fields of a line.
 * First the format, "dmaheap-import 1", then the kernel, "kernel" and its release, a line of
 * headings, and a line for each heap of which a device mapped buffers. What cannot be printed in a
 * name is written as \xNN.
 */
#ifndef MODEL_IMPORT_IMPORT_SAVED_H
#define MODEL_IMPORT_IMPORT_SAVED_H

#include <stdint.h>

#include "base/array.h"
#include "base/known.h"

struct matrix;

struct import_saved_row {
	char *heap;
	enum tristate contiguous;
	uint64_t buffers, in_one_piece;
};

struct import_saved {
	char *kernel;
	ARRAY_OF(struct import_saved_row);
};

/* The first line. */
#define IMPORT_SAVED_FORMAT   "dmaheap-import 1"
/* A kernel has 128 heaps at most. */
#define IMPORT_SAVED_ROWS_MAX 256

/* The text of a matrix that was run; the caller frees it. */
char *import_saved_text(const struct matrix *matrix) __attribute__((nonnull, returns_nonnull));

/*
 * Reads such a text, which is changed. Returns 0, or -EBADMSG with the number of the line that is
 * wrong and a constant sentence about it. Either way the caller frees *saved, which has to be zero
 * before, with import_saved_free().
 */
int import_saved_parse(char *text, struct import_saved *saved, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
void import_saved_free(struct import_saved *saved) __attribute__((nonnull));

/* The row of a heap, or NULL. */
const struct import_saved_row *import_saved_find(const struct import_saved *saved, const char *heap)
	__attribute__((nonnull));

#endif
