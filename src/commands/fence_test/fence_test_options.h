/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMANDS_FENCE_TEST_FENCE_TEST_OPTIONS_H
#define COMMANDS_FENCE_TEST_FENCE_TEST_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/fence/fence.h"

struct fence_test_options {
	const char *heap;       /* NULL: system, or the first there is */
	uint64_t size;          /* bytes */
	bool choose;            /* the best source there is */
	enum fence_kind source; /* unless choose */
	uint64_t repeat;
	uint64_t timeout; /* ns, of each step */
	bool may_taint;
};

/* Takes a struct fence_test_options, which it fills with the defaults first. */
extern const struct argp fence_test_argp;

#endif
