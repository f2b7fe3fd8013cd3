// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/pending.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static void free_one(struct pending_fence *fence)
{
	free(fence->exporter);
	free(fence->fence.text);
}

/* Keeps what was there at the last look. */
static void forget_gone(struct pending_fences *fences)
{
	struct pending_fences kept = {0};

	array_for_each (fences, fence) {
		if (fence->there) {
			fence->there = false;
			*array_add(&kept) = *fence;
		} else {
			free_one(fence);
		}
	}
	array_free(fences);
	*fences = kept;
}

static struct pending_fence *find(const struct pending_fences *fences, uint64_t inode,
				  const struct bufinfo_fence *wanted)
{
	array_for_each (fences, fence) {
		if (fence->inode == inode && fence->fence.usage == wanted->usage &&
		    !strcmp(fence->fence.text, wanted->text))
			return fence;
	}
	return NULL;
}

static void see(struct pending_fences *fences, uint64_t now, const struct bufinfo *info,
		const struct bufinfo_fence *seen)
{
	struct pending_fence *fence = find(fences, info->inode, seen);

	if (!fence) {
		fence = array_add(fences);
		*fence = (struct pending_fence){.inode = info->inode,
						.exporter = xstrdup_maybe(info->exporter),
						.fence = *seen,
						.since = now};
		fence->fence.text = xstrdup(seen->text);
	}
	fence->there = true;
}

int pending_look(const struct root *root, uint64_t now, struct pending_fences *fences)
{
	struct bufinfos infos = {0};
	int error = bufinfos_read(root, &infos);

	if (error)
		return error;
	forget_gone(fences);
	array_for_each (&infos, info) {
		array_for_each (&info->fences, fence) {
			if (!fence->signalled)
				see(fences, now, info, fence);
		}
	}
	bufinfos_free(&infos);
	return 0;
}

void pending_free(struct pending_fences *fences)
{
	array_for_each (fences, fence)
		free_one(fence);
	array_free(fences);
}
