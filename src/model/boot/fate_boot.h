/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A boot, as far as fates have been decided: shared by fate.c, fate_pool.c (areas) and
 * fate_heaps.c. */
#ifndef MODEL_BOOT_FATE_BOOT_H
#define MODEL_BOOT_FATE_BOOT_H

#include "model/boot/fate.h"
#include "model/boot/free_memory.h"

/* One CMA area of the boot, in the order in which the kernel makes them. */
struct area {
	const struct region *region; /* NULL: the one of cma= or Kconfig */
	struct fate *fate;
	char *name;
};

struct boot {
	const struct regions *regions;
	const struct kernel_facts *facts;
	struct fates *fates;
	uint32_t version;
	struct {
		ARRAY_OF(struct area);
	} areas;
	size_t default_index; /* of the default area; SIZE_MAX: none */
	struct strings taken; /* names of heaps */
	struct placement *placement;
};

/* Writes down what becomes of a region; what was said before is forgotten. */
void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What becomes of a pool (enum region_kind) that is reserved. */
void fate_decide_pool(struct boot *boot, const struct region *region, struct fate *fate)
	__attribute__((nonnull));

/* The area of cma= or Kconfig, unless a region is the default one: dma_contiguous_reserve(). */
void fate_decide_other_area(struct boot *boot) __attribute__((nonnull));

/* Which heaps the areas become, once all of them are there. drivers/dma-buf/heaps/cma_heap.c */
void fate_decide_heaps(struct boot *boot) __attribute__((nonnull));

#endif
