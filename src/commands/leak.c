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

enum leak_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JUNIT,
};

struct leak_options {
	uint64_t cycles, settle, during, fail_over;
	enum leak_format format;
	char **command;
};

static const struct option_row option_rows[] = {
	{"cycles", 0, NUMBER_TO(struct leak_options, cycles), "N", "Run the command N times (1)",
	 .min = 1, .max = 1000000},
	{"settle", 0, TIME_TO(struct leak_options, settle), "TIME",
	 "Wait at most TIME after each run for buffers to be released (1s)"},
	{"during", 0, TIME_TO(struct leak_options, during), "INTERVAL",
	 "Look at the buffers each INTERVAL while it runs, and show what grows", .min = 1000000,
	 .excludes = "cycles"},
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
	LEAK_WHEN,
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
	[LEAK_BUFFERS] = {"BUFFERS", "how many are left, or how many more there are",
			  COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[LEAK_SIZE] = {"SIZE", "their size", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[LEAK_WHEN] = {"WHEN", "after (they were left) or during (they grew)", COLUMN_DEFAULT,
		       NULL},
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

/* What was found. */
struct result {
	struct growths left;   /* after the cycles */
	struct growths during; /* samples of the run; of --during only */
	bool running;          /* what the command started, after all */
};

/* What a row is about, whichever kind it is. */
struct finding {
	const struct growth *growth;
	struct sample amount;
	bool during, leak;
};

struct findings {
	ARRAY_OF(struct finding);
};

static void collect(const struct result *result, struct findings *findings)
{
	array_for_each (&result->left, growth)
		*array_add(findings) = (struct finding){growth,
							{growth->buffers.count, growth->bytes},
							false,
							growth_is_leak(&result->left, growth)};
	array_for_each (&result->during, growth) {
		struct sample trend;

		/* who else has more and more has no known reason in the command */
		if (growth_trend(&result->during, growth, &trend))
			*array_add(findings) = (struct finding){growth, trend, true,
								growth->keeper != KEEPER_OTHER};
	}
}

static void add_row(struct table *table, const struct finding *finding)
{
	const struct growth *growth = finding->growth;

	table_row(table);
	table_set(table, LEAK_EXPORTER, value_text(growth->exporter));
	table_set(table, LEAK_NAME, value_text(growth->name));
	table_set(table, LEAK_BUFFERS, value_number(finding->amount.buffers));
	table_set(table, LEAK_SIZE, value_number(finding->amount.bytes));
	table_set(table, LEAK_WHEN, value_text(finding->during ? "during" : "after"));
	table_set(table, LEAK_CYCLES, finding->during ? NULL : value_number(growth->cycles));
	table_set(table, LEAK_KEPT_BY, value_text(keeper_name(growth->keeper)));
	table_set(table, LEAK_PID, growth->pid ? value_number(growth->pid) : NULL);
	table_set(table, LEAK_HOLDER, value_text(growth->holder));
	table_set(table, LEAK_LEAK, value_bool(finding->leak));
	table_set(table, LEAK_INODES, inodes_value(growth));
}

/* All that leaked in one way or the other. */
static struct sample leaked(const struct findings *findings, bool during)
{
	struct sample sum = {0};

	array_for_each (findings, finding) {
		if (!finding->leak || finding->during != during)
			continue;
		sum.bytes += finding->amount.bytes;
		sum.buffers += finding->amount.buffers;
	}
	return sum;
}

static bool is_sampled(const struct result *result)
{
	return result->during.samples >= GROWTH_SAMPLES;
}

/*
 * "3 buffers leaked, 24M, in 20 cycles", "0 buffers leaked, 0B, in 1 cycle; grown by 8 buffers,
 * 512K, in 40 samples"; the caller frees it.
 */
static char *summary(const struct context *context, const struct result *result,
		     const struct findings *findings)
{
	struct sample left = leaked(findings, false), grown = leaked(findings, true);
	AUTO_FREE char *size = cmd_size(context, left.bytes);
	AUTO_FREE char *grown_size = cmd_size(context, grown.bytes);
	AUTO_FREE char *trend =
		is_sampled(result)
			? xasprintf("; grown by %" PRIu64 " buffer%s, %s, in %" PRIu64 " samples",
				    grown.buffers, grown.buffers == 1 ? "" : "s", grown_size,
				    result->during.samples)
			: xstrdup("");

	return xasprintf("%" PRIu64 " buffer%s leaked, %s, in %" PRIu64 " cycle%s%s", left.buffers,
			 left.buffers == 1 ? "" : "s", size, result->left.cycles,
			 result->left.cycles == 1 ? "" : "s", trend);
}

/* Text of others on one line; the caller frees it. */
static char *show_text(const char *text)
{
	return text ? text_show(text) : xstrdup("-");
}

/* A line for each finding, with its buffers; the caller frees it. */
static char *details(const struct context *context, const struct findings *findings)
{
	char *text;
	size_t length;
	FILE *stream = xmemopen(&text, &length);

	array_for_each (findings, finding) {
		const struct growth *growth = finding->growth;
		AUTO_FREE char *size = cmd_size(context, finding->amount.bytes);
		AUTO_FREE char *exporter = show_text(growth->exporter);
		AUTO_FREE char *name = show_text(growth->name);
		AUTO_FREE char *holder = show_text(growth->holder);

		fprintf(stream,
			"%s: exporter %s, name %s: %" PRIu64 " buffer%s, %s, kept by %s (%s)%s:",
			finding->during ? "during" : "after", exporter, name,
			finding->amount.buffers, finding->amount.buffers == 1 ? "" : "s", size,
			keeper_name(growth->keeper), holder, finding->leak ? ", a leak" : "");
		array_for_each (&growth->buffers, buffer)
			fprintf(stream, " %" PRIu64, buffer->inode);
		fputc('\n', stream);
	}
	xmemclose(stream);
	return text;
}

static void print_junit(const struct context *context, const struct leak_options *options,
			const struct findings *findings, const char *message, bool failed)
{
	AUTO_FREE char *lines = details(context, findings);
	struct junit *junit = junit_begin("dmaheap leak");

	junit_case(junit, &(struct junit_case){.group = "leak",
					       .name = options->command[0],
					       .outcome = failed ? JUNIT_FAILED : JUNIT_PASSED,
					       .type = failed ? "leak" : NULL,
					       .message = failed ? message : NULL,
					       .details = findings->count ? lines : NULL});
	junit_end(junit, stdout);
}

static void print_json(struct table *table, const struct result *result,
		       const struct findings *findings, bool failed)
{
	struct sample left = leaked(findings, false), grown = leaked(findings, true);
	bool sampled = is_sampled(result);

	json_begin();
	json_member("leak", table_value(table), JSON_LINES);
	json_member("cycles", value_number(result->left.cycles), JSON_ONE_LINE);
	json_member("size", value_number(left.bytes), JSON_ONE_LINE);
	json_member("buffers", value_number(left.buffers), JSON_ONE_LINE);
	json_member("samples", value_number(result->during.samples), JSON_ONE_LINE);
	json_member("grown_size", sampled ? value_number(grown.bytes) : NULL, JSON_ONE_LINE);
	json_member("grown_buffers", sampled ? value_number(grown.buffers) : NULL, JSON_ONE_LINE);
	json_member("failed", value_bool(failed), JSON_ONE_LINE);
	json_end();
}

static void print(const struct context *context, const struct leak_options *options,
		  const struct result *result, const struct findings *findings, bool failed)
{
	AUTO_TABLE struct table *table = cmd_table(context, columns, LEAK_COLUMN_COUNT);
	AUTO_FREE char *sum = summary(context, result, findings);

	array_for_each (findings, finding)
		add_row(table, finding);
	if (options->format == FORMAT_JUNIT) {
		print_junit(context, options, findings, sum, failed);
	} else if (context->json) {
		print_json(table, result, findings, failed);
	} else {
		table_print(table, "leak");
		if (!context->raw && context->verbosity >= 0)
			printf("%s%s\n", findings->count ? "\n" : "", sum);
	}
}

static bool is_kept_by_command(const struct growths *growths)
{
	array_for_each (growths, growth) {
		if (growth->keeper == KEEPER_STARTED)
			return true;
	}
	return false;
}

static void note_unknown(const struct context *context, const struct leak_options *options,
			 const struct result *result)
{
	const struct growths *left = &result->left;

	cmd_note_unread(context, &left->unread, left->listing_error);
	if (options->during && !is_sampled(result))
		cmd_note(context,
			 "it ended after %" PRIu64 " of at least %d samples: whether buffers grow "
			 "within it is unknown; a shorter --during may help",
			 result->during.samples, GROWTH_SAMPLES);
	if (result->running && !is_kept_by_command(left))
		cmd_note(context, "processes that it started still run: what they allocate from "
				  "now on is unknown; a longer --settle may help");
}

/* Collects what the command has left behind and has ended. Says whether some still run. */
static bool reap(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0);
	return !pid;
}

/*
 * Ends the cycle once all that the command started, and that could make more, has ended and what
 * was made is gone; or the time is over.
 */
static int settle(const struct context *context, struct result *result, uint64_t limit)
{
	enum {
		SHORTEST = 2000000, /* ns */
		LONGEST = 200000000,
	};
	uint64_t end = clock_deadline(limit);

	for (uint64_t pause = SHORTEST;; pause = pause * 2 < LONGEST ? pause * 2 : LONGEST) {
		uint64_t now = clock_ns();
		bool late = now >= end || stop_signal(), ended = false;
		int error = 0;

		result->running = reap();
		if (late || !result->running)
			error = growth_end(context->root, &result->left, late, &ended);
		if (error || ended)
			return error;
		sleep_until_stopped(pause < end - now ? pause : end - now);
	}
}

/*
 * Runs the command once. Returns its exit status or -errno; *error is that of what is done beside
 * it.
 */
static int run_once(const struct context *context, const struct leak_options *options,
		    struct result *result, int *exec_error, int *error)
{
	const struct buffers none = {0};
	struct running running = {0};
	int status = buffers_start(&none, options->command, &running, exec_error);
	int failure = 0;

	if (status)
		return status;
	for (;;) {
		bool sampling = options->during && !*error && !*exec_error && !failure;

		status = buffers_wait(&running,
				      sampling ? clock_deadline(options->during) : UINT64_MAX);
		if (status >= 0 || !sampling)
			return failure ? failure : status;
		/* what fails here ends the samples, and not the command */
		if (status == -ETIMEDOUT)
			*error = growth_sample(context->root, &result->left, &result->during);
		else
			failure = status;
	}
}

/*
 * Runs the cycles; *status is that of the command, the first that is not 0, which ends them.
 * Returns 0 or -errno after it has said why.
 */
static int run_cycles(const struct context *context, const struct leak_options *options,
		      struct result *result, int *status)
{
	struct progress progress;
	int error, exec_error = 0;

	*status = 0;
	progress_begin(&progress, options->cycles, PROGRESS_STEPS, context->verbosity >= 0);
	error = growth_begin(context->root, &result->left);
	for (uint64_t i = 0; i < options->cycles && !*status && !stop_signal() && !error; i++) {
		progress_step(&progress, i, options->command[0]);
		*status = run_once(context, options, result, &exec_error, &error);
		if (*status < 0 || exec_error)
			error = *status < 0 ? *status : exec_error;
		if (!error)
			error = settle(context, result, options->settle);
	}
	progress_wipe(&progress);
	if (exec_error || *status < 0)
		cmd_error(context, "%s: %s", options->command[0], cmd_start_words(error));
	else if (error)
		cmd_error(context, "/proc: %s", cmd_scan_words(error));
	return error;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct leak_options options = {.cycles = 1, .settle = 1000000000};
	struct result result = {0};
	struct findings findings = {0};
	bool failed = false;
	int status, error;

	cmd_parse(context, &option_table, argc, argv, &options);
	if (options.format == FORMAT_JSON)
		context->json = true;
	catch_stop_signals();
	/* what the command leaves behind gets this process as its parent, and is told by that */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	error = run_cycles(context, &options, &result, &status);
	if (!error) {
		collect(&result, &findings);
		failed = leaked(&findings, false).bytes > options.fail_over ||
			 leaked(&findings, true).bytes > options.fail_over;
		note_unknown(context, &options, &result);
		print(context, &options, &result, &findings, failed);
	}
	array_free(&findings);
	growths_free(&result.during);
	growths_free(&result.left);
	if (error)
		return status > 0 ? (enum exit_code)status : cmd_status(error);
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
