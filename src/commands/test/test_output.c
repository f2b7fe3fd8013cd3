// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/test/test_output.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/junit.h"
#include "view/table.h"

static const char *const verdict_names[] = {[VERDICT_NONE] = "",
					    [VERDICT_PASS] = "pass",
					    [VERDICT_FAIL] = "fail",
					    [VERDICT_UNKNOWN] = "unknown",
					    [VERDICT_SKIP] = "skip"};

/* Says whether there are an action, what it got and what was expected. */
static bool has_evidence(const struct result *result)
{
	return result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN;
}

/*
 * What stands in the place of a verdict: the reason of a skip and, where there is more, that; NULL
 * where it passed or failed. The caller frees it.
 */
static char *skip_text(const struct result *result)
{
	const char *word = skip_name(result->reason);

	if (result->verdict == VERDICT_UNKNOWN)
		return xstrdup("unknown (the test was not run on such kernels)");
	if (result->verdict != VERDICT_SKIP)
		return NULL;
	return result->got && *result->got ? xasprintf("%s (%s)", word, result->got)
					   : xstrdup(word);
}

void test_print_ktap_result(struct tap *tap, const struct result *result)
{
	AUTO_FREE char *skip = skip_text(result);

	if (has_evidence(result)) {
		AUTO_FREE char *action = xasprintf("action: %s", result->action);
		AUTO_FREE char *got = xasprintf("got: %s", result->got);
		AUTO_FREE char *expected = xasprintf("expected: %s", result->expected);

		tap_diagnostic(tap, action);
		tap_diagnostic(tap, got);
		tap_diagnostic(tap, expected);
	}
	tap_result(tap, result->verdict != VERDICT_FAIL, result->statement->id, skip);
}

static struct value *result_value(const struct result *result)
{
	struct value *map = value_map();
	bool evidence = has_evidence(result), skipped = result->verdict == VERDICT_SKIP;

	value_set(map, "id", value_text(result->statement->id));
	value_set(map, "result", value_text(verdict_names[result->verdict]));
	value_set(map, "time", value_number(result->ns));
	value_set(map, "reason", value_text(skipped ? skip_name(result->reason) : NULL));
	value_set(map, "detail", value_text(skipped ? result->got : NULL));
	value_set(map, "did", value_text(evidence ? result->action : NULL));
	value_set(map, "came", value_text(evidence ? result->got : NULL));
	value_set(map, "expected", value_text(evidence ? result->expected : NULL));
	return map;
}

static struct value *version_value(uint32_t version)
{
	AUTO_FREE char *text = version ? kernel_version_text(version) : NULL;

	return value_text(text);
}

static struct value *kernels_value(void)
{
	AUTO_STRINGS struct strings series = {0};

	kernels_run(&series);
	return value_strings(&series);
}

void test_print_json(const struct test_run *run)
{
	struct value *test = value_map(), *groups = value_array();

	array_for_each (run, group) {
		struct value *map = value_map(), *results = value_array();

		value_set(map, "heap", value_text(group->target ? group->name : NULL));
		value_set(map, "note", value_text(group->note));
		array_for_each (group, result)
			value_append(results, result_value(result));
		value_set(map, "results", results);
		value_append(groups, map);
	}
	value_set(test, "passed", value_number(run->passed));
	value_set(test, "failed", value_number(run->failed));
	value_set(test, "unknown", value_number(run->unknown));
	value_set(test, "skipped", value_number(run->skipped));
	value_set(test, "kernel_log_watched", value_bool(run->log_watched));
	value_set(test, "kernel", version_value(run->kernel));
	value_set(test, "kernels_run", kernels_value());
	value_set(test, "note", value_text(run->note));
	value_set(test, "groups", groups);
	json_print("test", test);
}

