/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs of this directory share. Each ends with a message where something fails. */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include <err.h>
#include <fcntl.h>
#include <libdrm/drm.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static inline int must(const char *what, long result)
{
	if (result < 0)
		err(1, "%s", what);
	return (int)result;
}

static inline char *map(int fd, size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap");
	return memory;
}

static inline int allocate(const char *heap_name, size_t size)
{
	struct dma_heap_allocation_data data = {.len = size, .fd_flags = O_RDWR | O_CLOEXEC};
	char path[256];
	int heap;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", heap_name);
	heap = must(path, open(path, O_RDWR | O_CLOEXEC));
	must("allocation", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data));
	close(heap);
	return (int)data.fd;
}

static inline int open_card(const char *driver)
{
	for (int number = 0; number < 16; number++) {
		char path[64], name[32] = "";
		struct drm_version version = {.name = name, .name_len = sizeof(name) - 1};
		int card;

		snprintf(path, sizeof(path), "/dev/dri/card%d", number);
		card = open(path, O_RDWR | O_CLOEXEC);
		if (card >= 0 && !ioctl(card, DRM_IOCTL_VERSION, &version) && !strcmp(name, driver))
			return card;
		if (card >= 0)
			close(card);
	}
	errx(1, "no %s", driver);
}

/* Returns the handle. */
static inline unsigned int import(int card, int fd)
{
	struct drm_prime_handle handle = {.fd = fd};

	must("import", ioctl(card, DRM_IOCTL_PRIME_FD_TO_HANDLE, &handle));
	return handle.handle;
}

/* A message with room for a descriptor. */
struct passing {
	char byte;
	struct iovec part;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message;
};

static inline struct msghdr *prepare(struct passing *passing)
{
	*passing = (struct passing){0};
	passing->part = (struct iovec){&passing->byte, 1};
	passing->message = (struct msghdr){.msg_iov = &passing->part,
					   .msg_iovlen = 1,
					   .msg_control = &passing->control,
					   .msg_controllen = sizeof(passing->control)};
	return &passing->message;
}

static inline void send_descriptor(int socket, int fd)
{
	struct passing passing;
	struct msghdr *message = prepare(&passing);

	passing.control.header.cmsg_level = SOL_SOCKET;
	passing.control.header.cmsg_type = SCM_RIGHTS;
	passing.control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&passing.control.header), &fd, sizeof(fd));
	must("sendmsg", sendmsg(socket, message, 0));
}

static inline int receive_descriptor(int socket)
{
	struct passing passing;
	int fd;

	must("recvmsg", recvmsg(socket, prepare(&passing), MSG_CMSG_CLOEXEC));
	if (passing.control.header.cmsg_type != SCM_RIGHTS)
		errx(1, "no descriptor");
	memcpy(&fd, CMSG_DATA(&passing.control.header), sizeof(fd));
	return fd;
}

#endif
