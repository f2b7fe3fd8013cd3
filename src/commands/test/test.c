// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/options.h"
#include "cli/report_options.h"
#include "commands/test/test_output.h"
#include "conformance/engine/statement.h"
#include "conformance/engine/target.h"
#include "view/table.h"
#include "view/tap.h"

enum format {
	FORMAT_NOT_GIVEN,
	FORMAT_TEXT,
	FORMAT_KTAP,
	FORMAT_JSON,
	FORMAT_JUNIT
};

/* All zero: nothing was said. */
struct test_options {
	struct strings heaps, suites, ids, skipped;
	bool list;
	unsigned int allowed; /* dangers */
	enum format format;
};

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

static const struct option_row option_rows[] = {
	{"heap", 0, LIST_TO(struct test_options, heaps), "NAME",
	 "Test this heap; may be given several times (default: all)", .offer = "heap"},
	{"suite", 0, WORDS_TO(struct test_options, suites), "NAME,...",
	 "Run these suites; may be given several times (default: all)", .set = check_suite,
	 .words = write_suites},
	{"skip", 0, WORDS_TO(struct test_options, skipped), "ID,...",
	 "Leave out these tests; may be given several times", .set = check_id, .words = write_ids},
	{"allow", 0, CHOICES_TO(struct test_options, allowed), "oom|taint|noise|crash,...",
	 "Run what may wake the OOM killer, taint the kernel, write to its log or crash it"},
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
		if (strings_have(&options->skipped, *id))
			return xasprintf("%s is asked for, and --skip leaves it out", *id);
		if (options->suites.count && !strings_have(&options->suites, suite_of(*id)))
			return xasprintf("%s is in no suite that --suite names", *id);
	}
	return NULL;
}

static const struct option_table option_table = {
	.usage = "[ID...]",
	.summary = "Test whether heaps and their buffers behave as the kernel promises.",
	.rows = option_rows,
	.common = COMMON_TABLE | COMMON_SYSROOT | COMMON_QUIET,
	.columns = test_list_columns,
	.column_count = TEST_LIST_COLUMN_COUNT,
	.check = check,
};

/* Says whether the test of the suite was asked for. */
static bool is_wanted(const struct test_options *options, const struct suite *suite,
		      const struct statement *statement)
{
	if (options->suites.count && !strings_have(&options->suites, suite->name))
		return false;
	if (strings_have(&options->skipped, statement->id))
		return false;
	return !options->ids.count || strings_have(&options->ids, statement->id);
}

static enum exit_code list(const struct context *context, const struct test_options *options)
{
	AUTO_TABLE struct table *table =
		cmd_table(context, test_list_columns, TEST_LIST_COLUMN_COUNT);

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			if (is_wanted(options, *suite, (*suite)->statements[i]))
				test_list_row(table, *suite, (*suite)->statements[i]);
		}
	}
	table_print(table, "statements");
	return EXIT_DONE;
}

/* Adds the group of a heap, or of the machine, with what is to be run there. */
static void plan(const struct test_options *options, struct test_run *run, struct target *target)
{
	struct test_group group = {.name = target ? target->name : "machine", .target = target};

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			const struct statement *statement = (*suite)->statements[i];

			if (is_wanted(options, *suite, statement) &&
			    !!(((*suite)->needs | statement->needs) & NEED_HEAP) == !!target)
				*array_add(&group) =
					(struct result){.suite = *suite, .statement = statement};
		}
	}
	if (!group.count)
		return;
	group.note = target ? target_note(target) : NULL;
	*array_add(run) = group;
}

/* Runs a group and adds to the counts; TAP shows each result at once, or is NULL. */
static size_t run_group(struct engine *engine, struct test_group *group, struct test_run *run,
			struct tap *tap)
{
	size_t failed = run->failed;

	array_for_each (group, result) {
		engine_run(engine, group->target, result);
		run->passed += result->verdict == VERDICT_PASS;
		run->failed += result->verdict == VERDICT_FAIL;
		run->unknown += result->verdict == VERDICT_UNKNOWN;
		run->skipped += result->verdict == VERDICT_SKIP;
		if (tap)
			test_print_ktap_result(tap, result);
	}
	return run->failed - failed;
}

