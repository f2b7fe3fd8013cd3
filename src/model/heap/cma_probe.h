/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CMA area is behind a heap, by measurement: an allocation of an odd number of pages must
 * move the counters of exactly one area by exactly that much, three times (mm/cma_sysfs.c).
 */
#ifndef MODEL_HEAP_CMA_PROBE_H
#define MODEL_HEAP_CMA_PROBE_H

#include "model/heap/inventory.h"

enum proof_result {
	PROOF_AREA,       /* one area moved each time */
	PROOF_NO_AREA,    /* none moved: the memory is no CMA area's */
	PROOF_NOISE,      /* others allocate so much that nothing can be told */
	PROOF_IMPOSSIBLE, /* *error says why */
};

#define PROOF_ROUNDS 3

struct proof {
	enum proof_result result;
	const struct cma_area *area;  /* of the inventory, with PROOF_AREA */
	uint64_t pages[PROOF_ROUNDS]; /* that were allocated */
	int error;                    /* PROOF_IMPOSSIBLE: -errno */
	bool contradicts;             /* the link that the inventory has */
};

/*
 * Measures one heap of this machine. Allocates three small buffers, one after the other, and frees
 * them. PROOF_IMPOSSIBLE with -ENODATA: there are no counters (CONFIG_CMA_SYSFS).
 */
void prove(const struct root *root, const struct inventory *inventory, const struct memory *memory,
	   struct proof *proof) __attribute__((nonnull));

#endif
