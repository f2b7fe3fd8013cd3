// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/dmabuf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "sys/file.h"
#include "sys/uapi.h"

int heap_open(const char *node)
{
	return file_open(node, O_RDONLY);
}

int heap_allocate(int heap_fd, uint64_t size, int fd_flags)
{
	struct dma_heap_allocation_data request = {.len = size, .fd_flags = (uint32_t)fd_flags};

	if (ioctl(heap_fd, DMA_HEAP_IOCTL_ALLOC, &request))
		return -errno;
	return (int)request.fd;
}

int dmabuf_map(int fd, uint64_t size, int protection, void **memory)
{
	void *place;

	/* mmap(2) of 32 bits would map what is left of the size */
	if (size > SIZE_MAX)
		return -ENOMEM;
	place = mmap(NULL, (size_t)size, protection, MAP_SHARED, fd, 0);
	if (place == MAP_FAILED)
		return -errno;
	*memory = place;
	return 0;
}

void dmabuf_unmap(void *memory, uint64_t size)
{
	if (memory)
		munmap(memory, size);
}

int dmabuf_sync(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = {.flags = flags};

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) ? -errno : 0;
}

int dmabuf_set_name(int fd, const char *name)
{
	return ioctl(fd, DMA_BUF_SET_NAME_B, name) ? -errno : 0;
}

bool dmabuf_is(int fd)
{
	struct statfs status;

	return !fstatfs(fd, &status) && status.f_type == DMA_BUF_MAGIC;
}

int dmabuf_access(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -errno : flags & O_ACCMODE;
}
