// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/io/compare.h"

#include <errno.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "model/io/io_memory.h"
#include "model/io/way_functions.h"

enum {
	ENOUGH = 8, /* samples of a cell whose intervals are narrow */
	MOST = 60,
	MOST_OUT = 12, /* a flash memory wears out by being written */
};

/* As narrow as an interval has to be, in parts of the median; and what no user would mind. */
#define NARROW    0.02
#define TOLERANCE 0.02

/* Percent of the pages that may be in the page cache or not, whatever was asked for. */
#define STRAY 1

struct run {
	const struct io_plan *plan;
	struct io_comparison *result;
	struct io_memory reference; /* the contents of the file */
	char *scratch;              /* of MOVE_PIECE bytes */
	struct file_facts output;
	uint64_t start;
	/*
	 * Each move out has the contents of the one before, inverted, so that a file that is not
	 * written is seen.
	 */
	bool inverted, whole; /* how the output is; whether it has all of that */
};

const char *io_state_name(enum io_state state)
{
	static const char *const names[IO_STATES] = {
		[IO_COLD] = "cold", [IO_WARM] = "warm", [IO_NEW] = "new", [IO_AGAIN] = "again"};

	return names[state];
}

static bool may_have(const struct way *way, const struct io_target *target, bool out)
{
	return (out ? way->out : way->in) && way->udmabuf == target->udmabuf &&
	       (!way->descriptor || target->heap >= 0);
}

static void add_cells(struct run *run, size_t target, enum io_state state)
{
	const struct io_plan *plan = run->plan;
	bool out = io_state_is_out(state);

	if (out ? plan->output < 0 : !plan->in)
		return;
	/* such a file is in the page cache only */
	if (state == IO_COLD && plan->facts->memory_only)
		return;
	for (size_t i = 0; i < way_count; i++) {
		struct io_cell *cell;

		if (!may_have(ways[i], &plan->targets[target], out))
			continue;
		cell = array_add(run->result);
		cell->target = target;
		cell->state = state;
		cell->way = ways[i];
	}
}

/* The contents of the file, or their inversion, to memory in whole pages; rests of pages are 0. */
static void put_contents(const struct run *run, void *memory, bool invert)
{
	const uint64_t *from = run->reference.buffer.memory, mask = invert ? UINT64_MAX : 0;
	uint64_t *to = memory;

	for (size_t i = 0; i < run->plan->size / sizeof(*to); i++)
		to[i] = from[i] ^ mask;
	for (size_t i = run->plan->size / sizeof(*to) * sizeof(*to); i < run->plan->size; i++)
		((unsigned char *)memory)[i] =
			((const unsigned char *)run->reference.buffer.memory)[i] ^
			(unsigned char)mask;
}

/* Whether SIZE bytes are those of the file from OFFSET on, a multiple of 8. */
static bool are_contents(const struct run *run, const void *memory, size_t size, uint64_t offset,
			 bool invert)
{
	const char *reference = (const char *)run->reference.buffer.memory + offset;
	const unsigned char *tail = memory, *wanted = (const unsigned char *)reference;
	const uint64_t *a = memory, *b = (const uint64_t *)(const void *)reference;
	uint64_t mask = invert ? UINT64_MAX : 0, difference = 0;

	for (size_t i = 0; i < size / sizeof(*a); i++)
		difference |= a[i] ^ b[i] ^ mask;
	for (size_t i = size / sizeof(*a) * sizeof(*a); i < size; i++)
		difference |= (unsigned char)(tail[i] ^ wanted[i] ^ (unsigned char)mask);
	return !difference;
}

/* One call reads a part of a file. Returns how many bytes, or -errno; -ENODATA at its end. */
static ssize_t read_part(int file, void *to, size_t most, uint64_t size, uint64_t done)
{
	uint64_t left = size - done;
	ssize_t got = file_get_at(file, false, to, left < most ? (size_t)left : most, done);

	return got ? got : -ENODATA;
}

static int read_reference(struct run *run)
{
	uint64_t size = run->plan->size, done = 0;
	int error = io_memory_anonymous(&run->reference, size);

	while (!error && done < size) {
		ssize_t got = stop_signal() ? -EINTR
					    : read_part(run->plan->file,
							(char *)run->reference.buffer.memory + done,
							MOVE_PIECE, size, done);

		if (got < 0)
			return (int)got;
		done += (uint64_t)got;
	}
	return error;
}

