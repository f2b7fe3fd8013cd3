/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What points at regions: the devices that use them (memory-region) and the labels of __symbols__.
 */
#ifndef MODEL_DEVICETREE_REGION_LINK_H
#define MODEL_DEVICETREE_REGION_LINK_H

#include "model/devicetree/region.h"
#include "model/devicetree/tree_index.h"

/*
 * Gives the REGIONS of BLOB, which are all there and in their final order, their consumers and
 * labels, and regions->unresolved the links to no region. INDEX is that of the same blob.
 */
void regions_link(const void *blob, const struct tree_index *index, struct regions *regions)
	__attribute__((nonnull));

#endif
