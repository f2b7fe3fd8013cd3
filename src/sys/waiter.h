/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that may wait in the kernel without limit, each in a thread of its own: whether it sleeps
 * can be seen, when it returned is measured, and it is interrupted where its time is up. The thread
 * is signalled with SIGURG, whose handler does nothing and lets no call start again.
 */
#ifndef SYS_WAITER_H
#define SYS_WAITER_H

#include <stdint.h>

/* The call; gives what it returned, -EINTR where a signal ended it. */
typedef int waiter_call(void *argument);

enum waiter_state {
	WAITER_RETURNED, /* the call is over */
	WAITER_SLEEPS,   /* its thread sleeps in the kernel */
	WAITER_BUSY,     /* neither, until the limit */
};

struct waiter;

/* Begins the call. Returns 0 or -errno (EAGAIN: no thread to be had). */
int waiter_start(waiter_call *call, void *argument, struct waiter **waiter)
	__attribute__((nonnull));

/*
 * Waits until the call has returned or its thread sleeps in the kernel (by its state in /proc;
 * where that can't be read, after 20 ms), at most LIMIT_NS.
 */
enum waiter_state waiter_settle(struct waiter *waiter, uint64_t limit_ns) __attribute__((nonnull));

/*
 * Waits for the call's return, LIMIT_NS long, and then interrupts it; frees the waiter. Returns 0
 * or -ETIMEDOUT where it had to be interrupted; what the call gave goes to *result, the time of its
 * return (CLOCK_MONOTONIC, ns) to *ended. Both pointers may be NULL.
 */
int waiter_finish(struct waiter *waiter, uint64_t limit_ns, int *result, uint64_t *ended)
	__attribute__((nonnull(1)));

#endif
