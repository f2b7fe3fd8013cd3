// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/measured_files.h"
#include "commands/lint_names/lint_names_options.h"
#include "commands/lint_names/list_rules.h"
#include "model/devicetree/tree.h"
#include "model/name/baseline.h"
#include "model/name/better.h"
#include "model/name/evidence.h"
#include "view/value.h"

struct lint_run {
	const struct context *context;
	struct lint_options options;
	struct report report;
	const struct rule *rules[NAME_RULE_COUNT];
	struct baseline *baseline, *to_be_saved; /* NULL: not asked for */
	struct strings keys;                     /* of the trees, for both */
	struct measured measured;                /* empty: not asked for */
};

/* The names of a machine, tree or list. */
struct lint_list {
	const char *source;      /* the file that they come from, or NULL */
	const char *key;         /* of that in a baseline, or NULL */
	const struct tree *tree; /* in that file, or NULL */
	const struct named_heaps *heaps;
	struct name_scope *scope, *all; /* those that were checked; all, once it is needed */
};

static struct value *facts_value(const char *name, const char *source,
				 const struct name_evidence *evidence)
{
	static const struct name_evidence nothing;
	struct value *map = value_map();

	if (!evidence)
		evidence = &nothing;
	value_set(map, "name", value_text(name));
	value_set(map, "source", value_text(source));
	value_set(map, "region", value_text(evidence->region));
	value_set(map, "dynamic", evidence->region ? value_bool(evidence->dynamic) : NULL);
	value_set(map, "base", evidence->placed ? value_address(evidence->base) : NULL);
	value_set(map, "size", evidence->size ? value_number(evidence->size) : NULL);
	value_set(map, "contiguous", value_tristate(evidence->contiguous));
	value_set(map, "cacheable", value_tristate(evidence->cacheable));
	value_set(map, "protected", value_tristate(evidence->protected));
	value_set(map, "mappable", value_tristate(evidence->mappable));
	return map;
}

/*
 * Writes the findings about NAME into the report. UNCOUNTED: it is in the baseline only, and where
 * that is written is the place of what has no tree.
 */
static void show(struct lint_run *run, const struct lint_list *list, const char *name,
		 const struct name_evidence *evidence, struct findings *findings, bool uncounted)
{
	struct report_subject subject = {.name = name,
					 .source = list->source,
					 .key = list->key,
					 .uncounted = uncounted,
					 .findings = findings->items,
					 .count = findings->count};

	array_for_each (findings, finding) {
		finding->where.file =
			list->source || !uncounted ? list->source : run->options.baseline;
		if (evidence && evidence->region && *evidence->region == '/')
			finding->where.node = xstrdup(evidence->region);
	}
	if (list->tree)
		source_options_place(&run->options.source, list->source, list->tree, findings);
	if (run->report.format == &report_json && !uncounted)
		subject.facts = facts_value(name, list->source, evidence);
	report_subject(&run->report, &subject);
}

/* Says whether a name of the list has the words of NAME, or will have. */
static bool is_taken(struct lint_list *list, const char *name)
{
	if (!list->all) {
		list->all = name_scope_new();
		array_for_each (list->heaps, heap) {
			struct name_words words;
			const char *same;
			bool same_memory;

			name_split(heap->name, strlen(heap->name), &words);
			name_scope_add(list->all, &words, NULL, &same, &same_memory);
		}
	}
	return name_scope_has(list->all, name);
}

static bool has_more_than_details(const struct findings *findings)
{
	array_for_each (findings, finding) {
		if (!finding->detail)
			return true;
	}
	return false;
}

/* Gives the findings a better name, if there is one. */
static void suggest(const struct lint_run *run, struct lint_list *list,
		    const struct name_words *words, const struct name_evidence *evidence,
		    struct findings *findings)
{
	AUTO_FREE char *better = has_more_than_details(findings)
					 ? name_better(&run->options.settings, words, evidence)
					 : NULL;

	if (!better || is_taken(list, better))
		return;
	array_for_each (findings, finding) {
		if (!finding->detail)
			finding->instead = xstrdup(better);
	}
}

