/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which heap is for which device, by what the device tree says and what the device took. */
#ifndef MODEL_IMPORT_CHOICE_H
#define MODEL_IMPORT_CHOICE_H

#include "model/import/matrix.h"

struct choice {
	const struct import_source *source; /* NULL: none of those that were tried */
	char *why;                          /* clauses with "; " between them */
};

/*
 * Chooses for the importer at that place: a heap of the region that the device's memory-region
 * points to and of which it took all buffers; else one that it took as a whole, pages before memory
 * of its own, which is scarce, but for a device that reaches 32 bits or fewer; heaps before
 * udmabuf. One that lies beyond the DMA mask comes after those that do not. Free with
 * choice_free().
 */
void choice_make(const struct matrix *matrix, const struct inventory *inventory, size_t importer,
		 struct choice *choice) __attribute__((nonnull));
void choice_free(struct choice *choice) __attribute__((nonnull));

#endif
