/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dmaheap test has run, and how it is shown. */
#ifndef COMMANDS_TEST_TEST_OUTPUT_H
#define COMMANDS_TEST_TEST_OUTPUT_H

#include "cli/command.h"
#include "conformance/engine/engine.h"
#include "view/table.h"
#include "view/tap.h"

/* The results of one heap, or of the machine. */
struct test_group {
	const char *name;
	struct target *target; /* NULL: the machine */
	char *note;            /* what is to be known before its results; NULL: nothing */
	ARRAY_OF(struct result);
};

struct test_run {
	ARRAY_OF(struct test_group);
	size_t passed, failed, unknown, skipped;
	bool log_watched;
	uint32_t kernel; /* KERNEL(); 0: unknown */
	char *note;      /* kernel_note(); NULL: none */
};

/* One result as KTAP, to be printed as soon as it is there. */
void test_print_ktap_result(struct tap *tap, const struct result *result);
/* The whole run in the other formats. */
void test_print_json(const struct test_run *run);
void test_print_junit(const struct test_run *run);
void test_print_text(const struct context *context, const struct test_run *run);

/* The statements of the chosen suites as a table. */
#define TEST_LIST_COLUMN_COUNT 10
extern const struct column test_list_columns[TEST_LIST_COLUMN_COUNT];
void test_list_row(struct table *table, const struct suite *suite,
		   const struct statement *statement);

#endif
