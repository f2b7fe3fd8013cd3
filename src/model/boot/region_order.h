/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_BOOT_REGION_ORDER_H
#define MODEL_BOOT_REGION_ORDER_H

#include "model/devicetree/region.h"

/*
 * The regions in the order in which a boot makes them: dynamic ones (and those without memory) in
 * the tree's order, then static ones, in the tree's order too: drivers/of/of_reserved_mem.c (6.12,
 * 7.2). BY_ADDRESS: as __rmem_check_for_overlap() sorted them up to 6.11 (seen on 6.1): static ones
 * by address, dynamic ones before them, as the kernel's sort() leaves equal ones. regions->count
 * pointers in an array that the caller frees.
 */
const struct region **regions_in_boot_order(const struct regions *regions, bool by_address)
	__attribute__((nonnull, returns_nonnull, malloc));

#endif
