// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/unavailable.h"

#include <errno.h>
#include <stddef.h>

#include "base/array.h"

static const struct {
	enum fence_kind kind;
	int error; /* 0: any other */
	const char *what, *help;
} table[] = {
	{FENCE_VGEM, ENODEV, "no DRM node of the driver vgem",
	 "load it: modprobe vgem (CONFIG_DRM_VGEM)"},
	{FENCE_VGEM, EACCES, "no DRM node of the driver vgem among those that may be opened",
	 "be in the group of /dev/dri/renderD* (often render), or load it: modprobe vgem"},
	{FENCE_VGEM, ENOSYS, "this dmaheap was built without libdrm (-DDMAHEAP_DRM=OFF)",
	 "use a build with libdrm, or another source"},
	{FENCE_VGEM, 0, "the DRM nodes can't be opened", "see /dev/dri"},
	{FENCE_SW_SYNC, ECANCELED, "a fence of sw_sync taints this kernel until it is booted again",
	 "--allow taint, where that does no harm"},
	{FENCE_SW_SYNC, ENOENT, "no /sys/kernel/debug/sync/sw_sync",
	 "a kernel with CONFIG_SW_SYNC, and debugfs mounted: mount -t debugfs none "
	 "/sys/kernel/debug"},
	{FENCE_SW_SYNC, EACCES, "/sys/kernel/debug is for root", "run as root"},
	{FENCE_SW_SYNC, EPERM, "the kernel is locked down: debugfs can't be used",
	 "boot without lockdown"},
	{FENCE_SW_SYNC, 0, "/sys/kernel/debug/sync/sw_sync can't be opened",
	 "see the kernel's log"},
	{FENCE_SYNCOBJ, ENODEV, "no DRM node has sync objects (DRM_CAP_SYNCOBJ)",
	 "load the GPU's driver; in a virtual machine: virtio-gpu"},
	{FENCE_SYNCOBJ, EACCES, "no DRM node with sync objects among those that may be opened",
	 "be in the group of /dev/dri/renderD* (often render)"},
	{FENCE_SYNCOBJ, ENOSYS, "this dmaheap was built without libdrm (-DDMAHEAP_DRM=OFF)",
	 "use a build with libdrm, or another source"},
	{FENCE_SYNCOBJ, 0, "the DRM nodes can't be opened", "see /dev/dri"},
	{FENCE_KINDS, 0, "the heap has no page for the fence to come from", "free some memory"},
};

void fence_obstacle_set(struct fence_obstacle *obstacle, enum fence_kind kind, int error)
{
	size_t i = 0;

	if (error == -EPERM && kind != FENCE_SW_SYNC)
		error = -EACCES;
	while (table[i].kind != kind || (table[i].error && table[i].error != -error))
		i++; /* the last of each kind fits any error */
	*obstacle = (struct fence_obstacle){error, table[i].what, table[i].help};
}
