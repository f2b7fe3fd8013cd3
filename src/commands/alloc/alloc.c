// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/heaps.h"
#include "cli/refusal.h"
#include "commands/alloc/alloc_failure.h"
#include "commands/alloc/alloc_options.h"
#include "commands/alloc/capacity.h"
#include "model/buffer/run_with_buffers.h"
#include "model/buffer/transfer.h"
#include "view/table.h"
#include "view/units.h"

/* The steps that were asked for, on one buffer that is there. */
static enum exit_code work_on(const struct context *context, const struct alloc_options *options,
			      struct buffer *buffer, size_t number)
{
	struct mismatch mismatch = {0};
	const char *step = "naming";
	int error = options->name ? buffer_set_name(buffer, options->name) : 0;

	if (!error && options->map) {
		error = buffer_map(buffer);
		if (error)
			return explain_mapping(context, options, error);
	}
	if (!error && options->check_zero) {
		step = "check for zero";
		error = buffer_check_zero(buffer, options->timeout, &mismatch);
	}
	if (!error && options->fill) {
		step = "fill";
		error = buffer_fill(buffer, &options->pattern, options->timeout);
	}
	if (!error && options->verify) {
		step = "verify";
		error = buffer_verify(buffer, &options->pattern, options->timeout, &mismatch);
	}
	return error ? explain_step(context, options, number, step, error, &mismatch) : EXIT_DONE;
}

static enum exit_code allocate_all(const struct context *context,
				   const struct alloc_options *options, int heap,
				   struct buffers *buffers)
{
	for (size_t number = 0; number < options->count; number++) {
		int error = stop_signal()
				    ? -EINTR
				    : buffer_allocate(buffers, heap, alloc_size_of(options, number),
						      options->access);

		if (error)
			return cmd_refused(context,
					   &(struct refused){options->heap,
							     alloc_size_of(options, number),
							     buffers->count},
					   error);
	}
	for (size_t number = 0; number < options->count; number++) {
		int error = stop_signal() ? -EINTR : buffer_describe(&buffers->items[number]);
		enum exit_code status;

		if (error)
			return explain_step(context, options, number, "its description", error,
					    &(struct mismatch){0});
		status = work_on(context, options, &buffers->items[number], number);
		if (status != EXIT_DONE)
			return status;
	}
	return EXIT_DONE;
}

/* A step of a transfer that went wrong. */
static enum exit_code explain_transfer(const struct context *context,
				       const struct alloc_options *options, const char *socket,
				       int error)
{
	AUTO_FREE char *limit = units_time(options->timeout);

	if (cmd_stopped(error))
		return EXIT_OPERATION;
	switch (-error) {
	case ETIMEDOUT:
		cmd_error(context,
			  "%s: the other process was not there, or not done, within %s (--timeout)",
			  socket, limit);
		break;
	case EADDRINUSE:
		cmd_error(context,
			  "%s: exists already; remove it, or name another: --receive makes the "
			  "socket itself",
			  socket);
		break;
	case ECONNRESET:
	case EPIPE:
		cmd_error(context, "%s: the other process ended before it was done", socket);
		break;
	case EPROTO:
		cmd_error(context, "%s: the other process is not dmaheap, or another version of it",
			  socket);
		break;
	case EPERM:
		cmd_error(context, "%s: the other process is another user's; --any-user accepts it",
			  socket);
		break;
	case EBADMSG:
		cmd_error(context, "%s: what was received is not a dma-buf", socket);
		break;
	default:
		cmd_error(context, "%s: %s", socket, error_words(error));
	}
	return cmd_status(error);
}

static void print(const struct context *context, const struct alloc_options *options,
		  const struct buffers *buffers)
{
	AUTO_TABLE struct table *table = cmd_table(context, alloc_columns, ALLOC_COLUMN_COUNT);
	AUTO_FREE char *pattern = options->fill ? pattern_text(&options->pattern) : NULL;
	size_t number = 0;

	array_for_each (buffers, buffer) {
		table_row(table);
		table_set(table, ALLOC_BUFFER, value_number(number++));
		table_set(table, ALLOC_FD, value_number((uint64_t)buffer->fd));
		table_set(table, ALLOC_INODE, value_number(buffer->inode));
		table_set(table, ALLOC_BYTES, value_number(buffer->size));
		table_set(table, ALLOC_EXPORTER, value_text(buffer->exporter));
		table_set(table, ALLOC_NAME, value_text(buffer->name));
		table_set(table, ALLOC_ALLOC, value_maybe(buffer->allocation_time));
		table_set(table, ALLOC_MAP, value_maybe(buffer->mapping_time));
		table_set(table, ALLOC_ZERO, value_maybe(buffer->zero_time));
		table_set(table, ALLOC_FILL, value_maybe(buffer->fill_time));
		table_set(table, ALLOC_VERIFY, value_maybe(buffer->verify_time));
		table_set(table, ALLOC_PATTERN, value_text(pattern));
	}
	/* a write that waits for its reader, interrupted, would be a failed one */
	exit_on_stop_signals();
	table_print(table, "alloc");
	fflush(stdout);
	catch_stop_signals();
}

