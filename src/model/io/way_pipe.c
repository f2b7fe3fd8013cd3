// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls that move bytes inside the kernel, between two descriptors. A dma-buf's file has none
 * of the functions that they need (dma_buf_fops, drivers/dma-buf/dma-buf.c, 7.2).
 */
#include <errno.h>
#include <unistd.h>

#include "model/io/way_functions.h"

struct pipe {
	int from, to;
};

static int make_pipe(struct move *move, struct pipe *pipe)
{
	int ends[2], error = file_pipe(ends, MOVE_PIECE);

	if (error)
		return move_failed(move, STEP_PIPE, error);
	*pipe = (struct pipe){ends[0], ends[1]};
	return 0;
}

static void close_pipe(struct pipe *pipe)
{
	close(pipe->from);
	close(pipe->to);
}

/* One call that moves a piece of at most SIZE bytes between file and buffer. */
typedef ssize_t one_call(struct move *move, size_t size);

static int move_by(struct move *move, one_call *call, const char *step)
{
	int error = 0;

	while (move->done < move->size && !move->ended && !error) {
		ssize_t moved = call(move, move_next(move, move->size, MOVE_PIECE));

		if (moved < 0)
			return move_failed(move, step, (int)moved);
		if (!moved && move->out)
			return move_failed(move, step, -EIO);
		move->ended = !moved;
		error = move_went_on(move, (uint64_t)moved);
	}
	return error;
}

static ssize_t copy_range(struct move *move, size_t size)
{
	uint64_t file = move_offset(move), buffer = move->done;

	return move->out ? file_copy_range(move->memory_fd, &buffer, move->file, &file, size)
			 : file_copy_range(move->file, &file, move->memory_fd, &buffer, size);
}

int way_copy_range_move(struct move *move)
{
	return move_by(move, copy_range, STEP_COPY_RANGE);
}

/* sendfile(2) writes where the other file is. */
static ssize_t send_one(struct move *move, size_t size)
{
	uint64_t file = move_offset(move), buffer = move->done;

	return move->out ? file_send(move->memory_fd, &buffer, move->file, size)
			 : file_send(move->file, &file, move->memory_fd, size);
}

int way_sendfile_move(struct move *move)
{
	int error = move->out ? file_seek(move->file, move_offset(move)) : 0;

	return error ? move_failed(move, STEP_SENDFILE, error)
		     : move_by(move, send_one, STEP_SENDFILE);
}

/* One of the two halves of a piece: what is between pipe and file. */
static ssize_t splice_file(struct move *move, struct pipe *pipe, uint64_t *offset, size_t size)
{
	return move->out ? file_splice(pipe->from, NULL, move->file, offset, size)
			 : file_splice(move->file, offset, pipe->to, NULL, size);
}

/* The other half: what is between pipe and buffer, at this offset of it. */
typedef ssize_t buffer_half(struct move *move, struct pipe *pipe, uint64_t offset, size_t size);

static ssize_t splice_buffer(struct move *move, struct pipe *pipe, uint64_t offset, size_t size)
{
	return move->out ? file_splice(move->memory_fd, &offset, pipe->to, NULL, size)
			 : file_splice(pipe->from, NULL, move->memory_fd, &offset, size);
}

static ssize_t splice_memory(struct move *move, struct pipe *pipe, uint64_t offset, size_t size)
{
	return file_splice_memory(move->out ? pipe->to : pipe->from,
				  (char *)move->buffer->memory + offset, size);
}

/* Fills the pipe with a piece, and empties it. */
static int move_piece(struct move *move, struct pipe *pipe, buffer_half *half, const char *step)
{
	size_t size = move_next(move, move->size, MOVE_PIECE), emptied = 0;
	uint64_t offset = move_offset(move);
	ssize_t filled = move->out ? half(move, pipe, move->done, size)
				   : splice_file(move, pipe, &offset, size);

	if (filled < 0)
		return move_failed(move, move->out ? step : STEP_SPLICE_FILE, (int)filled);
	move->ended = !filled;
	while (emptied < (size_t)filled) {
		size_t left = (size_t)filled - emptied;
		ssize_t part = move->out ? splice_file(move, pipe, &offset, left)
					 : half(move, pipe, move->done + emptied, left);

		if (part <= 0)
			return move_failed(move, move->out ? STEP_SPLICE_FILE : step,
					   part ? (int)part : -EIO);
		emptied += (size_t)part;
	}
	return move_went_on(move, emptied);
}

static int move_by_pipe(struct move *move, buffer_half *half, const char *step)
{
	struct pipe pipe = {-1, -1};
	int error = make_pipe(move, &pipe);

	if (error)
		return error;
	while (move->done < move->size && !move->ended && !error)
		error = move_piece(move, &pipe, half, step);
	close_pipe(&pipe);
	return error;
}

int way_splice_move(struct move *move)
{
	return move_by_pipe(move, splice_buffer, STEP_SPLICE_BUFFER);
}

/* vmsplice(2) to a pipe pins pages too, but for a short time, wherever they lie. */
int move_check_pinning(struct move *move)
{
	struct pipe pipe = {-1, -1};
	ssize_t pinned;
	int error;

	/* memory of this process, or the memfd of a udmabuf */
	if (move->buffer->fd < 0 || move->memory_fd != move->buffer->fd)
		return 0;
	error = make_pipe(move, &pipe);
	if (error)
		return error;
	pinned = file_splice_memory(pipe.to, move->buffer->memory, 1);
	close_pipe(&pipe);
	if (pinned == -EFAULT)
		return 0;
	return pinned < 0 ? move_failed(move, STEP_VMSPLICE, (int)pinned)
			  : move_failed(move, STEP_PIN, -EOPNOTSUPP);
}

int way_vmsplice_move(struct move *move)
{
	return move_by_pipe(move, splice_memory, STEP_VMSPLICE);
}
