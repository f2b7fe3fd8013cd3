// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/io/io_compare_output.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/constant.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/refusal.h"
#include "view/json.h"
#include "view/units.h"

static const char *target_name(const struct io_report *report, const struct io_cell *cell)
{
	return report->plan->targets[cell->target].name;
}

static const char *direction_name(enum io_state state)
{
	return io_state_is_out(state) ? "out" : "in";
}

static const struct summary *summary_of(const struct io_cell *cell, enum io_measure measure)
{
	return &cell->measured[measure].summary;
}

static bool has_samples(const struct io_cell *cell)
{
	return cell->measured[IO_TIME_TAKEN].count;
}

/* A figure of a cell as one of BYTES in NS. */
static struct move as_move(const struct io_report *report, const struct io_cell *cell)
{
	return (struct move){.done = report->plan->size,
			     .time_ns = summary_of(cell, IO_TIME_TAKEN)->median,
			     .processor_ns = summary_of(cell, IO_PROCESSOR)->median};
}

static struct value *ratio_value(const struct io_cell *cell, const struct io_cell *base,
				 enum io_measure measure)
{
	if (!base || !summary_of(base, measure)->median)
		return NULL;
	return value_decimal((double)summary_of(cell, measure)->median /
				     (double)summary_of(base, measure)->median,
			     2);
}

/* "read with O_DIRECT: EFAULT"; the caller frees it. */
static char *error_text(const struct io_cell *cell)
{
	return xasprintf("%s: %s", cell->step,
			 cell->error == -EILSEQ ? "they differ" : error_name(-cell->error));
}

static const char *reason_text(const struct io_cell *cell)
{
	const char *meaning = way_refusal(cell->step, cell->error);

	return meaning ? meaning
	       : cell->error == -EILSEQ
		       ? "other bytes have arrived than were sent, or the file was changed"
		       : error_words(cell->error);
}

static void add_row(const struct io_report *report, const struct io_cell *cell, struct table *table)
{
	const struct summary *time = summary_of(cell, IO_TIME_TAKEN);
	const struct move move = as_move(report, cell);
	AUTO_FREE char *error = cell->error ? error_text(cell) : NULL;

	table_row(table);
	table_set(table, IO_HEAP, value_text(target_name(report, cell)));
	table_set(table, IO_DIRECTION, value_text(direction_name(cell->state)));
	table_set(table, IO_WAY, value_text(cell->way->name));
	table_set(table, IO_COUNT, value_number(cell->measured[IO_TIME_TAKEN].count));
	table_set(table, IO_ERROR, value_text(error));
	table_set(table, IO_REASON, cell->error ? value_text(reason_text(cell)) : NULL);
	/* what is refused is so in every state */
	if (has_samples(cell) || !cell->error || !way_refusal(cell->step, cell->error))
		table_set(table, IO_STATE, value_text(io_state_name(cell->state)));
	if (!has_samples(cell))
		return;
	table_set(table, IO_SIZE, value_number(report->plan->size));
	table_set(table, IO_TIME, value_number(time->median));
	if (time->interval_known) {
		table_set(table, IO_LOW, value_number(time->interval.low));
		table_set(table, IO_HIGH, value_number(time->interval.high));
	}
	table_set(table, IO_NOISE, value_decimal(100 * summary_noise(time), 1));
	table_set(table, IO_RATE, value_maybe(move_rate(&move)));
	table_set(table, IO_RATIO,
		  ratio_value(cell, io_plain_cell(report->result, 0, cell->state), IO_TIME_TAKEN));
	table_set(table, IO_CPU, value_maybe(move_processor(&move)));
	table_set(table, IO_CACHED, value_maybe(cell->cached));
}

/* The rows; of columns, those that are usual here, with what "+LIST" adds to them. */
static struct table *rows_table(const struct io_report *report)
{
	struct context shown = *report->context;
	bool adds = shown.columns && *shown.columns == '+';
	AUTO_FREE char *added = xasprintf(IO_COMPARE_COLUMNS ",%s", adds ? shown.columns + 1 : "");
	struct table *table;

	if (adds)
		shown.columns = added;
	else if (!shown.columns && !shown.json)
		shown.columns = IO_COMPARE_COLUMNS;
	table = cmd_table(&shown, io_columns, IO_COLUMN_COUNT);

	array_for_each (report->result, cell) {
		if (!cell->repeats)
			add_row(report, cell, table);
	}
	return table;
}