/*
 * Checks and reports one name; it and the evidence have to live as long as the list. EVIDENCE may
 * be NULL.
 */
static void lint_name(struct lint_run *run, struct lint_list *list, const char *name,
		      const struct name_evidence *evidence)
{
	AUTO_FINDINGS struct findings findings = {0};
	struct name_words words;

	name_split(name, strlen(name), &words);
	if (!name_lint(&run->options.settings, list->scope, &words, evidence, &findings))
		return;
	suggest(run, list, &words, evidence, &findings);
	if (run->to_be_saved)
		baseline_add(run->to_be_saved, list->key, name, evidence);
	if (run->baseline)
		baseline_compare(run->baseline, &run->options.settings, list->key, name, evidence,
				 &findings);
	show(run, list, name, evidence, &findings, false);
}

/* The path of the tree with a key, NULL where none was given. */
static const char *tree_of(const struct lint_run *run, const char *key)
{
	for (size_t i = 0; key && i < run->keys.count; i++) {
		AUTO_FREE char *escaped = text_escape(run->keys.items[i]);

		if (!strcmp(escaped, key))
			return run->options.trees.items[i];
	}
	return NULL;
}

/* A finding of the baseline: about a name, in the tree that it is missing in, or about a tree. */
static void show_difference(void *data, const char *subject, const char *key,
			    struct findings *findings)
{
	struct lint_run *run = data;
	const struct lint_list list = {.source = tree_of(run, key), .key = key};

	show(run, &list, subject, NULL, findings, true);
}

/* Reads the baseline that is asked for. Returns EXIT_DONE, or says why not. */
static enum exit_code open_baseline(struct lint_run *run)
{
	const char *path = run->options.baseline, *reason;
	size_t line;
	int error;

	if (run->options.save_baseline)
		run->to_be_saved = baseline_new();
	if (!path)
		return EXIT_DONE;
	error = baseline_load(path, &run->baseline, &line, &reason);
	if (!error)
		return EXIT_DONE;
	cmd_not_taken(run->context, path, line, reason, error, BASELINE_SIZE_MAX);
	return EXIT_OPERATION;
}

static enum exit_code save_baseline(struct lint_run *run)
{
	const char *path = run->options.save_baseline;
	int error = baseline_save(run->to_be_saved, path);

	if (!error)
		return EXIT_DONE;
	cmd_error(run->context, "%s: %s", path, error_words(error));
	return EXIT_OPERATION;
}

/* Begins the report and reads the baseline. Returns EXIT_DONE, or says why not. */
static enum exit_code begin(struct lint_run *run)
{
	enum exit_code status;

	for (size_t i = 0; i < NAME_RULE_COUNT; i++)
		run->rules[i] = &name_rules[i]->rule;
	run->report =
		report_options_report(run->context, &run->options.report, "dmaheap lint-names");
	run->report.subjects = "names";
	run->report.next = "rename the node, or accept a name that has been shipped with --allow "
			   "NAME; --explain ID says what a rule is about";
	run->report.rules = run->rules;
	run->report.rule_count = NAME_RULE_COUNT;
	report_begin(&run->report);
	status = open_baseline(run);
	return status == EXIT_DONE
		       ? cmd_read_measured(run->context, &run->options.measured, &run->measured)
		       : status;
}

/* Ends the report and saves the baseline. STATUS says whether all names could be read. */
static enum exit_code end(struct lint_run *run, enum exit_code status)
{
	if (run->baseline && status == EXIT_DONE)
		baseline_missing(run->baseline, &run->options.settings, show_difference, run);
	run->report.incomplete = status != EXIT_DONE;
	report_end(&run->report);
	if (run->to_be_saved && status == EXIT_DONE)
		status = save_baseline(run);
	if (status == EXIT_DONE && run->report.failed)
		return EXIT_FINDINGS;
	return status;
}

static void check_heaps(struct lint_run *run, struct lint_list list, struct named_heaps *heaps)
{
	named_heaps_measured(heaps, &run->measured);
	list.heaps = heaps;
	list.scope = name_scope_new();
	array_for_each (heaps, heap)
		lint_name(run, &list, heap->name, &heap->evidence);
	name_scope_free(list.scope);
	name_scope_free(list.all);
}

