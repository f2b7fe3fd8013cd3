// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include <argp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/table.h"
#include "view/units.h"

/* The key for argp of an option that has none: this and its number; more than any character. */
#define LONG_ONLY 0x1000

#define COMMON_COUNT 9 /* of enum common_options; the others answer at once */

/* Whoever wrote a file did not know beside what: it can give what others need, and clashes with
 * none. */
enum given {
	NOT_GIVEN,
	GIVEN_IN_FILE,
	GIVEN,
};

/* The option of a row, or what all arguments are that are not options. */
struct known {
	const struct option_row *row;
	void *options; /* where its value goes */
	enum given given;
};

struct parser {
	struct context *context;
	const struct option_table *table;
	struct {
		ARRAY_OF(struct known);
	} all; /* the command's, then the common ones */
};

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
	 "Read /dev, /sys and /proc below DIR", .offer = "directory",
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

/* Whether the command has an option; the bits of those that answer at once are in no table. */
static bool is_taken(const struct parser *parser, const struct option_row *row)
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

static void parser_init(struct parser *parser, struct context *context,
			const struct option_table *table, void *options)
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

/* Values. */

char *option_takes(const struct option_row *row, const char *expected, const char *argument)
{
	return xasprintf(OPTION_TAKES, row->name, expected, argument);
}

/* The length of the first of words with | between; those after a comma are no words. */
static size_t word_length(const char *words)
{
	return strcspn(words, "|,");
}

/* The number of a word, or -1. */
static int word_number(const char *words, const char *text, size_t length)
{
	for (int number = 0;; number++) {
		size_t this = word_length(words);

		if (this == length && !strncmp(words, text, length))
			return number;
		if (words[this] != '|')
			return -1;
		words += this + 1;
	}
}

/* "oom, taint or noise" */
static char *words_text(const char *words)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	for (size_t length = word_length(words); length; length = word_length(words)) {
		fprintf(stream, "%.*s", (int)length, words);
		words += length;
		if (*words != '|')
			break;
		words++;
		fputs(words[word_length(words)] == '|' ? ", " : " or ", stream);
	}
	xmemclose(stream);
	return text;
}

static char *store_number(uint64_t *field, const struct option_row *row, const char *text)
{
	AUTO_FREE char *expected = NULL;
	uint64_t number;

	if (!parse_number(text, &number) && number >= row->min && number <= row->max) {
		*field = number;
		return NULL;
	}
	expected = xasprintf("a number from %" PRIu64 " to %" PRIu64, row->min, row->max);
	return option_takes(row, expected, text);
}

static char *store_size(uint64_t *field, const struct option_row *row, const char *text)
{
	AUTO_FREE char *most = row->max ? units_size(row->max) : NULL, *expected = NULL;
	uint64_t size;
	int error = parse_size(text, &size);

	if (!error && (!row->max || size <= row->max)) {
		*field = size;
		return NULL;
	}
	expected = most               ? xasprintf("a size from 1 to %s", most)
		   : error == -ERANGE ? xstrdup("a size of less than 16E")
				      : xstrdup("a size such as 4096, 8M or 8MB");
	return option_takes(row, expected, text);
}

static char *store_time(uint64_t *field, const struct option_row *row, const char *text)
{
	const char *word = strchr(row->word, '|');
	uint64_t ns = UINT64_MAX;

	if (!word || strcmp(text, word + 1) != 0) {
		if (parse_duration(text, &ns))
			return option_takes(row, "a time such as 10s or 500ms", text);
		if (ns < row->min)
			return option_takes(row, "a time of more than 0", text);
	}
	*field = ns;
	return NULL;
}

static char *store_words(void *field, const struct option_row *row, const char *text)
{
	bool several = row->kind == KIND_CHOICES;
	unsigned int bits = 0;
	int number = -1;

	for (const char *word = text; *word || !several;) {
		size_t length = several ? strcspn(word, ",") : strlen(word);

		number = word_number(row->word, word, length);
		if (number < 0) {
			AUTO_FREE char *expected = words_text(row->word);
			AUTO_FREE char *wrong = xstrndup(word, length);

			return option_takes(row, expected, wrong);
		}
		if (!several)
			break;
		bits |= 1u << number;
		word += length + (word[length] == ',');
	}
	if (several)
		*(unsigned int *)field |= bits;
	else
		*(int *)field = (int)row->min + number;
	return NULL;
}

