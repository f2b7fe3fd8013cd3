/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dmaheap test was asked for. */
#ifndef COMMANDS_TEST_TEST_OPTIONS_H
#define COMMANDS_TEST_TEST_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/array.h"
#include "cli/command.h"
#include "conformance/engine/statement.h"

enum format {
	FORMAT_TEXT,
	FORMAT_KTAP,
	FORMAT_JSON,
	FORMAT_JUNIT
};

/* All zero but for the context: nothing was said. */
struct test_options {
	const struct context *context;
	struct strings heaps, suites, ids;
	bool list;
	unsigned int allowed; /* dangers */
	enum format format;
};

/* The parser's input is a struct test_options. */
extern const struct argp test_argp;

/* Says whether the options go together. Returns EXIT_DONE, else it has said what is wrong. */
enum exit_code test_options_check(const struct context *context, struct test_options *options)
	__attribute__((nonnull));

/* Says whether the statement of the suite was asked for. */
bool test_options_want(const struct test_options *options, const struct suite *suite,
		       const struct statement *statement) __attribute__((nonnull));

void test_options_release(struct test_options *options) __attribute__((nonnull));

#endif
