// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/bench_run.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/bench/bench_counter.h"
#include "model/bench/bench_load.h"
#include "sys/caches.h"

/*
 * Each cell is visited so many times, others between: what the machine does meanwhile, and where
 * the memory of a visit lies, hits all alike and is part of the interval.
 */
#define PASSES 5

enum {
	/* a visit takes so many samples, and more if the median is not known well enough */
	VISIT_ENOUGH = 8,
	/* more do not make an interval much narrower */
	SAMPLES_MOST = 2000,
	/* samples that are thrown away before a visit, at most */
	WARMUPS_MOST = 10,
};

/* As narrow as an interval has to be, in parts of the median. */
#define NARROW 0.01

/* What is written over before each sample of cold memory: twice the largest cache. */
enum {
	SPILL_USUAL = 64 << 20, /* where its size is unknown */
	SPILL_MOST = 256 << 20,
};

struct run {
	const struct bench_plan *plan;
	unsigned char *spill; /* NULL: caches stay as they are */
	uint64_t spill_size;
};

static uint64_t spill_size(const struct bench_plan *plan)
{
	uint64_t size = plan->cold ? 2 * cache_size(root_live()) : 0;

	return !plan->cold ? 0 : !size ? SPILL_USUAL : size > SPILL_MOST ? SPILL_MOST : size;
}

static int sample(const struct run *run, struct bench_place *place,
		  const struct bench_case_kind *how, uint64_t *amount)
{
	int error;

	if (run->spill) {
		memset(run->spill, 0x5a, run->spill_size);
		__asm__ volatile("" : : "r"(run->spill) : "memory");
	}
	error = how->sample(place, amount);
	return !error && bench_counter_is_lost() ? -ECANCELED : error;
}

static void add_cells(const struct bench_plan *plan, enum bench_case kind,
		      struct bench_result *result)
{
	const struct bench_case_kind *how = &bench_cases[kind];

	for (size_t target = 0; target < plan->target_count; target++) {
		if (plan->targets[target].heap < 0 ? !how->anonymous : how->control)
			continue;
		for (size_t i = 0; i < (how->of_size ? plan->size_count : 1); i++) {
			struct bench_cell *cell = array_add(result);

			cell->kind = kind;
			cell->target = target;
			cell->size = how->of_size ? plan->sizes[i] : 0;
		}
	}
}

/* Throws samples away until one is no less than the least before it, or the time is over. */
static int warm_up(const struct run *run, struct bench_place *place,
		   const struct bench_case_kind *how, uint64_t end)
{
	uint64_t least = UINT64_MAX, amount = 0;

	for (int i = 0; i < WARMUPS_MOST && clock_ns() < end && !stop_signal(); i++) {
		int error = sample(run, place, how, &amount);

		if (error)
			return error;
		if (amount >= least)
			return 0;
		least = amount;
	}
	return 0;
}

static bool is_narrow(struct bench_cell *cell, const struct bench_plan *plan)
{
	samples_summarize(cell->samples.items, cell->samples.count, plan->confidence, plan->step,
			  &cell->summary);
	return summary_noise(&cell->summary) <= NARROW;
}

/* Whether a visit has to take another sample, with TAKEN so far. */
static bool goes_on(struct bench_cell *cell, const struct bench_plan *plan, size_t taken,
		    uint64_t end)
{
	if (!taken)
		return true;
	if (clock_ns() >= end || cell->samples.count >= SAMPLES_MOST)
		return false;
	/* asked for rarely: that sorts them */
	return taken < VISIT_ENOUGH || taken % VISIT_ENOUGH || !is_narrow(cell, plan);
}

static int take_samples(struct bench_cell *cell, const struct run *run, struct bench_place *place,
			uint64_t end)
{
	const struct bench_case_kind *how = &bench_cases[cell->kind];
	/* where there is no time left, one sample has to do */
	int error = warm_up(run, place, how, end);

	for (size_t taken = 0; !error && goes_on(cell, run->plan, taken, end); taken++) {
		uint64_t amount = 0;

		error = stop_signal() ? -EINTR : sample(run, place, how, &amount);
		if (!error)
			*array_add(&cell->samples) = amount;
	}
	return error;
}