static char *store(void *options, const struct option_row *row, const char *text)
{
	void *field = option_value(options, row);

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)field = true;
		break;
	case KIND_NUMBER:
		return store_number(field, row, text);
	case KIND_SIZE:
		return store_size(field, row, text);
	case KIND_TIME:
		return store_time(field, row, text);
	case KIND_CHOICE:
	case KIND_CHOICES:
		return store_words(field, row, text);
	case KIND_TEXT:
	case KIND_INPUT:
		*(const char **)field = text;
		break;
	case KIND_LIST:
	case KIND_WORDS:
	case KIND_INPUTS:
		strings_add(field, text);
		break;
	case KIND_REST:
	case KIND_ROWS:
	case KIND_SET:
		break;
	}
	return NULL;
}

static char *set_one(const struct known *known, const char *argument)
{
	const struct option_row *row = known->row;
	char *message = store(known->options, row, argument);

	return !message && row->set ? row->set(known->options, row, argument) : message;
}

static char *set(const struct known *known, const char *argument)
{
	char *message = NULL;

	if (known->row->kind != KIND_WORDS)
		return set_one(known, argument);
	for (const char *word = argument; word && !message;) {
		size_t length = strcspn(word, ",");
		AUTO_FREE char *text = xstrndup(word, length);

		message = set_one(known, text);
		word = word[length] ? word + length + 1 : NULL;
	}
	return message;
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
		return set(known, value);
	}
	suggestion = cmd_suggestion(name, names, count, hint);
	return xasprintf("unknown option '%s' for a file; %s", name, suggestion);
}

/* What goes together. */

/* The dashes and the name of an option in messages, for "%s%s"; the word of an argument. */
#define SHOWN(row) (row)->name ? "--" : "", (row)->name ? (row)->name : (row)->word

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

/* The first of the names in LIST that is given at least so; NULL: none. */
static const struct option_row *find_named(struct parser *parser, const char *list,
					   enum given given)
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

	if (!known->given || is_taken(parser, known->row))
		return NULL;
	return xasprintf("--%s: %s", known->row->name,
			 why ? why : "it has no effect in this command");
}

/* What is wrong with an option beside the others: NULL, or a message. */
static char *clash(struct parser *parser, const struct known *known)
{
	const struct option_row *row = known->row, *other;

	if (known->given == GIVEN) {
		other = find_named(parser, row->excludes, GIVEN);
		if (other)
			return xasprintf("%s%s and %s%s must not be combined", SHOWN(row),
					 SHOWN(other));
		other = find_named(parser, row->needs, NOT_GIVEN);
		if (other && !find_named(parser, row->needs, GIVEN_IN_FILE))
			return xasprintf("%s%s needs %s%s", SHOWN(row), SHOWN(other));
	}
	if (known->given)
		return NULL;
	other = find_named(parser, row->needed_by, GIVEN);
	if (other)
		return xasprintf("%s%s needs %s%s", SHOWN(other), SHOWN(row));
	if (!row->required || find_named(parser, row->required, GIVEN_IN_FILE))
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

/* --help and --complete. */

/* The command's own documentation, with its columns and the name of its manual page after it. */
static char *documentation(const struct parser *parser)
{
	const struct option_table *table = parser->table;
	const char *command = parser->context->command;
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	int width = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		int length = (int)strlen(table->columns[i].name);

		width = length > width ? length : width;
	}
	fprintf(stream, "%s\v%s", table->summary, width ? "Columns:\n" : "");
	for (size_t i = 0; i < table->column_count; i++)
		fprintf(stream, "  %-*s %s\n", width, table->columns[i].name,
			table->columns[i].help);
	fputs(width ? "\n" : "", stream);
	if (table->details)
		fprintf(stream, "%s\n\n", table->details);
	fprintf(stream, "See dmaheap%s%s(1).", command ? "-" : "", command ? command : "");
	xmemclose(stream);
	return text;
}

