// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cmd_heap.h"
#include "suite/suites.h"
#include "suite/target.h"
#include "view/table.h"
#include "view/tap.h"

enum format {
	FORMAT_TEXT,
	FORMAT_KTAP,
	FORMAT_JSON,
	FORMAT_JUNIT
};

static const char *const format_names[] = {"text", "ktap", "json", "junit"};

struct names {
	ARRAY_OF(const char *);
};

struct options {
	const struct context *context;
	struct strings heaps, suites, ids;
	bool list;
	unsigned int allowed;
	enum format format;
};

enum {
	KEY_HEAP = 0x100,
	KEY_SUITE,
	KEY_LIST,
	KEY_ALLOW,
	KEY_FORMAT
};

static const struct argp_option argp_options[] = {
	{"heap", KEY_HEAP, "NAME", 0, "Test this heap; can be given again (default: all)", 0},
	{"suite", KEY_SUITE, "NAME", 0, "Run this suite; can be given again (default: all)", 0},
	{"list", KEY_LIST, NULL, 0, "Show the statements and run nothing", 0},
	{"allow", KEY_ALLOW, "oom|taint|noise,...", 0,
	 "Run what may wake the OOM killer, taint the kernel or write to its log", 0},
	{"format", KEY_FORMAT, "text|ktap|json|junit", 0, "Form of the report (text)", 0},
	{0}};

static unsigned int parse_dangers(const char *text, struct argp_state *state)
{
	unsigned int dangers = 0;

	for (const char *word = text; *word;) {
		size_t length = strcspn(word, ",");
		unsigned int found = 0;

		for (unsigned int danger = 1; danger <= DANGER_NOISE; danger <<= 1) {
			const char *name = danger_word(danger);

			if (strlen(name) == length && !strncmp(name, word, length))
				found = danger;
		}
		if (!found)
			option_error(state, "--%s takes %s, not '%.*s'", "allow",
				     "oom, taint and noise", (int)length, word);
		dangers |= found;
		word += length + (word[length] == ',');
	}
	return dangers;
}

static enum format parse_format(const char *text, struct argp_state *state)
{
	for (size_t i = 0; i < COUNT_OF(format_names); i++) {
		if (!strcmp(text, format_names[i]))
			return (enum format)i;
	}
	option_error(state, OPTION_TAKES, "format", "text, ktap, json or junit", text);
}

static const struct suite *suite_named(const char *name)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		if (!strcmp((*suite)->name, name))
			return *suite;
	}
	return NULL;
}

static void explain_suite(const struct context *context, const char *wrong)
{
	AUTO_FREE char *suggestion = NULL;
	struct names names = {0};

	for (const struct suite *const *suite = suites; *suite; suite++)
		*array_add(&names) = (*suite)->name;
	suggestion = cmd_suggestion(wrong, names.items, names.count, "--list -o SUITE shows them");
	cmd_error(context, OPTION_TAKES "; %s", "suite", "a suite", wrong, suggestion);
	array_free(&names);
}

static void explain_statement(const struct context *context, const char *wrong)
{
	AUTO_FREE char *suggestion = NULL;
	struct names names = {0};

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; i < (*suite)->count; i++)
			*array_add(&names) = (*suite)->statements[i].id;
	}
	suggestion = cmd_suggestion(wrong, names.items, names.count, "--list shows them");
	cmd_error(context, "unknown statement '%s'; %s", wrong, suggestion);
	array_free(&names);
}

/* The suite that a statement is in; NULL: there is no such statement. */
static const char *suite_of(const char *id)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; i < (*suite)->count; i++) {
			if (!strcmp((*suite)->statements[i].id, id))
				return (*suite)->name;
		}
	}
	return NULL;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case KEY_HEAP:
		strings_add(&options->heaps, argument);
		return 0;
	case KEY_SUITE:
		if (!suite_named(argument)) {
			explain_suite(options->context, argument);
			exit(EXIT_USAGE);
		}
		strings_add(&options->suites, argument);
		return 0;
	case KEY_LIST:
		options->list = true;
		return 0;
	case KEY_ALLOW:
		options->allowed |= parse_dangers(argument, state);
		return 0;
	case KEY_FORMAT:
		options->format = parse_format(argument, state);
		return 0;
	case ARGP_KEY_ARG:
		if (!suite_of(argument)) {
			explain_statement(options->context, argument);
			exit(EXIT_USAGE);
		}
		strings_add(&options->ids, argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Says whether the statement was asked for. */
static bool wanted(const struct options *options, const struct suite *suite,
		   const struct statement *statement)
{
	if (options->suites.count && !strings_have(&options->suites, suite->name))
		return false;
	return !options->ids.count || strings_have(&options->ids, statement->id);
}

static enum exit_code list(const struct context *context, const struct options *options)
{
	AUTO_TABLE struct table *table =
		cmd_table(context, test_list_columns, test_list_column_count);

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; i < (*suite)->count; i++) {
			if (wanted(options, *suite, &(*suite)->statements[i]))
				test_list_row(table, *suite, &(*suite)->statements[i]);
		}
	}
	table_print(table, "statements");
	return EXIT_DONE;
}

