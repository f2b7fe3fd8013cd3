// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/usage_notes.h"
#include "model/buffer/growth.h"
#include "model/buffer/run_with_buffers.h"
#include "view/json.h"
#include "view/junit.h"
#include "view/progress.h"
#include "view/table.h"
#include "view/units.h"

enum leak_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JUNIT,
};

struct leak_options {
	uint64_t cycles, settle, fail_over;
	enum leak_format format;
	char **command;
};

static const struct option_row option_rows[] = {
	{"cycles", 0, NUMBER_TO(struct leak_options, cycles), "N", "Run the command N times (1)",
	 .min = 1, .max = 1000000},
	{"settle", 0, TIME_TO(struct leak_options, settle), "TIME",
	 "Wait at most TIME after each run for buffers to be released (1s)"},
	{"fail-over", 0, SIZE_TO(struct leak_options, fail_over), "SIZE",
	 "Exit status 3 only if what leaked is more than SIZE in all"},
	{"format", 0, CHOICE_TO(struct leak_options, format), "text|json|junit",
	 "Form of the report (text)", .min = FORMAT_TEXT},
	{.word = "COMMAND",
	 REST_TO(struct leak_options, command),
	 .required = "",
	 .offer = "program",
	 .help = "give the command to run, after --"},
	{0},
};

enum leak_column {
	LEAK_EXPORTER,
	LEAK_NAME,
	LEAK_BUFFERS,
	LEAK_SIZE,
	LEAK_CYCLES,
	LEAK_KEPT_BY,
	LEAK_PID,
	LEAK_HOLDER,
	LEAK_LEAK,
	LEAK_INODES,
	LEAK_COLUMN_COUNT
};

