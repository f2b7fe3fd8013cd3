// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the names come from: arguments, this machine, device trees. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cmd_heap.h"
#include "cmd_lint.h"
#include "model/fate.h"
#include "model/name_source.h"
#include "model/tree.h"

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
	if (!inventory.heaps.count)
		cmd_note(run->context, "%s is empty: no driver has registered a heap", HEAP_FOLDER);
	named_heaps_of_machine(&heaps, &inventory);
	judge_heaps(run, NULL, &heaps);
	inventory_free(&inventory);
	return EXIT_DONE;
}

static bool load(const struct lint_run *run, const char *path, struct tree **tree)
{
	const char *reason = NULL;
	int error = tree_load_file(path, tree, &reason);

	if (error)
		cmd_error(run->context, "%s: %s", path, reason ? reason : error_words(error));
	return !error;
}

/* The tree of PATH with the overlays; NULL after a message. The caller frees it. */
static struct tree *load_with_overlays(const struct lint_run *run, const char *path)
{
	AUTO_TREE struct tree *tree = NULL;

	if (!load(run, path, &tree))
		return NULL;
	array_for_each (&run->options.tree.overlays, overlay_path) {
		AUTO_TREE struct tree *overlay = NULL;
		const char *reason;

		if (!load(run, *overlay_path, &overlay))
			return NULL;
		if (tree_apply_overlay(tree, overlay, &reason)) {
			cmd_error(run->context, "%s: %s does not apply: %s", path, *overlay_path,
				  reason);
			return NULL;
		}
	}
	return TAKE_POINTER(tree);
}

enum exit_code lint_trees(struct lint_run *run)
{
	enum exit_code status = EXIT_DONE;

	array_for_each (&run->options.arguments, path) {
		AUTO_TREE struct tree *tree = load_with_overlays(run, *path);
		AUTO_NAMED_HEAPS struct named_heaps heaps = {0};

		if (!tree) {
			status = EXIT_OPERATION;
			continue;
		}
		named_heaps_of_tree(&heaps, tree, &run->options.tree.kernel);
		judge_heaps(run, *path, &heaps);
	}
	return status;
}
