// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/set.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/refusal.h"
#include "commands/bench/bench_options.h"
#include "commands/bench/bench_output.h"
#include "commands/bench/bench_picture.h"
#include "model/bench/bench_importer.h"
#include "model/bench/bench_run.h"
#include "model/bench/chase.h"
#include "model/bench/saved_text.h"
#include "model/fence/fence.h"
#include "view/progress.h"

static const uint64_t usual_sizes[] = {4096, 65536, 1048576, 8388608};

struct targets {
	ARRAY_OF(struct bench_target);
};

static void targets_free(struct targets *targets)
{
	array_for_each (targets, target) {
		fence_source_free(target->source);
		if (target->heap >= 0)
			close(target->heap);
	}
	array_free(targets);
}

/* Adds a heap that is not there yet. */
static enum exit_code add_target(const struct context *context, const struct heap *heap,
				 struct targets *targets)
{
	struct bench_target *target;
	int fd;

	array_for_each (targets, other) {
		if (!strcmp(other->name, cmd_heap_name(heap)))
			return EXIT_DONE;
	}
	fd = cmd_open_heap(context, heap);
	if (fd < 0)
		return cmd_status(fd);
	target = array_add(targets);
	target->name = cmd_heap_name(heap);
	target->heap = fd;
	return EXIT_DONE;
}

static enum exit_code add_named(const struct context *context, const struct inventory *inventory,
				const struct strings *names, struct targets *targets)
{
	array_for_each (names, name) {
		const struct memory *memory = cmd_find_heap(context, inventory, *name);
		enum exit_code status =
			memory ? add_target(context, memory->heap, targets) : EXIT_NOT_POSSIBLE;

		if (status != EXIT_DONE)
			return status;
	}
	return EXIT_DONE;
}

/* All heaps, but a memory with several names once. */
static enum exit_code add_all(const struct context *context, const struct inventory *inventory,
			      struct targets *targets)
{
	enum exit_code status = EXIT_NOT_POSSIBLE;

	array_for_each (&inventory->memories, memory) {
		const struct memory *same = inventory->memories.items;
		enum exit_code added;

		while (same < memory && !memory_is_same(same, memory))
			same++;
		if (same < memory) {
			cmd_note(context, "%s: the same memory as %s, measured once",
				 memory->heap->name, same->heap->name);
			continue;
		}
		if (memory->dead)
			continue; /* cmd_read_inventory() has said so */
		added = add_target(context, memory->heap, targets);
		if (status != EXIT_DONE)
			status = added;
	}
	cmd_note_empty(context, inventory);
	return status;
}

/* Gives each heap a source of fences. Returns NULL, or why there is none; the caller frees it. */
static char *add_sources(struct targets *targets)
{
	array_for_each (targets, target) {
		struct fence_obstacle obstacles[FENCE_KINDS];

		if (target->heap >= 0 &&
		    fence_source_choose(target->heap, false, &target->source, obstacles))
			return xasprintf("vgem: %s; what would help: %s",
					 obstacles[FENCE_VGEM].what, obstacles[FENCE_VGEM].help);
	}
	return NULL;
}

/* Leaves cases out that cannot be measured: an error where there is nothing else. */
static enum exit_code leave_out(const struct context *context, struct bench_plan *plan,
				unsigned int cases, const char *what, const char *why)
{
	plan->cases &= ~cases;
	if (plan->cases)
		cmd_note(context, "%s are not measured: %s", what, why);
	else
		cmd_error(context, "%s are not measured: %s", what, why);
	return plan->cases ? EXIT_DONE : EXIT_NOT_POSSIBLE;
}

static enum exit_code settle_fences(const struct context *context, enum bench_count counted,
				    struct bench_plan *plan, struct targets *targets)
{
	AUTO_FREE char *why = NULL;

