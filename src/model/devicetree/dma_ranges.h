/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the buses of a tree reach into memory: their dma-ranges. */
#ifndef MODEL_DEVICETREE_DMA_RANGES_H
#define MODEL_DEVICETREE_DMA_RANGES_H

#include <stdint.h>

/* A node on the way from the root, as far as dma-ranges are concerned. */
struct dma_bus {
	uint32_t address_cells, size_cells; /* its own, or those of a node above */
	const char *ranges;                 /* data of dma-ranges, or NULL */
	uint32_t length;                    /* of that, in bytes */
};

/*
 * The last address that the dma-ranges of PATH[COUNT - 1] lead to, PATH[0] being the root; one that
 * cannot be translated wraps as in the kernel. UINT64_MAX: the node has no entries.
 * of_dma_get_max_cpu_address(), drivers/of/address.c (6.12, 7.2)
 */
uint64_t dma_ranges_last(const struct dma_bus *path, unsigned int count) __attribute__((nonnull));

#endif
