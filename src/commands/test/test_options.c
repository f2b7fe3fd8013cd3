// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/test/test_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static const char *const format_names[] = {"text", "ktap", "json", "junit"};

struct names {
	ARRAY_OF(const char *);
};

enum {
	KEY_HEAP = 0x100,
	KEY_SUITE,
	KEY_LIST,
	KEY_ALLOW,
	KEY_FORMAT
};

static const struct argp_option argp_options[] = {
	{"heap", KEY_HEAP, "NAME", 0, "Test this heap; can be given again (default: all)", 0},
	{"suite", KEY_SUITE, "NAME", 0, "Run this suite; can be given again (default: all)", 0},
	{"list", KEY_LIST, NULL, 0, "Show the statements and run nothing", 0},
	{"allow", KEY_ALLOW, "oom|taint|noise,...", 0,
	 "Run what may wake the OOM killer, taint the kernel or write to its log", 0},
	{"format", KEY_FORMAT, "text|ktap|json|junit", 0, "Form of the report (text)", 0},
	{0}};

static unsigned int parse_dangers(const char *text, struct argp_state *state)
{
	unsigned int dangers = 0;

	for (const char *word = text; *word;) {
		size_t length = strcspn(word, ",");
		unsigned int found = 0;

		for (unsigned int danger = 1; danger <= DANGER_NOISE; danger <<= 1) {
			const char *name = danger_name(danger);

			if (strlen(name) == length && !strncmp(name, word, length))
				found = danger;
		}
		if (!found)
			option_error(state, "--%s takes %s, not '%.*s'", "allow",
				     "oom, taint and noise", (int)length, word);
		dangers |= found;
		word += length + (word[length] == ',');
	}
	return dangers;
}

static enum format parse_format(const char *text, struct argp_state *state)
{
	for (size_t i = 0; i < COUNT_OF(format_names); i++) {
		if (!strcmp(text, format_names[i]))
			return (enum format)i;
	}
	option_error(state, OPTION_TAKES, "format", "text, ktap, json or junit", text);
}

static const struct suite *suite_named(const char *name)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		if (!strcmp((*suite)->name, name))
			return *suite;
	}
	return NULL;
}

static void explain_suite(const struct context *context, const char *wrong)
{
	AUTO_FREE char *suggestion = NULL;
	struct names names = {0};

	for (const struct suite *const *suite = suites; *suite; suite++)
		*array_add(&names) = (*suite)->name;
	suggestion = cmd_suggestion(wrong, names.items, names.count, "--list -o SUITE shows them");
	cmd_error(context, OPTION_TAKES "; %s", "suite", "a suite", wrong, suggestion);
	array_free(&names);
}

static void explain_statement(const struct context *context, const char *wrong)
{
	AUTO_FREE char *suggestion = NULL;
	struct names names = {0};

	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++)
			*array_add(&names) = (*suite)->statements[i]->id;
	}
	suggestion = cmd_suggestion(wrong, names.items, names.count, "--list shows them");
	cmd_error(context, "unknown statement '%s'; %s", wrong, suggestion);
	array_free(&names);
}

/* The suite that a statement is in; NULL: there is no such statement. */
static const char *suite_of(const char *id)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			if (!strcmp((*suite)->statements[i]->id, id))
				return (*suite)->name;
		}
	}
	return NULL;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct test_options *options = state->input;

	switch (key) {
	case KEY_HEAP:
		strings_add(&options->heaps, argument);
		return 0;
	case KEY_SUITE:
		if (!suite_named(argument)) {
			explain_suite(options->context, argument);
			exit(EXIT_USAGE);
		}
		strings_add(&options->suites, argument);
		return 0;
	case KEY_LIST:
		options->list = true;
		return 0;
	case KEY_ALLOW:
		options->allowed |= parse_dangers(argument, state);
		return 0;
	case KEY_FORMAT:
		options->format = parse_format(argument, state);
		return 0;
	case ARGP_KEY_ARG:
		if (!suite_of(argument)) {
			explain_statement(options->context, argument);
			exit(EXIT_USAGE);
		}
		strings_add(&options->ids, argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp test_argp = {
	.options = argp_options,
	.parser = parse,
	.args_doc = "[ID...]",
	.doc = "Test whether heaps and their buffers behave as the kernel promises."};

bool test_options_want(const struct test_options *options, const struct suite *suite,
		       const struct statement *statement)
{
	if (options->suites.count && !strings_have(&options->suites, suite->name))
		return false;
	return !options->ids.count || strings_have(&options->ids, statement->id);
}

enum exit_code test_options_check(const struct context *context, struct test_options *options)
{
	if (context->columns && !options->list) {
		cmd_error(context, "--output goes with --list only");
		return EXIT_USAGE;
	}
	if (context->sysroot && !options->list) {
		cmd_error(context, "--sysroot: only --list works without the live machine");
		return EXIT_USAGE;
	}
	if (context->json && options->format != FORMAT_TEXT && options->format != FORMAT_JSON) {
		cmd_error(context, "--json and --format %s exclude each other",
			  format_names[options->format]);
		return EXIT_USAGE;
	}
	if (context->json)
		options->format = FORMAT_JSON;
	array_for_each (&options->ids, id) {
		if (!options->suites.count || strings_have(&options->suites, suite_of(*id)))
			continue;
		cmd_error(context, "%s is in no suite that --suite names", *id);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

void test_options_release(struct test_options *options)
{
	strings_free(&options->heaps);
	strings_free(&options->suites);
	strings_free(&options->ids);
}