	if (!(plan->cases & 1U << BENCH_FENCE))
		return EXIT_DONE;
	if (plan->threads > 1)
		why = xstrdup("with --threads: their source is for one thread");
	else if (bench_count_is_perf(counted))
		why = xstrdup("with --count: another thread wakes up");
	else
		why = add_sources(targets);
	return why ? leave_out(context, plan, 1U << BENCH_FENCE, "fences", why) : EXIT_DONE;
}

/* Opens the importer that the conditions name, or vgem; its name then stands there. */
static enum exit_code settle_imports(const struct context *context, struct bench_plan *plan,
				     struct bench_conditions *conditions,
				     struct bench_importer **importer)
{
	AUTO_FREE char *wanted = TAKE_POINTER(conditions->importer);
	AUTO_FREE char *missing = NULL;
	int error;

	if (!(plan->cases & BENCH_IMPORTS))
		return EXIT_DONE;
	error = bench_importer_open(wanted ? wanted : BENCH_IMPORTER_USUAL, importer, &missing);
	if (error) {
		AUTO_FREE char *why =
			xasprintf("%s; what would help: modprobe vgem, or --importer", missing);

		return leave_out(context, plan, BENCH_IMPORTS, "imports",
				 !wanted && error == -ENODEV ? why : missing);
	}
	conditions->importer = xstrdup((*importer)->driver);
	plan->importer = *importer;
	return EXIT_DONE;
}

static enum exit_code show(const struct context *context, const struct bench_report *report)
{
	const struct bench_options *options = report->options;
	AUTO_FREE char *text = NULL;
	enum exit_code status = bench_show(context, report);

	if (options->histogram)
		bench_draw(context, report);
	if (options->save) {
		text = bench_saved_text(&report->conditions, report->plan, report->result);
		if (cmd_write_file(context, options->save, text, strlen(text)))
			status = EXIT_OPERATION;
	}
	if (options->svg && bench_svg(context, report, options->svg))
		status = EXIT_OPERATION;
	return status;
}

/* Whether it was asked for, and is not there to be compared with. */
static bool is_wanted(const struct bench_cell *cell)
{
	return cell->target || bench_cases[cell->kind].control;
}

/* The first heap that could be measured in no case says why. */
static void explain_nothing(const struct context *context, const struct bench_plan *plan,
			    const struct bench_result *result)
{
	array_for_each (result, cell) {
		if (!is_wanted(cell))
			continue;
		cmd_error(context, "%s: %s: %s", plan->targets[cell->target].name,
			  bench_cases[cell->kind].name, bench_cell_words(cell));
		return;
	}
}

/* ASKED and WANTED have what is known before. */
static enum exit_code measure(const struct context *context, const struct bench_report *asked,
			      const struct bench_plan *wanted)
{
	struct bench_result result = {0};
	struct bench_plan plan = *wanted;
	struct bench_report report = *asked;
	struct progress progress;
	enum exit_code status = EXIT_OPERATION;
	bool measured = false;
	int error;

	report.plan = &plan;
	report.result = &result;
	bench_counter_measure(&report.counter);
	plan.step = report.conditions.clock_step = report.counter.step;
	plan.progress = progress_callback;
	plan.data = &progress;
	progress_begin(&progress, report.options->time, PROGRESS_TIME, context->verbosity >= 0);
	error = bench_run(&plan, &result);
	progress_wipe(&progress);
	array_for_each (&result, cell)
		measured |= is_wanted(cell) && cell->samples.count;
	if (!error && measured)
		status = show(context, &report);
	else if (!error)
		explain_nothing(context, &plan, &result);
	bench_result_free(&result);
	return status;
}

/* All cases, but for the control where programs cannot flush caches. */
static unsigned int usual_cases(void)
{
	unsigned int all = (1U << BENCH_CASES) - 1;

	return chase_can_flush() ? all : all & ~(1U << BENCH_FLUSHED);
}

