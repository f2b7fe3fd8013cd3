// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "commands/lint_names/judge.h"

static enum report_level level_of(enum severity severity)
{
	return (enum report_level)(severity - SEVERITY_NOTE);
}

static struct json_object *facts_json(const char *name, const char *source,
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

/* Writes the findings about NAME into the report. BETTER may be NULL. */
static void show(struct lint_run *run, const char *name, const char *source,
		 const struct name_evidence *evidence, const struct name_findings *findings,
		 const char *better)
{
	struct report_subject subject = {
		.name = name, .source = source, .findings = run->shown, .count = findings->count};

	for (size_t i = 0; i < findings->count; i++) {
		const struct name_finding *finding = &findings->items[i];

		name_finding_message(finding, name, run->messages[i], LINT_MESSAGE_MOST);
		run->shown[i] = (struct report_finding){
			.rule = (size_t)(finding->rule - name_rules),
			.level = level_of(finding->severity),
			.message = run->messages[i],
			.start = finding->start,
			.length = finding->length,
			/* the names of the last release are what they are */
			.suggestion = finding->rule->check ? better : NULL,
		};
	}
	if (run->report.format == &report_json)
		subject.facts = facts_json(name, source, evidence);
	report_subject(&run->report, &subject);
}

/* Compares with the baseline and shows the findings. WORDS: NULL where rules found nothing. */
static void report(struct lint_run *run, const char *name, const struct name_words *words,
		   const char *source, const struct name_evidence *evidence)
{
	struct name_findings *findings = &run->findings;
	AUTO_FREE char *better = NULL;

	if (run->to_be_saved)
		baseline_add(run->to_be_saved, source, name, evidence);
	if (run->baseline)
		baseline_compare(run->baseline, &run->options.settings, source, name, evidence,
				 findings);
	if (words && findings->count)
		better = name_better(&run->options.settings, words, evidence, findings);
	show(run, name, source, evidence, findings, better);
}

void lint_judge(struct lint_run *run, const struct name_words *words, const char *source,
		const struct name_evidence *evidence)
{
	if (name_lint(&run->options.settings, run->scope, words, evidence, &run->findings))
		report(run, words->name, words, source, evidence);
}

void lint_good(struct lint_run *run, const char *name)
{
	static const struct report_subject nothing;

	run->findings.count = 0;
	if (run->to_be_saved || run->baseline || run->report.format->clean)
		report(run, name, NULL, NULL, NULL);
	else
		report_subject(&run->report, &nothing); /* counts it */
}

static void show_missing(void *data, const char *name, const char *source,
			 struct name_findings *findings)
{
	struct lint_run *run = data;

	show(run, name, source, NULL, findings, NULL);
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

/* Long lists may have findings by the thousand: fewer, larger writes. */
static void widen_output(void)
{
	static char buffer[1 << 16];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
}

static void begin(struct lint_run *run)
{
	const struct context *context = run->context;
	const struct lint_options *options = &run->options;

	run->rules = xcalloc(name_rule_count, sizeof(*run->rules));
	for (size_t i = 0; i < name_rule_count; i++) {
		const struct name_rule *rule = &name_rules[i];

		run->rules[i] =
			(struct report_rule){rule->id,     level_of(rule->severity), rule->sentence,
					     rule->source, rule->looks_at,           rule->good,
					     rule->bad};
	}
	run->report = (struct report){
		.format = options->format ? options->format
			  : context->json ? &report_json
					  : &report_text,
		.out = stdout,
		.tool = "dmaheap lint-names",
		.rules = run->rules,
		.rule_count = name_rule_count,
		.threshold = options->threshold,
		.color = context->color,
		.quiet = context->verbosity < 0,
	};
	widen_output();
	report_begin(&run->report);
}

static enum exit_code judge_all(struct lint_run *run)
{
	if (run->options.dtb)
		return lint_trees(run);
	return run->options.arguments.count ? lint_arguments(run) : lint_machine(run);
}

static enum exit_code lint(struct lint_run *run)
{
	enum exit_code status;

	begin(run);
	status = open_baseline(run);
	if (status == EXIT_DONE)
		status = judge_all(run);
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

/* Says whether options that tell of rules stand alone, where there are some. */
static bool tells_rules_only(const struct context *context, const struct lint_options *options)
{
	if (!options->explain && !options->list_rules)
		return true;
	if (options->explain && (options->list_rules || context->json)) {
		cmd_error(context, "--explain and %s exclude each other",
			  context->json ? "--json" : "--list-rules");
		return false;
	}
	if (options->arguments.count || options->format || options->baseline ||
	    options->save_baseline) {
		cmd_error(context,
			  "%s and NAME, --dtb, --format, --baseline or --save-baseline "
			  "exclude each other",
			  options->explain ? "--explain" : "--list-rules");
		return false;
	}
	return true;
}

/* Says whether the common options and the command's go together. */
static bool fits(const struct context *context, const struct lint_options *options)
{
	if (context->json && options->format && options->format != &report_json) {
		cmd_error(context, "--json and --format %s exclude each other",
			  options->format->name);
		return false;
	}
	if (context->columns && !options->list_rules) {
		cmd_error(context, "--output goes with --list-rules only");
		return false;
	}
	if (options->needs_tree && !options->dtb) {
		cmd_error(context,
			  "--overlay, --kernel, --page-size and --cmdline go with --dtb only");
		return false;
	}
	return tells_rules_only(context, options);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct lint_run *run = xcalloc(1, sizeof(*run));
	enum exit_code status = EXIT_USAGE;

	run->context = context;
	lint_options_init(&run->options);
	cmd_parse(context, &lint_argp, argc, argv, &run->options, lint_rule_columns,
		  lint_rule_column_count);
	if (!fits(context, &run->options))
		status = EXIT_USAGE;
	else if (run->options.list_rules)
		status = lint_list_rules(context);
	else if (run->options.explain)
		status = lint_explain(run->options.explain);
	else
		status = lint(run);
	baseline_free(run->baseline);
	baseline_free(run->to_be_saved);
	lint_options_free(&run->options);
	free(run->rules);
	free(run);
	return status;
}

const struct command cmd_lint_names = {.name = "lint-names",
				       .help = "check the names of heaps against the convention",
				       .run = run};
