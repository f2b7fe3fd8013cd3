/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether dynamic regions find room: RAM without what is reserved, as far as the tree says. */
#ifndef MODEL_BOOT_FREE_MEMORY_H
#define MODEL_BOOT_FREE_MEMORY_H

#include "model/boot/kernel_facts.h"
#include "model/devicetree/region.h"

struct free_memory;

/*
 * Leaves of the banks what mem= leaves: its size from the lowest address on, or on 32-bit Arm the
 * one bank that it says. early_mem() of arch/{arm64/mm/init,riscv/mm/init,arm/kernel/setup}.c and
 * memblock_mem_limit_remove_map(), mm/memblock.c (7.2). Other architectures keep their banks.
 */
void ram_cut(struct regions *regions, const struct kernel_facts *facts) __attribute__((nonnull));
/* Whether what mem= leaves depends on a fact that is unknown. */
bool ram_cut_is_open(const struct kernel_facts *facts) __attribute__((nonnull));

/* The free memory of a boot before dynamic regions are placed; free with free_memory_free(). */
struct free_memory *free_memory_new(const struct regions *regions, const struct kernel_facts *facts)
	__attribute__((nonnull, returns_nonnull));
void free_memory_free(struct free_memory *memory);

/* Why the kernel finds no place for a dynamic region. */
enum no_place {
	HAS_PLACE,        /* it may find one */
	NO_ROOM,          /* the RAM can't hold it */
	NO_RANGE,         /* alloc-ranges can't hold it */
	NO_RAM,           /* alloc-ranges could, if there were RAM */
	TOO_MANY_DYNAMIC, /* DYNAMIC_REGIONS_MAX others come first */
};

/* Places REGION, in the tree's order of dynamic regions. */
enum no_place free_memory_place(struct free_memory *memory, const struct region *region)
	__attribute__((nonnull, warn_unused_result));

/* How many bytes of a static region lie in banks of RAM. */
uint64_t ram_bytes(const struct regions *regions, const struct region *region)
	__attribute__((nonnull));

/*
 * Whether SIZE bytes are free in one piece at the CMA alignment between BASE and LIMIT (0: any), as
 * cma= wants them: cma_alloc_mem(), mm/cma.c (7.2), which tries the memory above 4 GiB first.
 */
bool free_memory_has_room(const struct free_memory *memory, uint64_t base, uint64_t limit,
			  uint64_t size) __attribute__((nonnull));

#endif
