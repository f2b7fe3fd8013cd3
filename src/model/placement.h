/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether dynamic regions find room: RAM without what is reserved, as far as the tree tells. */
#ifndef MODEL_PLACEMENT_H
#define MODEL_PLACEMENT_H

#include "model/fate.h"
#include "model/region.h"

struct placement;

/* The free memory of a boot before dynamic regions are placed; free with placement_free(). */
struct placement *placement_new(const struct regions *regions, const struct kernel_facts *facts)
	__attribute__((nonnull, returns_nonnull));
void placement_free(struct placement *placement);

/*
 * Places REGION, in the tree's order of dynamic regions. Returns 0, or -ENOMEM where it can't fit,
 * -ENXIO where alloc-ranges could hold it if there were RAM, and -ENOSPC where it is one too many,
 * with the reason in *problem, which the caller frees.
 */
int placement_of(struct placement *placement, const struct region *region, char **problem)
	__attribute__((nonnull, warn_unused_result));

/* CMA_MIN_ALIGNMENT_BYTES of the kernel, or the smallest and *largest where it is not known. */
uint64_t kernel_facts_alignment(const struct kernel_facts *facts, uint64_t *largest)
	__attribute__((nonnull));

#endif