static enum exit_code bench(const struct context *context, struct bench_report *report,
			    const struct inventory *inventory)
{
	struct bench_importer *importer = NULL;
	const struct bench_options *options = report->options;
	struct targets targets = {0};
	struct bench_plan plan = {
		.cases = options->cases ? options->cases : usual_cases(),
		.sizes = options->size_count ? options->sizes : usual_sizes,
		.size_count = options->size_count ? options->size_count : COUNT_OF(usual_sizes),
		.page_size = inventory->page_size,
		.confidence = (double)report->conditions.confidence / 100,
		.time_ns = options->time,
		.threads = report->conditions.threads,
		.cold = report->conditions.cold,
	};
	enum exit_code status;

	*array_add(&targets) = (struct bench_target){.name = CMD_ANONYMOUS, .heap = -1};
	status = options->heaps.count ? add_named(context, inventory, &options->heaps, &targets)
				      : add_all(context, inventory, &targets);
	if (status == EXIT_DONE)
		status = settle_fences(context, report->conditions.counted, &plan, &targets);
	if (status == EXIT_DONE)
		status = settle_imports(context, &plan, &report->conditions, &importer);
	if (status == EXIT_DONE &&
	    !cmd_pages_spare(context,
			     plan.cold ? "two buffers of the largest size for each thread, "
					 "and the memory of --cold"
				       : "two buffers of the largest size for each thread",
			     bench_memory_needed(&plan), "--size chooses smaller ones"))
		status = EXIT_OPERATION;
	plan.targets = targets.items;
	plan.target_count = targets.count;
	if (status == EXIT_DONE)
		status = measure(context, report, &plan);
	targets_free(&targets);
	bench_importer_free(importer);
	return status;
}

/* Measures what the other run has, where the options do not say otherwise. */
static void take_over(struct bench_options *options, const struct bench_saved *before)
{
	bool heaps = !options->heaps.count, cases = !options->cases, sizes = !options->size_count;
	AUTO_SET struct set names = {0};

	array_for_each (before, row) {
		uint64_t i = 0;

		if (heaps && strcmp(row->heap, CMD_ANONYMOUS) != 0 && !set_add(&names, row->heap))
			strings_add(&options->heaps, row->heap);
		if (cases)
			options->cases |= 1U << row->kind;
		while (i < options->size_count && options->sizes[i] != row->size)
			i++;
		if (sizes && row->size && row->size <= BENCH_SIZE_MOST &&
		    i == options->size_count && i < BENCH_SIZES_MOST)
			options->sizes[options->size_count++] = row->size;
	}
	samples_sort(options->sizes, options->size_count);
}

static enum exit_code read_before(const struct context *context, const char *path,
				  struct bench_saved *before)
{
	const char *reason;
	size_t line;
	int error = bench_saved_load(path, before, &line, &reason);

	if (!error)
		return EXIT_DONE;
	cmd_not_taken(context, path, line, reason, error, SAVED_TEXT_SIZE_MAX);
	return EXIT_OPERATION;
}

/* "aarch64, pages of 4096 bytes, 2 processors, confidence 95 %, --threads 1"; the caller frees it.
 */
static char *conditions_text(const struct bench_conditions *conditions)
{
	AUTO_FREE char *cpu = conditions->cpu == BENCH_ANY_CPU
				      ? xstrdup("")
				      : xasprintf(", --cpu %" PRIu64, conditions->cpu);

	return xasprintf(
		"%s, pages of %" PRIu64 " bytes, %" PRIu64 " processor%s, confidence %" PRIu64
		" %%, --threads %" PRIu64 "%s%s, counted: %s%s%s",
		conditions->machine, conditions->page_size, conditions->processors,
		conditions->processors == 1 ? "" : "s", conditions->confidence, conditions->threads,
		cpu, conditions->cold ? ", --cold" : "", bench_count_name(conditions->counted),
		conditions->importer ? ", --importer " : "",
		conditions->importer ? conditions->importer : "");
}

