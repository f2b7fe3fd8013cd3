// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/bench/bench_output.h"

#include <inttypes.h>
#include <math.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/table.h"
#include "view/units.h"

/* Medians with more noise than this, in parts, are worth a note. */
#define NOISY 0.05

static const struct bench_target *target_of(const struct bench_report *report,
					    const struct bench_cell *cell)
{
	return &report->plan->targets[cell->target];
}

static bool counts_time(const struct bench_report *report)
{
	return report->conditions.counted == BENCH_TIME;
}

char *bench_amount(const struct bench_report *report, uint64_t amount)
{
	return counts_time(report) ? units_time(amount) : xasprintf("%" PRIu64, amount);
}

/* The same of a column: one of times, or of plain numbers. */
static unsigned int amount_flags(const struct bench_report *report, unsigned int flags)
{
	return counts_time(report) || !(flags & COLUMN_TIME)
		       ? flags
		       : (flags & ~COLUMN_TIME) | COLUMN_RIGHT;
}

/* Its median in times of that of anonymous memory, or NULL. */
static struct value *ratio_value(const struct bench_report *report, const struct bench_cell *cell)
{
	const struct bench_cell *anonymous =
		cell->target ? bench_find(report->result, cell, 0) : NULL;

	if (!anonymous || !anonymous->summary.median)
		return NULL;
	return value_decimal((double)cell->summary.median / (double)anonymous->summary.median, 2);
}

static struct value *noise_value(double noise)
{
	return value_decimal(100 * noise, 1);
}

/* Comparison with the run before. */

/* What it was before, or NULL: there is nothing to compare with. */
static const struct bench_saved_row *before(const struct bench_report *report,
					    const struct bench_cell *cell)
{
	return report->before ? bench_saved_find(report->before, cell->kind,
						 target_of(report, cell)->name, cell->size)
			      : NULL;
}

static enum comparison compare(const struct bench_report *report, const struct bench_cell *cell,
			       const struct bench_saved_row *row)
{
	if (!row->interval_known || !cell->summary.interval_known)
		return COMPARISON_UNCLEAR;
	return intervals_compare(&row->interval, &cell->summary.interval,
				 (double)report->options->fail_over / 100);
}

struct counts {
	size_t of[COMPARISON_UNCLEAR + 1];
	size_t anonymous; /* medians of anonymous memory that are slower, which are no fault of a
			     heap */
	size_t missing;   /* that the run before does not have, or this one */
};

static struct counts count_verdicts(const struct bench_report *report)
{
	struct counts counts = {.missing = report->before ? report->before->count : 0};

	array_for_each (report->result, cell) {
		const struct bench_saved_row *row =
			cell->samples.count ? before(report, cell) : NULL;
		enum comparison verdict = row ? compare(report, cell, row) : COMPARISON_UNCLEAR;

		if (row)
			counts.missing--;
		if (row && (cell->target || verdict != COMPARISON_SLOWER))
			counts.of[verdict]++;
		else if (row)
			counts.anonymous++;
		else if (cell->samples.count)
			counts.missing++;
	}
	return counts;
}

static void set_comparison(const struct bench_report *report, const struct bench_cell *cell,
			   struct table *table)
{
	const struct bench_saved_row *row = before(report, cell);

	if (!row)
		return;
	table_set(table, BENCH_COLUMN_BEFORE, value_number(row->median));
	table_set(table, BENCH_COLUMN_CHANGE,
		  value_decimal(100 * ((double)cell->summary.median / (double)row->median - 1), 1));
	table_set(table, BENCH_COLUMN_VERDICT,
		  value_text(comparison_name(compare(report, cell, row))));
}

/* Whether a row is of interest where only what differs is shown. */
static bool differs(const struct bench_report *report, const struct bench_cell *cell)
{
	const struct bench_saved_row *row = before(report, cell);
	enum comparison verdict = row ? compare(report, cell, row) : COMPARISON_SAME;

	return verdict == COMPARISON_SLOWER || verdict == COMPARISON_FASTER;
}

/* A row for each size. */

static void add_row(const struct bench_report *report, const struct bench_cell *cell,
		    struct table *table)
{
	const struct summary *summary = &cell->summary;
	bool known = summary->interval_known;

