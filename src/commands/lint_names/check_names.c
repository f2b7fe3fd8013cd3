// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/lint_names/check_names.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/name/better.h"
#include "view/value.h"

static struct json_object *facts_value(const char *name, const char *source,
				       const struct name_evidence *evidence)
{
	static const struct name_evidence nothing;
	struct json_object *map = value_map();

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

void lint_name(struct lint_run *run, const char *name, const char *source,
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

enum exit_code lint_begin(struct lint_run *run)
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

enum exit_code lint_end(struct lint_run *run, enum exit_code status)
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