/* What has to be the same in both runs. */
static bool is_comparable(const struct context *context, const char *path,
			  const struct bench_conditions *now, const struct bench_conditions *before)
{
	const char *what = bench_conditions_differ(now, before);
	AUTO_FREE char *here = conditions_text(now);
	AUTO_FREE char *there = conditions_text(before);

	if (what)
		cmd_error(context,
			  "%s: not to be compared with this run: %s differs (%s there; %s here)",
			  path, what, there, here);
	return !what;
}

/* What was not asked for is as in the run before, or usual. */
static void choose_conditions(const struct bench_options *options,
			      const struct bench_conditions *before,
			      struct bench_conditions *conditions)
{
	conditions->confidence = options->confidence ? options->confidence
				 : before            ? before->confidence
						     : 95;
	conditions->cpu = options->cpu == BENCH_ANY_CPU && before ? before->cpu : options->cpu;
	conditions->threads = options->threads ? options->threads : before ? before->threads : 1;
	conditions->cold = options->cold || (before && before->cold);
	conditions->counted = options->count ? options->count
			      : before       ? before->counted
					     : BENCH_TIME;
	if (options->importer)
		conditions->importer = text_escape(options->importer);
	else if (before && before->importer)
		conditions->importer = xstrdup(before->importer);
}

static enum exit_code open_counter(const struct context *context, enum bench_count *count)
{
	AUTO_FREE char *missing = NULL;

	if (!bench_counter_open(count, &missing))
		return EXIT_DONE;
	cmd_error(context, "%s cannot be counted: %s",
		  *count == BENCH_CACHE_MISSES ? "cache misses" : "instructions", missing);
	return EXIT_NOT_POSSIBLE;
}

/* Reads the run before, and lets that complete the options. */
static enum exit_code prepare(const struct context *context, struct bench_options *options,
			      struct bench_report *report, struct bench_saved *before)
{
	enum exit_code status =
		options->compare ? read_before(context, options->compare, before) : EXIT_DONE;

	bench_conditions_read(&report->conditions);
	if (status != EXIT_DONE)
		return status;
	report->before = options->compare ? before : NULL;
	choose_conditions(options, report->before ? &before->conditions : NULL,
			  &report->conditions);
	status = open_counter(context, &report->conditions.counted);
	if (status != EXIT_DONE || !report->before)
		return status;
	if (!is_comparable(context, options->compare, &report->conditions, &before->conditions))
		return EXIT_OPERATION;
	take_over(options, before);
	return EXIT_DONE;
}

/* Runs on one processor only, where that is wanted. */
static enum exit_code pin(const struct context *context, uint64_t cpu)
{
	cpu_set_t set;

	if (cpu == BENCH_ANY_CPU)
		return EXIT_DONE;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return EXIT_DONE;
	cmd_error(context, "processor %" PRIu64 ": %s", cpu,
		  errno == EINVAL ? "it is not there, or not for this process"
				  : error_words(-errno));
	return EXIT_NOT_POSSIBLE;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct bench_options options = bench_defaults;
	struct bench_report report = {.options = &options};
	struct inventory inventory = {0};
	struct bench_saved before = {0};
	enum exit_code status;

	cmd_parse(context, &bench_options, argc, argv, &options);
	catch_stop_signals();
	status = prepare(context, &options, &report, &before);
	if (status == EXIT_DONE)
		status = cmd_read_inventory(context, &inventory);
	if (status == EXIT_DONE)
		status = pin(context, report.conditions.cpu);
	if (status == EXIT_DONE)
		status = bench(context, &report, &inventory);
	bench_counter_close();
	inventory_free(&inventory);
	bench_saved_free(&before);
	bench_conditions_free(&report.conditions);
	strings_free(&options.heaps);
	return stop_signal() ? (enum exit_code)(128 + stop_signal()) : status;
}

const struct command cmd_bench = {
	.name = "bench",
	.help = "measure what heaps cost",
	.options = &bench_options,
	.run = run,
};
