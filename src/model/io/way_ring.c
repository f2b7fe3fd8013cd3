// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ways that have several requests under way: io_uring, and direct I/O through bounce buffers, which
 * does without io_uring where there is none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "model/io/way_functions.h"
#include "sys/io_uring.h"

/* So many requests of so many bytes: together 1 MiB, which stays in the cache of most processors.
 */
#define LANES 4
#define PIECE ((size_t)256 << 10)

enum ring_options {
	RING_DIRECT = 1 << 0,
	RING_FIXED = 1 << 1,  /* the memory is registered */
	RING_BOUNCE = 1 << 2, /* through buffers of our own */
	RING_DMABUF = 1 << 3, /* the dma-buf is registered, not its memory */
};

/* A request that is under way: the bytes from OFFSET on, counted from the begin of the move. */
struct lane {
	bool busy;
	uint64_t offset;
	size_t size, done;
	char *bounce; /* its own buffer, or NULL */
};

struct lanes {
	struct move *move;
	unsigned int options;
	struct io_ring *ring; /* NULL: none, one request at a time */
	struct lane lane[LANES];
	void *bounce;
	uint64_t next, end; /* what no lane has yet */
	int error;
};

static const char *call_name(const struct lanes *lanes)
{
	if (lanes->options & RING_DIRECT)
		return lanes->move->out ? STEP_DIRECT_WRITE : STEP_DIRECT_READ;
	return lanes->move->out ? STEP_WRITE : STEP_READ;
}

static void fail(struct lanes *lanes, int error)
{
	if (!lanes->error)
		lanes->error = move_failed(lanes->move, call_name(lanes), error);
}

static char *memory_at(const struct lanes *lanes, uint64_t offset)
{
	return (char *)lanes->move->buffer->memory + offset;
}

/* What a lane has yet to ask for; of direct reads in whole blocks. */
static size_t left_of(const struct lanes *lanes, const struct lane *lane)
{
	size_t left = lane->size - lane->done;

	if (!(lanes->options & RING_DIRECT) || lanes->move->out)
		return left;
	return move_whole_blocks(lanes->move, left,
				 lane->bounce
					 ? PIECE - lane->done
					 : lanes->move->buffer->size - lane->offset - lane->done);
}

/* Passes a lane's request on; without a ring it is carried out at once. */
static ssize_t ask(struct lanes *lanes, struct lane *lane)
{
	const struct move *move = lanes->move;
	uint64_t place = lane->offset + lane->done;
	uint64_t offset = move->facts->offset + place;
	char *memory = lane->bounce ? lane->bounce + lane->done : memory_at(lanes, place);
	unsigned int part = 0;
	size_t size = left_of(lanes, lane);

	if (!lanes->ring)
		return move->out ? file_put_at(move->file, false, memory, size, offset)
				 : file_get_at(move->file, false, memory, size, offset);
	if (!lane->bounce && !(lanes->options & RING_DMABUF))
		part = (unsigned int)(place / IO_RING_BUFFER_MAX);
	io_ring_queue(lanes->ring,
		      &(struct io_request){
			      .fd = move->file,
			      .write = move->out,
			      .fixed = lanes->options & RING_FIXED,
			      .buffer = part,
			      .memory = lanes->options & RING_DMABUF ? place
								     : (uint64_t)(uintptr_t)memory,
			      .size = (unsigned int)size,
			      .offset = offset,
			      .tag = (uint64_t)(lane - lanes->lane),
		      });
	return 0;
}

/* The bytes of a lane are there. */
static void finish(struct lanes *lanes, struct lane *lane)
{
	lane->busy = false;
	if (lane->bounce && !lanes->move->out)
		memcpy(memory_at(lanes, lane->offset), lane->bounce, lane->done);
	if (move_went_on(lanes->move, lane->done) && !lanes->error)
		lanes->error = -EINTR;
}

/* What came of a lane's request: it is done, or asks for the rest. Returns whether it is done. */
static bool answered(struct lanes *lanes, struct lane *lane, ssize_t result)
{
	size_t block = lanes->move->facts->offset_align;
	bool direct = lanes->options & RING_DIRECT;

	if (result == -EINTR || result == -EAGAIN)
		return false;
	if (!result && lanes->move->out)
		result = -EIO;
	if (result < 0) {
		fail(lanes, (int)result);
		lane->busy = false;
		return true;
	}
	lane->done += (size_t)result;
	if (lane->done >= lane->size) {
		lane->done = lane->size;
		finish(lanes, lane);
		return true;
	}
	/* less than whole blocks are the last of the file */
	if (result && !(direct && lane->done % block))
		return false;
	lanes->move->ended = true;
	finish(lanes, lane);
	return true;
}