/* Adds the group of a heap, or of the machine, with what is to be run there. */
static void plan(const struct options *options, struct test_run *run, const struct target *target)
{
	struct test_group group = {.name = target ? target->name : "machine", .target = target};

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; i < (*suite)->count; i++) {
			const struct statement *statement = &(*suite)->statements[i];

			if (wanted(options, *suite, statement) &&
			    !!(statement->needs & NEED_HEAP) == !!target)
				array_add(&group)->statement = statement;
		}
	}
	if (group.count)
		*array_add(run) = group;
}

static void show_ktap(struct tap *tap, const struct result *result)
{
	AUTO_FREE char *skip = result->verdict == VERDICT_SKIP ? test_skip_text(result) : NULL;

	if (result->verdict == VERDICT_FAIL) {
		AUTO_FREE char *did = xasprintf("did: %s", result->did);
		AUTO_FREE char *came = xasprintf("came: %s", result->came);
		AUTO_FREE char *expected = xasprintf("expected: %s", result->expected);

		tap_diagnostic(tap, did);
		tap_diagnostic(tap, came);
		tap_diagnostic(tap, expected);
	}
	tap_result(tap, result->verdict != VERDICT_FAIL, result->statement->id, skip);
}

/* Runs a group and adds to the counts; TAP shows each result at once, or is NULL. */
static size_t run_group(struct engine *engine, struct test_group *group, struct test_run *run,
			struct tap *tap)
{
	size_t failed = run->failed;

	array_for_each (group, result) {
		engine_run(engine, result->statement, group->target, result);
		run->passed += result->verdict == VERDICT_PASS;
		run->failed += result->verdict == VERDICT_FAIL;
		run->skipped += result->verdict == VERDICT_SKIP;
		if (tap)
			show_ktap(tap, result);
	}
	return run->failed - failed;
}

static void run_all(const struct options *options, struct engine *engine, struct test_run *run)
{
	struct tap tap = {.out = stdout, .kernel = true, .plan = run->count};

	if (options->format != FORMAT_KTAP) {
		array_for_each (run, group)
			run_group(engine, group, run, NULL);
		return;
	}
	tap_begin(&tap);
	array_for_each (run, group) {
		struct tap inner = {.out = stdout,
				    .kernel = true,
				    .subtest = group->name,
				    .plan = group->count};

		tap_begin(&inner);
		tap_result(&tap, !run_group(engine, group, run, &inner), group->name, NULL);
	}
}

static void run_free(struct test_run *run)
{
	array_for_each (run, group) {
		array_for_each (group, result)
			result_free(result);
		array_free(group);
	}
	array_free(run);
}

static enum target_kind kind_of(const struct memory *memory)
{
	switch (memory->kind) {
	case MEMORY_PAGES:
		return TARGET_PAGES;
	case MEMORY_CMA:
		return TARGET_CMA;
	case MEMORY_PROTECTED:
		return TARGET_PROTECTED;
	default:
		return TARGET_OTHER;
	}
}

static void add_target(struct targets *targets, const struct memory *memory)
{
	struct target *target = array_add(targets);

	target->name = memory->heap->name;
	target->node = memory->heap->node;
	target->kind = kind_of(memory);
	target->area = memory->area ? memory->area->name : NULL;
	target->capacity = memory->size.number.known ? memory->size.number.value : 0;
	target_probe(target);
}

/* The heaps to test, probed. Returns EXIT_DONE or the exit status of the command. */
static enum exit_code find_targets(const struct context *context, const struct options *options,
				   struct inventory *inventory, struct targets *targets)
{
	enum exit_code status;

	if (!options->heaps.count) {
		/* a machine without heaps has statements of its own */
		if (inventory_read(context->root, inventory))
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

static enum exit_code test(const struct context *context, const struct options *options,
			   const struct targets *targets)
{
	struct test_run run = {0};
	struct engine *engine = engine_open(context->root, options->allowed);
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
	else if (!run.passed)
		status = EXIT_NOT_POSSIBLE;
	if (status == EXIT_NOT_POSSIBLE)
		cmd_error(context, "nothing could be run");
	run_free(&run);
	engine_close(engine);
	return status;
}

/* Says whether the options go together. */
static enum exit_code check(const struct context *context, struct options *options)
{
	if (context->columns && !options->list) {
		cmd_error(context, "--output goes with --list only");
		return EXIT_USAGE;
	}
	if (context->sysroot && !options->list) {
		cmd_error(context, "--sysroot: only --list works without the live machine");
		return EXIT_USAGE;
	}
	if (context->json && options->format != FORMAT_TEXT && options->format != FORMAT_JSON) {
		cmd_error(context, "--json and --format %s exclude each other",
			  format_names[options->format]);
		return EXIT_USAGE;
	}
	if (context->json)
		options->format = FORMAT_JSON;
	array_for_each (&options->ids, id) {
		if (!options->suites.count || strings_have(&options->suites, suite_of(*id)))
			continue;
		cmd_error(context, "%s is in no suite that --suite names", *id);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct options options = {.context = context};
	const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[ID...]",
		.doc = "Test whether heaps and their buffers behave as the kernel promises."};
	struct inventory inventory = {0};
	struct targets targets = {0};
	enum exit_code status;

	cmd_parse(context, &argp, argc, argv, &options, test_list_columns, test_list_column_count);
	status = check(context, &options);
	if (status != EXIT_DONE) {
		/* said why */
	} else if (options.list) {
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
	strings_free(&options.ids);
	return status;
}

const struct command cmd_test = {
	.name = "test", .help = "test whether heaps keep the kernel's promises", .run = run};