static void run_all(const struct test_options *options, struct engine *engine, struct test_run *run)
{
	struct tap tap = {.out = stdout, .kernel = true, .plan = run->count};

	if (options->format != FORMAT_KTAP) {
		array_for_each (run, group)
			run_group(engine, group, run, NULL);
		return;
	}
	tap_begin(&tap);
	if (run->note)
		tap_diagnostic(&tap, run->note);
	array_for_each (run, group) {
		struct tap inner = {.out = stdout,
				    .kernel = true,
				    .subtest = group->name,
				    .plan = group->count};

		tap_begin(&inner);
		if (group->note)
			tap_diagnostic(&inner, group->note);
		tap_result(&tap, !run_group(engine, group, run, &inner), group->name, NULL);
	}
}

static void run_free(struct test_run *run)
{
	array_for_each (run, group) {
		array_for_each (group, result)
			result_free(result);
		array_free(group);
		free(group->note);
	}
	array_free(run);
	free(run->note);
}

static void add_target(struct targets *targets, const struct memory *memory)
{
	struct target *target = array_add(targets);

	target->name = memory->heap->name;
	target->node = memory->heap->node;
	target->kind = memory->kind;
	target->area = memory->area ? memory->area->name : NULL;
	target->capacity = memory->size.number.known ? memory->size.number.value : 0;
	target->room = memory->largest.number.known ? memory->largest.number : memory->free.number;
	target->must_map = memory->buffers.mappable == YES &&
			   (memory->kind == MEMORY_PAGES || memory->kind == MEMORY_CMA);
	target_probe(target);
}

/* The heaps to test, probed. Returns EXIT_DONE or the exit status of the command. */
static enum exit_code find_targets(const struct context *context,
				   const struct test_options *options, struct inventory *inventory,
				   struct targets *targets)
{
	enum exit_code status;

	if (!options->heaps.count) {
		/* a machine without heaps has tests of its own */
		if (inventory_read(context->root, WANT_USUAL, inventory))
			return EXIT_DONE;
		array_for_each (&inventory->memories, memory)
			add_target(targets, memory);
		return EXIT_DONE;
	}
	status = cmd_read_inventory(context, inventory);
	if (status != EXIT_DONE)
		return status;
	array_for_each (&options->heaps, name) {
		const struct memory *memory = cmd_find_heap(context, inventory, *name);

		if (!memory)
			return EXIT_NOT_POSSIBLE;
		add_target(targets, memory);
	}
	return EXIT_DONE;
}

static enum exit_code test(const struct context *context, const struct test_options *options,
			   struct targets *targets)
{
	uint32_t kernel = kernel_version_running();
	struct test_run run = {.kernel = kernel, .note = kernel_note(kernel)};
	struct engine *engine = engine_new(context->root, kernel, options->allowed);
	enum exit_code status = EXIT_DONE;

	array_for_each (targets, target)
		plan(options, &run, target);
	if (!options->heaps.count)
		plan(options, &run, NULL);
	run.log_watched = engine_watches_log(engine);
	run_all(options, engine, &run);
	if (options->format == FORMAT_JSON)
		test_print_json(&run);
	else if (options->format == FORMAT_JUNIT)
		test_print_junit(&run);
	else if (options->format == FORMAT_TEXT)
		test_print_text(context, &run);
	if (run.failed)
		status = EXIT_FINDINGS;
	else if (!run.passed && !run.unknown)
		status = EXIT_NOT_POSSIBLE;
	if (status == EXIT_NOT_POSSIBLE)
		cmd_error(context, "nothing could be run");
	run_free(&run);
	engine_free(engine);
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct test_options options = {0};
	struct inventory inventory = {0};
	struct targets targets = {0};
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	if (options.list) {
		status = list(context, &options);
	} else {
		status = find_targets(context, &options, &inventory, &targets);
		if (status == EXIT_DONE)
			status = test(context, &options, &targets);
	}
	array_free(&targets);
	inventory_free(&inventory);
	strings_free(&options.heaps);
	strings_free(&options.suites);
	strings_free(&options.skipped);
	strings_free(&options.ids);
	return status;
}

const struct command cmd_test = {
	.name = "test",
	.help = "test whether heaps keep the kernel's promises",
	.options = &option_table,
	.run = run,
};