/* The rows as argp has them; in the order of the table, as argp sorts what is in one group. */
struct described {
	ARRAY_OF(struct argp_option);
	struct strings headings;
};

static void describe(const struct parser *parser, struct described *described)
{
	int group = 0;

	array_for_each (&parser->all, known) {
		const struct option_row *row = known->row;
		int key = row->key ? row->key : LONG_ONLY + (int)(known - parser->all.items);
		int flags = (row->otherwise ? OPTION_ARG_OPTIONAL : 0) |
			    (is_taken(parser, row) ? 0 : OPTION_HIDDEN);

		if (row->group) {
			char *heading = xasprintf("%s%s:", group ? "\n" : "", row->group);

			strings_take(&described->headings, heading);
			*array_add(described) = (struct argp_option){
				heading, 0, NULL, OPTION_DOC | OPTION_NO_USAGE, NULL, ++group};
		}
		if (row->name)
			*array_add(described) = (struct argp_option){
				row->name, key, row->word, flags, row->help, ++group};
	}
	array_add(described); /* the end */
}

static void described_free(struct described *described)
{
	array_free(described);
	strings_free(&described->headings);
}

static void print_help(const struct parser *parser, const struct argp_option *options,
		       unsigned int flags)
{
	/* argp (glibc 2.36) prints without end, or crashes, where others leave no room for text */
	static char format[] = "ARGP_HELP_FMT=doc-opt-col=0,no-dup-args-note";
	AUTO_FREE char *doc = documentation(parser), *name = cmd_full_name(parser->context);
	struct argp argp = {.options = options, .args_doc = parser->table->usage, .doc = doc};

	putenv(format);
	argp_help(&argp, stdout, flags, name);
}

/* The words to choose from, with | between them; NULL: none. The caller frees them. */
static char *words_of(const struct option_row *row)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	if (row->words)
		row->words(stream);
	for (const char *words = row->word; words && !row->words;) {
		size_t length = word_length(words);

		/* in capitals is what stands for something */
		if (strcspn(words, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= length)
			fprintf(stream, "%.*s|", (int)length, words);
		words = words[length] == '|' ? words + length + 1 : NULL;
	}
	xmemclose(stream);
	if (size)
		text[size - 1] = '\0';
	else
		free(TAKE_POINTER(text));
	return text;
}

static const char *offered(const struct option_row *row, const char *words)
{
	if (row->offer)
		return row->offer;
	switch (row->kind) {
	case KIND_INPUT:
	case KIND_INPUTS:
		return "file";
	case KIND_REST:
		return "program";
	case KIND_CHOICES:
		return "choices";
	case KIND_WORDS:
		return words ? "choices" : "value";
	default:
		return !row->word ? "flag" : words ? "choice" : "value";
	}
}

void options_complete(const struct option_table *table)
{
	struct context context = {0};
	struct parser parser;

	parser_init(&parser, &context, table, &context); /* which stays as it is */
	array_for_each (&parser.all, known) {
		const struct option_row *row = known->row;
		AUTO_FREE char *words = words_of(row);

		find_named(&parser, row->excludes, GIVEN); /* looks whether all are there */
		find_named(&parser, row->needs, GIVEN);
		find_named(&parser, row->needed_by, GIVEN);
		find_named(&parser, row->required, GIVEN);
		if (!is_taken(&parser, row))
			continue;
		if (row->key)
			printf("-%c ", row->key);
		printf("%s%s\t%s%s\t%s\t%s\n", SHOWN(row), offered(row, words),
		       row->otherwise ? "?" : "", words ? words : "-", row->help);
	}
	for (size_t i = 0; i < table->column_count; i++)
		printf("%s\tcolumn\t-\t%s\n", table->columns[i].name, table->columns[i].help);
	array_free(&parser.all);
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
		print_help(parser, options, row->key ? ARGP_HELP_STD_HELP : ARGP_HELP_USAGE);
		exit(EXIT_DONE);
	}
	known->given = GIVEN;
	if (is_common(row))
		parser->context->given |= 1u << (row - common_rows);
	fail_with(parser, set(known, argument ? argument : row->otherwise));
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
		fail_with(parser, set(known, arguments[i]));
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
	describe(&parser, &described);
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
