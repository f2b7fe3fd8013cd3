/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is held against what the device tree promised: regions with their heaps or the reason
 * for none, heaps without a region, and heaps that are missing.
 */
#ifndef MODEL_HEAP_COMPARISON_H
#define MODEL_HEAP_COMPARISON_H

#include "model/boot/fate.h"
#include "model/heap/inventory.h"

enum atlas_state {
	ATLAS_HEAP,    /* there is a heap, and none is missing */
	ATLAS_NONE,    /* there is no heap, and none was to be */
	ATLAS_MISSING, /* a heap that was to be is not there */
};

/* One stretch of memory: a region, a CMA area without one, or a heap without either. */
struct atlas_row {
	const struct region *region; /* NULL: none */
	const struct cma_area *area; /* NULL: none, or not known */
	struct {
		ARRAY_OF(const struct memory *);
	} heaps; /* several: aliases */
	struct strings missing;
	enum atlas_state state;
	char *reason; /* why there is no heap, or NULL */
	struct maybe base, size;
};

struct atlas {
	ARRAY_OF(struct atlas_row); /* regions in their order, then areas, then heaps */
};

/*
 * INVENTORY and FATES, of the same tree under the same kernel, must outlive the atlas. HEAPS_ERROR
 * is inventory_read_all()'s. Release with atlas_release().
 */
void atlas_make(const struct inventory *inventory, const struct fates *fates, int heaps_error,
		struct atlas *atlas) __attribute__((nonnull));
void atlas_release(struct atlas *atlas) __attribute__((nonnull));

/* "heap", "none", "missing": constant. */
const char *atlas_state_words(enum atlas_state state) __attribute__((returns_nonnull));

#endif