/* Reads a file through the page cache, so that it is there. Returns 0 or -errno. */
static int warm(const struct run *run, int file)
{
	uint64_t size = run->plan->size;

	for (uint64_t done = 0; done < size;) {
		ssize_t got = stop_signal() ? -EINTR
					    : read_part(file, run->scratch, MOVE_PIECE, size, done);

		if (got < 0)
			return (int)got;
		done += (uint64_t)got;
	}
	return 0;
}

/* Whether what was written is what is in the file. Returns 0, or -errno; -EILSEQ: it is not. */
static int check_output(const struct run *run, bool inverted)
{
	uint64_t size = run->plan->size;

	for (uint64_t done = 0; done < size;) {
		/* whole pieces, but for the last one: the contents are compared from there */
		size_t piece = size - done < MOVE_PIECE ? (size_t)(size - done) : MOVE_PIECE;
		size_t there = 0;

		while (there < piece) {
			ssize_t got = stop_signal() ? -EINTR
						    : file_get_at(run->plan->output, false,
								  run->scratch + there,
								  piece - there, done + there);

			if (got <= 0)
				return got ? (int)got : -EILSEQ;
			there += (size_t)got;
		}
		if (!are_contents(run, run->scratch, piece, done, inverted))
			return -EILSEQ;
		done += piece;
	}
	return 0;
}

static int begin_access(const struct run *run, const struct buffer *buffer, uint64_t direction)
{
	return buffer->fd < 0 ? 0 : buffer_begin_access(buffer, direction, run->plan->limit_ns);
}

static int end_access(const struct buffer *buffer, uint64_t direction)
{
	return buffer->fd < 0 ? 0 : buffer_end_access(buffer, direction);
}

/* Puts the contents, or their inversion, into the target's memory. */
static int fill(const struct run *run, const struct buffer *buffer, bool invert)
{
	int error = begin_access(run, buffer, DMA_BUF_SYNC_WRITE);

	if (error)
		return error;
	put_contents(run, buffer->memory, invert);
	return end_access(buffer, DMA_BUF_SYNC_WRITE);
}

/* Whether the target's memory has the contents. Returns 0 or -errno; -EILSEQ: it has not. */
static int check_input(const struct run *run, const struct buffer *buffer)
{
	int error = begin_access(run, buffer, DMA_BUF_SYNC_READ);
	bool same;

	if (error)
		return error;
	same = are_contents(run, buffer->memory, run->plan->size, 0, false);
	error = end_access(buffer, DMA_BUF_SYNC_READ);
	return error ? error : same ? 0 : -EILSEQ;
}

static int failed(struct io_cell *cell, const char *step, int error)
{
	cell->step = step;
	return error;
}

/* How much of the file is in the page cache, as the cell keeps it. */
static void note_cached(const struct run *run, struct io_cell *cell)
{
	struct maybe now = {0};

	if (file_cached_is_told(run->plan->file))
		now = file_cached(run->plan->file, 0, run->plan->size);
	if (!now.known)
		return;
	if (!cell->cached.known || (cell->state == IO_COLD ? now.value > cell->cached.value
							   : now.value < cell->cached.value))
		cell->cached = now;
}

/* Brings file and memory into the state that a move in begins with: no byte is right yet. */
static int prepare_in(const struct run *run, struct io_cell *cell, const struct buffer *buffer)
{
	int file = run->plan->file, error = fill(run, buffer, true);

	if (error)
		return failed(cell, "DMA_BUF_IOCTL_SYNC", error);
	error = cell->state == IO_COLD ? file_forget(file, run->plan->size) : warm(run, file);
	if (error)
		return failed(cell, cell->state == IO_COLD ? "posix_fadvise" : STEP_READ, error);
	note_cached(run, cell);
	return 0;
}

/* Writes what the output is to have; the memory then has the same. */
static int write_plainly(const struct run *run, const struct buffer *buffer)
{
	const struct io_plan *plan = run->plan;
	int error = fill(run, buffer, run->inverted), late;

	if (!error)
		error = begin_access(run, buffer, DMA_BUF_SYNC_READ);
	if (error)
		return error;
	for (uint64_t done = 0; !error && done < plan->size;) {
		uint64_t left = plan->size - done;
		ssize_t put =
			stop_signal()
				? -EINTR
				: file_put_at(plan->output, false, (char *)buffer->memory + done,
					      left < MOVE_PIECE ? (size_t)left : MOVE_PIECE, done);

		error = put > 0 ? 0 : put ? (int)put : -EIO;
		if (error)
			break;
		done += (uint64_t)put;
		run->result->written += (uint64_t)put;
	}
	late = end_access(buffer, DMA_BUF_SYNC_READ);
	return error ? error : late;
}

