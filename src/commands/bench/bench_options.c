// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/bench/bench_options.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/bench/bench_case.h"
#include "model/bench/bench_saved.h"
#include "model/stats/stats.h"

const struct bench_options bench_defaults = {
	.time = UINT64_C(15000000000), .fail_over = 2, .cpu = BENCH_ANY_CPU};

#define HELP_NOISE "the smallest difference that can be told, in percent of the median"
#define HELP_RATIO "median, in times of that of anonymous memory"

const struct column bench_columns[BENCH_COLUMNS] = {
	[BENCH_COLUMN_CASE] = {"CASE", "what is measured", COLUMN_DEFAULT, NULL},
	[BENCH_COLUMN_HEAP] = {"HEAP", "the heap, or anonymous (memory)", COLUMN_DEFAULT, NULL},
	[BENCH_COLUMN_SIZE] = {"SIZE", "size of the buffers", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[BENCH_COLUMN_COUNT] = {"COUNT", "number of samples", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BENCH_COLUMN_MIN] = {"MIN", "the smallest sample", COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[BENCH_COLUMN_LOW] = {"LOW", "lower end of the median's confidence interval",
			      COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[BENCH_COLUMN_MEDIAN] = {"MEDIAN", "half of the samples do not exceed it",
				 COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[BENCH_COLUMN_HIGH] = {"HIGH", "upper end of the interval", COLUMN_DEFAULT | COLUMN_TIME,
			       NULL},
	[BENCH_COLUMN_P90] = {"P90", "90 of 100 samples do not exceed it",
			      COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[BENCH_COLUMN_P99] = {"P99", "99 of 100 samples do not exceed it",
			      COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[BENCH_COLUMN_NOISE] = {"NOISE", HELP_NOISE, COLUMN_DEFAULT | COLUMN_RIGHT, column_percent},
	[BENCH_COLUMN_RATIO] = {"RATIO", HELP_RATIO, COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BENCH_COLUMN_OUTLIERS] = {"OUTLIERS", "samples far from the others", COLUMN_RIGHT, NULL},
	[BENCH_COLUMN_BEFORE] = {"BEFORE", "with --compare: the median then", COLUMN_TIME, NULL},
	[BENCH_COLUMN_CHANGE] = {"CHANGE", "with --compare: of the median, in percent",
				 COLUMN_RIGHT, column_percent},
	[BENCH_COLUMN_VERDICT] = {"VERDICT", "same, faster, slower or cannot tell", 0, NULL},
	[BENCH_COLUMN_LAG] = {"LAG", "how alike neighbouring samples are: lag-1 autocorrelation",
			      COLUMN_RIGHT, NULL},
};

const struct column bench_fit_columns[BENCH_FIT_COLUMNS] = {
	[BENCH_FIT_CASE] = {"CASE", "", COLUMN_DEFAULT, NULL},
	[BENCH_FIT_HEAP] = {"HEAP", "", COLUMN_DEFAULT, NULL},
	[BENCH_FIT_BASE] = {"BASE", "", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BENCH_FIT_PER_KIB] = {"PER-KIB", "", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BENCH_FIT_R2] = {"R2", "", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BENCH_FIT_RATIO] = {"RATIO", "", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BENCH_FIT_NOISE] = {"NOISE", "", COLUMN_DEFAULT | COLUMN_RIGHT, column_percent},
};

static char *add_size(struct bench_options *options, const struct option_row *row, const char *text)
{
	static const char most[] = "at most " TEXT_OF(BENCH_SIZES_MOST) " sizes";
	uint64_t size;

	if (parse_size(text, &size) || size > BENCH_SIZE_MOST)
		return option_takes(row, "sizes from 1 to 1G, separated by commas", text);
	for (uint64_t i = 0; i < options->size_count; i++) {
		if (options->sizes[i] == size)
			return NULL;
	}
	if (options->size_count == BENCH_SIZES_MOST)
		return option_takes(row, most, text);
	options->sizes[options->size_count++] = size;
	return NULL;
}

static char *add_case(struct bench_options *options, const struct option_row *row, const char *text)
{
	for (enum bench_case kind = BENCH_ALLOC; kind < BENCH_CASES; kind++) {
		if (!strcmp(bench_cases[kind].name, text)) {
			options->cases |= 1U << kind;
			return NULL;
		}
	}
	return option_takes(row, BENCH_CASE_WORDS ", separated by commas", text);
}

/* Calls ADD for each part of a list with commas, until one returns a message. */
static char *add_each(struct bench_options *options, const struct option_row *row, const char *text,
		      char *(*add)(struct bench_options *options, const struct option_row *row,
				   const char *text))
{
	char *message = NULL;

	for (const char *at = text; at && !message;) {
		size_t length = strcspn(at, ",");
		AUTO_FREE char *part = xstrndup(at, length);

		message = add(options, row, part);
		at = at[length] ? at + length + 1 : NULL;
	}
	return message;
}

static char *set_cases(void *to, const struct option_row *row, const char *text)
{
	return add_each(to, row, text, add_case);
}

static void write_cases(FILE *stream)
{
	fputs(BENCH_CASE_WORDS "|", stream);
}

static char *set_sizes(void *to, const struct option_row *row, const char *text)
{
	struct bench_options *options = to;
	char *message;

	options->size_count = 0;
	message = add_each(options, row, text, add_size);
	if (!message)
		samples_sort(options->sizes, options->size_count);
	return message;
}

static const struct option_row rows[] = {
	{"heap", 0, LIST_TO(struct bench_options, heaps), "NAME",
	 "Heap: its name, its node or a link to it; can be repeated (all)", .offer = "heap"},
	{"case", 0, .kind = KIND_SET, 0, "CASE,...",
	 "What to measure (all); the manual lists the cases", .set = set_cases, .offer = "choices",
	 .words = write_cases},
	{"size", 0, .kind = KIND_SET, 0, "LIST",
	 "Sizes of the buffers, separated by commas (4K,64K,1M,8M)", .set = set_sizes},
	{"time", 0, TIME_TO(struct bench_options, time), "TIME", "Measure for about TIME (15s)",
	 .min = 1},
	{"confidence", 0, NUMBER_TO(struct bench_options, confidence), "PERCENT",
	 "Confidence of the intervals (95)", .min = BENCH_CONFIDENCE_LEAST,
	 .max = BENCH_CONFIDENCE_MOST},
	{"count", 0, CHOICE_TO(struct bench_options, count), BENCH_COUNT_WORDS,
	 "What to count (time)", .min = BENCH_TIME},
	{"cpu", 0, NUMBER_TO(struct bench_options, cpu), "N", "Run on processor N only (any)",
	 .max = CPU_SETSIZE - 1},
	{"threads", 0, NUMBER_TO(struct bench_options, threads), "N",
	 "N threads do the same at the same time, one is measured (1)", .min = 1,
	 .max = BENCH_THREADS_MOST},
	{"cold", 0, FLAG_TO(struct bench_options, cold),
	 .help = "Empty the caches before each sample, as far as that can be done"},
	{"importer", 0, TEXT_TO(struct bench_options, importer), "DRIVER",
	 "DRM driver that imports buffers (vgem)"},
	{"save", 0, TEXT_TO(struct bench_options, save), "FILE",
	 "Save the run, to be compared with later ones", .offer = "file", .group = "Comparison"},
	{"compare", 0, INPUT_TO(struct bench_options, compare), "FILE",
	 "Measure what FILE has, which --save wrote, and show what is slower now"},
	{"fail-over", 0, NUMBER_TO(struct bench_options, fail_over), "PERCENT",
	 "What counts as slower (2)", .max = 1000, .needs = "compare"},
	{"samples", 0, FLAG_TO(struct bench_options, samples),
	 .help = "Print each sample as well, in JSON", .needs = "json"},
	{"histogram", 0, FLAG_TO(struct bench_options, histogram),
	 .help = "Draw how many samples took how much, below the table", .group = "Pictures"},
	{"svg", 0, TEXT_TO(struct bench_options, svg), "FILE", "Write the same as an SVG file",
	 .offer = "file"},
	{0},
};

static bool is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

bool bench_prints_table(const struct bench_options *options)
{
	return !is_stdout(options->save) && !is_stdout(options->svg);
}

static char *check(void *given, const struct context *context)
{
	const struct bench_options *options = given;
	const struct {
		bool wanted;
		const char *what;
	} outputs[] = {
		{context->json, "--json"},
		{options->histogram, "--histogram"},
		{is_stdout(options->save), "--save -"},
		{is_stdout(options->svg), "--svg -"},
	};
	const char *first = NULL;

	for (size_t i = 0; i < COUNT_OF(outputs); i++) {
		if (!outputs[i].wanted)
			continue;
		if (first)
			return xasprintf("%s and %s must not be combined: both are written to "
					 "standard output",
					 first, outputs[i].what);
		first = outputs[i].what;
	}
	return NULL;
}

const struct option_table bench_options = {
	.summary = "Measure what heaps cost, against anonymous memory.",
	.details = "Exit status 3: a heap is slower than in the file of --compare. The usual table "
		   "has a row for each heap and case, with the median for each "
		   "size. -v shows a row for each size with all figures, and --output "
		   "chooses among these.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET | COMMON_VERBOSE | COMMON_COLOR,
	.columns = bench_columns,
	.column_count = BENCH_COLUMNS,
	.check = check,
};
