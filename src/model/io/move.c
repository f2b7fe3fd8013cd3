// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/io/move.h"

#include <errno.h>

#include "base/signals.h"

int move_failed(struct move *move, const char *step, int error)
{
	move->step = step;
	return error;
}

int move_went_on(struct move *move, uint64_t count)
{
	move->done += count;
	move->progress(move->data, move->done);
	return stop_signal() ? -EINTR : 0;
}

size_t move_next(const struct move *move, uint64_t end, size_t most)
{
	uint64_t left = end - move->done;

	return left < most ? (size_t)left : most;
}

struct maybe move_rate(const struct move *move)
{
	double seconds = (double)move->time_ns / 1e9;

	if (!move->done || !move->time_ns)
		return (struct maybe){0};
	return (struct maybe){true, (uint64_t)((double)move->done / seconds)};
}

struct maybe move_processor(const struct move *move)
{
	if (move->done < MOVE_PIECE)
		return (struct maybe){0};
	return (struct maybe){true,
			      (uint64_t)((double)move->processor_ns * 1e8 / (double)move->done)};
}
