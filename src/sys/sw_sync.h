/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Software timelines of debugfs, whose fences user space signals (CONFIG_SW_SYNC). Their calls are
 * in no header of the kernel's interface: drivers/dma-buf/sw_sync.c. Every function returns -errno
 * where the kernel refuses.
 */
#ifndef SYS_SW_SYNC_H
#define SYS_SW_SYNC_H

#include <linux/types.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define SW_SYNC_PATH "/sys/kernel/debug/sync/sw_sync"

struct sw_sync_create_fence_data {
	__u32 value;
	char name[32]; /* not looked at */
	__s32 fence;   /* the new descriptor */
};

struct sw_sync_get_deadline {
	__u64 deadline_ns;
	__u32 pad;
	__s32 fence_fd;
};

#define SW_SYNC_IOC_CREATE_FENCE _IOWR('W', 0, struct sw_sync_create_fence_data)
#define SW_SYNC_IOC_INC          _IOW('W', 1, __u32)
#define SW_SYNC_GET_DEADLINE     _IOWR('W', 2, struct sw_sync_get_deadline)

/* A new timeline at 0, named after the calling thread; closing it fails its fences with -ENOENT. */
int sw_sync_open(void);

/*
 * A fence that signals when the timeline reaches VALUE: a sync file, which the caller closes. Since
 * Linux 6.19 the call taints the kernel (TAINT_SOFTLOCKUP).
 */
int sw_sync_fence(int timeline, uint32_t value);

/* Moves the timeline on by STEP. */
int sw_sync_advance(int timeline, uint32_t step);

/* The earliest deadline that was set on a fence of the timeline; -ENOENT: none. */
int sw_sync_deadline(int timeline, int fence, uint64_t *deadline_ns) __attribute__((nonnull));

#endif
