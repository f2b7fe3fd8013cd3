// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/heap_argument.h"
#include "commands/test/test_options.h"
#include "commands/test/test_output.h"
#include "conformance/engine/target.h"
#include "view/table.h"
#include "view/tap.h"

static enum exit_code list(const struct context *context, const struct test_options *options)
{
	AUTO_TABLE struct table *table =
		cmd_table(context, test_list_columns, TEST_LIST_COLUMN_COUNT);

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			if (test_options_want(options, *suite, (*suite)->statements[i]))
				test_list_row(table, *suite, (*suite)->statements[i]);
		}
	}
	table_print(table, "statements");
	return EXIT_DONE;
}

/* Adds the group of a heap, or of the machine, with what is to be run there. */
static void plan(const struct test_options *options, struct test_run *run,
		 const struct target *target)
{
	struct test_group group = {.name = target ? target->name : "machine", .target = target};

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			const struct statement *statement = (*suite)->statements[i];

			if (test_options_want(options, *suite, statement) &&
			    !!(((*suite)->needs | statement->needs) & NEED_HEAP) == !!target)
				*array_add(&group) =
					(struct result){.suite = *suite, .statement = statement};
		}
	}
	if (group.count)
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

static void add_target(struct targets *targets, const struct memory *memory)
{
	struct target *target = array_add(targets);

	target->name = memory->heap->name;
	target->node = memory->heap->node;
	target->kind = memory->kind;
	target->area = memory->area ? memory->area->name : NULL;
	target->capacity = memory->size.number.known ? memory->size.number.value : 0;
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
			   const struct targets *targets)
{
	struct test_run run = {0};
	struct engine *engine = engine_new(context->root, options->allowed);
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
	engine_free(engine);
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct test_options options = {0};
	struct inventory inventory = {0};
	struct targets targets = {0};
	enum exit_code status;

	cmd_parse(context, &test_options, argc, argv, &options);
	if (options.list) {
		status = list(context, &options);
	} else {
		status = find_targets(context, &options, &inventory, &targets);
		if (status == EXIT_DONE)
			status = test(context, &options, &targets);
	}
	array_free(&targets);
	inventory_free(&inventory);
	test_options_free(&options);
	return status;
}

const struct command cmd_test = {
	.name = "test",
	.help = "test whether heaps keep the kernel's promises",
	.options = &test_options,
	.run = run,
};
