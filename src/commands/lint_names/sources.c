// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the names come from: arguments, this machine, device trees. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/heap_argument.h"
#include "commands/lint_names/judge.h"
#include "model/boot/fate.h"
#include "model/devicetree/tree.h"
#include "model/name/evidence.h"

static void judge(struct lint_run *run, const char *name, const char *source,
		  const struct name_evidence *evidence)
{
	struct name_words words;

	name_split(name, strlen(name), &words);
	lint_judge(run, &words, source, evidence);
}

enum exit_code lint_arguments(struct lint_run *run)
{
	const struct strings *arguments = &run->options.arguments;
	struct lint_lines lines = {0};
	enum exit_code status = EXIT_DONE;

	if (strings_have(arguments, "-"))
		status = lint_lines_read(&lines, run->context);
	if (status != EXIT_DONE) {
		lint_lines_free(&lines);
		return status;
	}
	run->scope = name_scope_new(lint_lines_count(&lines) + arguments->count);
	array_for_each (arguments, argument) {
		if (strcmp(*argument, "-") != 0)
			judge(run, *argument, NULL, NULL);
		else
			lint_lines_judge(&lines, run);
	}
	name_scope_free(TAKE_POINTER(run->scope));
	lint_lines_free(&lines);
	return EXIT_DONE;
}

static void judge_heaps(struct lint_run *run, const char *source, const struct named_heaps *heaps)
{
	run->scope = name_scope_new(heaps->count);
	array_for_each (heaps, heap)
		judge(run, heap->name, source, &heap->evidence);
	name_scope_free(TAKE_POINTER(run->scope));
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
	judge_heaps(run, NULL, &heaps);
	inventory_free(&inventory);
	return EXIT_DONE;
}

enum exit_code lint_trees(struct lint_run *run)
{
	struct tree_options *options = &run->options.tree;
	enum exit_code status = tree_options_read(run->context, options);

	if (status != EXIT_DONE)
		return status;
	array_for_each (&run->options.arguments, path) {
		AUTO_FREE char *problem = NULL;
		AUTO_TREE struct tree *tree = NULL;
		AUTO_NAMED_HEAPS struct named_heaps heaps = {0};

		if (tree_options_load(options, run->context->root, *path, &tree, &problem)) {
			cmd_error(run->context, "%s", problem);
			status = EXIT_OPERATION;
			continue;
		}
		named_heaps_of_tree(&heaps, tree, &options->kernel);
		judge_heaps(run, *path, &heaps);
	}
	return status;
}
