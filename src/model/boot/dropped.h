/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps a region from being reserved, whatever it is for: drivers/of/of_reserved_mem.c. */
#ifndef MODEL_BOOT_DROPPED_H
#define MODEL_BOOT_DROPPED_H

#include "model/devicetree/region.h"

/*
 * The sentence ("dropped: …") for a region of which the kernel of this version reserves nothing
 * because of its node or of /reserved-memory, which the caller frees; NULL: it reserves it. For one
 * that is not dropped, but has no memory (iommu-addresses alone), *no_memory.
 */
char *dropped_why(const struct regions *regions, const struct region *region, uint32_t version,
		  bool *no_memory) __attribute__((nonnull));

/*
 * The property with which the kernel gives a restricted-dma-pool back, or NULL:
 * rmem_swiotlb_setup(), kernel/dma/swiotlb.c.
 */
const char *restricted_pool_conflict(const struct region *region) __attribute__((nonnull));

#endif