static int prepare_out(struct run *run, struct io_cell *cell, const struct buffer *buffer)
{
	int output = run->plan->output, error = 0;

	if (cell->state == IO_NEW)
		error = file_resize(output, 0);
	else if (!run->whole)
		error = write_plainly(run, buffer);
	if (!error && cell->state == IO_AGAIN)
		error = warm(run, output);
	if (!error)
		error = file_flush(output);
	if (!error)
		error = fill(run, buffer, !run->inverted);
	run->whole = false; /* until the move has been made */
	return error ? failed(cell, "preparation of the file that is written", error) : 0;
}

static void no_progress(void *data, uint64_t done)
{
	(void)data;
	(void)done;
}

/* Whether the right bytes have arrived. */
static int check(struct run *run, struct io_cell *cell, const struct buffer *buffer)
{
	bool out = io_state_is_out(cell->state);
	int error = out ? check_output(run, !run->inverted) : check_input(run, buffer);

	if (out && !error) {
		run->inverted = !run->inverted;
		run->whole = true;
	}
	return error ? failed(cell, "comparison of the contents", error) : 0;
}

static int take_sample(struct run *run, struct io_cell *cell, const struct io_memory *memory)
{
	const struct io_plan *plan = run->plan;
	bool out = io_state_is_out(cell->state);
	struct move move = {
		.file = out ? plan->output : plan->file,
		.facts = out ? &run->output : plan->facts,
		.out = out,
		.size = plan->size,
		.buffer = &memory->buffer,
		.memory_fd = memory->fd,
		.limit_ns = plan->limit_ns,
		.progress = no_progress,
	};
	int error = out ? prepare_out(run, cell, &memory->buffer)
			: prepare_in(run, cell, &memory->buffer);

	if (error)
		return error;
	/* where the facts were read: the move before has left it at its end */
	error = file_seek(move.file, move.facts->offset);
	if (error)
		return failed(cell, "lseek", error);
	if (!cell->measured[IO_TIME_TAKEN].count && !cell->way->udmabuf)
		cell->automatic = way_choose(&move) == cell->way;
	error = way_move(cell->way, &move);
	if (out)
		run->result->written += move.done;
	if (error)
		return failed(cell, move.step, error);
	error = check(run, cell, &memory->buffer);
	if (error)
		return error;
	*array_add(&cell->measured[IO_TIME_TAKEN]) = move.time_ns;
	*array_add(&cell->measured[IO_PROCESSOR]) = move.processor_ns;
	return 0;
}

static void summarize(struct io_cell *cell, double confidence)
{
	for (size_t i = 0; i < IO_MEASURES; i++)
		samples_summarize(cell->measured[i].items, cell->measured[i].count, confidence, 0,
				  &cell->measured[i].summary);
}

static bool wants_more(const struct io_cell *cell)
{
	size_t count = cell->measured[IO_TIME_TAKEN].count;

	if (cell->error || count >= (io_state_is_out(cell->state) ? MOST_OUT : MOST))
		return false;
	return count < ENOUGH || summary_noise(&cell->measured[IO_TIME_TAKEN].summary) > NARROW ||
	       summary_noise(&cell->measured[IO_PROCESSOR].summary) > NARROW;
}

/* What is refused in one state is so in the other one of that direction, and not tried again. */
static void note_failure(struct run *run, struct io_cell *cell, int error)
{
	cell->error = error;
	array_for_each (run->result, other) {
		if (other != cell && other->target == cell->target && other->way == cell->way &&
		    io_state_is_out(other->state) == io_state_is_out(cell->state) &&
		    !other->error && !other->measured[IO_TIME_TAKEN].count &&
		    !cell->measured[IO_TIME_TAKEN].count && way_refusal(cell->step, error)) {
			other->error = error;
			other->step = cell->step;
			other->repeats = true;
		}
	}
}

static bool time_is_over(const struct run *run)
{
	return clock_ns() - run->start >= run->plan->time_ns;
}

/* A sample of a cell. Returns -EINTR after a stop signal. */
static int visit(struct run *run, struct io_cell *cell, const struct io_memory *memory)
{
	const struct io_plan *plan = run->plan;
	int error;

	if (plan->progress)
		plan->progress(plan->data, clock_ns() - run->start, cell->way->name);
	error = take_sample(run, cell, memory);
	if (error == -EINPROGRESS)
		return error; /* the memory is not to be used again */
	if (stop_signal())
		return -EINTR;
	if (error)
		note_failure(run, cell, error);
	else
		summarize(cell, plan->confidence);
	return 0;
}

