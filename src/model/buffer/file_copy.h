/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data copied between buffers and files. The kernel copies between the file and the mapping:
 * O_DIRECT can't be used there (EFAULT, mm/gup.c).
 */
#ifndef MODEL_BUFFER_FILE_COPY_H
#define MODEL_BUFFER_FILE_COPY_H

#include <stdint.h>

#include "model/buffer/buffer.h"

/* Called now and then with the bytes copied so far. */
typedef void file_copy_progress(void *data, uint64_t done);

struct file_copy {
	const char *path;
	uint64_t limit_ns;            /* of the wait for fences before each buffer; 0: none */
	file_copy_progress *progress; /* not NULL */
	void *data;
	uint64_t done; /* result: bytes */
	bool more;     /* result of reading: the file holds more than the buffers take */
};

/*
 * Fill mapped buffers, one after the other, with the file's bytes, as far as it goes; write the
 * data of all to the file, which is made or replaced once all is written. Return 0 or -errno: of
 * the file, ETIMEDOUT (a fence), EINTR (a stop signal).
 */
int buffers_read_file(const struct buffers *buffers, struct file_copy *copy)
	__attribute__((nonnull));
int buffers_write_file(const struct buffers *buffers, struct file_copy *copy)
	__attribute__((nonnull));

#endif