/* Adds the names that are lines of standard input. Returns EXIT_DONE, or says why not. */
static enum exit_code read_input(const struct context *context, struct named_heaps *heaps)
{
	int error = named_heaps_of_input(heaps);

	if (!error)
		return EXIT_DONE;
	cmd_error(context, "standard input: %s", cmd_read_words(error, NAMES_SIZE_MOST));
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
	check_heaps(run, (struct lint_list){0}, &heaps);
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
		check_heaps(run, (struct lint_list){0}, &heaps);
	}
	inventory_free(&inventory);
	return status;
}

static enum exit_code lint_tree(struct lint_run *run, size_t i)
{
	const struct tree_options *options = &run->options.tree;
	const char *path = run->options.trees.items[i], *key = run->keys.items[i];
	AUTO_FREE char *problem = NULL;
	AUTO_TREE struct tree *tree = NULL;
	AUTO_NAMED_HEAPS struct named_heaps heaps = {0};
	struct kernel_facts facts;

	if (tree_options_load(options, run->context->root, path, &tree, &problem)) {
		cmd_error(run->context, "%s", problem);
		return EXIT_OPERATION;
	}
	tree_options_facts(options, run->context->root, false, NULL, &facts);
	named_heaps_of_tree(&heaps, tree, &facts);
	kernel_facts_free(&facts);
	if (run->to_be_saved)
		baseline_add_tree(run->to_be_saved, key);
	check_heaps(run, (struct lint_list){.source = path, .key = key, .tree = tree}, &heaps);
	return EXIT_DONE;
}

static enum exit_code lint_trees(struct lint_run *run)
{
	enum exit_code status = tree_options_read(run->context, &run->options.tree);

	if (status == EXIT_DONE)
		status = source_options_read(run->context, &run->options.source,
					     &run->options.tree.overlay_paths);
	if (status != EXIT_DONE)
		return status;
	for (size_t i = 0; i < run->options.trees.count; i++) {
		if (lint_tree(run, i) != EXIT_DONE)
			status = EXIT_OPERATION;
	}
	return status;
}

/* The directory below which the paths of trees are their keys; the caller frees it. */
static char *find_directory(const struct lint_run *run)
{
	const char *here = run->report.directory;
	char *directory = NULL; /* only where there are no trees */

	if (run->options.relative_to)
		return path_normal(here, run->options.relative_to);
	array_for_each (&run->options.trees, tree) {
		AUTO_FREE char *path = path_normal(here, *tree);

		if (!directory) {
			const char *last = strrchr(path, '/');

			directory =
				last == path ? xstrdup("/") : xstrndup(path, (size_t)(last - path));
		}
		path_common(directory, path);
	}
	return directory;
}

/* Sets the keys of the trees. Returns EXIT_DONE, or says why not. */
static enum exit_code find_keys(struct lint_run *run)
{
	AUTO_FREE char *directory = find_directory(run);

	array_for_each (&run->options.trees, tree) {
		AUTO_FREE char *path = path_normal(run->report.directory, *tree);
		const char *key = path_below(directory, path);

		if (!key || !*key) {
			cmd_error(run->context, "%s is not below %s, as --relative-to says", *tree,
				  directory);
			return EXIT_USAGE;
		}
		strings_add(&run->keys, key);
	}
	return EXIT_DONE;
}

static enum exit_code lint(struct lint_run *run)
{
	enum exit_code status = begin(run);

	if (status == EXIT_DONE)
		status = find_keys(run);
	if (status != EXIT_DONE)
		return end(run, status);
	if (run->baseline && !baseline_begin(run->baseline, &run->keys, &run->options.settings,
					     show_difference, run)) {
		baseline_free(TAKE_POINTER(run->baseline)); /* there is no more to say */
	}
	if (run->options.trees.count)
		status = lint_trees(run);
	else
		status = run->options.names.count ? lint_arguments(run) : lint_machine(run);
	return end(run, status);
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
	measured_free(&run->measured);
	strings_free(&run->keys);
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
