/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether dynamic regions find room: RAM without what is reserved, as far as the tree tells. */
#ifndef MODEL_BOOT_FREE_MEMORY_H
#define MODEL_BOOT_FREE_MEMORY_H

#include "model/boot/fate.h"
#include "model/devicetree/region.h"

struct placement;

/* The free memory of a boot before dynamic regions are placed; free with placement_free(). */
struct placement *placement_new(const struct regions *regions, const struct kernel_facts *facts)
	__attribute__((nonnull, returns_nonnull));
void placement_free(struct placement *placement);

/*
 * Places REGION, in the tree's order of dynamic regions. Returns 0, or -ENOMEM where the RAM can't
 * hold it, -ERANGE where alloc-ranges can't, -ENXIO where these could if there were RAM, and
 * -ENOSPC where it is one too many, with the reason in *problem, which the caller frees.
 */
int placement_of(struct placement *placement, const struct region *region, char **problem)
	__attribute__((nonnull, warn_unused_result));

/* How many bytes of a static region lie in banks of RAM. */
uint64_t placement_ram_bytes(const struct regions *regions, const struct region *region)
	__attribute__((nonnull));

/* Whether SIZE bytes are free in one piece at the CMA alignment, as cma= wants them. */
bool placement_has_room(const struct placement *placement, uint64_t size) __attribute__((nonnull));

#endif
