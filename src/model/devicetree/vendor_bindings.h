/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bindings of vendors' kernels that make heaps of regions: a table, because each of them derives
 * the name its own way.
 */
#ifndef MODEL_DEVICETREE_VENDOR_BINDINGS_H
#define MODEL_DEVICETREE_VENDOR_BINDINGS_H

struct region;

/*
 * Finds the binding that makes a heap of REGION, whose consumers have been read, and sets its
 * vendor, vendor_heaps and vendor_by_property; without one they stay as they are.
 */
void vendor_read(const void *blob, struct region *region) __attribute__((nonnull));

#endif
