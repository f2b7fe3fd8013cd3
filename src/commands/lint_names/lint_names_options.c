// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/lint_names/lint_names_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "commands/lint_names/list_rules.h"

void lint_options_init(struct lint_options *options, struct context *context)
{
	*options = (struct lint_options){.context = context, .report.threshold = SEVERITY_ERROR};
	name_settings_init(&options->settings);
}

void lint_options_free(struct lint_options *options)
{
	name_settings_free(&options->settings);
	strings_free(&options->names);
	strings_free(&options->trees);
	tree_options_free(&options->tree);
	source_options_free(&options->source);
	strings_free(&options->rules);
	strings_free(&options->measured);
	strings_free(&options->rule_texts);
}

/* The message for what is not a rule; the caller frees it. */
static char *no_such_rule(const struct option_row *row, const char *id)
{
	const char *ids[NAME_RULE_COUNT];
	AUTO_FREE char *suggestion = NULL, *message = option_takes(row, "a rule", id);

	for (size_t i = 0; i < NAME_RULE_COUNT; i++)
		ids[i] = name_rules[i]->rule.id;
	suggestion = cmd_suggestion(id, ids, NAME_RULE_COUNT, "--list-rules shows them");
	return xasprintf("%s; %s", message, suggestion);
}

/* --disable and --explain */
static char *set_rule(void *to, const struct option_row *row, const char *argument)
{
	struct lint_options *options = to;
	const struct rule *rule = name_rule_find(argument);

	if (!rule)
		return no_such_rule(row, argument);
	if (!strcmp(row->name, "explain"))
		options->explain = rule;
	else
		name_settings_set_severity(&options->settings, rule, SEVERITY_OFF);
	return NULL;
}

static char *set_severity(void *to, const struct option_row *row, const char *argument)
{
	struct lint_options *options = to;
	const char *equals = strchr(argument, '=');
	AUTO_FREE char *id = equals ? xstrndup(argument, (size_t)(equals - argument)) : NULL;
	const struct rule *rule;
	enum severity severity;

	if (!id)
		return option_takes(row, "ID=LEVEL", argument);
	rule = name_rule_find(id);
	if (!rule)
		return no_such_rule(row, id);
	if (!severity_parse(equals + 1, &severity))
		return option_takes(row, "the levels error, warning and note", equals + 1);
	name_settings_set_severity(&options->settings, rule, severity);
	return NULL;
}

/* A colon belongs to no good name, so that the last one parts name and rule. */
static char *set_allowance(void *to, const struct option_row *row, const char *argument)
{
	struct lint_options *options = to;
	const char *colon = strrchr(argument, ':');
	AUTO_FREE char *name =
		xstrndup(argument, colon ? (size_t)(colon - argument) : strlen(argument));
	const struct rule *rule = colon ? name_rule_find(colon + 1) : NULL;

	if (colon && !rule)
		return no_such_rule(row, colon + 1);
	if (!*name)
		return option_takes(row, "NAME[:ID]", argument);
	name_settings_allow(&options->settings, name, rule);
	return NULL;
}

/* Standard output is where the report goes. */
static char *check_file(void *options, const struct option_row *row, const char *argument)
{
	(void)options;
	return strcmp(argument, "-") != 0 ? NULL : option_takes(row, "a file", argument);
}

static void write_rules(FILE *stream)
{
	for (size_t i = 0; i < NAME_RULE_COUNT; i++)
		fprintf(stream, "%s|", name_rules[i]->rule.id);
}

static void write_severities(FILE *stream)
{
	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		const char *id = name_rules[i]->rule.id;

		fprintf(stream, "%s=error|%s=warning|%s=note|", id, id, id);
	}
}

/* Sets the option of a line: "disable ID", "--disable=ID", "disable = ID". */
static char *set_line(struct lint_options *options, char *line)
{
	char *name = line + strspn(line, " \t"), *end = name + strlen(name), *value;
	size_t length;

	while (end > name && ascii_is_space(end[-1]))
		*--end = '\0';
	if (!*name || *name == '#')
		return NULL;
	if (text_starts_with(name, "--"))
		name += 2;
	length = strcspn(name, " \t=");
	value = name + length + strspn(name + length, " \t");
	value += *value == '=';
	value += strspn(value, " \t");
	name[length] = '\0';
	return option_set(options->context, name, value);
}

/* Returns NULL, or a message that the caller frees. */
static char *set_lines(struct lint_options *options, const char *path, char *text, size_t size)
{
	char *end = text + size, *line_end;
	size_t number = 0;

	for (char *line = text; line < end; line = line_end + 1) {
		AUTO_FREE char *message = NULL;

		line_end = memchr(line, '\n', (size_t)(end - line));
		if (!line_end)
			line_end = end;
		*line_end = '\0';
		number++;
		message = strlen(line) == (size_t)(line_end - line)
				  ? set_line(options, line)
				  : xstrdup("this is no text: it has a NUL");
		if (message)
			return xasprintf("%s:%zu: %s", path, number, message);
	}
	return NULL;
}

