// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/file_data.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "commands/alloc/refusal.h"
#include "model/buffer/file_copy.h"
#include "view/progress.h"
#include "view/units.h"

struct bar {
	struct progress progress;
	const char *path;
};

static void show_progress(void *data, uint64_t done)
{
	struct bar *bar = data;

	progress_step(&bar->progress, done, bar->path);
}

static enum exit_code copy_file(const struct context *context, const struct alloc_options *options,
				const struct buffers *buffers, const char *path, bool in)
{
	struct bar bar = {.path = path};
	struct file_copy copy = {.path = path,
				 .limit_ns = options->timeout,
				 .progress = show_progress,
				 .data = &bar};
	AUTO_FREE char *copied = NULL;
	int error;

	progress_begin(&bar.progress, buffers_size(buffers), PROGRESS_BYTES,
		       context->verbosity >= 0);
	error = in ? buffers_read_file(buffers, &copy) : buffers_write_file(buffers, &copy);
	progress_wipe(&bar.progress);
	copied = units_size(copy.done);
	if (error == -ETIMEDOUT)
		return explain_step(context, options, 0, "CPU access", error, NULL);
	if (error && !stopped(error))
		cmd_error(context, "%s: %s", path, error_words(error));
	if (error)
		return EXIT_OPERATION;
	if (copy.more)
		cmd_note(context, "%s: only the first %s fit", path, copied);
	return EXIT_DONE;
}

enum exit_code copy_file_data(const struct context *context, const struct alloc_options *options,
			      const struct buffers *buffers)
{
	enum exit_code status = EXIT_DONE;

	if (options->read_file)
		status = copy_file(context, options, buffers, options->read_file, true);
	if (status == EXIT_DONE && options->write_file)
		status = copy_file(context, options, buffers, options->write_file, false);
	return status;
}
