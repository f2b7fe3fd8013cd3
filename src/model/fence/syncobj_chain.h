/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync objects that carry a fence of another driver: in by sync file, over to a timeline where the
 * node has them, out by sync file again (drivers/gpu/drm/drm_syncobj.c).
 */
#ifndef MODEL_FENCE_SYNCOBJ_CHAIN_H
#define MODEL_FENCE_SYNCOBJ_CHAIN_H

#include "model/fence/fence.h"

/* A DRM node with sync objects, whichever driver it is. */
struct carrier_node;

/* Returns 0 or -errno: ENODEV, EACCES, ENOSYS as drm_open_able(). */
int carrier_node_open(struct carrier_node **node) __attribute__((nonnull));
void carrier_node_close(struct carrier_node *node); /* takes NULL */
const char *carrier_node_driver(const struct carrier_node *node) __attribute__((nonnull));

struct carrier;

/* Makes sync objects that carry the fence of a sync file. Returns 0 or -errno. */
int carrier_load(struct carrier_node *node, int sync_file, struct carrier **carrier)
	__attribute__((nonnull));
void carrier_free(struct carrier *carrier); /* takes NULL */

/* A sync file of the fence at the end of its way; the caller closes it. Or -errno. */
int carrier_export(struct carrier *carrier) __attribute__((nonnull));

/* Gives the fence to the sync object that has none so far (CARRIER_SUBMIT). Returns 0 or -errno. */
int carrier_submit(struct carrier *carrier) __attribute__((nonnull));

/* See fence_carrier_wait(). */
int carrier_wait(struct carrier *carrier, enum fence_carrier which, int64_t until_ns)
	__attribute__((nonnull));

#endif
