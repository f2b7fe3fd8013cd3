// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
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
#include "model/bench/bench_run.h"
#include "model/fence/fence.h"
#include "view/progress.h"

/* As the tables call it; a heap of that name would be taken for it in a file. */
#define ANONYMOUS "anonymous"

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
		if (other->name == heap->name)
			return EXIT_DONE;
	}
	fd = cmd_open_heap(context, heap);
	if (fd < 0)
		return cmd_status(fd);
	target = array_add(targets);
	target->name = heap->name;
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

/* Gives each heap a source of fences; false: there is none on this machine, which is said, as an
 * error where nothing else is measured (ALONE). */
static bool add_sources(const struct context *context, struct targets *targets, bool alone)
{
	array_for_each (targets, target) {
		struct fence_obstacle obstacles[FENCE_KINDS];
		AUTO_FREE char *why = NULL;

		if (target->heap < 0 ||
		    !fence_source_choose(target->heap, false, &target->source, obstacles))
			continue;
		why = xasprintf("fences are not measured: vgem: %s; what would help: %s",
				obstacles[FENCE_VGEM].what, obstacles[FENCE_VGEM].help);
		if (alone)
			cmd_error(context, "%s", why);
		else
			cmd_note(context, "%s", why);
		return false;
	}
	return true;
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

static enum exit_code show(const struct context *context, const struct bench_report *report)
{
	AUTO_FREE char *text = NULL;
	enum exit_code status = bench_show(context, report);

	if (!report->options->save)
		return status;
	text = bench_saved_text(&report->conditions, report->plan, report->result);
	return cmd_write_file(context, report->options->save, text, strlen(text)) ? EXIT_OPERATION
										  : status;
}

/* The first heap that could be measured in no case says why. */
static void explain_nothing(const struct context *context, const struct bench_plan *plan,
			    const struct bench_result *result)
{
	array_for_each (result, cell) {
		if (!cell->target)
			continue;
		cmd_error(context, "%s: %s: %s", plan->targets[cell->target].name,
			  bench_cases[cell->kind].name, error_words(cell->error));
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
	struct bar bar = {.time = report.options->time};
	enum exit_code status = EXIT_OPERATION;
	bool measured = false;
	int error;

	report.plan = &plan;
	report.result = &result;
	bench_clock_measure(&report.clock);
	plan.step = report.conditions.clock_step = report.clock.step;
	plan.progress = show_progress;
	plan.data = &bar;
	progress_begin(&bar.progress, bar.time, PROGRESS_TIME, context->verbosity >= 0);
	error = bench_run(&plan, &result);
	progress_wipe(&bar.progress);
	array_for_each (&result, cell)
		measured |= cell->target && cell->samples.count;
	if (!error && measured)
		status = show(context, &report);
	else if (!error)
		explain_nothing(context, &plan, &result);
	bench_result_free(&result);
	return status;
}

static enum exit_code bench(const struct context *context, const struct bench_report *report,
			    const struct inventory *inventory)
{
	const struct bench_options *options = report->options;
	struct targets targets = {0};
	struct bench_plan plan = {
		.cases = options->cases ? options->cases : (1U << BENCH_CASES) - 1,
		.sizes = options->size_count ? options->sizes : usual_sizes,
		.size_count = options->size_count ? options->size_count : COUNT_OF(usual_sizes),
		.page_size = inventory->page_size,
		.confidence = (double)report->conditions.confidence / 100,
		.time_ns = options->time,
	};
	enum exit_code status;

	*array_add(&targets) = (struct bench_target){.name = ANONYMOUS, .heap = -1};
	status = options->heaps.count ? add_named(context, inventory, &options->heaps, &targets)
				      : add_all(context, inventory, &targets);
	if (status == EXIT_DONE && plan.cases & 1U << BENCH_FENCE &&
	    !add_sources(context, &targets, plan.cases == 1U << BENCH_FENCE)) {
		plan.cases &= ~(1U << BENCH_FENCE);
		if (!plan.cases)
			status = EXIT_NOT_POSSIBLE;
	}
	if (status == EXIT_DONE &&
	    !cmd_pages_spare(context, "two buffers of the largest size", bench_memory_needed(&plan),
			     "--size chooses smaller ones"))
		status = EXIT_OPERATION;
	plan.targets = targets.items;
	plan.target_count = targets.count;
	if (status == EXIT_DONE)
		status = measure(context, report, &plan);
	targets_free(&targets);
	return status;
}

/* Measures what the other run has, where the options do not say otherwise. */
static void take_over(struct bench_options *options, const struct bench_saved *before)
{
	bool heaps = !options->heaps.count, cases = !options->cases, sizes = !options->size_count;
	AUTO_SET struct set names = {0};

	array_for_each (before, row) {
		uint64_t i = 0;

		if (heaps && strcmp(row->heap, ANONYMOUS) != 0 && !set_add(&names, row->heap))
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
	if (reason)
		cmd_error(context, "%s:%zu: %s", path, line, reason);
	else
		cmd_error(context, "%s: %s", path, cmd_read_words(error, BENCH_SAVED_SIZE_MAX));
	return EXIT_OPERATION;
}

/* What has to be the same in both runs. */
static bool is_comparable(const struct context *context, const char *path,
			  const struct bench_conditions *now, const struct bench_conditions *before)
{
	const char *what = bench_conditions_differ(now, before);

	if (!what)
		return true;
	cmd_error(context,
		  "%s: not to be compared with this run: %s differs (%s, pages of %" PRIu64
		  " bytes, %" PRIu64 " processors, confidence %" PRIu64 " %% there; %s, %" PRIu64
		  ", %" PRIu64 ", %" PRIu64 " %% here)",
		  path, what, before->machine, before->page_size, before->processors,
		  before->confidence, now->machine, now->page_size, now->processors,
		  now->confidence);
	return false;
}

/* Reads the run before, and lets that complete the options. */
static enum exit_code prepare(const struct context *context, struct bench_options *options,
			      struct bench_report *report, struct bench_saved *before)
{
	enum exit_code status = EXIT_DONE;

	bench_conditions_read(&report->conditions);
	report->conditions.confidence = options->confidence ? options->confidence : 95;
	if (!options->compare)
		return EXIT_DONE;
	status = read_before(context, options->compare, before);
	if (status != EXIT_DONE)
		return status;
	if (!options->confidence)
		report->conditions.confidence = before->conditions.confidence;
	if (!is_comparable(context, options->compare, &report->conditions, &before->conditions))
		return EXIT_OPERATION;
	take_over(options, before);
	report->before = before;
	return EXIT_DONE;
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
		status = bench(context, &report, &inventory);
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
