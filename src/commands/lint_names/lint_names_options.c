// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/lint_names/lint_names_options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "model/boot/kernel_config.h"

enum {
	OPTION_CONVENTION = 0x2000,
	OPTION_DTB,
	OPTION_DISABLE,
	OPTION_SEVERITY,
	OPTION_ALLOW,
	OPTION_CONFIG,
	OPTION_BASELINE,
	OPTION_SAVE_BASELINE,
	OPTION_EXPLAIN,
	OPTION_LIST_RULES,
};

static const struct argp_option options[] = {
	{"dtb", OPTION_DTB, "FILE", 0,
	 "Check the names that this device tree would produce; the arguments are further trees", 0},
	{"overlay", TREE_OVERLAY, "FILE", 0,
	 "Apply this .dtbo to each tree; several in the order given", 0},
	{"kernel", TREE_KERNEL, "VERSION", 0, "The kernel that boots the trees (default: 7.2)", 0},
	{"page-size", TREE_PAGE_SIZE, "SIZE", 0, "Its page size (default: 4K)", 0},
	{"cmdline", TREE_CMDLINE, "WORDS", 0,
	 "Its command line (default: the bootargs in the tree)", 0},
	{"convention", OPTION_CONVENTION, "v1|v2|linux", 0,
	 "The first draft (no attributes), the second (the default) or the convention as merged",
	 0},
	{"format", REPORT_FORMAT, "text|json|sarif|github|junit|tap", 0,
	 "Form of the report (text)", 0},
	{"fail-on", REPORT_FAIL_ON, "error|warning|note|never", 0,
	 "Exit with 3 on findings from this level on (error)", 0},
	{"disable", OPTION_DISABLE, "ID", 0, "Leave a rule out", 0},
	{"severity", OPTION_SEVERITY, "ID=error|warning|note", 0, "Report a rule as that", 0},
	{"allow", OPTION_ALLOW, "NAME[:ID]", 0, "Accept a name, or what one rule finds in it", 0},
	{"config", OPTION_CONFIG, "FILE", 0, "Take options from a file, one a line", 0},
	{"baseline", OPTION_BASELINE, "FILE", 0,
	 "Compare with saved names: what is gone, renamed or moved is an error", 0},
	{"save-baseline", OPTION_SAVE_BASELINE, "FILE", 0, "Save the names with their regions", 0},
	{"explain", OPTION_EXPLAIN, "ID", 0, "Explain a rule, with examples", 0},
	{"list-rules", OPTION_LIST_RULES, NULL, 0, "List the rules", 0},
	{0},
};

void lint_options_init(struct lint_options *given)
{
	*given = (struct lint_options){.report.threshold = SEVERITY_ERROR};
	name_settings_init(&given->settings);
}

void lint_options_free(struct lint_options *given)
{
	name_settings_free(&given->settings);
	strings_free(&given->arguments);
	tree_options_release(&given->tree);
	free(given->baseline);
	free(given->save_baseline);
}

/* The message for the value of OPTION that is not a rule; the caller frees it. */
static char *no_such_rule(const char *option, const char *id)
{
	const char *ids[NAME_RULE_COUNT];
	AUTO_FREE char *suggestion = NULL;

	for (size_t i = 0; i < NAME_RULE_COUNT; i++)
		ids[i] = name_rules[i]->rule.id;
	suggestion = cmd_suggestion(id, ids, NAME_RULE_COUNT, "--list-rules shows them");
	return xasprintf(OPTION_TAKES "; %s", option, "a rule", id, suggestion);
}

static char *set_severity(struct lint_options *given, const char *argument)
{
	const char *equals = strchr(argument, '=');
	AUTO_FREE char *id = equals ? xstrndup(argument, (size_t)(equals - argument)) : NULL;
	const struct rule *rule;
	enum severity severity;

	if (!id)
		return xasprintf(OPTION_TAKES, "severity", "ID=LEVEL", argument);
	rule = name_rule_find(id);
	if (!rule)
		return no_such_rule("severity", id);
	if (!severity_parse(equals + 1, &severity))
		return xasprintf(OPTION_TAKES, "severity", "the levels error, warning and note",
				 equals + 1);
	name_settings_set_severity(&given->settings, rule, severity);
	return NULL;
}

/* A colon belongs to no good name, so that the last one parts name and rule. */
static char *set_allowance(struct lint_options *given, const char *argument)
{
	const char *colon = strrchr(argument, ':');
	AUTO_FREE char *name =
		xstrndup(argument, colon ? (size_t)(colon - argument) : strlen(argument));
	const struct rule *rule = NULL;

	if (colon) {
		rule = name_rule_find(colon + 1);
		if (!rule)
			return no_such_rule("allow", colon + 1);
	}
	if (!*name)
		return xasprintf(OPTION_TAKES, "allow", "NAME[:ID]", argument);
	name_settings_allow(&given->settings, name, rule);
	return NULL;
}

