// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/option_parser.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

bool color_is_welcome(int fd)
{
	const char *none = getenv("NO_COLOR"); /* no-color.org */

	return isatty(fd) && !(none && *none);
}

static char *set_color(void *options, const struct option_row *row, const char *when)
{
	struct context *context = options;

	if (!strcmp(when, "auto"))
		context->color = color_is_welcome(STDOUT_FILENO);
	else if (!strcmp(when, "always") || !strcmp(when, "never"))
		context->color = *when == 'a';
	else
		return option_takes(row, "auto, always or never", when);
	return NULL;
}

static char *set_verbosity(void *options, const struct option_row *row, const char *argument)
{
	struct context *context = options;

	(void)argument;
	context->verbosity = row->key == 'v' ? 1 : -1;
	return NULL;
}

static const struct option_row common_rows[] = {
	{"json", 'J', FLAG_TO(struct context, json), .help = "Print one JSON document",
	 .group = "Common options"},
	{"output", 'o', TEXT_TO(struct context, columns), "LIST",
	 "Columns to print, by name, separated by commas; +LIST adds to the default ones",
	 .offer = "columns", .refusal = "this command has no columns to choose"},
	{"noheadings", 'n', FLAG_TO(struct context, noheadings),
	 .help = "Print no column headings"},
	{"raw", 'r', FLAG_TO(struct context, raw), .help = "Print columns separated by one blank",
	 .excludes = "json"},
	{"bytes", 'b', FLAG_TO(struct context, bytes),
	 .help = "Print sizes in bytes, times in nanoseconds"},
	{"sysroot", 0, TEXT_TO(struct context, sysroot), "DIR",
	 "Read /dev, /sys and /proc below DIR, or in an archive of 'capture'", .offer = "file",
	 .refusal = "this command needs the live machine"},
	{"quiet", 'q', .kind = KIND_SET, .set = set_verbosity,
	 .help = "Print errors only: no notes, no progress, no summary"},
	{"verbose", 'v', .kind = KIND_SET, .set = set_verbosity,
	 .help = "Print more about each thing"},
	{"color", 0, .kind = KIND_SET, 0, "auto|always|never", "Use colours", .set = set_color,
	 .otherwise = "always"},
	{"help", '?', .kind = KIND_SET, .help = "Show this help"},
	{"usage", 0, .kind = KIND_SET, .help = "Show a short usage message"},
	{"version", 'V', .kind = KIND_SET, .help = "Show the version"},
};

static bool is_common(const struct option_row *row)
{
	return row >= common_rows && row < common_rows + COUNT_OF(common_rows);
}

bool parser_takes(const struct parser *parser, const struct option_row *row)
{
	return !is_common(row) || row >= common_rows + COMMON_COUNT ||
	       parser->table->common & 1u << (row - common_rows);
}

static void add_rows(struct parser *parser, const struct option_row *row, void *options)
{
	for (; row && row->help; row++) {
		if (row->kind == KIND_ROWS)
			add_rows(parser, row->include, option_value(options, row));
		else
			*array_add(&parser->all) = (struct known){row, options, NOT_GIVEN};
	}
}

void parser_init(struct parser *parser, struct context *context, const struct option_table *table,
		 void *options)
{
	*parser = (struct parser){.context = context, .table = table};
	add_rows(parser, table->rows, options);
	for (size_t i = 0; i < COUNT_OF(common_rows); i++)
		*array_add(&parser->all) = (struct known){
			&common_rows[i], context, context->given >> i & 1 ? GIVEN : NOT_GIVEN};
	context->parser = parser;
}

/* Ends the program where there is a message, which it takes. */
static void fail_with(const struct parser *parser, char *message)
{
	if (!message)
		return;
	cmd_error(parser->context, "%s", message);
	free(message);
	exit(EXIT_USAGE);
}

char *option_set(struct context *context, const char *name, const char *value)
{
	struct parser *parser = context->parser;
	AUTO_FREE const char **names = xcalloc(parser->all.count, sizeof(*names));
	AUTO_FREE char *hint = xasprintf("'man dmaheap-%s' lists them", context->command);
	AUTO_FREE char *suggestion = NULL;
	size_t count = 0;

	array_for_each (&parser->all, known) {
		bool flag = known->row->kind == KIND_FLAG;

		if (is_common(known->row) || !known->row->name || (!known->row->word && !flag))
			continue;
		if (!known->row->not_in_file)
			names[count++] = known->row->name;
		if (strcmp(known->row->name, name) != 0)
			continue;
		if (known->row->not_in_file)
			return xasprintf("--%s is for the command line only", name);
		if (!*value && !flag)
			return xasprintf("--%s needs a value", name);
		if (*value && flag)
			return xasprintf("--%s takes no value", name);
		if (!known->given)
			known->given = GIVEN_IN_FILE;
		return option_store(known, value);
	}
	suggestion = cmd_suggestion(name, names, count, hint);
	return xasprintf("unknown option '%s' for a file; %s", name, suggestion);
}

