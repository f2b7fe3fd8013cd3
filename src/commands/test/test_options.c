// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/test/test_options.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "cli/report_options.h"
#include "commands/test/test_output.h"

struct name_list {
	ARRAY_OF(const char *);
};

static const struct suite *suite_named(const char *name)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		if (!strcmp((*suite)->name, name))
			return *suite;
	}
	return NULL;
}

/* The suite that a statement is in; NULL: there is no such statement. */
static const char *suite_of(const char *id)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			if (!strcmp((*suite)->statements[i]->id, id))
				return (*suite)->name;
		}
	}
	return NULL;
}

static char *check_suite(void *options, const struct option_row *row, const char *name)
{
	AUTO_FREE char *suggestion = NULL, *message = NULL;
	struct name_list names = {0};

	(void)options;
	if (suite_named(name))
		return NULL;
	for (const struct suite *const *suite = suites; *suite; suite++)
		*array_add(&names) = (*suite)->name;
	suggestion = cmd_suggestion(name, names.items, names.count, "--list -o SUITE shows them");
	message = option_takes(row, "a suite", name);
	array_free(&names);
	return xasprintf("%s; %s", message, suggestion);
}

static char *check_id(void *options, const struct option_row *row, const char *id)
{
	AUTO_FREE char *suggestion = NULL;
	struct name_list names = {0};

	(void)options, (void)row;
	if (suite_of(id))
		return NULL;
	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++)
			*array_add(&names) = (*suite)->statements[i]->id;
	}
	suggestion = cmd_suggestion(id, names.items, names.count, "--list shows them");
	array_free(&names);
	return xasprintf("unknown test '%s'; %s", id, suggestion);
}

static void write_suites(FILE *stream)
{
	const char *last = "";

	for (const struct suite *const *suite = suites; *suite; suite++) {
		if (strcmp((*suite)->name, last) != 0) /* two may be parts of one */
			fprintf(stream, "%s|", (*suite)->name);
		last = (*suite)->name;
	}
}

static void write_ids(FILE *stream)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++)
			fprintf(stream, "%s|", (*suite)->statements[i]->id);
	}
}

static const struct option_row rows[] = {
	{"heap", 0, LIST_TO(struct test_options, heaps), "NAME",
	 "Test this heap; may be given several times (default: all)", .offer = "heap"},
	{"suite", 0, LIST_TO(struct test_options, suites), "NAME",
	 "Run this suite; may be given several times (default: all)", .set = check_suite,
	 .words = write_suites},
	{"allow", 0, CHOICES_TO(struct test_options, allowed), "oom|taint|noise,...",
	 "Run what may wake the OOM killer, taint the kernel or write to its log"},
	{"list", 0, FLAG_TO(struct test_options, list), .help = "Show the tests and run nothing",
	 .excludes = "heap allow format", .needed_by = "output sysroot"},
	{"format", 0, CHOICE_TO(struct test_options, format), "text|ktap|json|junit",
	 "Form of the report (text)", .min = FORMAT_TEXT},
	{.word = "ID",
	 LIST_TO(struct test_options, ids),
	 .help = "A test",
	 .set = check_id,
	 .words = write_ids},
	{0},
};

static char *check(void *given, const struct context *context)
{
	static const char *const formats[] = {NULL, "text", "ktap", "json", "junit"};
	struct test_options *options = given;
	const char *format = formats[options->format];
	char *message = format ? format_check(context, format) : NULL;

	if (message)
		return message;
	if (!format)
		options->format = context->json ? FORMAT_JSON : FORMAT_TEXT;
	array_for_each (&options->ids, id) {
		if (options->suites.count && !strings_have(&options->suites, suite_of(*id)))
			return xasprintf("%s is in no suite that --suite names", *id);
	}
	return NULL;
}

const struct option_table test_options = {
	.usage = "[ID...]",
	.summary = "Test whether heaps and their buffers behave as the kernel promises.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_SYSROOT | COMMON_QUIET,
	.columns = test_list_columns,
	.column_count = TEST_LIST_COLUMN_COUNT,
	.check = check,
};

bool test_options_want(const struct test_options *options, const struct suite *suite,
		       const struct statement *statement)
{
	if (options->suites.count && !strings_have(&options->suites, suite->name))
		return false;
	return !options->ids.count || strings_have(&options->ids, statement->id);
}

void test_options_free(struct test_options *options)
{
	strings_free(&options->heaps);
	strings_free(&options->suites);
	strings_free(&options->ids);
}
