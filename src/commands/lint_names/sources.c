// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/lint_names/sources.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/heap_argument.h"
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

enum exit_code lint_arguments(struct lint_run *run)
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

enum exit_code lint_machine(struct lint_run *run)
{
	AUTO_NAMED_HEAPS struct named_heaps heaps = {0};
	struct inventory inventory = {0};
	enum exit_code status = cmd_read_inventory(run->context, &inventory);

	if (status != EXIT_DONE)
		return status;
	cmd_note_empty(run->context, &inventory);
	named_heaps_of_machine(&heaps, &inventory);
	check_heaps(run, NULL, &heaps);
	inventory_free(&inventory);
	return EXIT_DONE;
}

enum exit_code lint_trees(struct lint_run *run)
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
