/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers whose memory is that of a memfd: drivers/dma-buf/udmabuf.c. */
#ifndef SYS_UDMABUF_H
#define SYS_UDMABUF_H

#include <stdint.h>

struct udmabuf {
	int fd, memfd;
	void *memory; /* the memfd's, whose pages can be pinned */
	uint64_t size;
};

/*
 * Makes a buffer of SIZE bytes, in whole pages and not 0, with its memory mapped. Returns 0 or
 * -errno: ENOENT, EACCES (/dev/udmabuf), EINVAL (larger than the parameter size_limit_mb of the
 * module). Free with udmabuf_free(), which leaves nothing.
 */
int udmabuf_make(uint64_t size, struct udmabuf *buffer) __attribute__((nonnull));
void udmabuf_free(struct udmabuf *buffer) __attribute__((nonnull));

#endif
