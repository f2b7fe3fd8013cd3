// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/io/io_compare.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/constant.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/refusal.h"
#include "model/io/compare.h"
#include "model/io/io_file.h"
#include "model/io/io_memory.h"
#include "view/json.h"
#include "view/progress.h"
#include "view/units.h"

/* Of a larger file so much is compared: more does not tell more. */
#define SIZE_USUAL ((uint64_t)64 << 20)

#define CONFIDENCE 95 /* percent */

#define ANONYMOUS "anonymous"
#define UDMABUF   "udmabuf"

struct targets {
	ARRAY_OF(struct io_target);
};

struct work {
	const struct context *context;
	const struct io_options *options;
	const char *path;
	struct io_file file;
	struct targets targets;
	struct io_plan plan;
	struct io_comparison result;
};

static void targets_free(struct targets *targets)
{
	array_for_each (targets, target) {
		if (target->heap >= 0)
			close(target->heap);
	}
	array_free(targets);
}

/* Preparation. */

/* Adds a heap that is not there yet. */
static enum exit_code add_heap(struct work *work, const struct heap *heap)
{
	struct io_target *target;
	int fd;

	array_for_each (&work->targets, other) {
		if (other->name == heap->name)
			return EXIT_DONE;
	}
	fd = cmd_open_heap(work->context, heap);
	if (fd < 0)
		return cmd_status(fd);
	target = array_add(&work->targets);
	*target = (struct io_target){.name = heap->name, .heap = fd};
	return EXIT_DONE;
}

/* The heaps that were named, or 'system' where it is there. */
static enum exit_code add_heaps(struct work *work, struct inventory *inventory)
{
	const struct context *context = work->context;
	const struct strings *names = &work->options->heaps;
	enum exit_code status = EXIT_DONE;
	const struct memory *memory = NULL;

	if (!names->count) {
		if (!inventory_read(context->root, WANT_USUAL, inventory))
			memory = inventory_find(inventory, "system");
		if (memory)
			return add_heap(work, memory->heap);
		cmd_note(context, "there is no heap 'system': anonymous memory stands in for one "
				  "(--heap)");
		return EXIT_DONE;
	}
	status = cmd_read_inventory(context, inventory);
	array_for_each (names, name) {
		if (status != EXIT_DONE)
			return status;
		memory = cmd_find_heap(context, inventory, *name);
		status = memory ? add_heap(work, memory->heap) : EXIT_NOT_POSSIBLE;
	}
	return status;
}

static enum exit_code choose_size(struct work *work)
{
	const struct file_facts *facts = &work->file.facts;
	uint64_t size = work->options->size;

	if (facts->kind != FILE_REGULAR && facts->kind != FILE_BLOCK) {
		cmd_error(work->context,
			  "%s: only a regular file or a block device can be compared", work->path);
		return EXIT_NOT_POSSIBLE;
	}
	if (!facts->size) {
		cmd_error(work->context, "%s: the kernel says that it is empty", work->path);
		return EXIT_OPERATION;
	}
	if (size > facts->size) {
		cmd_error(work->context, "%s: it has only %" PRIu64 " bytes", work->path,
			  facts->size);
		return EXIT_OPERATION;
	}
	work->plan.size = size ? size : facts->size < SIZE_USUAL ? facts->size : SIZE_USUAL;
	if (work->plan.size < facts->size && !size) {
		AUTO_FREE char *part = cmd_size(work->context, work->plan.size);

		cmd_note(work->context, "%s: its first %s are compared (--size)", work->path, part);
	}
	return EXIT_DONE;
}

/*
 * Says why the other direction is left out, or, where nothing else was asked for, that it cannot
 * be.
 */
static enum exit_code leave_out(struct work *work, enum exit_code status, const char *why)
{
	if (work->options->direction == IO_OUT) {
		cmd_error(work->context, "%s: %s", work->path, why);
		return status;
	}
	cmd_note(work->context, "%s: writing is not compared: %s", work->path, why);
	return EXIT_DONE;
}

/* Makes the file that is written: never the one that was given. */
static enum exit_code make_output(struct work *work)
{
	AUTO_FREE char *why = NULL;
	struct maybe room;
	int fd;

	if (work->options->direction == IO_IN)
		return EXIT_DONE;
	if (work->file.facts.kind == FILE_BLOCK)
		return leave_out(work, EXIT_NOT_POSSIBLE,
				 "it is a device, of which nothing may be overwritten");
	fd = file_open_unnamed_beside(work->path);
	if (fd < 0) {
		why = xasprintf("a file beside it: %s", error_words(fd));
		return leave_out(work, cmd_status(fd), why);
	}
	room = file_room(fd);
	/* what fills a disk harms others */
	if (!room.known || work->plan.size <= room.value - room.value / 8) {
		work->plan.output = fd;
		return EXIT_DONE;
	}
	close(fd);
	why = xasprintf("%" PRIu64 " bytes would leave less than an eighth of the %" PRIu64
			" that are free on its file system; --size compares less",
			work->plan.size, room.value);
	return leave_out(work, EXIT_OPERATION, why);
}