/* What goes together. */

/* The first of names in a LIST of the table, which then begins after it; NULL: the end. */
static struct known *next_named(struct parser *parser, const char **list)
{
	size_t length;

	*list += strspn(*list, " ");
	length = strcspn(*list, " ");
	if (!length)
		return NULL;
	array_for_each (&parser->all, known) {
		const char *name = known->row->name ? known->row->name : known->row->word;

		if (strlen(name) != length || strncmp(name, *list, length) != 0)
			continue;
		*list += length;
		return known;
	}
	abort(); /* a mistake in the table, which --complete finds */
}

const struct option_row *parser_find(struct parser *parser, const char *list, enum given given)
{
	for (struct known *known; list && (known = next_named(parser, &list));) {
		if (known->given >= given)
			return known->row;
	}
	return NULL;
}

/* What is wrong with a common option in this command: NULL, or a message. */
static char *refuse(const struct parser *parser, const struct known *known)
{
	const char *why = known->row->refusal;

	if (!known->given || parser_takes(parser, known->row))
		return NULL;
	return xasprintf("--%s: %s", known->row->name,
			 why ? why : "it has no effect in this command");
}

/* What is wrong with an option beside the others: NULL, or a message. */
static char *clash(struct parser *parser, const struct known *known)
{
	const struct option_row *row = known->row, *other;

	if (known->given == GIVEN) {
		other = parser_find(parser, row->excludes, GIVEN);
		if (other)
			return xasprintf("%s%s and %s%s must not be combined", SHOWN(row),
					 SHOWN(other));
		other = parser_find(parser, row->needs, NOT_GIVEN);
		if (other && !parser_find(parser, row->needs, GIVEN_IN_FILE))
			return xasprintf("%s%s needs %s%s", SHOWN(row), SHOWN(other));
	}
	if (known->given)
		return NULL;
	other = parser_find(parser, row->needed_by, GIVEN);
	if (other)
		return xasprintf("%s%s needs %s%s", SHOWN(other), SHOWN(row));
	if (!row->required || parser_find(parser, row->required, GIVEN_IN_FILE))
		return NULL;
	return row->name ? xasprintf("--%s is missing", row->name)
			 : xasprintf("%s is missing; %s", row->word, row->help);
}

/* How often standard input is to be read by an option; for a list of names once at most. */
static size_t count_input(const struct known *known)
{
	void *field = option_value(known->options, known->row);
	size_t count = 0;

	if (known->row->kind == KIND_INPUT)
		return *(const char **)field && !strcmp(*(const char **)field, "-");
	if (known->row->kind == KIND_LIST && !known->row->name)
		return strings_have(field, "-") ? 1 : 0;
	if (known->row->kind != KIND_INPUTS)
		return 0;
	array_for_each ((struct strings *)field, path)
		count += !strcmp(*path, "-");
	return count;
}

static void check_given(struct parser *parser, void *options)
{
	size_t inputs = 0;

	array_for_each (&parser->all, known)
		fail_with(parser, refuse(parser, known));
	array_for_each (&parser->all, known)
		fail_with(parser, clash(parser, known));
	if (parser->table->check)
		fail_with(parser, parser->table->check(options, parser->context));
	array_for_each (&parser->all, known)
		inputs += count_input(known);
	if (inputs > 1)
		fail_with(parser, xstrdup("'-', standard input, can be read for one thing only"));
}

/* The command line. */

/* What is wrong with a long option that argp did not take, without its dashes. */
static char *explain_long(const struct parser *parser, const char *word)
{
	AUTO_FREE char *given = xstrndup(word, strcspn(word, "="));
	AUTO_FREE char *otherwise = cmd_help_hint(parser->context), *several = NULL;
	AUTO_FREE const char **names = xcalloc(parser->all.count, sizeof(*names));
	const char *match = NULL, *nearest;
	size_t size, count = 0, matches = 0;
	FILE *stream = xmemopen(&several, &size);

	array_for_each (&parser->all, known) {
		const char *name = known->row->name;

		if (!name)
			continue;
		names[count++] = name;
		if (!*given || !text_starts_with(name, given))
			continue;
		fprintf(stream, "%s--%s", matches++ ? ", " : "", name);
		if (!match || !strcmp(name, given))
			match = name;
	}
	xmemclose(stream);
	if (match && (matches == 1 || !strcmp(match, given)))
		return word[strlen(given)] ? xasprintf("--%s takes no value, not '%s'", match,
						       word + strlen(given) + 1)
					   : xasprintf("--%s needs a value", match);
	nearest = text_nearest(given, names, count);
	return matches   ? xasprintf("ambiguous option '--%s': %s", given, several)
	       : nearest ? xasprintf("unknown option '--%s'; did you mean '--%s'?", given, nearest)
			 : xasprintf("unknown option '--%s'; %s", given, otherwise);
}

