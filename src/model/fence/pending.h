/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long the fences of buffers are pending, by the kernel's listing of all buffers. */
#ifndef MODEL_FENCE_PENDING_H
#define MODEL_FENCE_PENDING_H

#include "model/buffer/bufinfo.h"

struct root;

struct pending_fence {
	uint64_t inode; /* of the buffer */
	char *exporter;
	struct bufinfo_fence fence;
	uint64_t since; /* ns: the look that saw it first */
	bool there;     /* at the last look */
	bool told;      /* the caller's */
};

/* Those of the last look, and those that were there at the one before and are no more. */
struct pending_fences {
	ARRAY_OF(struct pending_fence);
};

/*
 * Looks again, at the time NOW (ns). A fence is the same as before by buffer, usage and the words
 * of the listing. Returns 0 or -errno: the listing can't be read (debugfs, root). Free with
 * pending_free().
 */
int pending_look(const struct root *root, uint64_t now, struct pending_fences *fences)
	__attribute__((nonnull, warn_unused_result));
void pending_free(struct pending_fences *fences) __attribute__((nonnull));

#endif