static const struct column columns[LEAK_COLUMN_COUNT] = {
	[LEAK_EXPORTER] = {"EXPORTER", "the driver or heap that made the buffers", COLUMN_DEFAULT,
			   NULL},
	[LEAK_NAME] = {"NAME", "the name that all of them have", COLUMN_DEFAULT, NULL},
	[LEAK_BUFFERS] = {"BUFFERS", "how many are left", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[LEAK_SIZE] = {"SIZE", "their size", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[LEAK_CYCLES] = {"CYCLES", "in how many cycles some were left",
			 COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[LEAK_KEPT_BY] = {"KEPT-BY", "nobody, command (what it started) or other", COLUMN_DEFAULT,
			  NULL},
	[LEAK_PID] = {"PID", "id of the process that holds the last of them", COLUMN_RIGHT, NULL},
	[LEAK_HOLDER] = {"HOLDER", "name of that process, or of the attached device",
			 COLUMN_DEFAULT, NULL},
	[LEAK_LEAK] = {"LEAK", "whether it counts as a leak", COLUMN_DEFAULT, NULL},
	[LEAK_INODES] = {"INODES", "their inode numbers, for 'dmaheap buffers'", 0, NULL},
};

static const struct option_table option_table = {
	.usage = "[--] COMMAND [ARG...]",
	.summary = "Run a command and show which DMA-BUFs outlive it, and who holds them.",
	.details = "What another program leaves meanwhile is shown with KEPT-BY other. The exit "
		   "status is 3 if buffers leaked, else that of the command.",
	.rows = option_rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET,
	.columns = columns,
	.column_count = LEAK_COLUMN_COUNT,
};

static struct value *inodes_value(const struct growth *growth)
{
	struct value *array = value_array();

	array_for_each (&growth->buffers, buffer)
		value_append(array, value_number(buffer->inode));
	return array;
}

static void add_row(struct table *table, const struct growths *growths, const struct growth *growth)
{
	table_row(table);
	table_set(table, LEAK_EXPORTER, value_text(growth->exporter));
	table_set(table, LEAK_NAME, value_text(growth->name));
	table_set(table, LEAK_BUFFERS, value_number(growth->buffers.count));
	table_set(table, LEAK_SIZE, value_number(growth->bytes));
	table_set(table, LEAK_CYCLES, value_number(growth->cycles));
	table_set(table, LEAK_KEPT_BY, value_text(keeper_name(growth->keeper)));
	table_set(table, LEAK_PID, growth->pid ? value_number(growth->pid) : NULL);
	table_set(table, LEAK_HOLDER, value_text(growth->holder));
	table_set(table, LEAK_LEAK, value_bool(growth_is_leak(growths, growth)));
	table_set(table, LEAK_INODES, inodes_value(growth));
}

/* The bytes of all that leaked, and how many buffers they are. */
static uint64_t leaked(const struct growths *growths, size_t *buffers)
{
	uint64_t bytes = 0;

	*buffers = 0;
	array_for_each (growths, growth) {
		if (!growth_is_leak(growths, growth))
			continue;
		bytes += growth->bytes;
		*buffers += growth->buffers.count;
	}
	return bytes;
}

/* "3 buffers, 24M, outlived the command in 20 cycles"; the caller frees it. */
static char *summary(const struct context *context, const struct growths *growths)
{
	size_t buffers;
	uint64_t bytes = leaked(growths, &buffers);
	AUTO_FREE char *size = context->bytes ? xasprintf("%" PRIu64, bytes) : units_size(bytes);

	return xasprintf("%zu buffer%s leaked, %s, in %" PRIu64 " cycle%s", buffers,
			 buffers == 1 ? "" : "s", size, growths->cycles,
			 growths->cycles == 1 ? "" : "s");
}

static void print_junit(const struct context *context, const struct leak_options *options,
			const struct growths *growths, bool failed)
{
	AUTO_FREE char *message = summary(context, growths);
	struct junit *junit = junit_begin("dmaheap leak");

	junit_case(junit, &(struct junit_case){.group = "leak",
					       .name = options->command[0],
					       .outcome = failed ? JUNIT_FAILED : JUNIT_PASSED,
					       .type = failed ? "leak" : NULL,
					       .message = failed ? message : NULL});
	junit_end(junit, stdout);
}

static void print(const struct context *context, const struct leak_options *options,
		  const struct growths *growths, bool failed)
{
	AUTO_TABLE struct table *table = cmd_table(context, columns, LEAK_COLUMN_COUNT);
	AUTO_FREE char *sum = summary(context, growths);
	size_t buffers;

	array_for_each (growths, growth)
		add_row(table, growths, growth);
	if (options->format == FORMAT_JUNIT) {
		print_junit(context, options, growths, failed);
	} else if (context->json) {
		json_begin();
		json_member("leak", table_value(table), JSON_LINES);
		json_member("cycles", value_number(growths->cycles), JSON_ONE_LINE);
		json_member("size", value_number(leaked(growths, &buffers)), JSON_ONE_LINE);
		json_member("buffers", value_number(buffers), JSON_ONE_LINE);
		json_member("failed", value_bool(failed), JSON_ONE_LINE);
		json_end();
	} else {
		table_print(table, "leak");
		if (!context->raw && context->verbosity >= 0)
			printf("%s%s\n", growths->count ? "\n" : "", sum);
	}
}

/* Waits until what the command has made is gone, or the time is over. */
static int settle(const struct context *context, const struct growths *growths, uint64_t limit)
{
	enum {
		PAUSE = 20000000 /* ns */
	};
	uint64_t end = clock_deadline(limit);
	size_t left;
	int error;

	for (;;) {
		error = growth_left(context->root, growths, &left);
		if (error || !left || clock_ns() >= end || stop_signal())
			return error;
		sleep_until_stopped(PAUSE);
	}
}

/* Collects those that the command has left behind and that have ended since. */
static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/*
 * Runs the cycles; *status is that of the command, the first that is not 0, which ends them.
 * Returns 0 or -errno after it has said why.
 */
static int run_cycles(const struct context *context, const struct leak_options *options,
		      struct growths *growths, int *status)
{
	const struct buffers none = {0};
	struct progress progress;
	int error = 0, exec_error = 0;

	*status = 0;
	progress_begin(&progress, options->cycles, PROGRESS_STEPS, context->verbosity >= 0);
	for (uint64_t i = 0; i < options->cycles && !*status && !stop_signal() && !error; i++) {
		progress_step(&progress, i, options->command[0]);
		error = growth_begin(context->root, growths);
		if (error)
			break;
		*status = buffers_run(&none, options->command, &exec_error);
		if (*status < 0 || exec_error) {
			error = *status < 0 ? *status : exec_error;
			break;
		}
		error = settle(context, growths, options->settle);
		if (!error)
			error = growth_end(context->root, growths);
		reap();
	}
	progress_wipe(&progress);
	if (exec_error)
		cmd_error(context, "%s: %s", options->command[0], error_words(exec_error));
	else if (error)
		cmd_error(context, "%s: %s", *status < 0 ? options->command[0] : "/proc",
			  error_words(error));
	return error;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct leak_options options = {.cycles = 1, .settle = 1000000000};
	struct growths growths = {0};
	size_t buffers;
	bool failed;
	int status;

	cmd_parse(context, &option_table, argc, argv, &options);
	if (options.format == FORMAT_JSON)
		context->json = true;
	catch_stop_signals();
	/* what the command leaves behind gets this process as its parent, and is told by that */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (run_cycles(context, &options, &growths, &status)) {
		growths_free(&growths);
		return status > 0 ? (enum exit_code)status : EXIT_OPERATION;
	}
	failed = leaked(&growths, &buffers) > options.fail_over;
	cmd_note_unread(context, growths.unreadable, growths.listing_error);
	print(context, &options, &growths, failed);
	growths_free(&growths);
	if (!status && stop_signal())
		status = 128 + stop_signal();
	return failed ? EXIT_FINDINGS : (enum exit_code)status;
}

const struct command cmd_leak = {
	.name = "leak",
	.help = "run a command and show which buffers outlive it",
	.options = &option_table,
	.run = run,
};
