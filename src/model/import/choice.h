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
 * Chooses for the importer at that place, of the sources of which it took all buffers: a heap of
 * the region that the device's memory-region points to; one that is not known to lie beyond its DMA
 * mask; a heap rather than udmabuf; one of pages, as other memory is scarce, but not for a device
 * that reaches 32 bits or fewer. Each counts for more than all that follow. Free with
 * choice_free().
 */
void choice_make(const struct matrix *matrix, const struct inventory *inventory, size_t importer,
		 struct choice *choice) __attribute__((nonnull));
void choice_free(struct choice *choice) __attribute__((nonnull));

#endif
