// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/import_run.h"

#include <errno.h>

#include "base/constant.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/message.h"
#include "cli/refusal.h"
#include "view/progress.h"

/* What could be used of memory, in any case by others, stays so. */
static bool can_spare(const struct context *context, const struct matrix *matrix)
{
	uint64_t most = ATTEMPT_SIZE;

	array_for_each (&matrix->importers, importer) {
		uint64_t size = 0;

		for (unsigned int i = 0; i < importer->format.planes; i++)
			size += importer->format.sizes[i];
		most = size > most ? size : most;
	}
	return cmd_pages_spare(context, "import", most * ATTEMPT_BUFFERS,
			       "--device chooses devices with smaller pictures");
}

static void show_progress(void *progress, size_t done, size_t all, const char *name)
{
	(void)all;
	progress_step(progress, done, name);
}

/* What is left behind is told however the rest is shown. */
static void tell_stuck(const struct context *context, const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->sources.count * matrix->importers.count; i++) {
		const struct importer *importer =
			&matrix->importers.items[i / matrix->sources.count];

		if (matrix->cells[i].stuck)
			cmd_error(context,
				  "%s: process %d does not end: the driver holds it in the kernel",
				  importer->path, (int)matrix->cells[i].stuck);
	}
}

const char *cmd_tracing_words(int error)
{
	return error == -EOPNOTSUPP
		       ? "in this PID namespace they can't be told from those of others"
		       : error_words(error);
}

enum exit_code cmd_run_matrix(const struct context *context, struct matrix *matrix,
			      const struct attempt_wanted *wanted, int *tracing_error)
{
	const struct tracing_wanted events = {.events = dma_events, .own = true, .bare = true};
	struct tracing *tracing = NULL;
	struct progress progress;
	int error;

	*tracing_error = 0;
	if (!can_spare(context, matrix))
		return EXIT_OPERATION;
	*tracing_error = tracing_begin(&events, &tracing);
	if (*tracing_error)
		cmd_note(context,
			 "the kernel's events can't be traced (%s): what devices map, and where "
			 "buffers lie, is unknown",
			 cmd_tracing_words(*tracing_error));
	progress_begin(&progress, matrix->sources.count * matrix->importers.count, PROGRESS_STEPS,
		       context->verbosity >= 0);
	error = matrix_run(matrix, wanted, tracing, show_progress, &progress);
	progress_wipe(&progress);
	tracing_end(tracing);
	tell_stuck(context, matrix);
	return error ? (enum exit_code)(128 + stop_signal()) : EXIT_DONE;
}
