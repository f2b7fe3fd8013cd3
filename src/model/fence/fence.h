/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fences that this program makes, puts on buffers and signals: the sources there are, and one way
 * to use them. */
#ifndef MODEL_FENCE_FENCE_H
#define MODEL_FENCE_FENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/fence/syncobj_chain.h"

enum fence_kind {
	FENCE_VGEM,    /* PRIME import into the vgem driver, which fences it; for 10 s at most */
	FENCE_SW_SYNC, /* a timeline of debugfs, imported as a sync file */
	FENCE_SYNCOBJ, /* a fence of one of the others, passed on by sync objects of a GPU's node */
	FENCE_KINDS,
};

/* "vgem", "sw_sync", "syncobj". */
const char *fence_kind_name(enum fence_kind kind) __attribute__((returns_nonnull));

/* Why a source can't be used; the texts are constants. */
struct fence_obstacle {
	int error;        /* -errno */
	const char *what; /* what is missing or in the way */
	const char *help; /* what would change that */
};

/* Says whether a fence of this kind taints the running kernel: sw_sync, from Linux 6.19 on. */
bool fence_kind_taints(enum fence_kind kind);

struct fence_source;

/*
 * Opens a source. HEAP, which stays open as long as the source, gives it a page where it needs one.
 * One that taints the kernel is only opened with MAY_TAINT (else -ECANCELED). Returns 0, or -errno
 * with *obstacle filled. Free with fence_source_free().
 */
int fence_source_open(enum fence_kind kind, int heap, bool may_taint, struct fence_source **source,
		      struct fence_obstacle *obstacle) __attribute__((nonnull));

/* The best source there is: vgem, else sw_sync. Obstacles (FENCE_KINDS of them) as above. */
int fence_source_choose(int heap, bool may_taint, struct fence_source **source,
			struct fence_obstacle *obstacles) __attribute__((nonnull));

/* Takes NULL; signals what is pending. */
void fence_source_free(struct fence_source *source);
static inline void fence_source_cleanup(struct fence_source **source)
{
	fence_source_free(*source);
}
#define AUTO_FENCE_SOURCE __attribute__((cleanup(fence_source_cleanup)))

enum fence_kind fence_source_kind(const struct fence_source *source) __attribute__((nonnull));
/* The driver whose sync objects pass the fence on, or NULL. */
const char *fence_source_syncobj_driver(const struct fence_source *source) __attribute__((nonnull));
/* Where the fence comes from: with FENCE_SYNCOBJ one of the others, else the kind itself. */
enum fence_kind fence_source_origin(const struct fence_source *source) __attribute__((nonnull));

struct fence;

/*
 * Puts a fence that has not signalled on a buffer: what WRITE says is pending, a write or a read.
 * Returns 0 or -errno (EBUSY: a pending fence is there already). Free with fence_free(), before the
 * source.
 */
int fence_attach(struct fence_source *source, int dmabuf, bool write, struct fence **fence)
	__attribute__((nonnull));

/* Signals it. Returns 0 or -errno (ETIMEDOUT: it had signalled by itself, see FENCE_VGEM). */
int fence_signal(struct fence *fence) __attribute__((nonnull));

/* Takes NULL; a fence that is pending is signalled. */
void fence_free(struct fence *fence);
static inline void fence_cleanup(struct fence **fence)
{
	fence_free(*fence);
}
#define AUTO_FENCE __attribute__((cleanup(fence_cleanup)))

/*
 * Waits for a link of the chain of sync objects to signal, until UNTIL_NS (CLOCK_MONOTONIC; 0: asks
 * only). Returns 0, -ETIME, or -errno (EOPNOTSUPP: this source or node has no such link).
 */
int fence_wait_link(struct fence *fence, enum chain_link link, int64_t until_ns)
	__attribute__((nonnull));

#endif