/* What is known of one target in one state. */
struct verdict {
	size_t target;
	enum io_state state;
	const struct io_cell *least[IO_MEASURES], *plain, *automatic;
	struct strings best[IO_MEASURES]; /* names of ways: of more than one none is told */
	const struct io_cell *other;      /* that was the least in this state, or NULL: all were */
};

static void add_best(const struct io_cell *cell, struct verdict *verdict)
{
	for (size_t i = 0; i < IO_MEASURES; i++) {
		if (io_may_be_best(cell, verdict->least[i], (enum io_measure)i))
			strings_add(&verdict->best[i], cell->way->name);
	}
}

/* Of two that were not in their state. */
static bool is_worse(const struct io_cell *cell, const struct io_cell *other)
{
	if (!other)
		return true;
	return cell->state == IO_COLD ? cell->cached.value > other->cached.value
				      : cell->cached.value < other->cached.value;
}

/* False where nothing was measured. */
static bool judge(const struct io_report *report, size_t target, enum io_state state,
		  struct verdict *verdict)
{
	*verdict = (struct verdict){.target = target, .state = state};
	for (size_t i = 0; i < IO_MEASURES; i++)
		verdict->least[i] = io_least(report->result, target, state, (enum io_measure)i);
	if (!verdict->least[IO_TIME_TAKEN])
		return false;
	verdict->plain = io_plain_cell(report->result, target, state);
	array_for_each (report->result, cell) {
		if (cell->target != target || cell->state != state || !io_is_measured(cell))
			continue;
		add_best(cell, verdict);
		if (cell->automatic)
			verdict->automatic = cell;
		if (!io_state_is_kept(cell) && is_worse(cell, verdict->other))
			verdict->other = cell;
	}
	return true;
}

static void verdict_free(struct verdict *verdict)
{
	for (size_t i = 0; i < IO_MEASURES; i++)
		strings_free(&verdict->best[i]);
}

/* The one best way, or NULL: it cannot be told. */
static const struct io_cell *best_of(const struct verdict *verdict, enum io_measure measure)
{
	return verdict->best[measure].count == 1 && !verdict->other &&
			       summary_of(verdict->least[measure], measure)->interval_known
		       ? verdict->least[measure]
		       : NULL;
}

static struct value *verdict_value(const struct io_report *report, const struct verdict *verdict)
{
	struct value *map = value_map();
	const struct io_cell *fastest = best_of(verdict, IO_TIME_TAKEN),
			     *cheapest = best_of(verdict, IO_PROCESSOR);

	value_set(map, "heap", value_text(report->plan->targets[verdict->target].name));
	value_set(map, "direction", value_text(direction_name(verdict->state)));
	value_set(map, "state", value_text(io_state_name(verdict->state)));
	value_set(map, "kept", value_bool(!verdict->other));
	value_set(map, "fastest", fastest ? value_text(fastest->way->name) : NULL);
	value_set(map, "may_be_fastest", value_strings(&verdict->best[IO_TIME_TAKEN]));
	value_set(map, "least_cpu", cheapest ? value_text(cheapest->way->name) : NULL);
	value_set(map, "may_be_least_cpu", value_strings(&verdict->best[IO_PROCESSOR]));
	value_set(map, "auto",
		  verdict->automatic ? value_text(verdict->automatic->way->name) : NULL);
	return map;
}

/* Calls SHOW for each target and state of which something is known. */
static void each_verdict(const struct io_report *report,
			 void (*show)(const struct io_report *report, const struct verdict *verdict,
				      void *data),
			 void *data)
{
	for (size_t target = 0; target < report->plan->target_count; target++) {
		for (enum io_state state = IO_COLD; state < IO_STATES; state++) {
			struct verdict verdict;

			if (judge(report, target, state, &verdict))
				show(report, &verdict, data);
			verdict_free(&verdict);
		}
	}
}

static void append_verdict(const struct io_report *report, const struct verdict *verdict,
			   void *array)
{
	value_append(array, verdict_value(report, verdict));
}

