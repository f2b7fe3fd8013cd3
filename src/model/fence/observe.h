/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What everybody who may ask about a buffer's fences is told, moment by moment: idle, with a fence
 * pending, once it has signalled.
 */
#ifndef MODEL_FENCE_OBSERVE_H
#define MODEL_FENCE_OBSERVE_H

#include "model/fence/fence.h"
#include "sys/sync_file.h"

/* Who can be asked whether the buffer may be read or written now. */
enum witness {
	WITNESS_POLL,    /* poll() on the buffer */
	WITNESS_SYNC,    /* DMA_BUF_IOCTL_SYNC, start */
	WITNESS_FILE,    /* a sync file exported from it */
	WITNESS_LISTING, /* the kernel's listing in debugfs */
	WITNESSES,
};

enum sight {
	SIGHT_UNKNOWN, /* could not be asked */
	SIGHT_FREE,    /* may go on at once; of a carrier: signalled */
	SIGHT_WAITS,   /* has to wait; of a carrier: pending */
};

enum fence_access {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESSES,
};

enum fence_step {
	STEP_IDLE,
	STEP_WRITE,           /* a write fence is pending */
	STEP_WRITE_SIGNALLED, /* it has signalled */
	STEP_READ,            /* a read fence is pending */
	STEP_READ_SIGNALLED,
	FENCE_STEPS,
};

struct fence_moment {
	uint64_t time_ns; /* since the first moment */
	enum sight sights[ACCESSES][WITNESSES];
	enum sight carriers[CARRIERS];
	bool fence_known;        /* whether it could be exported as a sync file */
	struct sync_fence fence; /* what its sync file says; that was exported while pending */
};

struct fence_history {
	struct fence_moment moments[FENCE_STEPS];
	/* why a witness could not be asked, -errno; 0: it could */
	int errors[WITNESSES];
};

/* What a kernel that keeps its rules tells in a step (Documentation/driver-api/dma-buf.rst,
 * dma_resv_usage_rw() in include/linux/dma-resv.h). */
enum sight fence_rule(enum fence_step step, enum fence_access access);
/* The same for the carriers of a fence. */
enum sight fence_carrier_rule(enum fence_step step);

/*
 * Puts a write fence on an idle buffer, signals it, then a read fence, and asks everybody in each
 * step. LIMIT_NS bounds each single call. Returns 0 or -errno with what was done then in *doing:
 * -ETIMEDOUT where a call that must not wait does. Nothing is left pending.
 */
int fence_watch(struct fence_source *source, int dmabuf, uint64_t limit_ns,
		struct fence_history *history, const char **doing) __attribute__((nonnull));

/* How many answers are against the rules; one who gives none without a good reason counts as well.
 */
unsigned int fence_history_wrong(const struct fence_history *history) __attribute__((nonnull));

#endif
