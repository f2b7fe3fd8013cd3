// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "cli/option_parser.h"
#include "view/table.h"

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

void options_describe(const struct parser *parser, struct described *described)
{
	int group = 0;

	array_for_each (&parser->all, known) {
		const struct option_row *row = known->row;
		int key = row->key ? row->key : LONG_ONLY + (int)(known - parser->all.items);
		int flags = (row->otherwise ? OPTION_ARG_OPTIONAL : 0) |
			    (parser_takes(parser, row) ? 0 : OPTION_HIDDEN);

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

void described_free(struct described *described)
{
	array_free(described);
	strings_free(&described->headings);
}

void options_help(const struct parser *parser, const struct argp_option *options,
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
		size_t length = option_word_length(words);

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

		parser_find(&parser, row->excludes, GIVEN); /* looks whether all are there */
		parser_find(&parser, row->needs, GIVEN);
		parser_find(&parser, row->needed_by, GIVEN);
		parser_find(&parser, row->required, GIVEN);
		if (!parser_takes(&parser, row))
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