void test_print_junit(const struct test_run *run)
{
	static const enum junit_outcome outcomes[] = {[VERDICT_NONE] = JUNIT_ERROR,
						      [VERDICT_PASS] = JUNIT_PASSED,
						      [VERDICT_FAIL] = JUNIT_FAILED,
						      [VERDICT_UNKNOWN] = JUNIT_SKIPPED,
						      [VERDICT_SKIP] = JUNIT_SKIPPED};
	struct junit *junit = junit_begin("dmaheap test");

	array_for_each (run, group) {
		array_for_each (group, result) {
			AUTO_FREE char *skip = skip_text(result);
			AUTO_FREE char *details =
				has_evidence(result)
					? xasprintf("action: %s\ngot: %s\nexpected: %s\n",
						    result->action, result->got, result->expected)
					: NULL;
			const struct junit_case test = {
				.group = group->name,
				.name = result->statement->id,
				.outcome = outcomes[result->verdict],
				.type = result->verdict == VERDICT_UNKNOWN ? "unknown"
					: skip ? skip_name(result->reason)
					       : NULL,
				.message = skip ? skip : result->statement->sentence,
				.details = details,
				.ns = result->ns};

			junit_case(junit, &test);
		}
	}
	junit_end(junit, stdout);
}

/* "20/20": passed of those that were run; NULL where none was. */
static char *cell_text(const struct test_group *group, const struct suite *suite, bool *present)
{
	size_t passed = 0, tried = 0;

	array_for_each (group, result) {
		if (strcmp(result->suite->name, suite->name) != 0)
			continue;
		*present = true;
		passed += result->verdict == VERDICT_PASS;
		tried += result->verdict != VERDICT_SKIP;
	}
	return tried ? xasprintf("%zu/%zu", passed, tried) : NULL;
}

static void print_counts(const struct context *context, const struct test_run *run)
{
	struct column *columns = xcalloc(run->count + 1, sizeof(*columns));
	AUTO_TABLE struct table *table = NULL;

	columns[0] = (struct column){"SUITE", "", COLUMN_DEFAULT, NULL};
	for (size_t i = 0; i < run->count; i++)
		columns[i + 1] = (struct column){run->items[i].name, "",
						 COLUMN_DEFAULT | COLUMN_RIGHT, NULL};
	table = cmd_table(context, columns, run->count + 1);
	for (const struct suite *const *suite = suites; *suite; suite++) {
		bool present = false, begun = false;

		if (suite[1] && !strcmp(suite[0]->name, suite[1]->name))
			continue; /* the last part stands for all */

		for (size_t i = 0; i < run->count; i++) {
			AUTO_FREE char *text = cell_text(&run->items[i], *suite, &present);

			if (present && !begun) {
				table_row(table);
				table_set(table, 0, value_text((*suite)->name));
				begun = true;
			}
			if (begun)
				table_set(table, i + 1, value_text(text));
		}
	}
	table_print(table, "test");
	table_free(TAKE_POINTER(table));
	free(columns);
}

static void print_line(const char *key, const char *text)
{
	AUTO_FREE char *escaped = text_show(text);

	printf("  %-9s %s\n", key, escaped);
}

static void print_failure(const struct test_group *group, const struct result *result)
{
	const struct statement *statement = result->statement;
	AUTO_FREE char *name = text_show(group->name);

	printf("\n%s on %s%s: %s\n", statement->id, name,
	       result->verdict == VERDICT_UNKNOWN ? " (unknown)" : "", statement->sentence);
	print_line("action", result->action);
	print_line("got", result->got);
	print_line("expected", result->expected);
	if (statement->differs)
		print_line("kernels", statement->differs);
	print_line("source", statement->source);
}

/* How many of a group were skipped for this reason with the same detail as RESULT, from it on. */
static size_t count_alike(const struct test_group *group, const struct result *result)
{
	size_t count = 0;

	for (const struct result *other = result; other < group->items + group->count; other++)
		count += other->verdict == VERDICT_SKIP && other->reason == result->reason &&
			 other->got && !strcmp(other->got, result->got);
	return count;
}

/* What the skips for this reason follow from: each cause once for each heap. */
static void print_causes(const struct test_run *run, enum skip reason)
{
	array_for_each (run, group) {
		AUTO_STRINGS struct strings told = {0};
		AUTO_FREE char *name = text_show(group->name);

		array_for_each (group, result) {
			AUTO_FREE char *cause = NULL;

			if (result->verdict != VERDICT_SKIP || result->reason != reason ||
			    !result->got || strings_have(&told, result->got))
				continue;
			strings_add(&told, result->got);
			cause = text_show(result->got);
			printf("        %5zu on %s: %s\n", count_alike(group, result), name, cause);
		}
	}
}