	table_row(table);
	table_set(table, BENCH_COLUMN_CASE, value_text(bench_cases[cell->kind].name));
	table_set(table, BENCH_COLUMN_HEAP, value_text(target_of(report, cell)->name));
	table_set(table, BENCH_COLUMN_SIZE, cell->size ? value_number(cell->size) : NULL);
	table_set(table, BENCH_COLUMN_COUNT, value_number(summary->count));
	table_set(table, BENCH_COLUMN_MIN, value_number(summary->min));
	table_set(table, BENCH_COLUMN_LOW, known ? value_number(summary->interval.low) : NULL);
	table_set(table, BENCH_COLUMN_MEDIAN, value_number(summary->median));
	table_set(table, BENCH_COLUMN_HIGH, known ? value_number(summary->interval.high) : NULL);
	table_set(table, BENCH_COLUMN_P90, value_number(summary->p90));
	table_set(table, BENCH_COLUMN_P99, value_number(summary->p99));
	table_set(table, BENCH_COLUMN_NOISE, noise_value(summary_noise(summary)));
	table_set(table, BENCH_COLUMN_RATIO, ratio_value(report, cell));
	table_set(table, BENCH_COLUMN_OUTLIERS, value_number(summary->outliers));
	table_set(table, BENCH_COLUMN_LAG, value_decimal(summary->autocorrelation, 2));
	set_comparison(report, cell, table);
}

static struct table *size_table(const struct context *context, const struct bench_report *report,
				bool all)
{
	static struct column columns[BENCH_COLUMNS]; /* as long as the table */
	struct table *table;

	for (size_t i = 0; i < BENCH_COLUMNS; i++) {
		columns[i] = bench_columns[i];
		columns[i].flags = amount_flags(report, columns[i].flags);
	}
	table = cmd_table(context, columns, BENCH_COLUMNS);
	array_for_each (report->result, cell) {
		if (cell->samples.count && (all || differs(report, cell)))
			add_row(report, cell, table);
	}
	return table;
}

/* All cells of one case on one target, which follow each other. */
struct group {
	const struct bench_cell *cells;
	size_t count;
	const struct bench_cell *largest; /* with samples, or NULL */
	double noise;                     /* the greatest */
	bool fits;
	struct line line;
};

/* The group that begins at CELL. */
static struct group group_at(const struct bench_report *report, const struct bench_cell *cell)
{
	const struct bench_cell *end = report->result->items + report->result->count;
	double sizes[BENCH_SIZES_MOST], medians[BENCH_SIZES_MOST];
	struct group group = {.cells = cell};
	size_t points = 0;

	for (; cell < end && cell->kind == group.cells->kind && cell->target == group.cells->target;
	     cell++) {
		group.count++;
		if (!cell->samples.count)
			continue;
		group.largest = cell;
		if (summary_noise(&cell->summary) > group.noise)
			group.noise = summary_noise(&cell->summary);
		sizes[points] = (double)cell->size / 1024;
		medians[points++] = (double)cell->summary.median;
	}
	group.fits = line_fit(sizes, medians, points, &group.line);
	return group;
}

/* What does not grow with the size: of the fit, or all of it where there is no size. */
static bool base_of(const struct group *group, double *base)
{
	if (group->fits)
		*base = group->line.base;
	else if (group->largest && !group->largest->size)
		*base = (double)group->largest->summary.median;
	else
		return false;
	return true;
}

/* JSON. */

static struct value *fits_value(const struct bench_report *report)
{
	struct value *array = value_array();

	for (size_t i = 0; i < report->result->count;) {
		struct group group = group_at(report, &report->result->items[i]);
		struct value *map = value_map();
		double base;

		i += group.count;
		value_set(map, "case", value_text(bench_cases[group.cells->kind].name));
		value_set(map, "heap", value_text(target_of(report, group.cells)->name));
		value_set(map, "base", base_of(&group, &base) ? value_decimal(base, 1) : NULL);
		value_set(map, "per_kib", group.fits ? value_decimal(group.line.slope, 3) : NULL);
		value_set(map, "r2", group.fits ? value_decimal(group.line.r2, 3) : NULL);
		value_append(array, map);
	}
	return array;
}

/* What is known of each heap's mappings, where times tell. */
static struct value *cacheability_value(const struct bench_report *report)
{
	struct value *array = value_array();

