/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks that sleep until a fence is signalled: of a buffer (poll, epoll, select, the ioctl SYNC, a
 * driver's wait), or of a sync file (poll).
 */
#ifndef MODEL_FENCE_WAITERS_H
#define MODEL_FENCE_WAITERS_H

#include "model/buffer/usage.h"

enum wait_kind {
	WAIT_SYNC,   /* DMA_BUF_IOCTL_SYNC */
	WAIT_POLL,   /* poll(2), ppoll(2) */
	WAIT_SELECT, /* select(2), pselect(2) */
	WAIT_EPOLL,  /* epoll_wait(2) */
	WAIT_DRIVER, /* in the kernel, for a driver: of which buffer is not known */
};

struct waiter {
	uint64_t pid, tid;
	char *command; /* the task's name, or NULL */
	enum wait_kind kind;
	struct maybe descriptor; /* that it waits with */
	/*
	 * The buffer it waits for; 0: a sync file, whose buffer is unknown, or, of a driver's wait,
	 * unknown.
	 */
	uint64_t inode;
	char *function; /* of the kernel, in which it sleeps */
};

struct waiters {
	ARRAY_OF(struct waiter); /* by buffer, then by task */
	/* tasks that sleep, and may not be asked where, or for which descriptors */
	size_t unreadable;
	size_t too_many; /* that wait for more descriptors than are looked at */
};

/*
 * Finds them among all threads of the machine; the time is in proportion to these. Returns 0 or
 * -errno: /proc cannot be listed. Free with waiters_free().
 */
int waiters_read(const struct root *root, const struct usages *usages, struct waiters *waiters)
	__attribute__((nonnull));
void waiters_free(struct waiters *waiters);

/* "SYNC", "poll", … */
const char *wait_kind_name(enum wait_kind kind) __attribute__((returns_nonnull));

#endif
