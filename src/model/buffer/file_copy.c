// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>

#include "base/cleanup.h"
#include "base/signals.h"
#include "sys/file.h"

/* What is copied by one call: between two looks at a stop signal. */
#define PIECE ((size_t)1 << 20)

/* Copies one buffer; *end says that the file has no more. */
static int copy_buffer(struct file_copy *copy, int file, const struct buffer *buffer, bool in,
		       bool *end)
{
	size_t offset = 0;

	while (offset < buffer->size && !*end) {
		char *place = (char *)buffer->memory + offset;
		size_t size = buffer->size - offset < PIECE ? buffer->size - offset : PIECE;
		ssize_t copied = in ? file_get(file, place, size) : file_put(file, place, size);

		if (stop_signal())
			return -EINTR;
		if (copied < 0)
			return (int)copied;
		*end = in && (size_t)copied < size;
		offset += (size_t)copied;
		copy->done += (uint64_t)copied;
		copy->progress(copy->data, copy->done);
	}
	return 0;
}

static int copy_all(const struct buffers *buffers, struct file_copy *copy, int file, bool in)
{
	uint64_t direction = in ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ;
	bool end = false;

	copy->done = 0;
	for (size_t i = 0; i < buffers->count && !end; i++) {
		const struct buffer *buffer = &buffers->items[i];
		int error = buffer_begin_access(buffer, direction, copy->limit_ns), end_error;

		if (error)
			return error;
		error = copy_buffer(copy, file, buffer, in, &end);
		end_error = buffer_end_access(buffer, direction);
		if (error || end_error)
			return error ? error : end_error;
	}
	return 0;
}

int buffers_read_file(const struct buffers *buffers, struct file_copy *copy)
{
	AUTO_CLOSE int file = file_open(copy->path, O_RDONLY);
	char byte;
	int error;

	if (file < 0)
		return file;
	error = copy_all(buffers, copy, file, true);
	copy->more = !error && copy->done == buffers_size(buffers) && file_get(file, &byte, 1) == 1;
	return error;
}

int buffers_write_file(const struct buffers *buffers, struct file_copy *copy)
{
	struct file_output output;
	int error = file_output_open(copy->path, &output);

	return error ? error
		     : file_output_close(&output, copy_all(buffers, copy, output.fd, false));
}
