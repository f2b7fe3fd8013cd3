// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/heaps.h"
#include "commands/bench/bench_options.h"
#include "commands/bench/bench_output.h"
#include "model/bench/bench_run.h"
#include "model/fence/fence.h"
#include "view/progress.h"
#include "view/units.h"

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

static enum exit_code add_target(const struct context *context, const struct heap *heap,
				 struct targets *targets)
{
	struct bench_target *target;
	int fd = cmd_open_heap(context, heap);

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
	enum exit_code status = EXIT_DONE;

	array_for_each (names, name) {
		const struct memory *memory = cmd_find_heap(context, inventory, *name);

		if (status == EXIT_DONE)
			status = memory ? add_target(context, memory->heap, targets)
					: EXIT_NOT_POSSIBLE;
	}
	return status;
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

/* Gives each heap a source of fences; false: there is none on this machine, which is noted. */
static bool add_sources(const struct context *context, struct targets *targets)
{
	array_for_each (targets, target) {
		struct fence_obstacle obstacles[FENCE_KINDS];

		if (target->heap < 0 ||
		    !fence_source_choose(target->heap, false, &target->source, obstacles))
			continue;
		cmd_note(context, "fences are not measured: vgem: %s; what would help: %s",
			 obstacles[FENCE_VGEM].what, obstacles[FENCE_VGEM].help);
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

/* Whether the machine has the memory, by the rule of alloc. */
static bool can_spare(const struct context *context, const struct inventory *inventory,
		      uint64_t needed)
{
	struct maybe available = inventory->available;
	AUTO_FREE char *asked = units_size(needed);
	AUTO_FREE char *there = units_size(available.value);

	if (!available.known || needed <= available.value - available.value / 8)
		return true;
	cmd_error(context,
		  "two buffers of the largest size, %s, would leave less than an eighth of the %s "
		  "available; --size chooses smaller ones",
		  asked, there);
	return false;
}

static enum exit_code measure(const struct context *context, const struct bench_options *options,
			      struct bench_plan *plan)
{
	struct bar bar = {.time = options->time};
	struct bench_report report = {.options = options, .plan = plan};
	struct bench_result result = {0};
	bool measured = false;
	int error;

	bench_clock_measure(&report.clock);
	plan->step = report.clock.step;
	plan->progress = show_progress;
	plan->data = &bar;
	progress_begin(&bar.progress, options->time, PROGRESS_TIME, context->verbosity >= 0);
	error = bench_run(plan, &result);
	progress_wipe(&bar.progress);
	array_for_each (&result, cell)
		measured |= cell->target && cell->samples.count;
	report.result = &result;
	if (!error)
		bench_show(context, &report);
	bench_result_free(&result);
	return !error && measured ? EXIT_DONE : EXIT_OPERATION;
}

static enum exit_code bench(const struct context *context, const struct bench_options *options,
			    const struct inventory *inventory)
{
	struct targets targets = {0};
	struct bench_plan plan = {
		.cases = options->cases ? options->cases : (1U << BENCH_CASES) - 1,
		.sizes = options->size_count ? options->sizes : usual_sizes,
		.size_count = options->size_count ? options->size_count : COUNT_OF(usual_sizes),
		.page_size = inventory->page_size,
		.confidence = (double)options->confidence / 100,
		.time_ns = options->time,
	};
	enum exit_code status;

	*array_add(&targets) = (struct bench_target){.name = "anonymous", .heap = -1};
	status = options->heaps.count ? add_named(context, inventory, &options->heaps, &targets)
				      : add_all(context, inventory, &targets);
	if (status == EXIT_DONE && plan.cases & 1U << BENCH_FENCE &&
	    !add_sources(context, &targets)) {
		plan.cases &= ~(1U << BENCH_FENCE);
		if (!plan.cases)
			status = EXIT_NOT_POSSIBLE;
	}
	if (status == EXIT_DONE && !can_spare(context, inventory, bench_memory_needed(&plan)))
		status = EXIT_OPERATION;
	plan.targets = targets.items;
	plan.target_count = targets.count;
	if (status == EXIT_DONE)
		status = measure(context, options, &plan);
	targets_free(&targets);
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct bench_options options = bench_defaults;
	struct inventory inventory = {0};
	enum exit_code status;

	cmd_parse(context, &bench_options, argc, argv, &options);
	catch_stop_signals();
	status = cmd_read_inventory(context, &inventory);
	if (status == EXIT_DONE)
		status = bench(context, &options, &inventory);
	inventory_free(&inventory);
	strings_free(&options.heaps);
	return stop_signal() ? (enum exit_code)(128 + stop_signal()) : status;
}

const struct command cmd_bench = {
	.name = "bench",
	.help = "measure what heaps cost",
	.options = &bench_options,
	.run = run,
};