static void print_skips(const struct test_run *run)
{
	size_t counts[SKIP_COUNT] = {0};

	array_for_each (run, group) {
		array_for_each (group, result)
			counts[result->reason] += result->verdict == VERDICT_SKIP;
	}
	for (int reason = SKIP_NONE + 1; reason < SKIP_COUNT; reason++) {
		if (!counts[reason])
			continue;
		printf("  %5zu %-14s %s\n", counts[reason], skip_name(reason),
		       skip_meaning(reason));
		if (reason == SKIP_AFTER_FAILURE || reason == SKIP_NO_MEMORY)
			print_causes(run, reason);
	}
}

/* What is to be known before the results. */
static void print_notes(const struct test_run *run)
{
	bool any = run->note != NULL;

	if (run->note)
		printf("%s\n", run->note);
	array_for_each (run, group) {
		AUTO_FREE char *note = group->note ? text_show(group->note) : NULL;

		if (note)
			printf("%s\n", note);
		any = any || note;
	}
	if (any)
		putchar('\n');
}

void test_print_text(const struct context *context, const struct test_run *run)
{
	if (context->verbosity >= 0)
		print_notes(run);
	print_counts(context, run);
	array_for_each (run, group) {
		array_for_each (group, result) {
			if (has_evidence(result))
				print_failure(group, result);
		}
	}
	if (context->verbosity < 0)
		return;
	printf("\n%zu passed, %zu failed, ", run->passed, run->failed);
	if (run->note)
		printf("%zu unknown, ", run->unknown);
	printf("%zu skipped\n", run->skipped);
	print_skips(run);
	if (!run->log_watched)
		printf("The kernel log could not be read; it was not watched.\n");
}

enum {
	COLUMN_ID,
	COLUMN_SENTENCE,
	COLUMN_SUITE,
	COLUMN_SINCE,
	COLUMN_UNTIL,
	COLUMN_DIFFERS,
	COLUMN_DANGER,
	COLUMN_HAZARD,
	COLUMN_SEEN,
	COLUMN_SOURCE,
};

const struct column test_list_columns[TEST_LIST_COLUMN_COUNT] = {
	{"ID", "stable id of the test", COLUMN_DEFAULT, NULL},
	{"SENTENCE", "the statement that must be true", COLUMN_DEFAULT | COLUMN_WRAP, NULL},
	{"SUITE", "the suite it belongs to", 0, NULL},
	{"SINCE", "first kernel for which it holds", 0, NULL},
	{"UNTIL", "first kernel for which it no longer holds", 0, NULL},
	{"DIFFERS", "how other kernels behave", COLUMN_WRAP, NULL},
	{"ALLOW", "what --allow has to name for the test to run", 0, NULL},
	{"HAZARD", "what the test can do to which kernels, and which commit mends it", COLUMN_WRAP,
	 NULL},
	{"SEEN", "kernels on which it was seen to hold", COLUMN_WRAP, NULL},
	{"SOURCE", "the part of the kernel's source that decides it", COLUMN_WRAP, NULL},
};

static struct value *dangers_value(unsigned int dangers)
{
	AUTO_STRINGS struct strings words = {0};

	for (unsigned int danger = 1; danger <= dangers; danger <<= 1) {
		if (dangers & danger)
			strings_add(&words, danger_name(danger));
	}
	return value_strings(&words);
}

static struct value *seen_value(const struct statement *statement)
{
	AUTO_STRINGS struct strings series = {0};

	statement_seen(statement, &series);
	return value_strings(&series);
}

void test_list_row(struct table *table, const struct suite *suite,
		   const struct statement *statement)
{
	table_row(table);
	table_set(table, COLUMN_ID, value_text(statement->id));
	table_set(table, COLUMN_SENTENCE, value_text(statement->sentence));
	table_set(table, COLUMN_SUITE, value_text(suite->name));
	table_set(table, COLUMN_SINCE, version_value(statement->since));
	table_set(table, COLUMN_UNTIL, version_value(statement->until));
	table_set(table, COLUMN_DIFFERS, value_text(statement->differs));
	table_set(table, COLUMN_DANGER, dangers_value(statement_dangers(statement)));
	table_set(table, COLUMN_HAZARD, value_text(hazard_text(statement->hazard)));
	table_set(table, COLUMN_SEEN, seen_value(statement));
	table_set(table, COLUMN_SOURCE, value_text(statement->source));
}
