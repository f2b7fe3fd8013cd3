/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * io_uring by its system calls, as far as reading and writing files needs it
 * (include/uapi/linux/io_uring.h). Boards rarely have liburing.
 */
#ifndef SYS_IO_URING_H
#define SYS_IO_URING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct io_ring;

/*
 * A ring for ENTRIES requests at a time. Returns 0 or -errno: ENOSYS (the kernel has no io_uring,
 * or one from before 5.4), EPERM (kernel.io_uring_disabled, a container's seccomp filter). Free
 * with io_ring_free(), which takes NULL; no request may be under way then.
 */
int io_ring_open(unsigned int entries, struct io_ring **ring) __attribute__((nonnull));
void io_ring_free(struct io_ring *ring);
static inline void io_ring_cleanup(struct io_ring **ring)
{
	io_ring_free(*ring);
}
#define AUTO_RING __attribute__((cleanup(io_ring_cleanup)))

/* One registered buffer may have so many bytes: io_buffer_validate(), io_uring/rsrc.c (7.2). */
#define IO_RING_BUFFER_MAX ((size_t)1 << 30)

/*
 * IORING_REGISTER_BUFFERS: has SIZE bytes of memory pinned for the life of the ring. A request for
 * a part of it may then be fixed; none may cross a multiple of IO_RING_BUFFER_MAX. Returns 0 or
 * -errno: EFAULT (pages that cannot be pinned, as those of a heap's mapping: mm/gup.c), ENOMEM
 * (RLIMIT_MEMLOCK).
 */
int io_ring_register(struct io_ring *ring, void *memory, size_t size) __attribute__((nonnull));

/*
 * Registers a dma-buf for requests on the file TARGET: expected in Linux 7.4, for NVMe block
 * devices. Returns 0 or -errno (EINVAL: an older kernel).
 */
int io_ring_register_dmabuf(struct io_ring *ring, int dmabuf, int target) __attribute__((nonnull));

struct io_request {
	int fd;
	bool write, fixed;
	unsigned int buffer; /* of a fixed one: which part of IO_RING_BUFFER_MAX bytes */
	uint64_t memory;     /* its address, or the offset into a registered dma-buf */
	unsigned int size;
	uint64_t offset;
	uint64_t tag; /* told again by io_ring_wait() */
};

/* Adds a request; no more than ENTRIES may be under way. io_ring_wait() passes it to the kernel. */
void io_ring_queue(struct io_ring *ring, const struct io_request *request) __attribute__((nonnull));

/*
 * Waits for the next request that ends, without a limit: *tag, and in *result its bytes or -errno.
 * Returns 0 or -errno of the wait itself: -EINTR after a stop signal.
 */
int io_ring_wait(struct io_ring *ring, uint64_t *tag, int *result) __attribute__((nonnull));

/*
 * Waits until COUNT requests that were queued have ended, less those that the kernel was not
 * passed, so that nothing is written to their memory any more. Returns 0, or -EINPROGRESS: after
 * LIMIT_NS (0: no limit) some have not, of which nothing may be freed then.
 */
int io_ring_drain(struct io_ring *ring, size_t count, uint64_t limit_ns) __attribute__((nonnull));

#endif
