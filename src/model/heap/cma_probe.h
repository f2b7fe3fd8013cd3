/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CMA area is behind a heap, measured: three allocations of odd numbers of pages must each
 * change the counters of the same one area by exactly that number (mm/cma_sysfs.c).
 */
#ifndef MODEL_HEAP_CMA_PROBE_H
#define MODEL_HEAP_CMA_PROBE_H

#include "model/heap/inventory.h"

enum cma_probe_result {
	PROBE_AREA,       /* one area changed each time */
	PROBE_NO_AREA,    /* none changed: the memory is not a CMA area's */
	PROBE_NOISE,      /* others allocate too much meanwhile for a result */
	PROBE_IMPOSSIBLE, /* error says why */
};

#define PROBE_ROUNDS 3

struct cma_probe {
	enum cma_probe_result result;
	const struct cma_area *area;  /* of the inventory, with PROBE_AREA */
	uint64_t pages[PROBE_ROUNDS]; /* that were allocated */
	int error;                    /* PROBE_IMPOSSIBLE: -errno */
	bool contradicts;             /* the link that the inventory has is another */
};

/*
 * Measures one heap of this machine. Allocates three small buffers, one after the other, and frees
 * them. PROBE_IMPOSSIBLE with -ENODATA: there are no counters (CONFIG_CMA_SYSFS).
 */
void cma_probe(const struct root *root, const struct inventory *inventory,
	       const struct memory *memory, struct cma_probe *probe) __attribute__((nonnull));

#endif