	for (size_t i = 1; i < report->plan->target_count && counts_time(report); i++) {
		enum cacheability cacheability;
		struct value *map;

		if (!bench_judge(report->result, i, &cacheability))
			continue;
		map = value_map();
		value_set(map, "heap", value_text(report->plan->targets[i].name));
		value_set(map, "verdict", value_text(cacheability_name(cacheability)));
		value_append(array, map);
	}
	return array;
}

static void add_samples(const struct bench_report *report, const struct value *rows)
{
	size_t row = 0;

	array_for_each (report->result, cell) {
		struct value *samples;

		if (!cell->samples.count)
			continue;
		samples = value_array();
		array_for_each (&cell->samples, ns)
			value_append(samples, value_number(*ns));
		value_set(value_item(rows, row++), "samples", samples);
	}
}

/* The run before, and how many medians are what now. */
static struct value *compared_value(const struct bench_report *report)
{
	struct value *map;
	struct counts counts;

	if (!report->before)
		return NULL;
	map = value_map();
	counts = count_verdicts(report);
	value_set(map, "kernel", value_text(report->before->conditions.kernel));
	value_set(map, "fail_over", value_number(report->options->fail_over));
	value_set(map, "slower", value_number(counts.of[COMPARISON_SLOWER]));
	value_set(map, "faster", value_number(counts.of[COMPARISON_FASTER]));
	value_set(map, "same", value_number(counts.of[COMPARISON_SAME]));
	value_set(map, "cannot_tell", value_number(counts.of[COMPARISON_UNCLEAR]));
	value_set(map, "anonymous_slower", value_number(counts.anonymous));
	value_set(map, "missing", value_number(counts.missing));
	return map;
}

static void print_json(const struct context *context, const struct bench_report *report)
{
	AUTO_TABLE struct table *table = size_table(context, report, true);
	struct value *map = value_map(), *rows = table_value(table);
	const struct bench_conditions *now = &report->conditions;
	bool by_clock = !bench_count_is_perf(now->counted);

	if (report->options->samples)
		add_samples(report, rows);
	value_set(map, "kernel", value_text(now->kernel));
	value_set(map, "machine", value_text(now->machine));
	value_set(map, "processors", value_number(now->processors));
	value_set(map, "confidence", value_number(now->confidence));
	value_set(map, "cpu", now->cpu == BENCH_ANY_CPU ? NULL : value_number(now->cpu));
	value_set(map, "threads", value_number(now->threads));
	value_set(map, "cold", value_bool(now->cold));
	value_set(map, "time_ns", value_number(report->options->time));
	value_set(map, "importer", value_text(now->importer));
	value_set(map, "counted", value_text(bench_count_name(now->counted)));
	value_set(map, "clock_cost_ns", by_clock ? value_number(report->counter.cost) : NULL);
	value_set(map, "clock_step_ns", by_clock ? value_number(report->counter.step) : NULL);
	value_set(map, "compared", compared_value(report));
	value_set(map, "sizes", rows);
	value_set(map, "fits", fits_value(report));
	value_set(map, "cacheability", cacheability_value(report));
	json_print("bench", map);
}

/* The usual table. */

/* The columns of the heap, with one for each size after the first two, whose names go to NAMES. */
static struct column *summary_columns(const struct bench_report *report, size_t *place,
				      size_t *count, struct strings *names)
{
	size_t sizes = report->plan->size_count;
	struct column *columns = xcalloc(BENCH_FIT_COLUMNS + sizes, sizeof(*columns));

	for (size_t i = 0; i < BENCH_FIT_COLUMNS; i++) {
		place[i] = i <= BENCH_FIT_HEAP ? i : i + sizes;
		columns[place[i]] = bench_fit_columns[i];
	}
	for (size_t i = 0; i < sizes; i++) {
		strings_take(names, units_size(report->plan->sizes[i]));
		columns[BENCH_FIT_HEAP + 1 + i] =
			(struct column){names->items[i], "",
					amount_flags(report, COLUMN_DEFAULT | COLUMN_TIME), NULL};
	}
	*count = BENCH_FIT_COLUMNS + sizes;
	return columns;
}

/* With fractions, and as --bytes wants it. */
static struct value *fraction_value(const struct context *context,
				    const struct bench_report *report, double amount)
{
	AUTO_FREE char *text =
		context->bytes || !counts_time(report) ? NULL : units_fraction(amount);

	return text ? value_text(text) : value_decimal(amount, 3);
}

