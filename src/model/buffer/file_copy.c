// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>

#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/file.h"

/* What is moved by one call: between two looks at a stop signal. */
#define PIECE ((size_t)1 << 20)

uint64_t contents_size(const struct buffers *buffers)
{
	uint64_t total = 0;

	array_for_each (buffers, buffer)
		total += buffer->info.size;
	return total;
}

/* Moves one buffer; *end says that the file has no more. */
static int move_buffer(struct contents_move *move, int file, const struct buffer *buffer, bool in,
		       bool *end)
{
	size_t offset = 0;

	while (offset < buffer->info.size && !*end) {
		char *place = (char *)buffer->memory + offset;
		size_t size =
			buffer->info.size - offset < PIECE ? buffer->info.size - offset : PIECE;
		ssize_t moved = in ? file_get(file, place, size) : file_put(file, place, size);

		if (stop_signal())
			return -EINTR;
		if (moved < 0)
			return (int)moved;
		*end = in && (size_t)moved < size;
		offset += (size_t)moved;
		move->moved += (uint64_t)moved;
		move->progress(move->data, move->moved);
	}
	return 0;
}

static int move_all(const struct buffers *buffers, struct contents_move *move, int file, bool in)
{
	uint64_t direction = in ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ;
	bool end = false;

	move->moved = 0;
	array_for_each (buffers, buffer) {
		int error = end ? 0 : buffer_begin_access(buffer, direction, move->limit_ns);
		int end_error;

		if (end)
			break;
		if (error)
			return error;
		error = move_buffer(move, file, buffer, in, &end);
		end_error = buffer_end_access(buffer, direction);
		if (error || end_error)
			return error ? error : end_error;
	}
	return 0;
}

int contents_read(const struct buffers *buffers, struct contents_move *move)
{
	AUTO_CLOSE int file = file_open(move->path, O_RDONLY);
	char byte;
	int error;

	if (file < 0)
		return file;
	error = move_all(buffers, move, file, true);
	move->more =
		!error && move->moved == contents_size(buffers) && file_get(file, &byte, 1) == 1;
	return error;
}

int contents_write(const struct buffers *buffers, struct contents_move *move)
{
	AUTO_CLOSE int file = file_open(move->path, O_WRONLY | O_CREAT | O_TRUNC);

	return file < 0 ? file : move_all(buffers, move, file, false);
}
