// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/vgem.h"

#include <errno.h>

/* libdrm's drmIoctl() would start again what a signal ended: these do not wait, and it is not
 * there in a build without libdrm. */
int vgem_fence_attach(int drm, uint32_t handle, uint32_t flags, uint32_t *fence)
{
	struct drm_vgem_fence_attach request = {.handle = handle, .flags = flags};

	if (ioctl(drm, DRM_IOCTL_VGEM_FENCE_ATTACH, &request))
		return -errno;
	*fence = request.out_fence;
	return 0;
}

int vgem_fence_signal(int drm, uint32_t fence)
{
	struct drm_vgem_fence_signal request = {.fence = fence};

	return ioctl(drm, DRM_IOCTL_VGEM_FENCE_SIGNAL, &request) ? -errno : 0;
}