/* A file that can't be read is not wrong usage: it ends the program as for all other files. */
static char *read_rules(void *to, const struct option_row *row, const char *path)
{
	struct lint_options *options = to;
	char *text;
	size_t size;
	int error = name_settings_read(path, &text, &size);

	(void)row;
	if (error) {
		cmd_error(options->context, "%s: %s", path,
			  cmd_read_words(error, SETTINGS_SIZE_MAX));
		exit(EXIT_OPERATION);
	}
	strings_take(&options->rule_texts, text);
	return set_lines(options, path, text, size);
}

/* Those that are about names, where none is checked. */
#define ABOUT_NAMES \
	"NAME dtb convention strict disable severity allow rules measured format fail-on " \
	"baseline " \
	"save-baseline " \
	"sysroot verbose relative-to source source-map"

static const struct option_row rows[] = {
	{"dtb", 0, INPUTS_TO(struct lint_options, trees), "FILE",
	 "Check the names that this device tree would produce; the arguments are further trees",
	 .offer = "files", .excludes = "sysroot",
	 .needed_by = "overlay kernel page-size cmdline backport memory taken kconfig relative-to "
		      "source source-map"},
	ROWS_TO(tree_rows, struct lint_options, tree),
	{"convention", 0, CHOICE_TO(struct lint_options, settings.convention), "v1|v2|linux",
	 "The first draft (no attributes), the second or the convention as merged (the default)",
	 .group = "Rules"},
	{"strict", 0, FLAG_TO(struct lint_options, settings.strict),
	 .help = "Judge names that cannot change, such as linux,cma, as any other"},
	{"disable", 0, .kind = KIND_SET, 0, "ID", "Turn a rule off", .set = set_rule,
	 .words = write_rules},
	{"severity", 0, .kind = KIND_SET, 0, "ID=error|warning|note",
	 "Report what the rule finds with this severity", .set = set_severity,
	 .words = write_severities},
	{"allow", 0, .kind = KIND_SET, 0, "NAME[:ID]",
	 "Accept a name, or what one rule finds in it", .set = set_allowance, .offer = "heap",
	 .words = write_rules},
	{"rules", 0, INPUTS_TO(struct lint_options, rules), "FILE",
	 "Take options from a file, one in each line", .set = read_rules, .not_in_file = true},
	{"measured", 0, INPUTS_TO(struct lint_options, measured), "FILE",
	 "Know from files of bench --save and import --save whether the buffers are cached, and "
	 "contiguous"},
	{"explain", 0, .kind = KIND_SET, 0, "ID", "Explain a rule, with examples", .set = set_rule,
	 .not_in_file = true, .words = write_rules, .excludes = "json list-rules " ABOUT_NAMES},
	{"list-rules", 0, FLAG_TO(struct lint_options, list_rules), .help = "List the rules",
	 .not_in_file = true, .excludes = ABOUT_NAMES, .needed_by = "output noheadings raw"},
	ROWS_TO(report_rows, struct lint_options, report),
	ROWS_TO(source_rows, struct lint_options, source),
	{"baseline", 0, INPUT_TO(struct lint_options, baseline), "FILE",
	 "Compare with saved names: what is gone, renamed or moved is an error",
	 .group = "Baseline"},
	{"relative-to", 0, TEXT_TO(struct lint_options, relative_to), "DIR",
	 "A baseline knows trees by their paths below DIR (default: the directory that all have in "
	 "common)",
	 .offer = "directory"},
	{"save-baseline", 0, TEXT_TO(struct lint_options, save_baseline), "FILE",
	 "Save the names with their regions", .set = check_file, .offer = "file",
	 .not_in_file = true}, /* who sends rules gets no file written */
	{.word = "NAME",
	 LIST_TO(struct lint_options, names),
	 .help = "A name of a heap",
	 .excludes = "sysroot",
	 .offer = "heap"},
	{0},
};

static char *check(void *given, const struct context *context)
{
	struct lint_options *options = given;

	if (options->trees.count) {
		array_for_each (&options->names, tree)
			strings_add(&options->trees, *tree);
		strings_free(&options->names);
	}
	array_for_each (&options->names, name) {
		if (strcmp(*name, "-") != 0 && is_tree_file(*name))
			return xasprintf("%s is a file, but arguments are names of heaps: for the "
					 "names that a device tree makes, write --dtb %s",
					 *name, *name);
	}
	return report_options_check(&options->report, context);
}

const struct option_table lint_options = {
	.usage = "[NAME...]\n- [NAME...]\n--dtb FILE...",
	.summary = "Check names of DMA-BUF heaps against the kernel's naming convention: those of "
		   "this machine, the NAMEs, the lines of standard input (-) or what device trees "
		   "would produce.",
	.details = "The columns are those of --list-rules.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_SYSROOT | COMMON_QUIET | COMMON_VERBOSE | COMMON_COLOR,
	.columns = lint_rule_columns,
	.column_count = LINT_RULE_COLUMN_COUNT,
	.check = check,
};