/* Whether the machine can spare the contents, a buffer for them, and a file of a tmpfs. */
static enum exit_code check_memory(const struct work *work)
{
	uint64_t pages = io_memory_pages(work->plan.size), needed;
	uint64_t copies = work->plan.output >= 0 && work->file.facts.memory_only ? 3 : 2;

	if (__builtin_mul_overflow(pages, copies, &needed))
		needed = UINT64_MAX;
	if (work->options->force ||
	    cmd_pages_spare(work->context, work->path, needed,
			    "--size compares less, --force as much as was asked for"))
		return EXIT_DONE;
	return EXIT_OPERATION;
}

/* Output. */

static const char *target_name(const struct work *work, const struct io_cell *cell)
{
	return work->targets.items[cell->target].name;
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
static struct move as_move(const struct work *work, const struct io_cell *cell)
{
	return (struct move){.done = work->plan.size,
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

static void add_row(const struct work *work, const struct io_cell *cell, struct table *table)
{
	const struct summary *time = summary_of(cell, IO_TIME_TAKEN);
	const struct move move = as_move(work, cell);
	AUTO_FREE char *error = cell->error ? error_text(cell) : NULL;

	table_row(table);
	table_set(table, IO_HEAP, value_text(target_name(work, cell)));
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
	table_set(table, IO_SIZE, value_number(work->plan.size));
	table_set(table, IO_TIME, value_number(time->median));
	if (time->interval_known) {
		table_set(table, IO_LOW, value_number(time->interval.low));
		table_set(table, IO_HIGH, value_number(time->interval.high));
	}
	table_set(table, IO_NOISE, value_decimal(100 * summary_noise(time), 1));
	table_set(table, IO_RATE, value_maybe(move_rate(&move)));
	table_set(table, IO_RATIO,
		  ratio_value(cell, io_plain_cell(&work->result, 0, cell->state), IO_TIME_TAKEN));
	table_set(table, IO_CPU, value_maybe(move_processor(&move)));
	table_set(table, IO_CACHED, value_maybe(cell->cached));
}

/* The rows; of columns, those that are usual here, with what "+LIST" adds to them. */
static struct table *rows_table(const struct work *work)
{
	struct context shown = *work->context;
	bool adds = shown.columns && *shown.columns == '+';
	AUTO_FREE char *added = xasprintf(IO_COMPARE_COLUMNS ",%s", adds ? shown.columns + 1 : "");
	struct table *table;

	if (adds)
		shown.columns = added;
	else if (!shown.columns && !shown.json)
		shown.columns = IO_COMPARE_COLUMNS;
	table = cmd_table(&shown, io_columns, IO_COLUMN_COUNT);

	array_for_each (&work->result, cell) {
		if (!cell->repeats)
			add_row(work, cell, table);
	}
	return table;
}

/* What is known of one target in one state. */
struct verdict {
	size_t target;
	enum io_state state;
	const struct io_cell *least[IO_MEASURES], *plain, *automatic;
	struct strings best[IO_MEASURES]; /* names of ways: of more than one none is told */
	const struct io_cell *other;      /* that was not in this state, or NULL */
};

static void add_best(const struct io_cell *cell, struct verdict *verdict)
{
	for (size_t i = 0; i < IO_MEASURES; i++) {
		if (io_may_be_best(cell, verdict->least[i], (enum io_measure)i))
			strings_add(&verdict->best[i], cell->way->name);
	}
}

/* False where nothing was measured. */
static bool judge(const struct work *work, size_t target, enum io_state state,
		  struct verdict *verdict)
{
	*verdict = (struct verdict){.target = target, .state = state};
	for (size_t i = 0; i < IO_MEASURES; i++)
		verdict->least[i] = io_least(&work->result, target, state, (enum io_measure)i);
	if (!verdict->least[IO_TIME_TAKEN])
		return false;
	verdict->plain = io_plain_cell(&work->result, target, state);
	array_for_each (&work->result, cell) {
		if (cell->target != target || cell->state != state || !has_samples(cell))
			continue;
		add_best(cell, verdict);
		if (cell->automatic)
			verdict->automatic = cell;
		if (!io_state_is_kept(cell))
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
	return verdict->best[measure].count == 1 && !verdict->other ? verdict->least[measure]
								    : NULL;
}

static struct value *verdict_value(const struct work *work, const struct verdict *verdict)
{
	struct value *map = value_map();
	const struct io_cell *fastest = best_of(verdict, IO_TIME_TAKEN),
			     *cheapest = best_of(verdict, IO_PROCESSOR);

	value_set(map, "heap", value_text(work->targets.items[verdict->target].name));
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
static void each_verdict(const struct work *work,
			 void (*show)(const struct work *work, const struct verdict *verdict,
				      void *data),
			 void *data)
{
	for (size_t target = 0; target < work->targets.count; target++) {
		for (enum io_state state = IO_COLD; state < IO_STATES; state++) {
			struct verdict verdict;

			if (judge(work, target, state, &verdict))
				show(work, &verdict, data);
			verdict_free(&verdict);
		}
	}
}

static void append_verdict(const struct work *work, const struct verdict *verdict, void *array)
{
	value_append(array, verdict_value(work, verdict));
}

static void print_json(const struct work *work)
{
	AUTO_TABLE struct table *table = rows_table(work);
	struct value *map = value_map(), *best = value_array();
	struct utsname system;

	uname(&system);
	each_verdict(work, append_verdict, best);
	value_set(map, "kernel", value_text(system.release));
	value_set(map, "machine", value_text(system.machine));
	value_set(map, "file", value_text(work->path));
	value_set(map, "filesystem", value_text(work->file.facts.filesystem));
	value_set(map, "size", value_number(work->plan.size));
	value_set(map, "written", value_number(work->result.written));
	value_set(map, "confidence", value_number(CONFIDENCE));
	value_set(map, "time_ns", value_number(work->options->time));
	value_set(map, "unmeasured", value_number(io_unmeasured(&work->result)));
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

static void add_verdict(const struct work *work, const struct verdict *verdict, void *data)
{
	static const enum best_column columns[IO_MEASURES] = {BEST_FASTEST, BEST_CPU};
	struct table *table = data;

	table_row(table);
	table_set(table, BEST_HEAP, value_text(work->targets.items[verdict->target].name));
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
static void note_winner(const struct work *work, const struct verdict *verdict, void *data)
{
	struct strings *winners = data;

	(void)work;
	for (size_t i = 0; i < IO_MEASURES; i++) {
		const struct io_cell *best = best_of(verdict, (enum io_measure)i);

		if (best && !strings_have(winners, best->way->name))
			strings_add(winners, best->way->name);
	}
}

static void print_reasons(const struct work *work)
{
	AUTO_STRINGS struct strings winners = {0}, said = {0};

	each_verdict(work, note_winner, &winners);
	array_for_each (&winners, name) {
		const struct way *way = way_find(*name);

		/* in a tmpfs there is no device to spare anything */
		if (way->merit && !work->file.facts.memory_only)
			strings_take(&said, xasprintf("%s: %s", way->name, way->merit));
	}
	array_for_each (&work->result, cell) {
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

static void print_head(const struct work *work)
{
	AUTO_FREE char *size = cmd_size(work->context, work->plan.size);
	AUTO_FREE char *written = cmd_size(work->context, work->result.written);
	AUTO_FREE char *path = text_show(work->path);
	const char *filesystem = work->file.facts.filesystem;
	struct utsname system;

	uname(&system);
	printf("Linux %s, %s; %s of %s%s%s\n", system.release, system.machine, size, path,
	       filesystem ? ", " : "", filesystem ? filesystem : "");
	if (work->result.written)
		printf("%s were written to a file without a name beside it, which is gone\n",
		       written);
	putchar('\n');
}

static void print_text(const struct work *work)
{
	const struct context *context = work->context;
	struct context usual = *context;
	AUTO_TABLE struct table *rows = rows_table(work);
	AUTO_TABLE struct table *best = NULL;

	if (context->columns || context->raw) {
		table_print(rows, "io");
		return;
	}
	if (!context->noheadings)
		print_head(work);
	table_print(rows, "io");
	putchar('\n');
	usual.columns = NULL;
	best = cmd_table(&usual, best_columns, BEST_COLUMNS);
	each_verdict(work, add_verdict, best);
	table_print(best, "io");
	print_reasons(work);
}

/* Notes, and what went wrong. */

static void note_state(const struct work *work, const struct verdict *verdict, void *data)
{
	const char *path = work->path;

	(void)data;
	if (!verdict->other)
		return;
	if (verdict->state == IO_COLD)
		cmd_note(work->context,
			 "%s: %s in, cold: %" PRIu64 " %% of it stayed in the page cache: others "
			 "have it mapped, or its file system keeps it there",
			 path, work->targets.items[verdict->target].name,
			 verdict->other->cached.value);
	else
		cmd_note(work->context,
			 "%s: %s in, warm: only %" PRIu64 " %% of it were in the page cache", path,
			 work->targets.items[verdict->target].name, verdict->other->cached.value);
}

static void note_conditions(const struct work *work)
{
	size_t unmeasured = io_unmeasured(&work->result);

	if (work->plan.in && work->file.facts.memory_only)
		cmd_note(work->context, "%s: %s is the page cache: nothing of it is ever cold",
			 work->path, work->file.facts.filesystem);
	else if (work->plan.in && !file_cached_is_told(work->plan.file))
		cmd_note(
			work->context,
			"%s: whether it is in the page cache is not told to this user, who neither "
			"owns it nor may write it: cold and warm are what was asked of the kernel",
			work->path);
	each_verdict(work, note_state, NULL);
	if (unmeasured)
		cmd_note(work->context, "%zu of %zu were not measured: the time was over (--time)",
			 unmeasured, work->result.count);
}

/* Says what failed that no kernel refuses. Returns the exit status. */
static enum exit_code explain_failures(const struct work *work)
{
	enum exit_code status = EXIT_DONE;
	size_t refused = SIZE_MAX;

	array_for_each (&work->result, cell) {
		if (!cell->error || cell->repeats || way_refusal(cell->step, cell->error))
			continue;
		status = EXIT_OPERATION;
		if (!strcmp(cell->step, STEP_ALLOCATION)) {
			if (cell->target != refused)
				cmd_refused(work->context,
					    &(struct refused){target_name(work, cell),
							      work->plan.size, 0},
					    cell->error);
			refused = cell->target;
			continue;
		}
		cmd_error(work->context, "%s: %s: --way %s %s: %s: %s", work->path,
			  target_name(work, cell), cell->way->name, direction_name(cell->state),
			  cell->step, reason_text(cell));
	}
	return status;
}

static bool is_anything_measured(const struct work *work)
{
	array_for_each (&work->result, cell) {
		if (has_samples(cell))
			return true;
	}
	return false;
}

static enum exit_code show(const struct work *work)
{
	enum exit_code status = explain_failures(work);

	if (!is_anything_measured(work)) {
		if (status == EXIT_DONE)
			cmd_error(work->context, "%s: there was no time for a move (--time)",
				  work->path);
		return EXIT_OPERATION;
	}
	exit_on_stop_signals(); /* a table that waits for its reader */
	note_conditions(work);
	if (work->context->json)
		print_json(work);
	else
		print_text(work);
	return status;
}

struct bar {
	struct progress progress;
	uint64_t time;
};

static void show_progress(void *data, uint64_t ns, const char *name)
{
	struct bar *bar = data;

	progress_step(&bar->progress, ns < bar->time ? ns : bar->time, name);
}

static enum exit_code measure(struct work *work)
{
	struct bar bar = {.time = work->options->time};
	enum exit_code status = EXIT_OPERATION;
	int error;

	work->plan.targets = work->targets.items;
	work->plan.target_count = work->targets.count;
	work->plan.progress = show_progress;
	work->plan.data = &bar;
	progress_begin(&bar.progress, bar.time, PROGRESS_TIME, work->context->verbosity >= 0);
	error = io_compare(&work->plan, &work->result);
	progress_wipe(&bar.progress);
	if (!error)
		status = show(work);
	else if (!cmd_stopped(error))
		cmd_error(work->context, "%s: %s", work->path,
			  error == -ENODATA ? "it became shorter while it was read"
					    : error_words(error));
	io_comparison_free(&work->result);
	return status;
}

static enum exit_code prepare_and_measure(struct work *work)
{
	struct inventory inventory = {0};
	enum exit_code status = choose_size(work);

	*array_add(&work->targets) = (struct io_target){.name = ANONYMOUS, .heap = -1};
	if (status == EXIT_DONE)
		status = add_heaps(work, &inventory);
	*array_add(&work->targets) =
		(struct io_target){.name = UDMABUF, .heap = -1, .udmabuf = true};
	if (status == EXIT_DONE)
		status = make_output(work);
	if (status == EXIT_DONE)
		status = check_memory(work);
	if (status == EXIT_DONE)
		status = measure(work);
	if (work->plan.output >= 0)
		close(work->plan.output);
	targets_free(&work->targets);
	inventory_free(&inventory);
	return status;
}

enum exit_code io_compare_ways(const struct context *context, const struct io_options *options)
{
	struct work work = {.context = context, .options = options, .path = options->compare};
	enum exit_code status;
	int error = io_file_open(work.path, &work.file);

	if (error) {
		if (!cmd_stopped(error))
			cmd_error(context, "%s: %s", work.path, error_words(error));
		return EXIT_OPERATION;
	}
	work.plan = (struct io_plan){
		.file = work.file.output.fd,
		.facts = &work.file.facts,
		.in = options->direction != IO_OUT,
		.output = -1,
		.confidence = CONFIDENCE / 100.0,
		.time_ns = options->time,
		.limit_ns = options->timeout,
	};
	status = prepare_and_measure(&work);
	(void)io_file_close(&work.file, 0); /* it was only read */
	return status;
}
