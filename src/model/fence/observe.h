/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel answers those who ask about a buffer's fences, step by step: idle, with a fence
 * pending, once it has signalled.
 */
#ifndef MODEL_FENCE_OBSERVE_H
#define MODEL_FENCE_OBSERVE_H

#include "model/fence/fence.h"
#include "sys/sync_file.h"

/* The ways to ask whether the buffer may be read or written now. */
enum fence_query {
	QUERY_POLL,    /* poll() on the buffer */
	QUERY_SYNC,    /* DMA_BUF_IOCTL_SYNC, start */
	QUERY_FILE,    /* a sync file exported from it */
	QUERY_LISTING, /* the kernel's listing in debugfs */
	FENCE_QUERIES,
};

enum fence_answer {
	ANSWER_UNKNOWN, /* there was none */
	ANSWER_FREE,    /* may go on at once; of a link: signalled */
	ANSWER_WAITS,   /* has to wait; of a link: pending */
};

enum fence_access {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_BOTH, /* asked for together, in one call */
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

struct fence_observation {
	uint64_t time_ns; /* since the first observation */
	enum fence_answer answers[ACCESSES][FENCE_QUERIES];
	enum fence_answer links[CHAIN_LINKS];
	bool fence_known;        /* whether it could be exported as a sync file */
	struct sync_fence fence; /* what its sync file says; that was exported while pending */
};

struct fence_history {
	struct fence_observation observations[FENCE_STEPS];
	/* why there was no answer, -errno; 0: there was */
	int errors[FENCE_QUERIES];
	/* a fence that is not ours was pending from the first: no step after the first was made */
	bool born_busy;
};

/* What a kernel that keeps its rules answers in a step (Documentation/driver-api/dma-buf.rst,
 * dma_resv_usage_rw() in include/linux/dma-resv.h). */
enum fence_answer fence_rule(enum fence_step step, enum fence_access access);
/* The same for the links of a chain of sync objects. */
enum fence_answer fence_link_rule(enum fence_step step);

/*
 * Puts a write fence on an idle buffer, signals it, then a read fence, and asks in every way in
 * each step. LIMIT_NS bounds each single call. Returns 0 or -errno with what was done then in
 * *doing: -ETIMEDOUT where a call that must not wait does. Nothing is left pending. A source that
 * refuses a buffer with a pending fence (EBUSY) ends it early: history->born_busy.
 */
int fence_observe(struct fence_source *source, int dmabuf, uint64_t limit_ns,
		  struct fence_history *history, const char **doing) __attribute__((nonnull));

/* How many answers are against the rules; a missing one without a good reason counts as well. */
unsigned int fence_history_wrong(const struct fence_history *history) __attribute__((nonnull));

#endif
