/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dmaheap test was asked for. */
#ifndef COMMANDS_TEST_TEST_OPTIONS_H
#define COMMANDS_TEST_TEST_OPTIONS_H

#include "base/array.h"
#include "cli/options.h"
#include "conformance/engine/statement.h"

enum format {
	FORMAT_NOT_GIVEN,
	FORMAT_TEXT,
	FORMAT_KTAP,
	FORMAT_JSON,
	FORMAT_JUNIT
};

/* All zero: nothing was said. */
struct test_options {
	struct strings heaps, suites, ids;
	bool list;
	unsigned int allowed; /* dangers */
	enum format format;
};

extern const struct option_table test_options;

/* Says whether the statement of the suite was asked for. */
bool test_options_want(const struct test_options *options, const struct suite *suite,
		       const struct statement *statement) __attribute__((nonnull));

void test_options_free(struct test_options *options) __attribute__((nonnull));

#endif
