// SPDX-License-Identifier: GPL-2.0-or-later
/* Direct I/O, one request at a time. */
#include <errno.h>

#include "base/number.h"
#include "model/io/way_functions.h"

uint64_t move_direct_end(const struct move *move)
{
	return move->out ? move->size - move->size % move->facts->offset_align : move->size;
}

int move_direct_begin(struct move *move)
{
	int error = file_set_direct(move->file, true);

	if (error)
		return move_failed(move, STEP_DIRECT, error);
	if (move->facts->offset % move->facts->offset_align) {
		file_set_direct(move->file, false);
		return move_failed(move, move->out ? STEP_DIRECT_WRITE : STEP_DIRECT_READ, -EINVAL);
	}
	return 0;
}

int move_direct_finish(struct move *move, int error)
{
	int cleared = file_set_direct(move->file, false);

	if (error)
		return error;
	if (cleared)
		return move_failed(move, STEP_DIRECT, cleared);
	return move->out ? move_plain_to(move, move->size) : 0;
}

size_t move_whole_blocks(const struct move *move, size_t size, uint64_t room)
{
	size_t whole = (size_t)round_up(size, move->facts->offset_align);

	return whole <= room ? whole : size;
}

static int read_direct(struct move *move)
{
	int error = 0;

	while (move->done < move->size && !move->ended && !error) {
		size_t wanted = move_next(move, move->size, MOVE_PIECE);
		size_t size = move_whole_blocks(move, wanted, move->buffer->size - move->done);
		ssize_t got =
			file_get_at(move->file, false, move_place(move), size, move_offset(move));

		if (got < 0)
			return move_failed(move, STEP_DIRECT_READ, (int)got);
		/* less than whole blocks are the last of the file */
		move->ended = (size_t)got < wanted && (size_t)got % move->facts->offset_align;
		move->ended |= !got;
		error = move_went_on(move, (size_t)got < wanted ? (size_t)got : wanted);
	}
	return error;
}

static int write_direct(struct move *move)
{
	uint64_t end = move_direct_end(move);
	int error = 0;

	while (move->done < end && !error) {
		ssize_t put = file_put_at(move->file, false, move_place(move),
					  move_next(move, end, MOVE_PIECE), move_offset(move));

		if (put <= 0)
			return move_failed(move, STEP_DIRECT_WRITE, put ? (int)put : -EIO);
		error = move_went_on(move, (uint64_t)put);
	}
	return error;
}

int way_direct_move(struct move *move)
{
	int error = move_direct_begin(move);

	if (error)
		return error;
	return move_direct_finish(move, move->out ? write_direct(move) : read_direct(move));
}
