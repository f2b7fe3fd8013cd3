/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's calls for heaps and dma-bufs, one function a call; every function returns -errno
 * where the kernel refuses. include/uapi/linux/{dma-heap,dma-buf}.h
 */
#ifndef SYS_DMABUF_H
#define SYS_DMABUF_H

#include <stdbool.h>
#include <stdint.h>

/* Opens a heap's node, as an allocation needs it. Returns a descriptor that the caller closes, or
 * -errno. */
int heap_open(const char *node) __attribute__((nonnull));

/*
 * Allocates SIZE bytes (the kernel rounds up to pages) from an open heap with the given flags of
 * the descriptor (O_CLOEXEC, O_RDONLY, O_WRONLY, O_RDWR). Returns a descriptor that the caller
 * closes.
 */
int heap_allocate(int heap_fd, uint64_t size, int fd_flags);

/*
 * Maps the first SIZE bytes of a buffer with PROT_* flags, shared. -EINVAL: also where the exporter
 * can't map; -ENOMEM: also where this process has no room for it. Unmap with dmabuf_unmap(), which
 * takes NULL.
 */
int dmabuf_map(int fd, uint64_t size, int protection, void **memory) __attribute__((nonnull));
void dmabuf_unmap(void *memory, uint64_t size);

/* DMA_BUF_IOCTL_SYNC with DMA_BUF_SYNC_* flags; waits without limit for fences, -EINTR on a signal.
 */
int dmabuf_sync(int fd, uint64_t flags);

/* DMA_BUF_SET_NAME; -EINVAL: DMA_BUF_NAME_LEN (32) bytes or more. */
int dmabuf_set_name(int fd, const char *name) __attribute__((nonnull));

/* Says whether a descriptor is a dma-buf (fstatfs: DMA_BUF_MAGIC, include/uapi/linux/magic.h). */
bool dmabuf_is(int fd);

/* The access mode of a descriptor: O_RDONLY, O_WRONLY, O_RDWR or -errno. */
int dmabuf_access(int fd);

#endif
