/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the suites about fences share: sources of fences, and questions about them. */
#ifndef CONFORMANCE_CASES_FENCE_HELPERS_H
#define CONFORMANCE_CASES_FENCE_HELPERS_H

#include <fcntl.h>
#include <poll.h>

#include "conformance/engine/trial.h"
#include "sys/drm.h"
#include "sys/sw_sync.h"
#include "sys/sync_file.h"
#include "sys/vgem.h"
#include "sys/waiter.h"

/* A render node of vgem; a node with sync objects; skip where there is none. */
int trial_vgem(struct trial *trial);
int trial_syncobj_node(struct trial *trial, enum drm_ability ability);
/* A new sync object without a fence. */
uint32_t trial_syncobj(struct trial *trial, int drm);
/* A timeline of sw_sync; skips where there is none. Only with DANGER_TAINT. */
int trial_timeline(struct trial *trial);

/* Imports a buffer into vgem, where that is not what is tested. Returns its handle. */
uint32_t imported(struct trial *trial, int vgem, int dmabuf);
/* A fence of vgem on a buffer: as a write or a read. Returns its number. */
uint32_t fence_on(struct trial *trial, int vgem, int dmabuf, bool write);

/* A fence of its own that nobody has signalled, as a sync file: on a buffer that vgem made. */
struct pending {
	int vgem;   /* the card node that signals it when it is closed */
	int buffer; /* vgem's own, with the fence as a write */
	uint32_t handle, number;
	int file;
};
struct pending pending_fence(struct trial *trial);
void pending_signal(struct trial *trial, const struct pending *pending);

/* The events that poll() gives at once, out of EVENTS. */
int poll_now(struct trial *trial, int fd, short events);
/* Fails unless poll() gives POLLIN within five seconds. */
void expect_readable(struct trial *trial, int fd);

/* The status of a sync file: 0, 1 or an error, fence by fence (see sync_file_read()). */
int file_status(struct trial *trial, int file);
/* Reads it with its list. */
struct sync_file file_info(struct trial *trial, int file);
/* The names of a fence that has signalled and lost those of its driver. */
#define DETACHED_DRIVER   "detached-driver"
#define DETACHED_TIMELINE "signaled-timeline"

/*
 * Says whether a fence that has signalled loses its names, as one of vgem does: all do since 6.17,
 * and where the commits for that were taken over. Skips where there is no vgem.
 */
bool signalled_is_detached(struct trial *trial);

/*
 * What the kernel calls a fence of DRIVER and TIMELINE that has or has not signalled: see
 * signalled_is_detached(); 6.17.0 to 6.17.7 give the driver's name twice while it has not.
 */
void expect_names(struct trial *trial, const struct sync_fence *fence, const char *driver,
		  const char *timeline);

/* A DMA_BUF_IOCTL_SYNC, in a thread: begun and seen to sleep; and the end of it, without signal. */
struct sync_wait {
	int dmabuf;
	uint64_t flags;
	struct waiter *waiter;
};
void sync_sleeps(struct trial *trial, struct sync_wait *wait, int dmabuf, uint64_t flags);
void sync_returns(struct trial *trial, struct sync_wait *wait);
/* Fails unless the call returns without having to wait. */
void sync_at_once(struct trial *trial, int dmabuf, uint64_t flags);

/* How many fences the kernel's listing has for the buffer, and how many of them are pending. Needs
 * NEED_BUFINFO. */
struct listed {
	unsigned int fences, pending;
};
struct listed listed_fences(struct trial *trial, int dmabuf);
/* Says whether the listing has a buffer of this inode number. */
bool is_listed(struct trial *trial, uint64_t inode);
uint64_t inode_of(struct trial *trial, int fd);

#endif
