// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/capacity.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "commands/alloc/refusal.h"
#include "model/buffer/file_copy.h"
#include "model/buffer/run_with_buffers.h"
#include "view/progress.h"
#include "view/units.h"

/* Allocates buffers of one size until one is refused; returns why. */
static int fill_with(struct buffers *buffers, int heap, uint64_t size, struct pieces_list *list)
{
	uint64_t count = 0;
	int error;

	while (!(error = stop_signal() ? -EINTR : buffer_allocate(buffers, heap, size, O_RDWR)))
		count++;
	if (count)
		*array_add(list) = (struct pieces){size, count};
	return error;
}

enum exit_code fill_heap(const struct context *context, const struct alloc_options *options,
			 const struct memory *memory, int heap, uint64_t page_size,
			 struct pieces_list *list)
{
	struct buffers buffers = {0};
	enum exit_code status = EXIT_DONE;
	uint64_t size = options->size;
	int error = -ENOMEM;

	if (!options->force && (memory->kind == MEMORY_PAGES || memory->kind == MEMORY_UNKNOWN)) {
		cmd_error(context,
			  "%s: a heap that may have no limit of its own: filling it would wake the "
			  "OOM killer; --force fills it all the same",
			  options->heap);
		return EXIT_OPERATION;
	}
	buffers_allow_many();
	/* whole pages only, so that no size is tried twice */
	if (__builtin_add_overflow(size, page_size - 1, &size))
		size = UINT64_MAX;
	size = size / page_size * page_size;
	while (size && error == -ENOMEM) {
		error = fill_with(&buffers, heap, size, list);
		size = size / 2 / page_size * page_size;
	}
	if (error != -ENOMEM && !stopped(error))
		status = explain_allocation(context, options, &buffers, error);
	buffers_free(&buffers);
	return status;
}

struct bar {
	struct progress progress;
	const char *path;
};

static void show_progress(void *data, uint64_t done)
{
	struct bar *bar = data;

	progress_step(&bar->progress, done, bar->path);
}

static enum exit_code move(const struct context *context, const struct alloc_options *options,
			   const struct buffers *buffers, const char *path, bool in)
{
	struct bar bar = {.path = path};
	struct contents_move request = {.path = path,
					.limit_ns = options->timeout,
					.progress = show_progress,
					.data = &bar};
	AUTO_FREE char *moved = NULL;
	int error;

	progress_begin(&bar.progress, contents_size(buffers), PROGRESS_BYTES,
		       context->verbosity >= 0);
	error = in ? contents_read(buffers, &request) : contents_write(buffers, &request);
	progress_wipe(&bar.progress);
	moved = units_size(request.moved);
	if (error == -ETIMEDOUT)
		return explain_step(context, options, 0, "CPU access", error, NULL);
	if (error && !stopped(error))
		cmd_error(context, "%s: %s", path, error_words(error));
	if (error)
		return EXIT_OPERATION;
	if (request.more)
		cmd_note(context, "%s: only the first %s fit", path, moved);
	return EXIT_DONE;
}

enum exit_code move_contents(const struct context *context, const struct alloc_options *options,
			     const struct buffers *buffers)
{
	enum exit_code status = EXIT_DONE;

	if (options->read_file)
		status = move(context, options, buffers, options->read_file, true);
	if (status == EXIT_DONE && options->write_file)
		status = move(context, options, buffers, options->write_file, false);
	return status;
}