static void print_json(const struct io_report *report)
{
	AUTO_TABLE struct table *table = rows_table(report);
	struct value *map = value_map(), *best = value_array();
	struct utsname system;

	uname(&system);
	each_verdict(report, append_verdict, best);
	value_set(map, "kernel", value_text(system.release));
	value_set(map, "machine", value_text(system.machine));
	value_set(map, "file", value_text(report->path));
	value_set(map, "filesystem", value_text(report->plan->facts->filesystem));
	value_set(map, "size", value_number(report->plan->size));
	value_set(map, "written", value_number(report->result->written));
	value_set(map, "confidence", value_number(IO_CONFIDENCE));
	value_set(map, "time_ns", value_number(report->options->time));
	value_set(map, "unmeasured", value_number(io_unmeasured(report->result)));
	value_set(map, "ways", table_value(table));
	value_set(map, "best", best);
	json_print("io_compare", map);
}

enum best_column {
	BEST_HEAP,
	BEST_DIRECTION,
	BEST_STATE,
	BEST_FASTEST,
	BEST_TIMES,
	BEST_CPU,
	BEST_CPU_TIMES,
	BEST_AUTO,
	BEST_COLUMNS
};

static const struct column best_columns[BEST_COLUMNS] = {
	[BEST_HEAP] = {"HEAP", "", COLUMN_DEFAULT, NULL},
	[BEST_DIRECTION] = {"DIRECTION", "", COLUMN_DEFAULT, NULL},
	[BEST_STATE] = {"STATE", "", COLUMN_DEFAULT, NULL},
	[BEST_FASTEST] = {"FASTEST", "", COLUMN_DEFAULT | COLUMN_WRAP, NULL},
	[BEST_TIMES] = {"TIMES", "", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BEST_CPU] = {"LEAST-CPU", "", COLUMN_DEFAULT | COLUMN_WRAP, NULL},
	[BEST_CPU_TIMES] = {"TIMES", "", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BEST_AUTO] = {"AUTO", "", COLUMN_DEFAULT, NULL},
};

/* The name of the best way, or that it cannot be told between which; the caller frees it. */
static char *best_text(const struct verdict *verdict, enum io_measure measure)
{
	AUTO_FREE char *names = strings_join(&verdict->best[measure], ", ");

	if (verdict->other)
		return xstrdup("cannot tell");
	if (!summary_of(verdict->least[measure], measure)->interval_known)
		return xstrdup("cannot tell: too few samples");
	return best_of(verdict, measure) ? xstrdup(names) : xasprintf("cannot tell: %s", names);
}

static void add_verdict(const struct io_report *report, const struct verdict *verdict, void *data)
{
	static const enum best_column columns[IO_MEASURES] = {BEST_FASTEST, BEST_CPU};
	struct table *table = data;

	table_row(table);
	table_set(table, BEST_HEAP, value_text(report->plan->targets[verdict->target].name));
	table_set(table, BEST_DIRECTION, value_text(direction_name(verdict->state)));
	table_set(table, BEST_STATE, value_text(io_state_name(verdict->state)));
	for (size_t i = 0; i < IO_MEASURES; i++) {
		AUTO_FREE char *text = best_text(verdict, (enum io_measure)i);
		const struct io_cell *best = best_of(verdict, (enum io_measure)i);

		table_set(table, columns[i], value_text(text));
		if (best)
			table_set(table, columns[i] + 1,
				  ratio_value(best, verdict->plain, (enum io_measure)i));
	}
	if (verdict->automatic)
		table_set(table, BEST_AUTO, value_text(verdict->automatic->way->name));
}

/* Collects the names of the ways that are the best somewhere. */
static void note_winner(const struct io_report *report, const struct verdict *verdict, void *data)
{
	struct strings *winners = data;

	(void)report;
	for (size_t i = 0; i < IO_MEASURES; i++) {
		const struct io_cell *best = best_of(verdict, (enum io_measure)i);

		if (best && !strings_have(winners, best->way->name))
			strings_add(winners, best->way->name);
	}
}

static void print_reasons(const struct io_report *report)
{
	AUTO_STRINGS struct strings winners = {0}, said = {0};

	each_verdict(report, note_winner, &winners);
	array_for_each (&winners, name) {
		const struct way *way = way_find(*name);

		/* in a tmpfs there is no device to spare anything */
		if (way->merit && !report->plan->facts->memory_only)
			strings_take(&said, xasprintf("%s: %s", way->name, way->merit));
	}
	array_for_each (report->result, cell) {
		AUTO_FREE char *error = cell->error && !cell->repeats ? error_text(cell) : NULL;
		char *line;

		if (!error)
			continue;
		line = xasprintf("%s: %s", error, reason_text(cell));
		if (strings_have(&said, line))
			free(line);
		else
			strings_take(&said, line);
	}
	if (said.count)
		putchar('\n');
	array_for_each (&said, line)
		puts(*line);
}

