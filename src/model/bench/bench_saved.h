/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run of bench in a file, to be compared with one of another time or kernel. It is text with tabs
 * between the fields of a line: first the format, "dmaheap-bench 1", then the conditions of the
 * run, each a name and a value, then a line of headings and a line for each case, heap and size.
 * What is not known is "-". What cannot be printed in a name is written as \xNN.
 */
#ifndef MODEL_BENCH_BENCH_SAVED_H
#define MODEL_BENCH_BENCH_SAVED_H

#include "base/known.h"
#include "model/bench/bench_counter.h"
#include "model/bench/bench_run.h"

/* What a run was made with. */
struct bench_conditions {
	char *kernel;        /* uname -r */
	char *machine;       /* uname -m */
	uint64_t processors; /* that were online */
	uint64_t page_size;  /* bytes */
	uint64_t confidence; /* of the intervals, percent */
	uint64_t clock_step; /* of what is counted: struct bench_counter */
	uint64_t cpu;        /* on which it ran; BENCH_ANY_CPU: on any */
	uint64_t threads;    /* that did the same */
	uint64_t cold;       /* 1: caches were emptied before each sample */
	enum bench_count counted;
	char *importer; /* the driver that imported buffers; NULL: none did, or vgem will */
};

#define BENCH_ANY_CPU      UINT64_MAX
/* More do not tell more. */
#define BENCH_THREADS_MOST 256

/* Reads those of this machine; the caller frees them. */
void bench_conditions_read(struct bench_conditions *conditions) __attribute__((nonnull));
void bench_conditions_free(struct bench_conditions *conditions) __attribute__((nonnull));

/*
 * What makes two runs no matter of comparison: "machine", "page_size", "processors",
 * "confidence", "cpu", "threads", "cold", "counted" or "importer", the name of the first condition
 * that differs; NULL: nothing. Kernels may differ, as that is what is asked for.
 */
const char *bench_conditions_differ(const struct bench_conditions *a,
				    const struct bench_conditions *b) __attribute__((nonnull));

struct bench_saved_row {
	enum bench_case kind;
	char *heap;
	uint64_t size; /* bytes; 0: its cost does not depend on it */
	uint64_t count, min, median, p90, p99;
	bool interval_known;
	struct interval interval;
};

struct bench_saved {
	struct bench_conditions conditions;
	ARRAY_OF(struct bench_saved_row);
	const struct bench_saved_row **sorted; /* by case, size and heap */
};

/* The first line. */
#define BENCH_SAVED_FORMAT "dmaheap-bench 1"

/* The text of a run; the caller frees it. */
char *bench_saved_text(const struct bench_conditions *conditions, const struct bench_plan *plan,
		       const struct bench_result *result) __attribute__((nonnull, returns_nonnull));

/* 128 heaps, which is what a kernel has at most, and anonymous memory fill less. */
#define BENCH_SAVED_ROWS_MAX 32768

/*
 * Reads such a text, which is changed. Returns 0, or -EBADMSG with the number of the line that is
 * wrong and a constant sentence about it. Either way the caller frees *saved, which has to be zero
 * before, with bench_saved_free().
 */
int bench_saved_parse(char *text, struct bench_saved *saved, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/*
 * The same of a file, or of standard input where PATH is "-", of at most SAVED_TEXT_SIZE_MAX bytes
 * (else -EFBIG). Returns -errno as well, with *reason NULL.
 */
int bench_saved_load(const char *path, struct bench_saved *saved, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
void bench_saved_free(struct bench_saved *saved) __attribute__((nonnull));

/* The row of a case, heap and size, or NULL. */
const struct bench_saved_row *bench_saved_find(const struct bench_saved *saved,
					       enum bench_case kind, const char *heap,
					       uint64_t size) __attribute__((nonnull));

/*
 * Whether the mappings of a heap are cached, as bench_judge() says; unknown where a run of times
 * does not tell.
 */
enum tristate bench_saved_cacheable(const struct bench_saved *saved, const char *heap)
	__attribute__((nonnull));

#endif
