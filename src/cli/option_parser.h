/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files behind options.h share: nothing else includes this. */
#ifndef CLI_OPTION_PARSER_H
#define CLI_OPTION_PARSER_H

#include <argp.h>

#include "cli/options.h"

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

/* All options of TABLE, whose values go to OPTIONS and CONTEXT. Free .all with array_free(). */
void parser_init(struct parser *parser, struct context *context, const struct option_table *table,
		 void *options);

/* Whether the command has an option; those that answer at once are in no table's .common. */
bool parser_takes(const struct parser *parser, const struct option_row *row);

/* The first of the names in LIST of a row that is given at least so; NULL: none. */
const struct option_row *parser_find(struct parser *parser, const char *list, enum given given);

/* The dashes and the name of an option in messages, for "%s%s"; the word of an argument. */
#define SHOWN(row) (row)->name ? "--" : "", (row)->name ? (row)->name : (row)->word

/* option_values.c */

/* The length of the first of words with | between them; those after a comma are no words. */
size_t option_word_length(const char *words);

/* Stores what was given, and calls the row's .set. Returns NULL, or a message. */
char *option_store(const struct known *known, const char *argument);

/* option_help.c */

/* The rows as argp has them; in the order of the table, as argp sorts what is in one group. */
struct described {
	ARRAY_OF(struct argp_option);
	struct strings headings;
};

void options_describe(const struct parser *parser, struct described *described);
void described_free(struct described *described);

/* Prints the help, or the usage, as FLAGS of argp_help() say. */
void options_help(const struct parser *parser, const struct argp_option *options,
		  unsigned int flags);

#endif
