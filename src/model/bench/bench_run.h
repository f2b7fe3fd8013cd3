/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs cases (bench_case.h) on heaps, by turns, until the medians are certain enough or the time is
 * over.
 */
#ifndef MODEL_BENCH_BENCH_RUN_H
#define MODEL_BENCH_BENCH_RUN_H

#include "base/array.h"
#include "model/bench/bench_case.h"
#include "model/bench/cacheability.h"
#include "model/stats/stats.h"

/* What the confidence of an interval may be, in percent. */
#define BENCH_CONFIDENCE_LEAST 50
#define BENCH_CONFIDENCE_MOST  99

/* What is measured: a heap, or anonymous memory. */
struct bench_target {
	const char *name;
	int heap;                    /* -1: anonymous memory */
	struct fence_source *source; /* NULL: no fences */
};

struct bench_plan {
	const struct bench_target *targets;
	size_t target_count;
	unsigned int cases; /* a bit for each enum bench_case */
	const uint64_t *sizes;
	size_t size_count;
	uint64_t page_size;
	const struct bench_importer *importer; /* NULL: none */
	double confidence;                     /* of the intervals, 0 to 1 */
	uint64_t time_ns; /* for all of it, more or less: each place is visited at least once */
	uint64_t step;    /* of the counter */
	size_t threads;   /* that do it at the same time, the one that is measured among them */
	bool cold;        /* caches are emptied first, as far as that can be done */
	/* Called now and then with the time that has passed and what is measured. */
	void (*progress)(void *data, uint64_t ns, const char *name);
	void *data;
};

/* The samples of a case on a target with a size. */
struct bench_cell {
	enum bench_case kind;
	size_t target; /* its number in the plan */
	uint64_t size; /* bytes; 0: its cost does not depend on it */
	struct {
		ARRAY_OF(uint64_t);
	} samples;              /* of what is counted, in order */
	struct summary summary; /* where there are samples */
	int error; /* why there are no more: -errno (ECANCELED: the counter has stopped), or 0 */
};

struct bench_result {
	ARRAY_OF(struct bench_cell); /* by case, target and size, in the order of the plan */
	int cold_error;              /* why the kernel's caches were not emptied: -errno, or 0 */
};

/*
 * Measures. What cannot be measured has its error in its cell, what a target does not have has no
 * cell. Returns 0, or -EINTR: a stop signal came. Either way the caller frees the result.
 */
int bench_run(const struct bench_plan *plan, struct bench_result *result) __attribute__((nonnull));
void bench_result_free(struct bench_result *result) __attribute__((nonnull));

/* The error of a cell in words: good until the next call. */
const char *bench_cell_words(const struct bench_cell *cell)
	__attribute__((nonnull, returns_nonnull));

/* The cell of another target with the case and size of CELL, if it has samples, else NULL. */
const struct bench_cell *bench_find(const struct bench_result *result,
				    const struct bench_cell *cell, size_t target)
	__attribute__((nonnull));

/*
 * Whether the mappings of a target are cached, by its loads, those of anonymous memory, target 0,
 * and the control. Returns false where one of them was not measured well enough.
 */
bool bench_judge(const struct bench_result *result, size_t target, enum cacheability *cacheability)
	__attribute__((nonnull));

/* Bytes that a run takes at most at one time: its buffers, and the memory of .cold. */
uint64_t bench_memory_needed(const struct bench_plan *plan) __attribute__((nonnull));

#endif
