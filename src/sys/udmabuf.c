// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/udmabuf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/dmabuf.h"
#include "sys/file.h"
#include "sys/uapi.h"

static int make_memfd(uint64_t size)
{
	AUTO_CLOSE int fd = memfd_create("dmaheap", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))
		return -errno;
	return TAKE_FD(fd);
}

int udmabuf_make(uint64_t size, struct udmabuf *buffer)
{
	AUTO_CLOSE int device = file_open("/dev/udmabuf", O_RDWR), memfd = -1, fd = -1;
	struct udmabuf_create request = {.flags = UDMABUF_FLAGS_CLOEXEC, .size = size};
	void *memory;
	int error;

	if (device < 0)
		return TAKE_FD(device);
	memfd = make_memfd(size);
	if (memfd < 0)
		return TAKE_FD(memfd);
	request.memfd = (uint32_t)memfd;
	fd = ioctl(device, UDMABUF_CREATE, &request);
	if (fd < 0)
		return -errno;
	error = dmabuf_map(memfd, size, PROT_READ | PROT_WRITE, &memory);
	if (error)
		return error;
	*buffer = (struct udmabuf){TAKE_FD(fd), TAKE_FD(memfd), memory, size};
	return 0;
}

void udmabuf_free(struct udmabuf *buffer)
{
	dmabuf_unmap(buffer->memory, buffer->size);
	close(buffer->fd);
	close(buffer->memfd);
	*buffer = (struct udmabuf){.fd = -1, .memfd = -1};
}