static void add_group(const struct context *context, const struct bench_report *report,
		      const struct group *group, const size_t *place, struct table *table)
{
	const struct bench_cell *cell = group->cells;
	double base;

	table_row(table);
	table_set(table, place[BENCH_FIT_CASE], value_text(bench_cases[cell->kind].name));
	table_set(table, place[BENCH_FIT_HEAP], value_text(target_of(report, cell)->name));
	for (size_t i = 0; i < group->count && cell->size; i++)
		table_set(table, BENCH_FIT_HEAP + 1 + i,
			  cell[i].samples.count ? value_number(cell[i].summary.median) : NULL);
	if (base_of(group, &base))
		table_set(table, place[BENCH_FIT_BASE], fraction_value(context, report, base));
	if (group->fits) {
		table_set(table, place[BENCH_FIT_PER_KIB],
			  fraction_value(context, report, group->line.slope));
		table_set(table, place[BENCH_FIT_R2], value_decimal(group->line.r2, 3));
	}
	if (group->largest) {
		table_set(table, place[BENCH_FIT_RATIO], ratio_value(report, group->largest));
		table_set(table, place[BENCH_FIT_NOISE], noise_value(group->noise));
	}
}

/* "cacheability of linux,cma, system: cached": a line for each verdict. */
static void print_cacheability(const struct bench_report *report)
{
	for (enum cacheability verdict = 0; verdict <= CACHEABILITY_UNCLEAR; verdict++) {
		AUTO_STRINGS struct strings heaps = {0};
		AUTO_FREE char *names = NULL;
		enum cacheability cacheability;

		for (size_t i = 1; i < report->plan->target_count && counts_time(report); i++) {
			if (bench_judge(report->result, i, &cacheability) &&
			    cacheability == verdict)
				strings_take(&heaps, text_show(report->plan->targets[i].name));
		}
		names = strings_join(&heaps, ", ");
		if (heaps.count)
			printf("\ncacheability of %s: %s\n", names, cacheability_name(verdict));
	}
}

static void print_summary(const struct context *context, const struct bench_report *report)
{
	size_t place[BENCH_FIT_COLUMNS], count;
	AUTO_STRINGS struct strings names = {0};
	AUTO_FREE struct column *columns = summary_columns(report, place, &count, &names);
	AUTO_TABLE struct table *table = cmd_table(context, columns, count);

	for (size_t i = 0; i < report->result->count;) {
		struct group group = group_at(report, &report->result->items[i]);

		add_group(context, report, &group, place, table);
		i += group.count;
	}
	table_print(table, "bench");
	print_cacheability(report);
}

/* Notes. */

/* Says what could not be measured, once for all cases. */
static void note_errors(const struct context *context, const struct bench_report *report)
{
	const struct bench_cell *cells = report->result->items;

	for (size_t i = 0; i < report->result->count; i++) {
		const struct bench_cell *cell = &cells[i];
		AUTO_FREE char *size = units_size(cell->size);
		size_t before = 0;

		while (before < i &&
		       (cells[before].target != cell->target || cells[before].size != cell->size ||
			cells[before].error != cell->error))
			before++;
		if (!cell->error || before < i)
			continue;
		cmd_note(context, "%s: %s%s%s: %s", target_of(report, cell)->name,
			 bench_cases[cell->kind].name, cell->size ? " of " : "",
			 cell->size ? size : "", bench_cell_words(cell));
	}
}

static void note_noise(const struct context *context, const struct bench_report *report)
{
	const struct bench_cell *worst = NULL;
	size_t noisy = 0, all = 0;

	array_for_each (report->result, cell) {
		double noise = cell->samples.count ? summary_noise(&cell->summary) : 0;

		all += cell->samples.count > 0;
		noisy += noise > NOISY;
		if (noise > NOISY && (!worst || noise > summary_noise(&worst->summary)))
			worst = cell;
	}
	if (!worst)
		return;
	if (isinf(summary_noise(&worst->summary)))
		cmd_note(context,
			 "%zu of %zu medians are too noisy to tell less than 5 %%, and of %s of %s "
			 "nothing can be told: it has %zu sample%s (--time)",
			 noisy, all, bench_cases[worst->kind].name, target_of(report, worst)->name,
			 worst->summary.count, worst->summary.count == 1 ? "" : "s");
	else
		cmd_note(context,
			 "%zu of %zu medians are too noisy to tell less than 5 %%; the worst, %s "
			 "of %s, less than %.0f %%",
			 noisy, all, bench_cases[worst->kind].name, target_of(report, worst)->name,
			 100 * summary_noise(&worst->summary));
}