static void print_head(const struct io_report *report)
{
	AUTO_FREE char *size = cmd_size(report->context, report->plan->size);
	AUTO_FREE char *written = cmd_size(report->context, report->result->written);
	AUTO_FREE char *path = text_show(report->path);
	const char *filesystem = report->plan->facts->filesystem;
	struct utsname system;

	uname(&system);
	printf("Linux %s, %s; %s of %s%s%s\n", system.release, system.machine, size, path,
	       filesystem ? ", " : "", filesystem ? filesystem : "");
	if (report->result->written)
		printf("%s were written to a file without a name beside it, which is gone\n",
		       written);
	putchar('\n');
}

static void print_text(const struct io_report *report)
{
	const struct context *context = report->context;
	struct context usual = *context;
	AUTO_TABLE struct table *rows = rows_table(report);
	AUTO_TABLE struct table *best = NULL;

	if (context->columns || context->raw) {
		table_print(rows, "io");
		return;
	}
	if (!context->noheadings)
		print_head(report);
	table_print(rows, "io");
	putchar('\n');
	usual.columns = NULL;
	best = cmd_table(&usual, best_columns, BEST_COLUMNS);
	each_verdict(report, add_verdict, best);
	table_print(best, "io");
	print_reasons(report);
}

/* Notes, and what went wrong. */

static void note_state(const struct io_report *report, const struct verdict *verdict, void *data)
{
	const char *path = report->path;

	(void)data;
	if (!verdict->other)
		return;
	if (verdict->state == IO_COLD)
		cmd_note(report->context,
			 "%s: %s in, cold: %" PRIu64 " %% of it stayed in the page cache: others "
			 "have it mapped, or its file system keeps it there",
			 path, report->plan->targets[verdict->target].name,
			 verdict->other->cached.value);
	else
		cmd_note(report->context,
			 "%s: %s in, warm: only %" PRIu64 " %% of it were in the page cache", path,
			 report->plan->targets[verdict->target].name, verdict->other->cached.value);
}

static void note_conditions(const struct io_report *report)
{
	size_t unmeasured = io_unmeasured(report->result);

	if (report->plan->in && report->plan->facts->memory_only)
		cmd_note(report->context, "%s: %s is the page cache: nothing of it is ever cold",
			 report->path, report->plan->facts->filesystem);
	else if (report->plan->in && !file_cached_is_told(report->plan->file))
		cmd_note(
			report->context,
			"%s: whether it is in the page cache is not told to this user, who neither "
			"owns it nor may write it: cold and warm are what was asked of the kernel",
			report->path);
	each_verdict(report, note_state, NULL);
	if (unmeasured)
		cmd_note(report->context,
			 "%zu of %zu were not measured: the time was over (--time)", unmeasured,
			 report->result->count);
}

/* Says what failed that no kernel refuses. Returns the exit status. */
static enum exit_code explain_failures(const struct io_report *report)
{
	enum exit_code status = EXIT_DONE;
	size_t refused = SIZE_MAX;

	array_for_each (report->result, cell) {
		if (!cell->error || cell->repeats || way_refusal(cell->step, cell->error))
			continue;
		status = EXIT_OPERATION;
		if (!strcmp(cell->step, STEP_ALLOCATION)) {
			if (cell->target != refused)
				cmd_refused(report->context,
					    &(struct refused){target_name(report, cell),
							      report->plan->size, 0},
					    cell->error);
			refused = cell->target;
			continue;
		}
		cmd_error(report->context, "%s: %s: --way %s %s: %s: %s", report->path,
			  target_name(report, cell), cell->way->name, direction_name(cell->state),
			  cell->step, reason_text(cell));
	}
	return status;
}

static bool is_anything_measured(const struct io_report *report)
{
	array_for_each (report->result, cell) {
		if (has_samples(cell))
			return true;
	}
	return false;
}

enum exit_code io_compare_show(const struct io_report *report)
{
	enum exit_code status = explain_failures(report);

	if (!is_anything_measured(report)) {
		if (status == EXIT_DONE)
			cmd_error(report->context, "%s: there was no time for a move (--time)",
				  report->path);
		return EXIT_OPERATION;
	}
	exit_on_stop_signals(); /* a table that waits for its reader */
	note_conditions(report);
	if (report->context->json)
		print_json(report);
	else
		print_text(report);
	return status;
}
