// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/io/io_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/number.h"
#include "sys/dmabuf.h"

uint64_t io_memory_pages(uint64_t size)
{
	return round_up(size ? size : 1, (uint64_t)sysconf(_SC_PAGESIZE));
}

int io_memory_allocate(struct io_memory *memory, int heap_fd, uint64_t size)
{
	return buffer_allocate(&memory->buffers, heap_fd, io_memory_pages(size), O_RDWR);
}

int io_memory_adopt(struct io_memory *memory, int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0)
		return -errno;
	if (!dmabuf_is(fd))
		return -EBADMSG;
	return buffer_adopt(&memory->buffers, fd);
}

int io_memory_map(struct io_memory *memory)
{
	struct buffer *buffer = &memory->buffers.items[0];
	int error = buffer_describe(buffer);

	if (!error)
		error = buffer_map(buffer);
	if (error)
		return error;
	memory->buffer = *buffer;
	memory->fd = buffer->fd;
	return 0;
}

int io_memory_udmabuf(struct io_memory *memory, uint64_t size)
{
	int error = udmabuf_make(io_memory_pages(size), &memory->udmabuf);

	if (error)
		return error;
	memory->buffer = (struct buffer){.fd = memory->udmabuf.fd,
					 .access = O_RDWR,
					 .size = memory->udmabuf.size,
					 .memory = memory->udmabuf.memory};
	memory->fd = memory->udmabuf.memfd;
	return 0;
}

int io_memory_anonymous(struct io_memory *memory, uint64_t size)
{
	uint64_t bytes = io_memory_pages(size);
	void *place;

	if (bytes > SIZE_MAX)
		return -ENOMEM;
	place = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (place == MAP_FAILED)
		return -errno;
	memory->anonymous = place;
	memory->buffer = (struct buffer){
		.fd = -1, .access = O_RDWR, .size = bytes, .memory = memory->anonymous};
	memory->fd = -1;
	return 0;
}

void io_memory_free(struct io_memory *memory)
{
	if (memory->anonymous)
		munmap(memory->anonymous, memory->buffer.size);
	if (memory->udmabuf.memory)
		udmabuf_free(&memory->udmabuf);
	buffers_free(&memory->buffers);
	*memory = (struct io_memory){0};
}
