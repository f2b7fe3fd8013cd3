/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long it takes from a fence's signal until those who wait for it go on. */
#ifndef MODEL_FENCE_WAKE_LATENCY_H
#define MODEL_FENCE_WAKE_LATENCY_H

#include "model/fence/fence.h"

/* Who waits: on the buffer, on a sync file of it, on what carries the fence. */
enum sleeper {
	SLEEPER_POLL,    /* poll() on the buffer */
	SLEEPER_SYNC,    /* DMA_BUF_IOCTL_SYNC, start */
	SLEEPER_FILE,    /* poll() on the sync file */
	SLEEPER_SYNCOBJ, /* with FENCE_SYNCOBJ: as in enum fence_carrier */
	SLEEPER_POINT,
	SLEEPER_EVENTFD,
	SLEEPER_SUBMIT,
	SLEEPERS,
};

/* Times from the kernel's time stamp of the signal to the return of the call, nanoseconds. */
struct wake_times {
	uint64_t count; /* 0: could not be measured, as the call does not sleep */
	uint64_t min, median, p99;
};

/*
 * Measures each of them REPEAT times with a write fence. LIMIT_NS bounds each wait. Returns 0 or
 * -errno with what was done then in *doing; -ETIMEDOUT where one was not woken.
 */
int fence_wake(struct fence_source *source, int dmabuf, uint64_t repeat, uint64_t limit_ns,
	       struct wake_times times[SLEEPERS], const char **doing) __attribute__((nonnull));

/* Smallest, median and 99th percentile (nearest rank) of COUNT times, which get sorted. */
struct wake_times wake_times_of(uint64_t *times, uint64_t count) __attribute__((nonnull));

#endif