static int visit(struct bench_cell *cell, const struct run *run, uint64_t end)
{
	const struct bench_target *target = &run->plan->targets[cell->target];
	const struct bench_case_kind *how = &bench_cases[cell->kind];
	struct bench_place place = {
		.heap = target->heap,
		.size = cell->size ? cell->size : run->plan->page_size,
		.page_size = run->plan->page_size,
		.source = target->source,
		.importer = run->plan->importer,
	};
	const size_t before = cell->samples.count;
	struct bench_load *load = NULL;
	int error = bench_place_prepare(&place, how->need), late;

	if (!error && run->plan->threads > 1)
		error = bench_load_start(&place, how, run->plan->threads - 1, &load);
	if (!error)
		error = take_samples(cell, run, &place, end);
	late = bench_load_stop(load);
	if (late) /* with fewer threads than were asked for */
		cell->samples.count = before;
	bench_place_clear(&place);
	return error ? error : late;
}

/* The first pass is made as a whole, whatever it takes. */
static bool is_over(const struct bench_plan *plan, uint64_t start, size_t passes_left)
{
	return passes_left < PASSES && clock_ns() - start >= plan->time_ns;
}

/* One visit to each cell: each gets its part of the time that is left, less what was not used. */
static int pass(const struct run *run, struct bench_result *result, uint64_t start,
		size_t passes_left)
{
	const struct bench_plan *plan = run->plan;
	size_t visits = result->count * passes_left;

	if (plan->cold)
		result->cold_error = kernel_caches_drop(root_live());
	array_for_each (result, cell) {
		uint64_t now = clock_ns(), passed = now - start;
		uint64_t left = passed < plan->time_ns ? plan->time_ns - passed : 0;

		if (plan->progress)
			plan->progress(plan->data, passed, bench_cases[cell->kind].name);
		if (stop_signal())
			return -EINTR;
		if (is_over(plan, start, passes_left))
			break;
		if (!cell->error)
			cell->error = visit(cell, run, now + left / visits);
		visits--;
	}
	return stop_signal() ? -EINTR : 0;
}

int bench_run(const struct bench_plan *plan, struct bench_result *result)
{
	uint64_t start = clock_ns();
	struct run run = {.plan = plan, .spill_size = spill_size(plan)};
	AUTO_FREE unsigned char *spill = run.spill_size ? xcalloc(run.spill_size, 1) : NULL;
	int error = 0;

	run.spill = spill;
	for (enum bench_case kind = BENCH_ALLOC; kind < BENCH_CASES; kind++) {
		if (plan->cases & 1U << kind)
			add_cells(plan, kind, result);
	}
	for (size_t left = PASSES; left && !error && !is_over(plan, start, left); left--)
		error = pass(&run, result, start, left);
	array_for_each (result, cell) {
		if (cell->samples.count)
			is_narrow(cell, plan);
	}
	return error;
}

void bench_result_free(struct bench_result *result)
{
	array_for_each (result, cell)
		array_free(&cell->samples);
	array_free(result);
}

const char *bench_cell_words(const struct bench_cell *cell)
{
	return cell->error == -ECANCELED
		       ? "the counter has stopped: others use all counters of the processor"
		       : error_words(cell->error);
}

const struct bench_cell *bench_find(const struct bench_result *result,
				    const struct bench_cell *cell, size_t target)
{
	array_for_each (result, other) {
		if (other->kind == cell->kind && other->size == cell->size &&
		    other->target == target && other->samples.count)
			return other;
	}
	return NULL;
}

static const struct interval *interval_of(const struct bench_cell *cell)
{
	return cell && cell->summary.interval_known ? &cell->summary.interval : NULL;
}

bool bench_judge(const struct bench_result *result, size_t target, enum cacheability *cacheability)
{
	const struct bench_cell key = {.kind = BENCH_CACHEABLE}, control = {.kind = BENCH_FLUSHED};
	const struct interval *anonymous = interval_of(bench_find(result, &key, 0));
	const struct interval *flushed = interval_of(bench_find(result, &control, 0));
	const struct interval *buffer = interval_of(bench_find(result, &key, target));

	if (!anonymous || !flushed || !buffer)
		return false;
	*cacheability = cacheability_judge_loads(anonymous, flushed, buffer);
	return true;
}

uint64_t bench_memory_needed(const struct bench_plan *plan)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < plan->size_count; i++) {
		if (plan->sizes[i] > largest)
			largest = plan->sizes[i];
	}
	if (__builtin_mul_overflow(2 * (plan->threads ? plan->threads : 1), largest, &largest) ||
	    __builtin_add_overflow(largest, spill_size(plan), &largest))
		return UINT64_MAX;
	return largest;
}
