/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in buffers, moved to and from files. The kernel copies between the file and the mapping:
 * O_DIRECT can't be used there (EFAULT, mm/gup.c).
 */
#ifndef MODEL_BUFFER_FILE_COPY_H
#define MODEL_BUFFER_FILE_COPY_H

#include <stdint.h>

#include "model/buffer/buffer.h"

/* Called now and then with the bytes moved so far. */
typedef void contents_progress(void *data, uint64_t done);

struct contents_move {
	const char *path;
	uint64_t limit_ns;           /* of the wait for fences before each buffer; 0: none */
	contents_progress *progress; /* not NULL */
	void *data;
	uint64_t moved; /* result: bytes */
	bool more;      /* result of reading: the file holds more than the buffers take */
};

/* The bytes in all buffers. */
uint64_t contents_size(const struct buffers *buffers) __attribute__((nonnull));

/*
 * Fill mapped buffers, one after the other, with the file's bytes, as far as it goes; write the
 * contents of all to the file, which is made or replaced. Return 0 or -errno: of the file,
 * ETIMEDOUT (a fence), EINTR (a stop signal).
 */
int contents_read(const struct buffers *buffers, struct contents_move *move)
	__attribute__((nonnull));
int contents_write(const struct buffers *buffers, struct contents_move *move)
	__attribute__((nonnull));

#endif
