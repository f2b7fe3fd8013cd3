/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of the processor, through perf_event_open(2): include/uapi/linux/perf_event.h,
 * kernel/events/core.c.
 */
#ifndef SYS_PERF_EVENT_H
#define SYS_PERF_EVENT_H

#include <stdint.h>

#include "sys/root.h"

enum perf_counter {
	PERF_INSTRUCTIONS,
	PERF_CACHE_MISSES, /* of the last level, on most processors */
};

/*
 * Counts, from now on, what the calling thread does, in the program and in the kernel. Returns a
 * descriptor that the caller closes, or -errno: ENOSYS (a kernel without CONFIG_PERF_EVENTS),
 * EACCES or EPERM (see perf_paranoid()), ENOENT, EOPNOTSUPP or ENODEV (the processor does not count
 * that, or does not show it to this machine), EBUSY (others use all of its counters).
 */
int perf_counter_open(enum perf_counter counter);

/* What it has counted. Returns 0, or -errno: EBUSY where it no longer counts. */
int perf_counter_read(int fd, uint64_t *value) __attribute__((nonnull));

/*
 * The value of /proc/sys/kernel/perf_event_paranoid; above 1 only those with CAP_PERFMON or
 * CAP_SYS_ADMIN may count what the kernel does. Returns 0 or -errno.
 */
int perf_paranoid(const struct root *root, char **text) __attribute__((nonnull));

#endif
