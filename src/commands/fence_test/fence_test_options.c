// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/fence_test/fence_test_options.h"

#include "commands/fence_test/fence_test_output.h"

const struct fence_test_options fence_test_defaults = {
	.size = 1,
	.source = FENCE_KINDS,
	.repeat = 100,
	.timeout = UINT64_C(5000000000),
};

static const struct option_row rows[] = {
	{"heap", 0, TEXT_TO(struct fence_test_options, heap), "NAME",
	 "Heap: its name, its node or a link to it (system, or the first there is)",
	 .offer = "heap"},
	/* a fence does not care for the size, the machine does */
	{"size", 0, SIZE_TO(struct fence_test_options, size), "SIZE",
	 "Size of the buffer, at most 64M (one page)", .max = UINT64_C(64) << 20},
	{"source", 0, CHOICE_TO(struct fence_test_options, source), "vgem|sw_sync|syncobj|auto",
	 "Where fences come from (auto)"},
	{"repeat", 0, NUMBER_TO(struct fence_test_options, repeat), "N",
	 "Measure each time N times (100)", .min = 1, .max = 100000},
	{"timeout", 0, TIME_TO(struct fence_test_options, timeout), "TIME",
	 "Longest time of each step (5s)", .min = 1},
	{"allow", 0, CHOICES_TO(struct fence_test_options, allowed), "taint",
	 "Allow sw_sync where it taints the kernel"},
	{0},
};

const struct option_table fence_test_options = {
	.summary = "Put fences on a buffer of a heap, and show what everybody sees of them before "
		   "and after they signal.",
	.details = "Exit status 3: an answer is against the rules of dma-bufs (marked with !).",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET | COMMON_COLOR,
	.columns = fence_test_columns,
	.column_count = FENCE_TEST_COLUMN_COUNT,
};