static void print_head(const struct bench_report *report)
{
	const struct bench_conditions *now = &report->conditions;
	AUTO_FREE char *step = bench_amount(report, report->counter.step);
	AUTO_FREE char *cost = bench_amount(report, report->counter.cost);
	AUTO_FREE char *importer = now->importer ? text_show(now->importer) : NULL;
	AUTO_FREE char *path = report->before ? text_show(report->options->compare) : NULL;
	AUTO_FREE char *kernel =
		report->before ? text_show(report->before->conditions.kernel) : NULL;

	printf("Linux %s, %s, %" PRIu64 " processor%s", now->kernel, now->machine, now->processors,
	       now->processors == 1 ? "" : "s");
	if (now->cpu != BENCH_ANY_CPU)
		printf(", on number %" PRIu64, now->cpu);
	if (now->threads > 1)
		printf(", %" PRIu64 " threads", now->threads);
	if (now->importer)
		printf(", imports by %s", importer);
	fputs(now->cold ? ", cold caches; " : "; ", stdout);
	if (counts_time(report))
		printf("clock: steps of %s%s; ", step, report->counter.step == 1 ? " or less" : "");
	else if (now->counted == BENCH_CLOCK_INSTRUCTIONS)
		printf("counted: instructions, one for each nanosecond of the clock, in steps of "
		       "%s; ",
		       step);
	else
		printf("counted: %s of this thread; ",
		       now->counted == BENCH_INSTRUCTIONS ? "instructions" : "cache misses");
	printf("%s for a reading, subtracted\n", cost);
	if (path)
		printf("%s: Linux %s, %s, %" PRIu64 " processor%s\n", path, kernel, now->machine,
		       now->processors, now->processors == 1 ? "" : "s");
	putchar('\n');
}

/* What differs, and how many do not. */
static void print_comparison(const struct context *context, const struct bench_report *report)
{
	AUTO_TABLE struct table *table = size_table(context, report, false);
	struct counts counts = count_verdicts(report);

	table_print(table, "bench");
	printf("%s%zu slower by more than %" PRIu64 " %%, %zu faster, %zu the same; of %zu that "
	       "cannot be told\n",
	       counts.of[COMPARISON_SLOWER] + counts.of[COMPARISON_FASTER] + counts.anonymous ? "\n"
											      : "",
	       counts.of[COMPARISON_SLOWER], report->options->fail_over,
	       counts.of[COMPARISON_FASTER], counts.of[COMPARISON_SAME],
	       counts.of[COMPARISON_UNCLEAR]);
	if (counts.anonymous)
		cmd_note(context,
			 "anonymous memory is slower as well, in %zu case%s: not only heaps have "
			 "changed",
			 counts.anonymous, counts.anonymous == 1 ? "" : "s");
	if (counts.missing)
		cmd_note(context, "%zu median%s in only one of the two runs", counts.missing,
			 counts.missing == 1 ? " is" : "s are");
}

enum exit_code bench_show(const struct context *context, const struct bench_report *report)
{
	if (report->result->cold_error)
		cmd_note(context, "the kernel's caches were left as they are: %s",
			 error_words(report->result->cold_error));
	note_errors(context, report);
	note_noise(context, report);
	if (!bench_prints_table(report->options)) {
		/* a file is there instead */
	} else if (context->json) {
		print_json(context, report);
	} else if (context->columns || context->raw || context->verbosity > 0) {
		AUTO_TABLE struct table *table = size_table(context, report, true);

		table_print(table, "bench");
	} else {
		struct context shown = *context;

		if (!context->noheadings)
			print_head(report);
		shown.columns = "CASE,HEAP,SIZE,BEFORE,MEDIAN,CHANGE,VERDICT";
		if (report->before)
			print_comparison(&shown, report);
		else
			print_summary(context, report);
	}
	return report->before && count_verdicts(report).of[COMPARISON_SLOWER] ? EXIT_FINDINGS
									      : EXIT_DONE;
}
