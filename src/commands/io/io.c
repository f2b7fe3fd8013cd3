// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/constant.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/refusal.h"
#include "commands/io/io_compare.h"
#include "commands/io/io_options.h"
#include "model/io/io_file.h"
#include "model/io/io_memory.h"
#include "view/progress.h"
#include "view/units.h"

/* One of the two moves. */
struct side {
	const char *path; /* as messages show it */
	struct io_file file;
	struct move move;
	const struct way *way;
	struct progress progress;
};

/* What one run works on. */
struct work {
	const struct context *context;
	const struct io_options *options;
	struct io_memory memory;
	struct side in, out;
	const char *heap; /* the name of what the buffer is from */
};

static void show_progress(void *data, uint64_t done)
{
	struct side *side = data;

	progress_step(&side->progress, done, side->path);
}

/* Says how a move failed. */
static enum exit_code explain(const struct work *work, const struct side *side, int error)
{
	const struct context *context = work->context;
	const struct move *move = &side->move;
	const char *meaning = way_refusal(move->step, error);
	AUTO_FREE char *limit = units_time(work->options->timeout);

	if (cmd_stopped(error))
		return EXIT_OPERATION;
	if (meaning) {
		cmd_error(context, "%s: --way %s: %s: %s (%s): %s", side->path, side->way->name,
			  move->step, error_words(error), error_name(-error), meaning);
		return EXIT_NOT_POSSIBLE;
	}
	if (error == -ETIMEDOUT)
		cmd_error(context, "%s: a fence did not signal within %s (--timeout)", side->path,
			  limit);
	else if (error == -EINPROGRESS)
		cmd_error(context, "%s: " IO_PENDING, side->path, limit);
	else if (error == -ENODATA)
		cmd_error(context,
			  "%s: it became shorter while it was read: %" PRIu64 " of %" PRIu64
			  " bytes were there",
			  side->path, move->done, move->size);
	else
		cmd_error(context, "%s: %s", side->path, error_words(error));
	return EXIT_OPERATION;
}

/* What seems to be the best way may be refused where only a trial tells. */
static int move_somehow(const struct io_options *options, struct side *side)
{
	int error;

	side->way = options->way ? options->way : way_choose(&side->move);
	error = way_move(side->way, &side->move);
	if (!error || options->way || side->way == way_plain() || side->move.done ||
	    !way_refusal(side->move.step, error))
		return error;
	side->way = way_plain();
	return way_move(side->way, &side->move);
}

/* Moves SIZE bytes; a file of OPEN_END may have less. */
static enum exit_code move(struct work *work, struct side *side, uint64_t size, bool open_end)
{
	const struct io_options *options = work->options;
	int error;

	side->move = (struct move){
		.file = side->file.output.fd,
		.facts = &side->file.facts,
		.out = side == &work->out,
		.open_end = open_end,
		.size = size,
		.buffer = &work->memory.buffer,
		.memory_fd = work->memory.fd,
		.limit_ns = options->timeout,
		.progress = show_progress,
		.data = side,
	};
	if (options->way && !options->way->streams && file_is_stream(&side->file.facts)) {
		cmd_error(work->context, "%s: --way %s needs a regular file or a block device%s",
			  side->path, options->way->name,
			  side->move.out ? ", not open to append" : "");
		return EXIT_NOT_POSSIBLE;
	}
	progress_begin(&side->progress, size, PROGRESS_BYTES, work->context->verbosity >= 0);
	error = move_somehow(options, side);
	progress_wipe(&side->progress);
	return error ? explain(work, side, error) : EXIT_DONE;
}

/* Whether it is known how much is in the file to read: not where the kernel says 0, as in /proc,
 * and a size was given. */
static bool is_size_known(const struct work *work)
{
	return !file_is_stream(&work->in.file.facts) &&
	       (work->in.file.facts.size || !work->options->size);
}

/* How many bytes there is room for. */
static uint64_t room(const struct work *work)
{
	return work->options->size ? work->options->size : work->memory.buffer.size;
}

static enum exit_code does_not_fit(const struct work *work, const char *how_many, uint64_t size)
{
	AUTO_FREE char *there = cmd_size(work->context, size);

	cmd_error(work->context, "%s: %s into the %s of %s", work->in.path, how_many, there,
		  work->options->size ? "--size" : "the buffer");
	return EXIT_OPERATION;
}

/* What is known of the file before it is read has to fit. */
static enum exit_code check_size(const struct work *work, uint64_t size)
{
	AUTO_FREE char *bytes =
		xasprintf("its %" PRIu64 " bytes do not fit", work->in.file.facts.size);

	if (!is_size_known(work) || work->in.file.facts.size <= size)
		return EXIT_DONE;
	return does_not_fit(work, bytes, size);
}

