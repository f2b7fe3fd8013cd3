/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual GEM driver's fences, which no library wraps: include/uapi/drm/vgem_drm.h,
 * drivers/gpu/drm/vgem/vgem_fence.c. Every function returns -errno where the kernel refuses.
 */
#ifndef SYS_VGEM_H
#define SYS_VGEM_H

#include <linux/types.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define VGEM_DRIVER      "vgem"
#define VGEM_FENCE_WRITE 1
#define VGEM_TIMEOUT_NS  UINT64_C(10000000000) /* a fence that nobody signals signals then */

struct drm_vgem_fence_attach {
	__u32 handle;
	__u32 flags;
	__u32 out_fence;
	__u32 pad;
};

struct drm_vgem_fence_signal {
	__u32 fence;
	__u32 flags;
};

/* DRM_IOWR(DRM_COMMAND_BASE + 1, …), DRM_IOW(DRM_COMMAND_BASE + 2, …) */
#define DRM_IOCTL_VGEM_FENCE_ATTACH _IOWR('d', 0x41, struct drm_vgem_fence_attach)
#define DRM_IOCTL_VGEM_FENCE_SIGNAL _IOW('d', 0x42, struct drm_vgem_fence_signal)

/*
 * Puts a new fence on the object HANDLE, with FLAGS 0 as a read or VGEM_FENCE_WRITE. Its number
 * goes to *fence. -EBUSY: a fence that is pending there stands against it.
 */
int vgem_fence_attach(int drm, uint32_t handle, uint32_t flags, uint32_t *fence)
	__attribute__((nonnull));

/* Signals a fence once. -ENOENT: no such fence; -ETIMEDOUT: it signalled after 10 s by itself. */
int vgem_fence_signal(int drm, uint32_t fence);

#endif
