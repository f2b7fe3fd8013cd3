/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bench measured, as a table or as JSON. */
#ifndef COMMANDS_BENCH_BENCH_OUTPUT_H
#define COMMANDS_BENCH_BENCH_OUTPUT_H

#include "cli/command.h"
#include "commands/bench/bench_options.h"
#include "model/bench/bench_saved.h"

struct bench_report {
	const struct bench_options *options;
	const struct bench_plan *plan; /* its target 0 is anonymous memory */
	const struct bench_result *result;
	struct bench_counter counter;
	struct bench_conditions conditions;
	const struct bench_saved *before; /* NULL: nothing to compare with */
};

/* "12.3 us", or "4567" of what is no time; the caller frees it. */
char *bench_amount(const struct bench_report *report, uint64_t amount)
	__attribute__((nonnull, returns_nonnull));

/*
 * Prints it, and notes what could not be measured or is noisy. Returns EXIT_FINDINGS where a heap
 * is slower than before.
 */
enum exit_code bench_show(const struct context *context, const struct bench_report *report)
	__attribute__((nonnull));

#endif
