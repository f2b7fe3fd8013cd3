// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/heaps.h"
#include "cli/import_run.h"
#include "cli/message.h"
#include "commands/import/import_output.h"
#include "model/import/import_saved.h"

struct import_options {
	struct strings heaps, devices;
	bool dry_run, choose, sync, data;
	uint64_t timeout; /* ns, of each attempt */
	const char *save; /* a file, or NULL */
};

static const struct option_row rows[] = {
	{"heap", 'H', LIST_TO(struct import_options, heaps), "NAME",
	 "Only this heap: its name, its node or a link to it, or udmabuf; may be given again",
	 .offer = "heap"},
	{"device", 'D', LIST_TO(struct import_options, devices), "PATH",
	 "Only this device: a node below /dev/dri, /dev/video* or a link to one; may be given "
	 "again",
	 .offer = "file"},
	{"choose", 0, FLAG_TO(struct import_options, choose),
	 .help = "Show for each device which heap to use, and why", .excludes = "output raw"},
	{"sync", 0, FLAG_TO(struct import_options, sync),
	 .help = "Measure DMA_BUF_IOCTL_SYNC as well, without and with the import",
	 .excludes = "choose"},
	{"data", 0, FLAG_TO(struct import_options, data),
	 .help = "Start video devices: have a picture written, or copied, and look at it",
	 .excludes = "choose"},
	{"timeout", 0, TIME_TO(struct import_options, timeout), "TIME",
	 "Longest time for one heap on one device (10s)", .min = 1},
	{"save", 0, TEXT_TO(struct import_options, save), "FILE",
	 "Save where the buffers of each heap lay, for --measured of list and lint-names",
	 .offer = "file"},
	{"dry-run", 0, FLAG_TO(struct import_options, dry_run),
	 .help = "Only show what would be tried", .excludes = "choose sync data save"},
	{0},
};

static const struct option_table option_table = {
	.summary = "Give buffers of each heap to each device that takes dma-bufs, and show what it "
		   "does with them.",
	.details = "Root sees which devices map the buffers, and where these lie; to others a "
		   "device \"takes\" them. Nothing stays attached; a device in use is left alone.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET,
	.columns = import_columns,
	.column_count = IMPORT_COLUMN_COUNT,
};

static void add_source(struct matrix *matrix, const char *name, const char *node)
{
	*array_add(&matrix->sources) = (struct import_source){name, node};
}

/* The heaps of --heap, else all and udmabuf. */
static enum exit_code add_sources(const struct context *context,
				  const struct import_options *options,
				  const struct inventory *inventory, struct matrix *matrix)
{
	array_for_each (&options->heaps, name) {
		const struct memory *memory = inventory_find(inventory, *name);

		if (!memory && !strcmp(*name, CMD_UDMABUF)) {
			add_source(matrix, CMD_UDMABUF, NULL);
			continue;
		}
		memory = cmd_find_heap(context, inventory, *name);
		if (!memory)
			return EXIT_NOT_POSSIBLE;
		add_source(matrix, cmd_heap_name(memory->heap), memory->heap->node);
	}
	if (options->heaps.count)
		return EXIT_DONE;
	array_for_each (&inventory->memories, memory) {
		if (!memory->dead)
			add_source(matrix, cmd_heap_name(memory->heap), memory->heap->node);
	}
	if (import_source_has_udmabuf())
		add_source(matrix, CMD_UDMABUF, NULL);
	return EXIT_DONE;
}

static enum exit_code add_importers(const struct context *context,
				    const struct import_options *options,
				    const struct inventory *inventory, struct matrix *matrix)
{
	AUTO_STRINGS struct strings strange = {0};
	int error = importers_find(inventory, &options->devices, &matrix->importers, &strange);

	if (stop_signal())
		return (enum exit_code)(128 + stop_signal());
	if (error) {
		cmd_error(context, "/dev: %s", error_words(error));
		return cmd_status(error);
	}
	array_for_each (&strange, path)
		cmd_error(context,
			  "%s: no node of a device that takes dma-bufs (/dev/dri/*, /dev/video*)",
			  *path);
	array_for_each (&matrix->importers.without, path) {
		if (options->devices.count)
			cmd_error(context, "%s: takes no dma-bufs of others", *path);
	}
	if (strange.count || (options->devices.count && matrix->importers.without.count))
		return EXIT_NOT_POSSIBLE;
	if (!matrix->importers.count) {
		cmd_error(context,
			  "no device here takes dma-bufs: there is no node below /dev/dri, "
			  "and no /dev/video* that does");
		return EXIT_NOT_POSSIBLE;
	}
	return EXIT_DONE;
}

/* 0 where all cells are answers. */
static enum exit_code status_of(const struct matrix *matrix)
{
	size_t count = matrix->sources.count * matrix->importers.count, closed = 0;
	enum exit_code status = EXIT_DONE;

	for (size_t i = 0; i < count; i++) {
		const struct attempt *attempt = &matrix->cells[i];

		closed += attempt->result == ATTEMPT_NO_ACCESS;
		if (attempt->result == ATTEMPT_NO_ANSWER || attempt->result == ATTEMPT_FAILED ||
		    attempt->result == ATTEMPT_DIED || attempt->result == ATTEMPT_GONE ||
		    attempt->stuck || attempt->sync.error ||
		    (attempt->data.error && attempt->data.error != -EOPNOTSUPP))
			status = EXIT_OPERATION;
	}
	return closed == count ? EXIT_NOT_POSSIBLE : status;
}

static enum exit_code try_all(const struct context *context, const struct import_options *options,
			      struct import_report *report, struct matrix *matrix)
{
	const struct attempt_wanted wanted = {
		.sync = options->sync, .data = options->data, .limit_ns = options->timeout};
	enum exit_code status = cmd_run_matrix(context, matrix, &wanted, &report->tracing_error);
	AUTO_FREE char *text = NULL;

	if (status != EXIT_DONE)
		return status;
	import_print(context, report);
	status = status_of(matrix);
	if (options->save) {
		text = import_saved_text(matrix);
		if (cmd_write_file(context, options->save, text, strlen(text)))
			status = EXIT_OPERATION;
	}
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct import_options options = {.timeout = ATTEMPT_TIMEOUT};
	struct inventory inventory = {0};
	struct matrix matrix = {0};
	struct import_report report = {.matrix = &matrix, .inventory = &inventory};
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	/* a column that is not there is said before anything is tried */
	table_free(cmd_table(context, import_columns, IMPORT_COLUMN_COUNT));
	report.choose = options.choose;
	report.sync = options.sync;
	report.data = options.data;
	status = cmd_read_inventory(context, &inventory);
	if (status == EXIT_DONE)
		status = add_sources(context, &options, &inventory, &matrix);
	if (status == EXIT_DONE && !matrix.sources.count) {
		cmd_note_empty(context, &inventory);
		status = EXIT_NOT_POSSIBLE;
	}
	/* from here on, as nodes are opened */
	catch_stop_signals();
	if (status == EXIT_DONE)
		status = add_importers(context, &options, &inventory, &matrix);
	if (status == EXIT_DONE && options.dry_run) {
		import_print_plan(context, &report);
	} else if (status == EXIT_DONE) {
		status = try_all(context, &options, &report, &matrix);
	}
	matrix_free(&matrix);
	inventory_free(&inventory);
	strings_free(&options.heaps);
	strings_free(&options.devices);
	return status;
}

const struct command cmd_import = {
	.name = "import",
	.help = "show which devices take which heaps' buffers",
	.options = &option_table,
	.run = run,
};