static struct known *find_key(const struct parser *parser, int key)
{
	array_for_each (&parser->all, known) {
		if (known->row->name && known->row->key == key)
			return known;
	}
	return NULL;
}

/* What is wrong with a word of short options that argp did not take; NULL: nothing. */
static char *explain_short(const struct parser *parser, const char *word)
{
	AUTO_FREE char *otherwise = cmd_help_hint(parser->context);

	for (const char *key = word + 1; *word == '-' && *key; key++) {
		const struct known *known = find_key(parser, *key);

		if (!known)
			return xasprintf("unknown option '-%c'; %s", *key, otherwise);
		if (known->row->word)
			return key[1] ? NULL : xasprintf("-%c needs a value", *key);
	}
	return NULL;
}

/* argp does not say which word it did not take: the last one, or one whose letters go on. */
static char *explain(const struct parser *parser, const struct argp_state *state)
{
	const char *word = state->argv[state->next - 1];
	char *message = NULL;

	if (text_starts_with(word, "--"))
		return explain_long(parser, word + strlen("--"));
	message = explain_short(parser, word);
	return message || !state->argv[state->next]
		       ? message
		       : explain_short(parser, state->argv[state->next]);
}

static void take(struct parser *parser, struct known *known, const char *argument,
		 const struct argp_option *options)
{
	const struct option_row *row = known->row;

	if (row == &common_rows[COUNT_OF(common_rows) - 1]) {
		puts("dmaheap " DMAHEAP_VERSION DMAHEAP_WITHOUT);
		exit(EXIT_DONE);
	} else if (is_common(row) && row >= common_rows + COMMON_COUNT) {
		options_help(parser, options, row->key ? ARGP_HELP_STD_HELP : ARGP_HELP_USAGE);
		exit(EXIT_DONE);
	}
	known->given = GIVEN;
	if (is_common(row))
		parser->context->given |= 1u << (row - common_rows);
	fail_with(parser, option_store(known, argument ? argument : row->otherwise));
}

static void take_arguments(struct parser *parser, char **arguments)
{
	struct known *known = parser->all.items;

	while (!is_common(known->row) && known->row->name)
		known++;
	if (is_common(known->row))
		fail_with(parser, xasprintf("unexpected argument '%s'", *arguments));
	known->given = GIVEN;
	if (known->row->kind == KIND_REST) {
		*(char ***)option_value(known->options, known->row) = arguments;
		return;
	}
	for (size_t i = 0; arguments[i]; i++) {
		if (i && known->row->kind == KIND_TEXT)
			fail_with(parser, xasprintf("unexpected argument '%s': one %s at a time",
						    arguments[i], known->row->word));
		fail_with(parser, option_store(known, arguments[i]));
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct parser *parser = state->input;
	struct known *known;

	switch (key) {
	case ARGP_KEY_ARGS:
		take_arguments(parser, state->argv + state->next);
		return 0;
	case ARGP_KEY_ERROR:
		fail_with(parser, explain(parser, state));
		return 0;
	case ARGP_KEY_ARG:
	case ARGP_KEY_NO_ARGS:
	case ARGP_KEY_INIT:
	case ARGP_KEY_END:
	case ARGP_KEY_SUCCESS:
	case ARGP_KEY_FINI:
		return ARGP_ERR_UNKNOWN;
	default:
		known = key < LONG_ONLY ? find_key(parser, key)
					: &parser->all.items[key - LONG_ONLY];
		if (!known)
			return ARGP_ERR_UNKNOWN;
		take(parser, known, argument, state->root_argp->options);
		return 0;
	}
}

void options_parse(struct context *context, const struct option_table *table, int argc, char **argv,
		   void *options)
{
	/* the words of argp and getopt would be two lines, and not escaped */
	unsigned int flags = ARGP_NO_ERRS | ARGP_NO_HELP | (context->command ? 0 : ARGP_IN_ORDER);
	struct described described = {0};
	struct parser parser;
	struct argp argp = {.parser = parse};
	error_t error;

	parser_init(&parser, context, table, options);
	options_describe(&parser, &described);
	argp.options = described.items;
	error = argp_parse(&argp, argc, argv, flags, NULL, &parser);
	if (error) {
		cmd_error(context, "%s", error_words(error));
		exit(EXIT_OPERATION);
	}
	check_given(&parser, options);
	described_free(&described);
	array_free(&parser.all);
}
