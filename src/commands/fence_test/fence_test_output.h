/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fence-test found, as a timeline and a table, or as JSON. */
#ifndef COMMANDS_FENCE_TEST_FENCE_TEST_OUTPUT_H
#define COMMANDS_FENCE_TEST_FENCE_TEST_OUTPUT_H

#include "cli/command.h"
#include "model/fence/fence.h"
#include "model/fence/observe.h"
#include "model/fence/wake_latency.h"
#include "view/table.h"

#define FENCE_TEST_COLUMN_COUNT 5

/* Of the table of times. */
extern const struct column fence_test_columns[FENCE_TEST_COLUMN_COUNT];

struct fence_test {
	const char *heap;
	uint64_t size, inode;
	struct fence_source *source;
	struct fence_history history;
	struct wake_times wakes;
};

/* Prints it; EXIT_FINDINGS where an answer is against the rules. */
enum exit_code fence_test_show(const struct context *context, const struct fence_test *test);

#endif
