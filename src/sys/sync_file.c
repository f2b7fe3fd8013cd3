// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/sync_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/uapi.h"

/* The kernel sets no limit, its memory does: more than any file here can have. */
#define FENCES_MAX 65536

/* Names are cut by the kernel, with a NUL; one that is not must not run on. */
static void copy_name(char to[33], const char from[32])
{
	memcpy(to, from, 32);
	to[32] = '\0';
}

static int read_list(int fd, unsigned int count, struct sync_file *file)
{
	AUTO_FREE struct sync_fence_info *fences = xcalloc(count, sizeof(*fences));
	struct sync_file_info info = {.num_fences = count,
				      .sync_fence_info = (uint64_t)(uintptr_t)fences};

	if (ioctl(fd, SYNC_IOC_FILE_INFO, &info))
		return -errno;
	file->status = info.status;
	file->count = info.num_fences;
	for (unsigned int i = 0; i < info.num_fences && i < count; i++) {
		struct sync_fence *fence = array_add(&file->fences);

		copy_name(fence->driver, fences[i].driver_name);
		copy_name(fence->timeline, fences[i].obj_name);
		fence->status = fences[i].status;
		fence->timestamp_ns = fences[i].timestamp_ns;
	}
	return 0;
}

int sync_file_read(int fd, bool list, struct sync_file *file)
{
	struct sync_file_info info = {0};
	struct sync_file result = {0};
	int error;

	if (ioctl(fd, SYNC_IOC_FILE_INFO, &info))
		return -errno;
	copy_name(result.name, info.name);
	result.status = info.status;
	result.count = info.num_fences;
	/* the number of fences of a sync file never changes */
	if (list && info.num_fences && info.num_fences <= FENCES_MAX) {
		error = read_list(fd, info.num_fences, &result);
		if (error)
			return error;
	}
	*file = result;
	return 0;
}

void sync_file_free(struct sync_file *file)
{
	array_free(&file->fences);
}

int sync_file_merge(int first, int second, const char *name)
{
	struct sync_merge_data merge = {.fd2 = second};

	snprintf(merge.name, sizeof(merge.name), "%s", name);
	return ioctl(first, SYNC_IOC_MERGE, &merge) ? -errno : merge.fence;
}

int sync_file_set_deadline(int fd, uint64_t deadline_ns)
{
	struct sync_set_deadline deadline = {.deadline_ns = deadline_ns};

	return ioctl(fd, SYNC_IOC_SET_DEADLINE, &deadline) ? -errno : 0;
}

int dmabuf_export_sync_file(int dmabuf, uint32_t flags)
{
	struct dma_buf_export_sync_file request = {.flags = flags, .fd = -1};

	return ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &request) ? -errno : request.fd;
}

int dmabuf_import_sync_file(int dmabuf, uint32_t flags, int sync_file)
{
	struct dma_buf_import_sync_file request = {.flags = flags, .fd = sync_file};

	return ioctl(dmabuf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &request) ? -errno : 0;
}
