/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether dynamic regions find room: RAM without what is reserved, as far as the tree says. */
#ifndef MODEL_BOOT_FREE_MEMORY_H
#define MODEL_BOOT_FREE_MEMORY_H

#include "model/boot/kernel_facts.h"
#include "model/devicetree/region.h"

struct free_memory;

/* The free memory of a boot before dynamic regions are placed; free with free_memory_free(). */
struct free_memory *free_memory_new(const struct regions *regions, const struct kernel_facts *facts)
	__attribute__((nonnull, returns_nonnull));
void free_memory_free(struct free_memory *memory);

/*
 * Places REGION, in the tree's order of dynamic regions. Returns 0, or -ENOMEM where the RAM can't
 * hold it, -ERANGE where alloc-ranges can't, -ENXIO where these could if there were RAM, and
 * -ENOSPC where it is one too many, with the reason in *problem, which the caller frees.
 */
int free_memory_place(struct free_memory *memory, const struct region *region, char **problem)
	__attribute__((nonnull, warn_unused_result));

/* How many bytes of a static region lie in banks of RAM. */
uint64_t ram_bytes(const struct regions *regions, const struct region *region)
	__attribute__((nonnull));

/* Whether SIZE bytes are free in one piece at the CMA alignment, as cma= wants them. */
bool free_memory_has_room(const struct free_memory *memory, uint64_t size) __attribute__((nonnull));

#endif
