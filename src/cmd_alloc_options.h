/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of alloc. */
#ifndef CMD_ALLOC_OPTIONS_H
#define CMD_ALLOC_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/pattern.h"

struct alloc_options {
	const char *heap, *name;
	uint64_t size, count;
	uint64_t timeout, hold; /* nanoseconds; hold: UINT64_MAX is for ever */
	bool map, fill, verify, check_zero, holds, force;
	struct pattern pattern;
	char **command; /* NULL: none */
};

/* Their parser, whose input is a struct alloc_options. */
extern const struct argp alloc_argp;

#endif
