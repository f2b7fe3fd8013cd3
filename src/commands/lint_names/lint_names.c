// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
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
	struct name_scope *scope;                /* of the machine, tree or list at hand */
	struct baseline *baseline, *to_be_saved; /* NULL: not asked for */
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

/* Writes the findings about NAME into the report. */
static void show(struct lint_run *run, const char *name, const char *source,
		 const struct name_evidence *evidence, struct findings *findings)
{
	struct report_subject subject = {.name = name,
					 .source = source,
					 .findings = findings->items,
					 .count = findings->count};

	array_for_each (findings, finding)
		finding->where.file = source;
	if (run->report.format == &report_json)
		subject.facts = facts_value(name, source, evidence);
	report_subject(&run->report, &subject);
}

/* Gives the findings a better name, if there is one. */
static void suggest(const struct lint_run *run, const struct name_words *words,
		    const struct name_evidence *evidence, struct findings *findings)
{
	AUTO_FREE char *better =
		findings->count ? name_better(&run->options.settings, words, evidence, findings)
				: NULL;

	if (!better)
		return;
	array_for_each (findings, finding) {
		if (finding->rule != &rule_baseline.rule) /* the last release is as it is */
			finding->instead = xstrdup(better);
	}
}

/*
 * Checks and reports one name; it and the evidence have to live as long as run->scope. SOURCE, the
 * file that it comes from, and EVIDENCE may be NULL.
 */
static void lint_name(struct lint_run *run, const char *name, const char *source,
		      const struct name_evidence *evidence)
{
	AUTO_FINDINGS struct findings findings = {0};
	struct name_words words;

	name_split(name, strlen(name), &words);
	if (!name_lint(&run->options.settings, run->scope, &words, evidence, &findings))
		return;
	if (run->to_be_saved)
		baseline_add(run->to_be_saved, source, name, evidence);
	if (run->baseline)
		baseline_compare(run->baseline, &run->options.settings, source, name, evidence,
				 &findings);
	suggest(run, &words, evidence, &findings);
	show(run, name, source, evidence, &findings);
}

static void show_missing(void *data, const char *name, const char *source,
			 struct findings *findings)
{
	show(data, name, source, NULL, findings);
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
	if (reason)
		cmd_error(run->context, "%s:%zu: %s", path, line, reason);
	else
		cmd_error(run->context, "%s: %s", path, error_words(error));
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
	for (size_t i = 0; i < NAME_RULE_COUNT; i++)
		run->rules[i] = &name_rules[i]->rule;
	run->report =
		report_options_report(run->context, &run->options.report, "dmaheap lint-names");
	run->report.subjects = "names";
	run->report.rules = run->rules;
	run->report.rule_count = NAME_RULE_COUNT;
	report_begin(&run->report);
	return open_baseline(run);
}

/* Ends the report and saves the baseline. STATUS says whether all names could be read. */
static enum exit_code end(struct lint_run *run, enum exit_code status)
{
	if (run->baseline && status == EXIT_DONE)
		baseline_missing(run->baseline, &run->options.settings, show_missing, run);
	run->report.incomplete = status != EXIT_DONE;
	report_end(&run->report);
	if (run->to_be_saved && status == EXIT_DONE)
		status = save_baseline(run);
	if (status == EXIT_DONE && run->report.failed)
		return EXIT_FINDINGS;
	return status;
}

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
	enum exit_code status = begin(run);

	if (status != EXIT_DONE)
		return end(run, status);
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