/* Sets one option. Returns NULL, or a message that the caller frees. */
static char *set(struct lint_options *given, int key, const char *argument)
{
	const struct rule *rule;

	switch (key) {
	case OPTION_CONVENTION:
		if (convention_parse(argument, &given->settings.convention))
			return NULL;
		return xasprintf(OPTION_TAKES, "convention", "v1, v2 or linux", argument);
	case REPORT_FORMAT:
	case REPORT_FAIL_ON:
		return report_options_set(&given->report, key, argument);
	case OPTION_DISABLE:
	case OPTION_EXPLAIN:
		rule = name_rule_find(argument);
		if (!rule)
			return no_such_rule(key == OPTION_EXPLAIN ? "explain" : "disable",
					    argument);
		if (key == OPTION_EXPLAIN)
			given->explain = rule;
		else
			name_settings_set_severity(&given->settings, rule, SEVERITY_OFF);
		return NULL;
	case OPTION_SEVERITY:
		return set_severity(given, argument);
	case OPTION_ALLOW:
		return set_allowance(given, argument);
	case OPTION_BASELINE:
		free(given->baseline);
		given->baseline = xstrdup(argument);
		return NULL;
	case OPTION_SAVE_BASELINE:
		if (!strcmp(argument, "-")) /* where the report goes */
			return xasprintf(OPTION_TAKES, "save-baseline", "a file", argument);
		free(given->save_baseline);
		given->save_baseline = xstrdup(argument);
		return NULL;
	case OPTION_DTB:
		given->dtb = true;
		strings_add(&given->arguments, argument);
		return NULL;
	case OPTION_LIST_RULES:
		given->list_rules = true;
		return NULL;
	default:
		return tree_options_set(&given->tree, key, argument);
	}
}

/* Sets the option of a line: "disable ID", "--disable=ID", "disable = ID". */
static char *set_line(struct lint_options *given, char *line)
{
	char *name = line + strspn(line, " \t"), *end = name + strlen(name), *value;
	const char *names[COUNT_OF(options)];
	AUTO_FREE char *suggestion = NULL;
	size_t count = 0, length;

	while (end > name && isspace((unsigned char)end[-1]))
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
	for (const struct argp_option *option = options; option->name; option++) {
		bool in_file = option->arg && option->key != OPTION_CONFIG &&
			       option->key != OPTION_EXPLAIN;

		if (!in_file)
			continue;
		names[count++] = option->name;
		if (strcmp(option->name, name) != 0)
			continue;
		if (!*value)
			return xasprintf("--%s needs a value", name);
		return set(given, option->key, value);
	}
	suggestion = cmd_suggestion(name, names, count, "'man dmaheap-lint-names' lists them");
	return xasprintf("unknown option '%s' for a file; %s", name, suggestion);
}

/* Returns NULL, or a message that the caller frees. */
static char *set_lines(struct lint_options *given, const char *path, char *text, size_t size)
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
		message = set_line(given, line);
		if (message)
			return xasprintf("%s:%zu: %s", path, number, message);
	}
	return NULL;
}

/* A file that can't be read is not wrong usage: it ends the program as for all other files. */
static char *read_config(struct lint_options *given, const char *path, struct argp_state *state)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	int error = config_load_options(path, &text, &size);

	given->configs_of_input += !strcmp(path, "-");
	if (error) {
		option_failure(state, EXIT_OPERATION, "%s: %s", path, error_words(error));
	}
	return set_lines(given, path, text, size);
}

static void check_input(const struct lint_options *given, const struct argp_state *state)
{
	static const struct strings none;
	size_t count = given->configs_of_input + (given->baseline && !strcmp(given->baseline, "-"));

	if (!given->dtb) /* names on standard input, not a tree */
		count += strings_have(&given->arguments, "-") ? 1 : 0;
	tree_options_check_input(&given->tree, state, given->dtb ? &given->arguments : &none,
				 count);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lint_options *given = state->input;
	AUTO_FREE char *message = NULL;

	switch (key) {
	case ARGP_KEY_ARG:
		strings_add(&given->arguments, argument);
		return 0;
	case ARGP_KEY_END:
		check_input(given, state);
		return 0;
	case ARGP_KEY_NO_ARGS:
	case ARGP_KEY_INIT:
	case ARGP_KEY_SUCCESS:
	case ARGP_KEY_ERROR:
	case ARGP_KEY_FINI:
	case ARGP_KEY_ARGS:
		return ARGP_ERR_UNKNOWN;
	default:
		if (tree_options_have(key))
			given->needs_tree = true;
		else if ((key < OPTION_CONVENTION || key > OPTION_LIST_RULES) &&
			 key != REPORT_FORMAT && key != REPORT_FAIL_ON)
			return ARGP_ERR_UNKNOWN;
		message = key == OPTION_CONFIG ? read_config(given, argument, state)
					       : set(given, key, argument);
		if (message)
			option_error(state, "%s", message);
		return 0;
	}
}

const struct argp lint_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[NAME...]\n- [NAME...]\n--dtb FILE...",
	.doc = "Check names of DMA-BUF heaps against the kernel's naming convention: those of this "
	       "machine, the NAMEs, the lines of standard input (-) or what device trees would "
	       "produce.\vThe columns are those of --list-rules.",
};
