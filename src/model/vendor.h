/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bindings of vendors' kernels that make heaps of regions: a table, because each of them derives
 * the name its own way.
 */
#ifndef MODEL_VENDOR_H
#define MODEL_VENDOR_H

#include <stdbool.h>

#include "base/array.h"

struct region;

/*
 * Says which binding makes a heap of REGION (its consumers have been read): a constant description
 * such as "dma-heap-carveout (TI)", or NULL where there is none.
 */
const char *vendor_of_region(const void *blob, const struct region *region)
	__attribute__((nonnull));

/* Says whether the heaps' names come from a property of a node that points at the region. */
bool vendor_uses_property(const void *blob, const struct region *region) __attribute__((nonnull));

/*
 * The names that the binding's heaps have, where the tree says so; adds none where
 * vendor_of_region() is NULL.
 */
void vendor_heap_names(const void *blob, const struct region *region, struct strings *names)
	__attribute__((nonnull));

#endif
