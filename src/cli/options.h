/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of a command as a table: a row says what an option takes, where that goes, and what
 * it goes together with. Parsing, --help, the messages about wrong usage and what the shells
 * complete are made from it.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/array.h"
#include "cli/message.h"
#include "view/table.h"

/* What an option takes, and the type of the field where it goes. */
enum option_kind {
	KIND_FLAG,    /* nothing; bool */
	KIND_NUMBER,  /* min to max; uint64_t */
	KIND_SIZE,    /* bytes, to max unless that is 0; uint64_t */
	KIND_TIME,    /* nanoseconds, from min on; UINT64_MAX for a word after | ; uint64_t */
	KIND_CHOICE,  /* one of the words, which are in the order of an enum that begins with min */
	KIND_CHOICES, /* several, with commas; unsigned int: a bit for each, the first is 1 */
	KIND_TEXT,    /* const char * */
	KIND_INPUT,   /* a file to read, or - for standard input; const char * */
	KIND_LIST,    /* may be given again; struct strings */
	KIND_WORDS,   /* several, with commas; may be given again; struct strings */
	KIND_INPUTS,  /* files to read; struct strings */
	KIND_REST,    /* all arguments from here on; char ** */
	KIND_SET,     /* what .set makes of it */
	KIND_ROWS,    /* no option: .include, whose structure is at .value */
};

/*
 * A row, such as
 *
 *	{"limit", 'l', NUMBER_TO(struct my_options, limit), "N", "Show at most N (10)",
 *	 .min = 1, .max = 100, .needs = "all"},
 *
 * where FLAG_TO() and so on give the kind and the field; its default is what it holds before
 * cmd_parse(). Rows that commands share are taken in with ROWS_TO(), into a field that is the
 * structure of theirs.
 */
struct option_row {
	const char *name; /* long; NULL: the arguments that are not options */
	char key;         /* short, or 0 */
	bool not_in_file; /* not for option_set() */
	enum option_kind kind;
	size_t value;      /* offset of the field in the options of the command */
	const char *word;  /* what it takes, as --help says; of choices the words: "ro|wo|rw" */
	const char *help;  /* a sentence; of arguments what to do where one is missing */
	const char *group; /* the heading of --help that begins here */
	uint64_t min, max;
	const char *otherwise; /* the word where that is left out, which it then may be */
	/* Names of options, or words of arguments, with blanks between them: */
	const char *excludes;  /* must not be combined with it */
	const char *needs;     /* must be given with it: one of these */
	const char *needed_by; /* need it: what is shared does not know this row */
	const char *required;  /* it must be given unless one of these is ("": always); or NULL */
	const char *refusal;   /* of a common option: why a command does not take it */
	const struct option_row *include; /* of KIND_ROWS */
	/*
	 * Called once the value is stored, of KIND_WORDS for each word, with the structure of the
	 * rows: checks it, or does more with it. Returns NULL, or a message that the caller frees.
	 */
	char *(*set)(void *options, const struct option_row *row, const char *argument);
	/*
	 * For completion: "heap", "file", "directory", "program" or "files" (as all arguments are
	 * then); NULL: by the kind. WORDS writes what else it can be, with | between.
	 */
	const char *offer;
	void (*words)(FILE *stream);
};

/* .kind and .value of a row, where FIELD of TYPE has to be of the type that the kind stores. */
#define OPTION_(kind_, field_type, type, field) \
	.kind = (kind_), \
	.value = offsetof(type, field) + \
		 0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->field), \
							      field_type) \
					 ? 1 \
					 : -1])
#define FLAG_TO(type, field)    OPTION_(KIND_FLAG, bool, type, field)
#define NUMBER_TO(type, field)  OPTION_(KIND_NUMBER, uint64_t, type, field)
#define SIZE_TO(type, field)    OPTION_(KIND_SIZE, uint64_t, type, field)
#define TIME_TO(type, field)    OPTION_(KIND_TIME, uint64_t, type, field)
#define CHOICES_TO(type, field) OPTION_(KIND_CHOICES, unsigned int, type, field)
#define TEXT_TO(type, field)    OPTION_(KIND_TEXT, const char *, type, field)
#define INPUT_TO(type, field)   OPTION_(KIND_INPUT, const char *, type, field)
#define LIST_TO(type, field)    OPTION_(KIND_LIST, struct strings, type, field)
#define WORDS_TO(type, field)   OPTION_(KIND_WORDS, struct strings, type, field)
#define INPUTS_TO(type, field)  OPTION_(KIND_INPUTS, struct strings, type, field)
#define REST_TO(type, field)    OPTION_(KIND_REST, char **, type, field)
#define ROWS_TO(rows, type, field) \
	{ \
		.kind = KIND_ROWS, .value = offsetof(type, field), .include = (rows), .help = "" \
	}
/* All enums are of one size. */
#define CHOICE_TO(type, field) \
	.kind = KIND_CHOICE, \
	.value = offsetof(type, field) + \
		 0 * sizeof(char[sizeof(((type *)0)->field) == sizeof(int) ? 1 : -1])

/* The options common to all commands, as bits: those that a command takes have an effect there. */
enum common_options {
	COMMON_JSON = 1 << 0,
	COMMON_OUTPUT = 1 << 1,
	COMMON_NOHEADINGS = 1 << 2,
	COMMON_RAW = 1 << 3,
	COMMON_BYTES = 1 << 4,
	COMMON_SYSROOT = 1 << 5,
	COMMON_QUIET = 1 << 6,
	COMMON_VERBOSE = 1 << 7,
	COMMON_COLOR = 1 << 8,
	COMMON_ALL = (1 << 9) - 1,
	/* of a table whose columns can be chosen */
	COMMON_TABLE = COMMON_JSON | COMMON_OUTPUT | COMMON_NOHEADINGS | COMMON_RAW,
};

struct option_table {
	const char *usage; /* lines of arguments: "[FILE...]"; NULL: none */
	const char *summary,
		*details; /* before and after the options in --help; details: or NULL */
	const struct option_row *rows; /* mandatory ones first; all zero ends. NULL: none */
	unsigned int common;
	const struct column *columns; /* that --output takes, or NULL */
	size_t column_count;
	/* What else does not go together: NULL, or a message that the caller frees. */
	char *(*check)(void *options, const struct context *context);
};

/*
 * Parses a command's arguments into OPTIONS, and the common ones into the context; before the
 * command is known, up to its name. Ends the program where they are wrong, with a message and
 * EXIT_USAGE, or where it has answered --help, --usage or --version.
 */
void options_parse(struct context *context, const struct option_table *table, int argc, char **argv,
		   void *options) __attribute__((nonnull(1, 2, 4)));

/*
 * For a row's .set: sets another option, NAME, as a line of a file says; the value has to live as
 * long as the options. Returns NULL, or a message that the caller frees.
 */
char *option_set(struct context *context, const char *name, const char *value)
	__attribute__((nonnull));

/* "--NAME takes EXPECTED, not 'ARGUMENT'", for a row's .set; the caller frees it. */
char *option_takes(const struct option_row *row, const char *expected, const char *argument)
	__attribute__((nonnull, returns_nonnull));

/* The field of a row. */
static inline void *option_value(void *options, const struct option_row *row)
{
	return (char *)options + row->value;
}

/*
 * Prints the table for the shells, a line for each option, argument and column, with tabs between
 * its names, its kind, the words to choose from ("-": none) and its help.
 */
void options_complete(const struct option_table *table);

/* Whether colours are wanted on a descriptor when nothing was said: a terminal, and no NO_COLOR. */
bool color_is_welcome(int fd);

#endif
