/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options and columns of bench. */
#ifndef COMMANDS_BENCH_BENCH_OPTIONS_H
#define COMMANDS_BENCH_BENCH_OPTIONS_H

#include "cli/options.h"
#include "model/bench/bench_counter.h"
#include "view/table.h"

/* Of the table with a row for each size. */
enum bench_column {
	BENCH_COLUMN_CASE,
	BENCH_COLUMN_HEAP,
	BENCH_COLUMN_SIZE,
	BENCH_COLUMN_COUNT,
	BENCH_COLUMN_MIN,
	BENCH_COLUMN_LOW,
	BENCH_COLUMN_MEDIAN,
	BENCH_COLUMN_HIGH,
	BENCH_COLUMN_P90,
	BENCH_COLUMN_P99,
	BENCH_COLUMN_NOISE,
	BENCH_COLUMN_RATIO,
	BENCH_COLUMN_OUTLIERS,
	BENCH_COLUMN_LAG,
	BENCH_COLUMN_BEFORE,
	BENCH_COLUMN_CHANGE,
	BENCH_COLUMN_VERDICT,
	BENCH_COLUMNS
};

extern const struct column bench_columns[BENCH_COLUMNS];

/* Of the usual table, with a row for each heap: the sizes stand between the heap and these. */
enum bench_fit_column {
	BENCH_FIT_CASE,
	BENCH_FIT_HEAP,
	BENCH_FIT_BASE,
	BENCH_FIT_PER_KIB,
	BENCH_FIT_R2,
	BENCH_FIT_RATIO,
	BENCH_FIT_NOISE,
	BENCH_FIT_COLUMNS
};

extern const struct column bench_fit_columns[BENCH_FIT_COLUMNS];

#define BENCH_SIZES_MOST 16
#define BENCH_SIZE_MOST  (UINT64_C(1) << 30) /* bytes */

struct bench_options {
	struct strings heaps;   /* none: all */
	enum bench_count count; /* BENCH_COUNT_UNSET: that of the other run, or time */
	unsigned int cases;     /* a bit for each enum bench_case; 0: all */
	uint64_t sizes[BENCH_SIZES_MOST];
	uint64_t size_count;              /* 0: the usual ones */
	uint64_t time;                    /* nanoseconds */
	uint64_t confidence;              /* percent; 0: 95, or that of the other run */
	uint64_t fail_over;               /* percent */
	uint64_t cpu;                     /* BENCH_ANY_CPU: that of the other run, or any */
	uint64_t threads;                 /* 0: as many as the other run had, or 1 */
	const char *save, *compare, *svg; /* files, or NULL */
	const char *importer; /* a DRM driver, or NULL: that of the other run, or vgem */
	bool samples, histogram, cold;
};

extern const struct bench_options bench_defaults;
extern const struct option_table bench_options;

/* Whether stdout is for the table, and not for a file. */
bool bench_prints_table(const struct bench_options *options) __attribute__((nonnull));

#endif