static enum exit_code read_in(struct work *work)
{
	struct side *in = &work->in;
	bool known = is_size_known(work);
	enum exit_code status = move(work, in, known ? in->file.facts.size : room(work), !known);

	if (status != EXIT_DONE || in->move.done < in->move.size ||
	    !io_file_has_more(&in->file, in->move.done))
		return status;
	if (!known)
		return does_not_fit(work, "it has more than fits", room(work));
	if (in->move.done)
		cmd_error(work->context,
			  "%s: it became longer while it was read: more than %" PRIu64 " bytes",
			  in->path, in->move.done);
	else
		cmd_error(
			work->context,
			"%s: it has more than the 0 bytes that the kernel tells: --size is needed",
			in->path);
	return EXIT_OPERATION;
}

static enum exit_code write_out(struct work *work)
{
	const struct io_options *options = work->options;
	struct side *out = &work->out;
	enum exit_code status;
	int error;

	out->path = strcmp(options->write_file, "-") != 0 ? options->write_file : "standard output";
	error = io_file_create(options->write_file, &out->file);
	if (error) {
		if (!cmd_stopped(error))
			cmd_error(work->context, "%s: %s", out->path, error_words(error));
		return EXIT_OPERATION;
	}
	status = move(work, out, options->read_file ? work->in.move.done : room(work), false);
	/* a file that was not written as a whole is not there */
	error = io_file_close(&out->file, status == EXIT_DONE ? 0 : -ECANCELED);
	if (status == EXIT_DONE && error) {
		cmd_error(work->context, "%s: %s", out->path, error_words(error));
		return EXIT_OPERATION;
	}
	return status;
}

/* The buffer of a heap. */
static enum exit_code allocate(struct work *work, uint64_t size)
{
	const struct context *context = work->context;
	const struct io_options *options = work->options;
	struct inventory inventory = {0};
	enum exit_code status = cmd_read_inventory(context, &inventory);
	const struct memory *memory = NULL;
	AUTO_CLOSE int heap = -1;
	int error;

	if (status == EXIT_DONE) {
		memory = cmd_find_heap(context, &inventory, options->heap);
		status = memory ? EXIT_DONE : EXIT_NOT_POSSIBLE;
	}
	if (status == EXIT_DONE) {
		heap = cmd_open_heap(context, memory->heap);
		status = heap < 0 ? cmd_status(heap) : EXIT_DONE;
	}
	if (status == EXIT_DONE && !options->force &&
	    !cmd_can_spare(context, &inventory, memory, io_memory_pages(size)))
		status = EXIT_OPERATION;
	if (status == EXIT_DONE) {
		error = io_memory_allocate(&work->memory, heap, size);
		if (error)
			status = cmd_refused(context, &(struct refused){options->heap, size, 0},
					     error);
	}
	inventory_free(&inventory);
	return status;
}

static enum exit_code make_udmabuf(struct work *work, uint64_t size)
{
	const struct context *context = work->context;
	const char *meaning;
	int error;

	if (!work->options->force &&
	    !cmd_pages_spare(context, "udmabuf", io_memory_pages(size), SPARE_FORCE))
		return EXIT_OPERATION;
	error = io_memory_udmabuf(&work->memory, size);
	if (!error)
		return EXIT_DONE;
	meaning = way_refusal(STEP_UDMABUF, error);
	cmd_error(context, STEP_UDMABUF ": %s%s%s", error_words(error), meaning ? "; " : "",
		  meaning ? meaning : "");
	return cmd_status(error);
}

/* Makes or takes the buffer, of SIZE bytes if it is made, and maps it. */
static enum exit_code get_memory(struct work *work, uint64_t size)
{
	const struct context *context = work->context;
	const struct io_options *options = work->options;
	AUTO_FREE char *name = xasprintf("--fd %" PRIu64, options->fd);
	const char *subject = options->heap ? options->heap : name;
	enum exit_code status = EXIT_DONE;
	int error = 0;

	work->heap = options->heap;
	if (options->way && options->way->udmabuf) {
		work->heap = "udmabuf";
		return make_udmabuf(work, size);
	}
	if (options->fd)
		error = io_memory_adopt(&work->memory, (int)options->fd);
	else
		status = allocate(work, size);
	if (error) {
		cmd_error(context, "%s: %s", subject,
			  error == -EBADMSG ? "not a dma-buf" : error_words(error));
		return EXIT_OPERATION;
	}
	if (status != EXIT_DONE)
		return status;
	error = io_memory_map(&work->memory);
	if (!error && options->read_file && work->memory.buffer.access == O_RDONLY) {
		cmd_error(context, "%s: the descriptor is open for reading only", subject);
		return EXIT_OPERATION;
	}
	if (!error)
		return EXIT_DONE;
	cmd_error(context, "%s: %s", subject,
		  error == -EINVAL || error == -ENODEV ? "its buffers cannot be mapped"
						       : error_words(error));
	return error == -EINVAL || error == -ENODEV ? EXIT_NOT_POSSIBLE : EXIT_OPERATION;
}

