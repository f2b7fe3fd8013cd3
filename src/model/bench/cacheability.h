/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the mapping of a buffer is cached. Nothing tells user space: no flag of a mapping, no
 * file in /proc. So loads that wait for each other (chase.h) are timed over so little memory that
 * any cache holds it: of the buffer, of anonymous memory, and, as the control, of anonymous memory
 * whose lines are flushed, which takes what memory without a cache takes, and more. Emulators have
 * no caches to see, and then nothing is said.
 */
#ifndef MODEL_BENCH_CACHEABILITY_H
#define MODEL_BENCH_CACHEABILITY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/stats/stats.h"

/* Bytes of the memory that is looked at, loads of a sample, and times that a sample fills it. */
#define CACHEABILITY_SIZE  16384
#define CACHEABILITY_LOADS 4096
#define CACHEABILITY_FILLS 4

enum cacheability {
	CACHEABILITY_CACHED,
	CACHEABILITY_WRITE_COMBINED, /* loads are not cached, stores are gathered */
	CACHEABILITY_UNCACHED,
	CACHEABILITY_NOT_CACHED, /* one of these two */
	CACHEABILITY_NO_CACHES,  /* none can be seen here, or flushed */
	CACHEABILITY_UNCLEAR,    /* neither as slow as memory nor as fast as a cache */
};

/* "cached", "write-combined", "uncached", "not cached", "cannot be told here", "not clear". */
const char *cacheability_name(enum cacheability cacheability) __attribute__((returns_nonnull));

/* Intervals of medians with 95 % confidence, in nanoseconds of a sample. */
struct cacheability_figures {
	struct interval anonymous, flushed, buffer;  /* CACHEABILITY_LOADS loads */
	struct interval anonymous_fill, buffer_fill; /* CACHEABILITY_FILLS times, 64 bits a store */
};

/*
 * What CACHEABILITY_LOADS loads of a chain through SIZE bytes take (chase_prepare()), after one
 * turn that has them in the caches, in what is counted (bench_counter.h).
 */
uint64_t cacheability_loads(const void *memory, size_t size, bool flush) __attribute__((nonnull));

/*
 * Measures CACHEABILITY_SIZE bytes of a buffer, mapped for reading and writing, whose contents are
 * lost; some 100 ms. FLUSH: the lines of the buffer are flushed as well, by which tests have memory
 * that is not cached.
 */
void cacheability_measure(void *buffer, bool flush, struct cacheability_figures *figures)
	__attribute__((nonnull));

/*
 * The same of a buffer that is allocated for it from an open heap, and freed. Returns 0, or -errno
 * with what was done then in *doing, a constant.
 */
int cacheability_measure_heap(int heap, struct cacheability_figures *figures, const char **doing)
	__attribute__((nonnull));

/*
 * What the loads mean, of intervals as in struct cacheability_figures: as cacheability_judge(), but
 * of what is not cached always CACHEABILITY_NOT_CACHED.
 */
enum cacheability cacheability_judge_loads(const struct interval *anonymous,
					   const struct interval *flushed,
					   const struct interval *buffer) __attribute__((nonnull));

/*
 * What the figures mean. The flushed control must take ten times of what cached loads take, or
 * there are no caches to see. The buffer is cached below twice of that, and not cached above ten
 * times; then its stores are gathered where they take less than four times of anonymous memory's.
 * Each limit lies outside of both intervals, or it is not clear.
 */
enum cacheability cacheability_judge(const struct cacheability_figures *figures)
	__attribute__((nonnull));

#endif
