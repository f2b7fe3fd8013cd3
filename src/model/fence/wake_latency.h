/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long it takes from a fence's signal until those who wait for it go on. */
#ifndef MODEL_FENCE_WAKE_LATENCY_H
#define MODEL_FENCE_WAKE_LATENCY_H

#include "base/array.h"
#include "model/fence/fence.h"

/* Who waits: on the buffer, on a sync file of it, on a chain of sync objects. */
enum fence_waiter {
	FENCE_WAITER_POLL,    /* poll() on the buffer */
	FENCE_WAITER_SYNC,    /* DMA_BUF_IOCTL_SYNC, start */
	FENCE_WAITER_FILE,    /* poll() on the sync file */
	FENCE_WAITER_SYNCOBJ, /* with FENCE_SYNCOBJ: as in enum chain_link */
	FENCE_WAITER_POINT,
	FENCE_WAITER_EVENTFD,
	FENCE_WAITER_SUBMIT,
	FENCE_WAITERS,
};

/*
 * Times from the kernel's time stamp of the signal to the return of the call, in nanoseconds and in
 * the order of the measurements; none where the call does not wait.
 */
struct wake_times {
	struct {
		ARRAY_OF(uint64_t);
	} of[FENCE_WAITERS];
	bool from_call; /* no sync file to have that time stamp of (Linux 6.0), or it says 0: times
			   begin with the call that signals */
	bool no_stamp;  /* it said 0 */
};

/*
 * Measures each of them REPEAT times with a write fence. LIMIT_NS bounds each wait. Returns 0 or
 * -errno with what was done then in *doing; -ETIMEDOUT where one was not woken. Either way the
 * caller frees the times with wake_times_free().
 */
int wake_times_measure(struct fence_source *source, int dmabuf, uint64_t repeat, uint64_t limit_ns,
		       struct wake_times *times, const char **doing) __attribute__((nonnull));
/*
 * Measures one of them once, as wake_times_measure() does. Returns 0 or -errno: EOPNOTSUPP where
 * the call does not wait.
 */
int wake_time_measure(struct fence_source *source, int dmabuf, enum fence_waiter who,
		      uint64_t limit_ns, uint64_t *ns) __attribute__((nonnull));
void wake_times_free(struct wake_times *times);

#endif
