// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heap_argument.h"
#include "commands/lint_names/check_names.h"
#include "commands/lint_names/list_rules.h"
#include "model/devicetree/tree.h"
#include "model/name/evidence.h"

static void check_heaps(struct lint_run *run, const char *source, const struct named_heaps *heaps)
{
	run->scope = name_scope_new();
	array_for_each (heaps, heap)
		lint_name(run, heap->name, source, &heap->evidence);
	name_scope_free(TAKE_POINTER(run->scope));
}

/* Adds the names that are lines of standard input. Returns EXIT_DONE, or says why not. */
static enum exit_code read_input(const struct context *context, struct named_heaps *heaps)
{
	int error = named_heaps_of_input(heaps);

	if (!error)
		return EXIT_DONE;
	if (error == -EFBIG)
		cmd_error(context, "standard input: more than %u MiB", NAMES_SIZE_MOST >> 20);
	else
		cmd_error(context, "standard input: %s", error_words(error));
	return EXIT_OPERATION;
}

static enum exit_code lint_arguments(struct lint_run *run)
{
	AUTO_NAMED_HEAPS struct named_heaps heaps = {0};

	array_for_each (&run->options.names, argument) {
		enum exit_code status = EXIT_DONE;

		if (!strcmp(*argument, "-"))
			status = read_input(run->context, &heaps);
		else
			named_heaps_add(&heaps, *argument, NULL);
		if (status != EXIT_DONE)
			return status;
	}
	check_heaps(run, NULL, &heaps);
	return EXIT_DONE;
}

static enum exit_code lint_machine(struct lint_run *run)
{
	AUTO_NAMED_HEAPS struct named_heaps heaps = {0};
	struct inventory inventory = {0};
	enum exit_code status = cmd_read_inventory(run->context, &inventory);

	if (status == EXIT_DONE) {
		cmd_note_empty(run->context, &inventory);
		named_heaps_of_machine(&heaps, &inventory);
		check_heaps(run, NULL, &heaps);
	}
	inventory_free(&inventory);
	return status;
}

static enum exit_code lint_trees(struct lint_run *run)
{
	struct tree_options *options = &run->options.tree;
	enum exit_code status = tree_options_read(run->context, options);

	if (status != EXIT_DONE)
		return status;
	array_for_each (&run->options.trees, path) {
		AUTO_FREE char *problem = NULL;
		AUTO_TREE struct tree *tree = NULL;
		AUTO_NAMED_HEAPS struct named_heaps heaps = {0};
		struct kernel_facts facts;

		if (tree_options_load(options, run->context->root, *path, &tree, &problem)) {
			cmd_error(run->context, "%s", problem);
			status = EXIT_OPERATION;
			continue;
		}
		tree_options_facts(options, run->context->root, false, NULL, &facts);
		named_heaps_of_tree(&heaps, tree, &facts);
		kernel_facts_free(&facts);
		check_heaps(run, *path, &heaps);
	}
	return status;
}

static enum exit_code lint(struct lint_run *run)
{
	enum exit_code status = lint_begin(run);

	if (status != EXIT_DONE)
		return lint_end(run, status);
	if (run->options.trees.count)
		status = lint_trees(run);
	else
		status = run->options.names.count ? lint_arguments(run) : lint_machine(run);
	return lint_end(run, status);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct lint_run *run = xcalloc(1, sizeof(*run));
	enum exit_code status = EXIT_DONE;

	run->context = context;
	lint_options_init(&run->options, context);
	cmd_parse(context, &lint_options, argc, argv, &run->options);
	if (run->options.list_rules)
		lint_list_rules(context);
	else if (run->options.explain)
		lint_explain(run->options.explain);
	else
		status = lint(run);
	baseline_free(run->baseline);
	baseline_free(run->to_be_saved);
	lint_options_free(&run->options);
	free(run);
	return status;
}

const struct command cmd_lint_names = {
	.name = "lint-names",
	.help = "check the names of heaps against the convention",
	.options = &lint_options,
	.run = run,
};
