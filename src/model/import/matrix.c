// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

/* Whether both are nodes or queues of one device. */
static bool same_device(const struct importer *a, const struct importer *b)
{
	return !strcmp(a->path, b->path) ||
	       (a->device && b->device && !strcmp(a->device, b->device));
}

/* A driver that holds a child in the kernel may hold the next one as well, and it its buffers. */
static bool is_stuck(const struct matrix *matrix, const struct importer *importer, size_t done)
{
	for (size_t i = 0; i < done; i++) {
		if (matrix->cells[i].stuck &&
		    same_device(&matrix->importers.items[i / matrix->sources.count], importer))
			return true;
	}
	return false;
}

int matrix_run(struct matrix *matrix, const struct attempt_wanted *wanted, struct tracing *tracing,
	       matrix_progress *progress, void *argument)
{
	size_t sources = matrix->sources.count, all = sources * matrix->importers.count;
	int error = 0;

	matrix->cells = xcalloc(all + 1, sizeof(*matrix->cells));
	for (size_t i = 0; i < all && !error; i++) {
		const struct importer *importer = &matrix->importers.items[i / sources];

		if (progress)
			progress(argument, i, all, importer->path);
		if (is_stuck(matrix, importer, i))
			continue;
		error = attempt_run(&matrix->sources.items[i % sources], importer, wanted, tracing,
				    &matrix->cells[i]);
	}
	return error;
}

void matrix_free(struct matrix *matrix)
{
	size_t all = matrix->sources.count * matrix->importers.count;

	for (size_t i = 0; matrix->cells && i < all; i++)
		attempt_free(&matrix->cells[i]);
	free(matrix->cells);
	array_free(&matrix->sources);
	importers_free(&matrix->importers);
	*matrix = (struct matrix){0};
}

const struct attempt *matrix_cell(const struct matrix *matrix, size_t importer, size_t source)
{
	return &matrix->cells[importer * matrix->sources.count + source];
}

static void add_shape(const struct dma_shape *one, struct matrix_shape *shape)
{
	shape->buffers++;
	shape->contiguous += one->contiguous == YES;
	if (one->contiguous == NO)
		shape->answer = NO;
	if (one->pieces.known && (!shape->least.known || one->pieces.value < shape->least.value))
		shape->least = one->pieces;
	if (one->pieces.known && (!shape->most.known || one->pieces.value > shape->most.value))
		shape->most = one->pieces;
	shape->uncounted |= !one->pieces.known;
	if (!shape->base.known)
		shape->base = one->base;
}

void matrix_add_shapes(const struct attempt *attempt, struct matrix_shape *shape)
{
	array_for_each (&attempt->shapes, one)
		add_shape(one, shape);
	if (shape->uncounted)
		shape->most = (struct maybe){0};
	if (shape->buffers && shape->contiguous == shape->buffers)
		shape->answer = YES;
	else if (shape->answer == YES)
		shape->answer = UNKNOWN;
}

void matrix_shape(const struct matrix *matrix, size_t source, struct matrix_shape *shape)
{
	*shape = (struct matrix_shape){0};
	for (size_t i = 0; i < matrix->importers.count; i++)
		matrix_add_shapes(matrix_cell(matrix, i, source), shape);
}
