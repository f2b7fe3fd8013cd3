/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One child of /reserved-memory: part of regions_read(). */
#ifndef MODEL_DEVICETREE_REGION_NODE_H
#define MODEL_DEVICETREE_REGION_NODE_H

#include "model/devicetree/region.h"

/* Reads the node at the offset NODE; the root's cells of REGIONS have been read. */
void region_read_node(const void *blob, int node, const struct regions *regions,
		      struct region *region) __attribute__((nonnull));

#endif
