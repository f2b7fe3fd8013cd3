/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A buffer from a heap and what is done with it. CPU access stands between the DMA_BUF_IOCTL_SYNC
 * calls that Documentation/driver-api/dma-buf.rst asks for; those wait for fences, no longer than
 * the given limit.
 */
#ifndef MODEL_BUFFER_BUFFER_H
#define MODEL_BUFFER_BUFFER_H

#include <stdint.h>

#include "base/array.h"
#include "base/known.h"
#include "model/buffer/pattern.h"

/* Longest name of a buffer, without the NUL: DMA_BUF_NAME_LEN - 1, include/uapi/linux/dma-buf.h. */
#define BUFFER_NAME_MAX 31

struct buffer {
	int fd;
	int access;           /* O_RDONLY, O_WRONLY or O_RDWR */
	uint64_t inode, size; /* the size in whole pages */
	char *exporter;       /* exp_name of fdinfo, NULL where the kernel does not say */
	char *name;           /* in the kernel's listings, or NULL */
	void *memory;         /* NULL: not mapped */
	/* nanoseconds that the steps took */
	struct maybe allocation_time, mapping_time, zero_time, fill_time, verify_time;
};

struct buffers {
	ARRAY_OF(struct buffer);
};

/*
 * Allocates SIZE bytes from an open heap, with ACCESS O_RDONLY, O_WRONLY or O_RDWR, and adds the
 * buffer to the list. Returns 0 or -errno as the kernel does (ENOMEM, EMFILE, EINVAL …). Free
 * all with buffers_free().
 */
int buffer_allocate(struct buffers *buffers, int heap_fd, uint64_t size, int access)
	__attribute__((nonnull));
void buffers_free(struct buffers *buffers);
/* Frees all but the first COUNT. */
void buffers_keep(struct buffers *buffers, size_t count) __attribute__((nonnull));

/*
 * Reads what the kernel says of a buffer that was allocated, which mapping and the rest need: fstat
 * and /proc/self/fdinfo (dma_buf_show_fdinfo(), drivers/dma-buf/dma-buf.c). Not a part of the
 * allocation: that is to cost what the bare call costs. Returns 0 or -errno.
 */
int buffer_describe(struct buffer *buffer) __attribute__((nonnull));

/* Gives it a name of at most BUFFER_NAME_MAX bytes. Returns 0 or -errno (EINVAL: too long). */
int buffer_set_name(struct buffer *buffer, const char *name) __attribute__((nonnull));

/* Raises the limit of descriptors of this process as far as it may (RLIMIT_NOFILE). */
void buffers_allow_many(void);

/* Adds a buffer that came from elsewhere; its descriptor then belongs to the list, also on failure.
 */
int buffer_adopt(struct buffers *buffers, int fd) __attribute__((nonnull));

/*
 * Maps the whole buffer with the rights of its descriptor. Returns 0 or -errno (EINVAL: its heap
 * can't map; EACCES: it is for writing only).
 */
int buffer_map(struct buffer *buffer) __attribute__((nonnull));

/*
 * Begin and end CPU access with DMA_BUF_SYNC_READ, _WRITE or _RW. The beginning waits for the
 * fences of devices, no longer than LIMIT_NS (0: no limit). Return 0 or -errno: ETIMEDOUT, EINTR (a
 * stop signal).
 */
int buffer_begin_access(const struct buffer *buffer, uint64_t direction, uint64_t limit_ns)
	__attribute__((nonnull));
int buffer_end_access(const struct buffer *buffer, uint64_t direction) __attribute__((nonnull));

/*
 * Fill a mapped buffer; compare it with a pattern. LIMIT_NS bounds the wait for fences (0: none).
 * Return 0 or -errno: ETIMEDOUT, EINTR (a stop signal); buffer_verify() and buffer_check_zero()
 * also -EILSEQ, with *mismatch saying where the data differs.
 */
int buffer_fill(struct buffer *buffer, const struct pattern *pattern, uint64_t limit_ns)
	__attribute__((nonnull));
int buffer_verify(struct buffer *buffer, const struct pattern *pattern, uint64_t limit_ns,
		  struct mismatch *mismatch) __attribute__((nonnull));
int buffer_check_zero(struct buffer *buffer, uint64_t limit_ns, struct mismatch *mismatch)
	__attribute__((nonnull));

#endif
