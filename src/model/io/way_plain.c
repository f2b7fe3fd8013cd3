// SPDX-License-Identifier: GPL-2.0-or-later
/* The ways through the page cache that copy: read(2), write(2), and mmap(2) of the file. */
#include <errno.h>

#include "model/io/way_functions.h"

/* What is mapped at a time: a 32-bit process has no room for a large file. */
#define WINDOW ((size_t)64 << 20)

int move_plain_to(struct move *move, uint64_t end)
{
	bool stream = file_is_stream(move->facts);
	int error = 0;

	while (move->done < end && !move->ended && !error) {
		size_t size = move_next(move, end, MOVE_PIECE);
		ssize_t moved = move->out ? file_put_at(move->file, stream, move_place(move), size,
							move_offset(move))
					  : file_get_at(move->file, stream, move_place(move), size,
							move_offset(move));

		if (!moved && move->out)
			moved = -EIO;
		if (moved < 0)
			return move_failed(move, move->out ? STEP_WRITE : STEP_READ, (int)moved);
		move->ended = !moved;
		error = move_went_on(move, (uint64_t)moved);
	}
	return error;
}

int way_plain_move(struct move *move)
{
	return move_plain_to(move, move->size);
}

/*
 * What became of a file that was read by its mapping: 0, also where it may end before; -ENODATA (it
 * became shorter, with zeros up to the end of its last page and SIGBUS after that).
 */
static int check_length(struct move *move)
{
	struct file_facts now;
	int error = file_facts(move->file, &now);

	if (error || now.size >= move->size)
		return error;
	move->done = now.size;
	move->ended = true;
	return move->open_end ? 0 : -ENODATA;
}

/* Copies SIZE bytes of a mapped part of the file. */
static int copy_window(struct move *move, const char *mapped, size_t size)
{
	uint64_t end = move->done + size, start = move->done;
	int error = 0;

	while (move->done < end && !error) {
		size_t piece = move_next(move, end, MOVE_PIECE);

		error = file_copy_mapped(move_place(move), mapped + (move->done - start), piece);
		if (error) {
			error = check_length(move);
			return move->ended ? error
					   : move_failed(move, STEP_COPY, error ? error : -EIO);
		}
		error = move_went_on(move, piece);
	}
	return error;
}

static int copy_mapped(struct move *move, bool populate)
{
	int error = 0;

	while (move->done < move->size && !move->ended && !error) {
		/* a mapping begins with a whole page of the file */
		uint64_t offset = move_offset(move), before = offset % move->facts->page;
		size_t size = move_next(move, move->size, WINDOW - (size_t)before);
		void *mapped = NULL;

		error = file_map(move->file, offset - before, size + (size_t)before, populate,
				 &mapped);
		if (error)
			return move_failed(move, STEP_MAP, error);
		error = copy_window(move, (const char *)mapped + before, size);
		file_unmap(mapped, size + (size_t)before);
	}
	return error || move->ended ? error : check_length(move);
}

int way_mmap_move(struct move *move)
{
	return copy_mapped(move, false);
}

int way_populate_move(struct move *move)
{
	return copy_mapped(move, true);
}
