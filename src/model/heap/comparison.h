/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is, compared with what the device tree says: regions with their heaps or the reason
 * for none, heaps without a region, and heaps that are missing.
 */
#ifndef MODEL_HEAP_COMPARISON_H
#define MODEL_HEAP_COMPARISON_H

#include "model/boot/fate.h"
#include "model/heap/inventory.h"

enum comparison_state {
	STATE_HEAP,    /* there is a heap, and none is missing */
	STATE_NO_HEAP, /* there is no heap, and none is expected */
	STATE_MISSING, /* an expected heap is not there */
	STATE_OPEN,    /* there is no heap, and whether one is expected is unknown */
};

/* One stretch of memory: a region, a CMA area without one, or a heap without either. */
struct comparison_row {
	const struct region *region; /* NULL: none; may be of the tree as it is now */
	const struct cma_area *area; /* NULL: none, or unknown */
	struct {
		ARRAY_OF(const struct memory *);
	} heaps; /* several: aliases */
	struct strings missing;
	enum comparison_state state;
	char *reason; /* why there is no heap, or none that gives memory, or NULL */
	bool dead;    /* the heaps are there, and every allocation fails */
	struct maybe base, size;
};

struct comparison {
	ARRAY_OF(struct comparison_row); /* regions in their order, then areas, then heaps */
};

/*
 * INVENTORY and FATES, of the same tree under the same kernel, must outlive the comparison.
 * HEAPS_ERROR is inventory_read_all()'s. The caller frees it with comparison_free().
 */
void comparison_make(const struct inventory *inventory, const struct fates *fates, int heaps_error,
		     struct comparison *comparison) __attribute__((nonnull));
void comparison_free(struct comparison *comparison) __attribute__((nonnull));

/* "heap", "none", "missing", "open": constant. */
const char *comparison_state_name(enum comparison_state state) __attribute__((returns_nonnull));

#endif