static int get_memory(const struct io_target *target, uint64_t size, struct io_memory *memory,
		      const char **step)
{
	int error;

	*step = STEP_UDMABUF;
	if (target->udmabuf)
		return io_memory_udmabuf(memory, size);
	*step = STEP_ALLOCATION;
	if (target->heap < 0)
		return io_memory_anonymous(memory, size);
	error = io_memory_allocate(memory, target->heap, size);
	if (error)
		return error;
	*step = STEP_MAP_BUFFER;
	return io_memory_map(memory);
}

/* One sample of each cell of a target, with a buffer that is there only meanwhile. */
static int visit_target(struct run *run, size_t target, bool *more)
{
	struct io_memory memory = {0};
	const char *step = NULL;
	bool tried = false;
	int made = 0, error = 0;

	array_for_each (run->result, cell) {
		if (cell->target != target || !wants_more(cell) || error || time_is_over(run))
			continue;
		if (!tried)
			made = get_memory(&run->plan->targets[target], run->plan->size, &memory,
					  &step);
		tried = true;
		if (made) {
			cell->step = step;
			note_failure(run, cell, made);
			continue;
		}
		error = visit(run, cell, &memory);
		*more = true;
	}
	if (error != -EINPROGRESS) /* something may still write to it */
		io_memory_free(&memory);
	return error;
}

static int run_passes(struct run *run)
{
	bool more = true;
	int error = 0;

	while (more && !error) {
		more = false;
		for (size_t i = 0; i < run->plan->target_count && !error; i++)
			error = visit_target(run, i, &more);
	}
	return error;
}

int io_compare(const struct io_plan *plan, struct io_comparison *result)
{
	AUTO_FREE char *scratch = MUST_HAVE(aligned_alloc(plan->facts->page, MOVE_PIECE));
	struct run run = {.plan = plan, .result = result, .scratch = scratch, .start = clock_ns()};
	int error = read_reference(&run);

	if (!error && plan->output >= 0)
		error = file_facts(plan->output, &run.output);
	for (size_t target = 0; target < plan->target_count; target++) {
		for (enum io_state state = IO_COLD; state < IO_STATES; state++)
			add_cells(&run, target, state);
	}
	if (!error)
		error = run_passes(&run);
	if (error != -EINPROGRESS)
		io_memory_free(&run.reference);
	return error;
}

void io_comparison_free(struct io_comparison *comparison)
{
	array_for_each (comparison, cell) {
		for (size_t i = 0; i < IO_MEASURES; i++)
			array_free(&cell->measured[i]);
	}
	array_free(comparison);
}

size_t io_unmeasured(const struct io_comparison *comparison)
{
	size_t count = 0;

	array_for_each (comparison, cell)
		count += !cell->error && !cell->measured[IO_TIME_TAKEN].count;
	return count;
}

bool io_is_measured(const struct io_cell *cell)
{
	return cell->measured[IO_TIME_TAKEN].count && !cell->error;
}

const struct io_cell *io_plain_cell(const struct io_comparison *comparison, size_t target,
				    enum io_state state)
{
	array_for_each (comparison, cell) {
		if (cell->target == target && cell->state == state && cell->way == way_plain() &&
		    io_is_measured(cell))
			return cell;
	}
	return NULL;
}

const struct io_cell *io_least(const struct io_comparison *comparison, size_t target,
			       enum io_state state, enum io_measure measure)
{
	const struct io_cell *least = NULL;

	array_for_each (comparison, cell) {
		const struct io_samples *samples = &cell->measured[measure];

		if (cell->target == target && cell->state == state && io_is_measured(cell) &&
		    (!least || samples->summary.median < least->measured[measure].summary.median))
			least = cell;
	}
	return least;
}

bool io_may_be_best(const struct io_cell *cell, const struct io_cell *least,
		    enum io_measure measure)
{
	const struct summary *a = &cell->measured[measure].summary,
			     *b = &least->measured[measure].summary;

	return cell == least || !a->interval_known || !b->interval_known ||
	       intervals_compare(&b->interval, &a->interval, TOLERANCE) != COMPARISON_SLOWER;
}

bool io_state_is_kept(const struct io_cell *cell)
{
	if (!cell->cached.known || io_state_is_out(cell->state))
		return true;
	return cell->state == IO_COLD ? cell->cached.value <= STRAY
				      : cell->cached.value >= 100 - STRAY;
}
