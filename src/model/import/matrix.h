/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All heaps on all devices, and what follows from that: where each heap's buffers lie, and which
 * heap is for which device. */
#ifndef MODEL_IMPORT_MATRIX_H
#define MODEL_IMPORT_MATRIX_H

#include "model/import/attempt.h"

/* Where the buffers of a source lie, as devices that mapped them were told. */
struct matrix_shape {
	unsigned int buffers, contiguous; /* measured; of these in one piece */
	enum tristate answer;             /* NO as soon as one is not; UNKNOWN: none was mapped */
	bool uncounted;                   /* the pieces of one at least are unknown */
	struct maybe least, most;         /* pieces, of those that are known; most: of all */
	struct maybe base;                /* of one of them */
};

struct matrix {
	struct {
		ARRAY_OF(struct import_source);
	} sources;
	struct importers importers;
	struct attempt *cells; /* of each importer all sources */
};

/* Called before each attempt; DONE of ALL are done. */
typedef void matrix_progress(void *argument, size_t done, size_t all, const char *name);

/*
 * Tries all sources, whose names stay the caller's, on all importers. Returns 0 or -EINTR where a
 * stop signal came; the cells that are left are then ATTEMPT_NONE, and so are those of a device
 * whose driver did not let go of a child.
 */
int matrix_run(struct matrix *matrix, const struct attempt_wanted *wanted, struct tracing *tracing,
	       matrix_progress *progress, void *argument) __attribute__((nonnull(1, 2)));
/* Also of one that was not run. */
void matrix_free(struct matrix *matrix) __attribute__((nonnull));

/* The attempt with a source on an importer, by their places. */
const struct attempt *matrix_cell(const struct matrix *matrix, size_t importer, size_t source)
	__attribute__((nonnull, returns_nonnull));

/* Adds what an attempt says to a shape; matrix_shape() is that of all attempts with a source. */
void matrix_add_shapes(const struct attempt *attempt, struct matrix_shape *shape)
	__attribute__((nonnull));
void matrix_shape(const struct matrix *matrix, size_t source, struct matrix_shape *shape)
	__attribute__((nonnull));

#endif
