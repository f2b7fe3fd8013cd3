/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory that file contents are moved into and out of: of a heap, of a udmabuf. */
#ifndef MODEL_IO_IO_MEMORY_H
#define MODEL_IO_IO_MEMORY_H

#include "model/buffer/buffer.h"
#include "sys/udmabuf.h"

struct io_memory {
	struct buffers buffers; /* what a heap gave, or was adopted */
	struct udmabuf udmabuf;
	void *anonymous;
	struct buffer buffer; /* with the mapping, for struct move */
	int fd;               /* what stands for the memory: .memory_fd of struct move */
};

/*
 * Make it, of at least SIZE bytes and a page, or of the dma-buf FD, which then belongs to it. That
 * of a heap or of FD is mapped by io_memory_map(). Return 0 or -errno, as buffer_allocate(),
 * buffer_map() and udmabuf_make() do; -EBADMSG: FD is no dma-buf. Free with io_memory_free(), also
 * after a failure; {0} is nothing.
 */
int io_memory_allocate(struct io_memory *memory, int heap_fd, uint64_t size)
	__attribute__((nonnull));
int io_memory_adopt(struct io_memory *memory, int fd) __attribute__((nonnull));
int io_memory_map(struct io_memory *memory) __attribute__((nonnull));
int io_memory_udmabuf(struct io_memory *memory, uint64_t size) __attribute__((nonnull));
/* Anonymous memory, which has no descriptor. */
int io_memory_anonymous(struct io_memory *memory, uint64_t size) __attribute__((nonnull));
void io_memory_free(struct io_memory *memory) __attribute__((nonnull));

/* SIZE in whole pages, at least one. */
uint64_t io_memory_pages(uint64_t size);

#endif