/* Gives a lane the next piece. */
static void begin(struct lanes *lanes, struct lane *lane)
{
	uint64_t left = lanes->end - lanes->next;

	lane->busy = true;
	lane->offset = lanes->next;
	lane->size = left < PIECE ? (size_t)left : PIECE;
	lane->done = 0;
	lanes->next += lane->size;
	if (lane->bounce && lanes->move->out)
		memcpy(lane->bounce, memory_at(lanes, lane->offset), lane->size);
}

static bool may_begin(const struct lanes *lanes)
{
	return lanes->next < lanes->end && !lanes->error && !lanes->move->ended;
}

static void run_without_ring(struct lanes *lanes)
{
	struct lane *lane = &lanes->lane[0];

	while (may_begin(lanes)) {
		ssize_t result;

		begin(lanes, lane);
		do {
			result = ask(lanes, lane);
			if (result == -EINTR && stop_signal())
				lanes->error = -EINTR;
		} while (!lanes->error && !answered(lanes, lane, result));
	}
}

/*
 * After an error: waits for the requests that are under way. If they do not end in time, what the
 * kernel may still write to is never freed.
 */
static void drain(struct lanes *lanes, size_t busy)
{
	struct move *move = lanes->move;

	if (!io_ring_drain(lanes->ring, busy, move->limit_ns))
		return;
	lanes->ring = NULL;
	lanes->bounce = NULL;
	lanes->error = move_failed(move, call_name(lanes), -EINPROGRESS);
}

static void run_ring(struct lanes *lanes)
{
	size_t busy = 0;

	for (;;) {
		uint64_t tag;
		int result, error = 0;

		for (size_t i = 0; i < LANES && may_begin(lanes); i++) {
			if (lanes->lane[i].busy)
				continue;
			begin(lanes, &lanes->lane[i]);
			ask(lanes, &lanes->lane[i]);
			busy++;
		}
		if (!busy)
			return;
		if (!lanes->error)
			error = io_ring_wait(lanes->ring, &tag, &result);
		if (error)
			fail(lanes, error);
		if (lanes->error) {
			drain(lanes, busy);
			return;
		}
		if (answered(lanes, &lanes->lane[tag], result))
			busy--;
		else
			ask(lanes, &lanes->lane[tag]);
	}
}

/* Buffers for the lanes: registered where this user may have that much memory pinned. */
static void make_bounce(struct lanes *lanes)
{
	lanes->bounce = MUST_HAVE(aligned_alloc(lanes->move->facts->page, LANES * PIECE));
	for (size_t i = 0; i < LANES; i++)
		lanes->lane[i].bounce = (char *)lanes->bounce + i * PIECE;
	if (lanes->ring && !io_ring_register(lanes->ring, lanes->bounce, LANES * PIECE))
		lanes->options |= RING_FIXED;
}

static int make_ring(struct lanes *lanes)
{
	struct move *move = lanes->move;
	int error = io_ring_open(LANES, &lanes->ring);

	/* a bounce buffer is of use without it */
	if (error && !(lanes->options & RING_BOUNCE))
		return move_failed(move, STEP_RING, error);
	if (lanes->options & RING_BOUNCE) {
		make_bounce(lanes);
		return 0;
	}
	if (lanes->options & RING_DMABUF) {
		error = io_ring_register_dmabuf(lanes->ring, move->buffer->fd, move->file);
	} else if (lanes->options & RING_FIXED) {
		error = move_check_pinning(move);
		if (error)
			return error;
		error = io_ring_register(lanes->ring, move->buffer->memory, move->buffer->size);
	}
	if (!error)
		return 0;
	return move_failed(
		move, lanes->options & RING_DMABUF ? STEP_REGISTER_DMABUF : STEP_REGISTER, error);
}

static int move_in_lanes(struct lanes *lanes)
{
	bool direct = lanes->options & RING_DIRECT;
	int error = make_ring(lanes);

	if (!error && direct)
		error = move_direct_begin(lanes->move);
	if (error)
		return error;
	lanes->end = direct ? move_direct_end(lanes->move) : lanes->move->size;
	if (lanes->ring)
		run_ring(lanes);
	else
		run_without_ring(lanes);
	return direct ? move_direct_finish(lanes->move, lanes->error) : lanes->error;
}

static int run(struct move *move, unsigned int options)
{
	struct lanes lanes = {.move = move, .options = options};
	int error = move_in_lanes(&lanes);

	io_ring_free(lanes.ring);
	free(lanes.bounce);
	return error;
}

int way_bounce_move(struct move *move)
{
	return run(move, RING_DIRECT | RING_BOUNCE);
}

int way_ring_move(struct move *move)
{
	return run(move, 0);
}

int way_ring_direct_move(struct move *move)
{
	return run(move, RING_DIRECT);
}

int way_ring_fixed_move(struct move *move)
{
	return run(move, RING_DIRECT | RING_FIXED);
}

int way_ring_dmabuf_move(struct move *move)
{
	return run(move, RING_DIRECT | RING_FIXED | RING_DMABUF);
}
