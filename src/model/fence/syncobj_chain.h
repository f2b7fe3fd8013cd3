/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A chain of sync objects that passes on a fence of another driver: in by sync file, over to a
 * timeline where the node has them, out by sync file again (drivers/gpu/drm/drm_syncobj.c).
 */
#ifndef MODEL_FENCE_SYNCOBJ_CHAIN_H
#define MODEL_FENCE_SYNCOBJ_CHAIN_H

#include <stdint.h>

/* A DRM node with sync objects, whichever driver it is. */
struct syncobj_node;

/*
 * Opens one that has timelines, else one without. Returns 0 or -errno: ENODEV, EACCES, ENOSYS as
 * drm_open_able(). The caller frees it with syncobj_node_free().
 */
int syncobj_node_open(struct syncobj_node **node) __attribute__((nonnull));
void syncobj_node_free(struct syncobj_node *node); /* takes NULL */
/* The name of its driver, good as long as the node. */
const char *syncobj_node_driver(const struct syncobj_node *node) __attribute__((nonnull));

/* Where the fence arrives one after the other, and can be waited for. */
enum chain_link {
	CHAIN_SYNCOBJ, /* a binary sync object, which it was imported into */
	CHAIN_POINT,   /* point 1 of a timeline, which it was transferred to */
	CHAIN_EVENTFD, /* an eventfd for that point */
	CHAIN_SUBMIT,  /* a sync object that gets the fence just before the signal: to wait for it
			 is to wait for submit */
	CHAIN_LINKS,
};

struct syncobj_chain;

/*
 * Makes the sync objects, with the fence of a sync file. Returns 0 or -errno. The caller frees the
 * chain with syncobj_chain_free(), before the node.
 */
int syncobj_chain_new(struct syncobj_node *node, int sync_file, struct syncobj_chain **chain)
	__attribute__((nonnull));
void syncobj_chain_free(struct syncobj_chain *chain); /* takes NULL */

/* A sync file of the fence at the end of its way; the caller closes it. Or -errno. */
int syncobj_chain_export(struct syncobj_chain *chain) __attribute__((nonnull));

/* Gives the fence to the sync object that has none so far (CHAIN_SUBMIT). Returns 0 or -errno. */
int syncobj_chain_submit(struct syncobj_chain *chain) __attribute__((nonnull));

/* Waits for one of the links, as fence_wait_link() says. */
int syncobj_chain_wait(struct syncobj_chain *chain, enum chain_link link, int64_t until_ns)
	__attribute__((nonnull));

#endif
