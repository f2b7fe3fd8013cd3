/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot makes of the regions: which heaps under which names, or why none. The rules are those
 * of drivers/of/of_reserved_mem.c, kernel/dma/{contiguous,coherent,swiotlb}.c, mm/cma.c and
 * drivers/dma-buf/heaps/cma_heap.c.
 */
#ifndef MODEL_BOOT_DECIDE_H
#define MODEL_BOOT_DECIDE_H

#include "model/boot/fate.h"

/* Decides the fate of each region of RAM that ram_settle() has settled; the caller frees them with
 * fates_free(). */
void fates_decide(const struct regions *regions, const struct kernel_facts *facts,
		  struct fates *fates) __attribute__((nonnull));

#endif