static void add_row(const struct work *work, struct table *table, const struct side *side)
{
	table_row(table);
	table_set(table, IO_HEAP, value_text(work->heap));
	table_set(table, IO_DIRECTION, value_text(side == &work->out ? "out" : "in"));
	table_set(table, IO_WAY, value_text(side->way->name));
	table_set(table, IO_SIZE, value_number(side->move.done));
	table_set(table, IO_TIME, value_number(side->move.time_ns));
	table_set(table, IO_RATE, value_maybe(move_rate(&side->move)));
	table_set(table, IO_CPU, value_maybe(move_processor(&side->move)));
}

/* Where standard output has the contents of the buffer. */
static void note_time(const struct work *work, const struct side *side)
{
	struct maybe rate = move_rate(&side->move);
	AUTO_FREE char *time = units_time(side->move.time_ns);
	AUTO_FREE char *speed = units_size(rate.value);

	cmd_note(work->context, "%s: %" PRIu64 " bytes in %s%s%s%s (%s)", side->path,
		 side->move.done, time, rate.known ? ", " : "", rate.known ? speed : "",
		 rate.known ? " a second" : "", side->way->name);
}

static void print(const struct work *work)
{
	AUTO_TABLE struct table *table = cmd_table(work->context, io_columns, IO_MOVE_COLUMNS);
	const struct side *sides[] = {&work->in, &work->out};
	const char *to = work->options->write_file;
	bool taken = to && !strcmp(to, "-");

	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		if (!sides[i]->way)
			continue;
		if (taken)
			note_time(work, sides[i]);
		else
			add_row(work, table, sides[i]);
	}
	exit_on_stop_signals(); /* a table that waits for its reader */
	if (!taken)
		table_print(table, "io");
}

/* All that is done with a buffer, once the file to read is open. */
static enum exit_code move_both(struct work *work)
{
	const struct io_options *options = work->options;
	bool reads = options->read_file;
	enum exit_code status;

	if (reads && !is_size_known(work) && !options->size && !options->fd) {
		cmd_error(work->context,
			  "%s: how much it has is not known before it is read: --size is needed",
			  work->in.path);
		return EXIT_USAGE;
	}
	if (reads && options->size && check_size(work, options->size) != EXIT_DONE)
		return EXIT_OPERATION;
	status = get_memory(work, options->size ? options->size : work->in.file.facts.size);
	if (status != EXIT_DONE)
		return status;
	if (options->size > work->memory.buffer.size) {
		cmd_error(work->context, "--fd %" PRIu64 ": the buffer has only %" PRIu64 " bytes",
			  options->fd, work->memory.buffer.size);
		return EXIT_OPERATION;
	}
	if (reads && check_size(work, room(work)) != EXIT_DONE)
		return EXIT_OPERATION;
	if (reads)
		status = read_in(work);
	if (status == EXIT_DONE && options->write_file)
		status = write_out(work);
	return status;
}

static enum exit_code open_and_move(struct work *work)
{
	const char *path = work->options->read_file;
	enum exit_code status;
	int error;

	if (!path)
		return move_both(work);
	work->in.path = strcmp(path, "-") != 0 ? path : "standard input";
	error = io_file_open(path, &work->in.file);
	if (error) {
		if (!cmd_stopped(error))
			cmd_error(work->context, "%s: %s", work->in.path, error_words(error));
		return EXIT_OPERATION;
	}
	status = move_both(work);
	(void)io_file_close(&work->in.file, 0); /* it was only read */
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct io_options options = {.timeout = UINT64_C(10000000000),
				     .time = UINT64_C(30000000000)};
	struct work work = {.context = context, .options = &options};
	enum exit_code status;

	cmd_parse(context, &io_options, argc, argv, &options);
	options.heap = options.heaps.count ? options.heaps.items[0] : NULL;
	/* a column of the other kind, before any work */
	if (context->columns && !options.compare)
		table_free(cmd_table(context, io_columns, IO_MOVE_COLUMNS));
	catch_stop_signals();
	if (options.compare)
		status = io_compare_ways(context, &options);
	else
		status = open_and_move(&work);
	io_memory_free(&work.memory);
	if (status == EXIT_DONE && !options.compare)
		print(&work);
	strings_free(&options.heaps);
	return stop_signal() ? (enum exit_code)(128 + stop_signal()) : status;
}

const struct command cmd_io = {
	.name = "io",
	.help = "move file contents into buffers and out of them",
	.options = &io_options,
	.run = run,
};
