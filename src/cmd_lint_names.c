// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cmd.h"
#include "lint_options.h"
#include "view/table.h"

enum {
	MESSAGE_MOST = 1024
};

/* What one run needs. */
struct run {
	const struct context *context;
	struct lint_options options;
	struct report report;
	struct report_rule *rules;
	struct name_scope *scope;
	struct name_findings findings;
	struct report_finding shown[FINDINGS_MOST];
	char messages[FINDINGS_MOST][MESSAGE_MOST];
};

static enum report_level level_of(enum severity severity)
{
	return (enum report_level)(severity - SEVERITY_NOTE);
}

static struct json_object *answer_json(enum tristate answer)
{
	return answer ? value_bool(answer == YES) : NULL;
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
	value_set(map, "contiguous", answer_json(evidence->contiguous));
	value_set(map, "cacheable", answer_json(evidence->cacheable));
	value_set(map, "protected", answer_json(evidence->protected));
	value_set(map, "mappable", answer_json(evidence->mappable));
	return map;
}

/* Judges one name and reports it. */
static void judge(struct run *run, const char *name, const char *source,
		  const struct name_evidence *evidence)
{
	const struct name_settings *settings = &run->options.settings;
	struct name_findings *findings = &run->findings;
	struct report_subject subject = {.name = name, .source = source, .findings = run->shown};
	AUTO_FREE char *better = NULL;

	if (!name_lint(settings, run->scope, name, evidence, findings))
		return;
	if (findings->count)
		better = name_better(settings, name, evidence, findings);
	for (size_t i = 0; i < findings->count; i++) {
		const struct name_finding *finding = &findings->items[i];

		name_finding_message(finding, name, run->messages[i], MESSAGE_MOST);
		run->shown[i] = (struct report_finding){
			.rule = (size_t)(finding->rule - name_rules),
			.level = level_of(finding->severity),
			.message = run->messages[i],
			.start = finding->start,
			.length = finding->length,
			.suggestion = better,
		};
	}
	subject.count = findings->count;
	if (run->report.format == &report_json)
		subject.facts = facts_json(name, source, evidence);
	report_subject(&run->report, &subject);
}

/* Reads a stream to its end; the caller frees the result, which has a NUL behind it. */
static char *read_all(FILE *stream, size_t *size)
{
	size_t allocated = 1 << 16, length = 0, got;
	char *data = xcalloc(allocated, 1);

	while ((got = fread(data + length, 1, allocated - length - 1, stream)) > 0) {
		length += got;
		if (length == allocated - 1) {
			allocated *= 2;
			data = xreallocarray(data, allocated, 1);
		}
	}
	data[length] = '\0';
	*size = length;
	return data;
}

/* The names on standard input, which the scope refers to: DATA has to outlive it. */
static enum exit_code judge_stdin(struct run *run, char **data, struct strings *escaped)
{
	size_t size;
	char *end;

	*data = read_all(stdin, &size);
	if (ferror(stdin)) {
		cmd_error(run->context, "standard input: %s", error_words(errno));
		return EXIT_OPERATION;
	}
	end = *data + size;
	for (char *line = *data; line < end;) {
		char *line_end = memchr(line, '\n', (size_t)(end - line));

		if (!line_end)
			line_end = end;
		*line_end = '\0';
		if (memchr(line, '\0', (size_t)(line_end - line))) {
			/* no string of C: show what was there instead of the half of it */
			strings_take(escaped, text_escape_bytes(line, (size_t)(line_end - line)));
			judge(run, escaped->items[escaped->count - 1], NULL, NULL);
		} else if (line_end > line) {
			judge(run, line, NULL, NULL);
		}
		line = line_end + 1;
	}
	return EXIT_DONE;
}

static enum exit_code judge_names(struct run *run)
{
	AUTO_STRINGS struct strings escaped = {0};
	AUTO_FREE char *data = NULL;
	enum exit_code status = EXIT_DONE;

	run->scope = name_scope_new();
	array_for_each (&run->options.arguments, argument) {
		if (strcmp(*argument, "-") != 0)
			judge(run, *argument, NULL, NULL);
		else if (!data)
			status = judge_stdin(run, &data, &escaped);
	}
	name_scope_free(run->scope);
	return status;
}

enum {
	COLUMN_ID,
	COLUMN_SEVERITY,
	COLUMN_CONVENTIONS,
	COLUMN_SENTENCE,
	COLUMN_SOURCE
};

static const struct column rule_columns[] = {
	[COLUMN_ID] = {"ID", "id of the rule", COLUMN_DEFAULT, NULL},
	[COLUMN_SEVERITY] = {"SEVERITY", "of its gravest finding", COLUMN_DEFAULT, NULL},
	[COLUMN_CONVENTIONS] = {"CONVENTIONS", "under which it looks", COLUMN_DEFAULT, NULL},
	[COLUMN_SENTENCE] = {"SENTENCE", "what the convention says", COLUMN_DEFAULT, NULL},
	[COLUMN_SOURCE] = {"SOURCE", "where it says so", 0, NULL},
};

static enum exit_code list_rules(const struct context *context)
{
	AUTO_TABLE struct table *table = cmd_table(context, rule_columns, COUNT_OF(rule_columns));

	for (size_t i = 0; i < name_rule_count; i++) {
		const struct name_rule *rule = &name_rules[i];
		AUTO_STRINGS struct strings conventions = {0};

		for (unsigned int c = 0; c < CONVENTION_COUNT; c++) {
			if (rule->conventions & 1u << c)
				strings_add(&conventions, convention_name(c));
		}
		table_row(table);
		table_set(table, COLUMN_ID, value_text(rule->id));
		table_set(table, COLUMN_SEVERITY, value_text(severity_name(rule->severity)));
		table_set(table, COLUMN_CONVENTIONS, value_strings(&conventions));
		table_set(table, COLUMN_SENTENCE, value_text(rule->sentence));
		table_set(table, COLUMN_SOURCE, value_text(rule->source));
	}
	table_print(table, "rules");
	return EXIT_DONE;
}

static enum exit_code explain(const struct name_rule *rule)
{
	printf("%s (%s)\n\n%s\n\nSource:   %s\nLooks at: %s\nGood:     %s\nBad:      %s\n",
	       rule->id, severity_name(rule->severity), rule->sentence, rule->source,
	       rule->looks_at, rule->good, rule->bad);
	return EXIT_DONE;
}

static void begin(struct run *run)
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
	report_begin(&run->report);
}

static enum exit_code lint(struct run *run)
{
	enum exit_code status;

	begin(run);
	status = judge_names(run);
	report_end(&run->report);
	free(run->rules);
	if (status == EXIT_DONE && run->report.failed)
		return EXIT_FINDINGS;
	return status;
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
		cmd_error(context, "--output belongs to --list-rules");
		return false;
	}
	return true;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct run *state = xcalloc(1, sizeof(*state));
	enum exit_code status;

	state->context = context;
	lint_options_init(&state->options);
	cmd_parse(context, &lint_argp, argc, argv, &state->options, rule_columns,
		  COUNT_OF(rule_columns));
	if (!fits(context, &state->options))
		status = EXIT_USAGE;
	else if (state->options.list_rules)
		status = list_rules(context);
	else if (state->options.explain)
		status = explain(state->options.explain);
	else
		status = lint(state);
	lint_options_free(&state->options);
	free(state);
	return status;
}

const struct command cmd_lint_names = {.name = "lint-names",
				       .help = "check the names of heaps against the convention",
				       .run = run};
