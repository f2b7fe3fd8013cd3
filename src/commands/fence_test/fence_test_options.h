/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMANDS_FENCE_TEST_FENCE_TEST_OPTIONS_H
#define COMMANDS_FENCE_TEST_FENCE_TEST_OPTIONS_H

#include "cli/options.h"
#include "model/fence/fence.h"

struct fence_test_options {
	const char *heap;       /* NULL: system, or the first there is */
	uint64_t size;          /* bytes */
	enum fence_kind source; /* FENCE_KINDS: the best there is */
	uint64_t repeat;
	uint64_t timeout;     /* ns, of each step */
	unsigned int allowed; /* not 0: may taint the kernel */
};

extern const struct fence_test_options fence_test_defaults;
extern const struct option_table fence_test_options;

#endif