static enum exit_code use(const struct context *context, const struct alloc_options *options,
			  const struct buffers *buffers)
{
	int status = options->send ? transfer_send(options->send, options->any_user, buffers,
						   options->timeout)
				   : 0;
	int error = 0;

	if (status)
		return explain_transfer(context, options, options->send, status);
	print(context, options, buffers);
	if (options->hold)
		sleep_until_stopped(options->hold);
	if (!options->command || stop_signal())
		return EXIT_DONE;
	status = buffers_run(buffers, options->command, &error);
	if (status < 0)
		error = status;
	if (error)
		cmd_error(context, "%s: %s", options->command[0], cmd_start_words(error));
	return status < 0 ? EXIT_OPERATION : (enum exit_code)status;
}

/* What fitted, in place of the buffers. */
static enum exit_code until_full(const struct context *context, const struct alloc_options *options,
				 const struct memory *memory, int heap, uint64_t page_size)
{
	AUTO_TABLE struct table *table = cmd_table(context, alloc_columns, ALLOC_COLUMN_COUNT);
	struct pieces_list list = {0};
	enum exit_code status = fill_heap(context, options, memory, heap, page_size, &list);

	array_for_each (&list, pieces) {
		table_row(table);
		table_set(table, ALLOC_BYTES, value_number(pieces->size));
		table_set(table, ALLOC_PIECES, value_number(pieces->count));
		table_set(table, ALLOC_TOTAL, value_number(pieces->size * pieces->count));
	}
	exit_on_stop_signals(); /* as in print() */
	if (status == EXIT_DONE)
		table_print(table, "alloc");
	array_free(&list);
	return status;
}

/* What the buffers take together: the kernel rounds each up to pages. */
static uint64_t memory_needed(const struct alloc_options *options, uint64_t page_size)
{
	uint64_t last = alloc_size_of(options, options->count - 1), sum;
	uint64_t padding =
		(options->count - 1) * ((page_size - options->size % page_size) % page_size) +
		(page_size - last % page_size) % page_size;

	return __builtin_add_overflow(options->total, padding, &sum) ? UINT64_MAX : sum;
}

static enum exit_code allocate(const struct context *context, const struct alloc_options *options,
			       const struct inventory *inventory)
{
	const struct memory *memory = cmd_find_heap(context, inventory, options->heap);
	struct buffers buffers = {0};
	AUTO_CLOSE int heap = -1;
	enum exit_code status;

	if (!memory)
		return EXIT_NOT_POSSIBLE;
	heap = cmd_open_heap(context, memory->heap);
	if (heap < 0)
		return cmd_status(heap);
	if (options->until_full)
		return until_full(context, options, memory, heap, inventory->page_size);
	if (!options->force && !cmd_can_spare(context, inventory, memory,
					      memory_needed(options, inventory->page_size)))
		return EXIT_OPERATION;
	status = allocate_all(context, options, heap, &buffers);
	if (status == EXIT_DONE)
		status = use(context, options, &buffers);
	buffers_free(&buffers);
	return status;
}

static enum exit_code receive(const struct context *context, const struct alloc_options *options)
{
	struct buffers buffers = {0};
	enum exit_code status = EXIT_DONE;
	int connection =
		transfer_receive(options->receive, options->any_user, &buffers, options->timeout);

	if (connection < 0)
		status = explain_transfer(context, options, options->receive, connection);
	for (size_t number = 0; status == EXIT_DONE && number < buffers.count; number++)
		status = work_on(context, options, &buffers.items[number], number);
	if (status == EXIT_DONE)
		status = use(context, options, &buffers);
	/* a sender that hears nothing knows that it went wrong */
	if (connection >= 0 && status == EXIT_DONE)
		transfer_done(connection, options->timeout);
	buffers_free(&buffers);
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct alloc_options options = alloc_defaults;
	struct inventory inventory = {0};
	enum exit_code status;

	cmd_parse(context, &alloc_options, argc, argv, &options);
	if (options.until_full && !context->columns)
		context->columns = "SIZE,PIECES,TOTAL";
	catch_stop_signals();
	if (options.receive) {
		status = receive(context, &options);
	} else {
		status = cmd_read_inventory(context, &inventory);
		if (status == EXIT_DONE)
			status = allocate(context, &options, &inventory);
		inventory_free(&inventory);
	}
	return stop_signal() ? (enum exit_code)(128 + stop_signal()) : status;
}

const struct command cmd_alloc = {
	.name = "alloc",
	.help = "allocate buffers, map, fill, verify and hold them",
	.options = &alloc_options,
	.run = run,
};
