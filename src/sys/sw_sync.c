// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/sw_sync.h"

#include <errno.h>
#include <fcntl.h>

#include "sys/file.h"

int sw_sync_open(void)
{
	return file_open(SW_SYNC_PATH, O_RDWR);
}

int sw_sync_fence(int timeline, uint32_t value)
{
	struct sw_sync_create_fence_data request = {.value = value, .fence = -1};

	return ioctl(timeline, SW_SYNC_IOC_CREATE_FENCE, &request) ? -errno : request.fence;
}

int sw_sync_advance(int timeline, uint32_t step)
{
	return ioctl(timeline, SW_SYNC_IOC_INC, &step) ? -errno : 0;
}

int sw_sync_deadline(int timeline, int fence, uint64_t *deadline_ns)
{
	struct sw_sync_get_deadline request = {.fence_fd = fence};

	if (ioctl(timeline, SW_SYNC_GET_DEADLINE, &request))
		return -errno;
	*deadline_ns = request.deadline_ns;
	return 0;
}
