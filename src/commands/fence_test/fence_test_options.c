// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/fence_test/fence_test_options.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "cli/command.h"

/* A fence does not care for the size, the machine does. */
#define SIZE_MAX_HERE (UINT64_C(64) << 20)
#define REPEAT_MAX    100000

enum {
	KEY_HEAP = 0x2000,
	KEY_SIZE,
	KEY_SOURCE,
	KEY_REPEAT,
	KEY_TIMEOUT,
	KEY_ALLOW,
};

static const struct argp_option options[] = {
	{"heap", KEY_HEAP, "NAME", 0,
	 "Heap: its name, its node or a link to it (system, or the first there is)", 0},
	{"size", KEY_SIZE, "SIZE", 0, "Size of the buffer, at most 64M (one page)", 0},
	{"source", KEY_SOURCE, "auto|vgem|sw_sync|syncobj", 0, "Where fences come from (auto)", 0},
	{"repeat", KEY_REPEAT, "N", 0, "Measure each time N times (100)", 0},
	{"timeout", KEY_TIMEOUT, "TIME", 0, "Longest time of each step (5s)", 0},
	{"allow", KEY_ALLOW, "taint", 0, "Allow sw_sync where it taints the kernel", 0},
	{0},
};

static void take_source(struct argp_state *state, const char *name,
			struct fence_test_options *wanted)
{
	wanted->choose = !strcmp(name, "auto");
	for (enum fence_kind kind = FENCE_VGEM; !wanted->choose; kind++) {
		if (kind == FENCE_KINDS)
			option_error(state, OPTION_TAKES, "source",
				     "auto, vgem, sw_sync or syncobj", name);
		if (!strcmp(name, fence_kind_name(kind))) {
			wanted->source = kind;
			return;
		}
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct fence_test_options *wanted = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		*wanted = (struct fence_test_options){
			.size = 1, .choose = true, .repeat = 100, .timeout = UINT64_C(5000000000)};
		return 0;
	case KEY_HEAP:
		wanted->heap = argument;
		return 0;
	case KEY_SIZE:
		if (parse_size(argument, &wanted->size) || wanted->size > SIZE_MAX_HERE)
			option_error(state, OPTION_TAKES, "size", "a size up to 64M", argument);
		return 0;
	case KEY_SOURCE:
		take_source(state, argument, wanted);
		return 0;
	case KEY_REPEAT:
		if (parse_number(argument, &wanted->repeat) || !wanted->repeat ||
		    wanted->repeat > REPEAT_MAX)
			option_error(state, OPTION_TAKES, "repeat",
				     "a number from 1 to " TEXT_OF(REPEAT_MAX), argument);
		return 0;
	case KEY_TIMEOUT:
		if (parse_duration(argument, &wanted->timeout) || !wanted->timeout)
			option_error(state, OPTION_TAKES, "timeout", "a time such as 5s or 500ms",
				     argument);
		return 0;
	case KEY_ALLOW:
		if (strcmp(argument, "taint") != 0)
			option_error(state, OPTION_TAKES, "allow", "taint", argument);
		wanted->may_taint = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp fence_test_argp = {
	.options = options,
	.parser = parse,
	.doc = "Put fences on a buffer of a heap, and show what everybody sees of them before and "
	       "after "
	       "they signal.\v"
	       "Exit status 3: an answer is against the rules of dma-bufs (marked with !).",
};
