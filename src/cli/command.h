/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command is and what it gets.
 *
 * To add one: write commands/<name>.c in four paragraphs (options, run: parse, ask, render,
 * return), end it with a `const struct command cmd_<name>`, and add it to commands/commands.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

struct root;
struct column;
struct command;
struct table;

/* The exit statuses of every command; a run function returns one of them. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_OPERATION = 1,    /* an operation failed */
	EXIT_USAGE = 2,        /* the command line is wrong */
	EXIT_FINDINGS = 3,     /* done, and there are findings or failed tests */
	EXIT_NOT_POSSIBLE = 4, /* not possible here: no such device, driver, permission */
};

/* What the options common to all commands say. */
struct context {
	const struct command *command; /* NULL before it is known */
	const char *sysroot;           /* --sysroot, or NULL for this machine */
	struct root *root; /* where /dev, /sys and /proc are read: there once cmd_parse() returns */
	int verbosity;     /* -1 with -q, 1 and more with -v */
	bool color;        /* stdout takes colours */
	bool json, raw, noheadings, bytes;
	const char *columns; /* --output, or NULL */
};

enum command_needs {
	COMMAND_LIVE = 1 << 0, /* works on this machine only: --sysroot is a usage error */
};

struct command {
	const char *name;
	const char *help; /* one line for dmaheap --help */
	unsigned int needs;
	enum exit_code (*run)(struct context *context, int argc, char **argv);
};

/*
 * Parses a command's arguments with its own argp and the common options, and opens context->root;
 * ends the program with a message where that fails (EXIT_USAGE where the arguments are wrong).
 * OPTIONS is the input of the command's parser, COLUMNS (COLUMN_COUNT of them, none: NULL, 0) are
 * listed in its --help and taken by --output.
 */
void cmd_parse(struct context *context, const struct argp *argp, int argc, char **argv,
	       void *options, const struct column *columns, size_t column_count);

/* Prints "dmaheap COMMAND: MESSAGE" on stderr; what is not printable in it is escaped. */
void cmd_error(const struct context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As cmd_error(), for what is worth knowing but no failure: silent with --quiet. */
void cmd_note(const struct context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * For parsers in place of argp_failure() and argp_error(), which print what was typed as it is:
 * cmd_error(), and the end of the program with STATUS, or EXIT_USAGE.
 */
#pragma GCC poison argp_failure argp_error argp_usage
_Noreturn void option_failure(const struct argp_state *state, enum exit_code status,
			      const char *format, ...) __attribute__((format(printf, 3, 4)));
#define option_error(state, ...) option_failure(state, EXIT_USAGE, __VA_ARGS__)

/* A format for what is wrong with the value of an option: OPTION, EXPECTED, VALUE. */
#define OPTION_TAKES "--%s takes %s, not '%s'"

/*
 * "did you mean 'NAME'?" with the one of COUNT names that is near to TEXT, else OTHERWISE. The
 * caller frees it.
 */
char *cmd_suggestion(const char *text, const char *const *names, size_t count,
		     const char *otherwise) __attribute__((returns_nonnull));

/* "'dmaheap COMMAND --help' lists them", for what is not known; the caller frees it. */
char *cmd_help_hint(const struct context *context) __attribute__((returns_nonnull));

/*
 * A table of COLUMNS in the style that the common options ask for; ends the program with EXIT_USAGE
 * where --output names a column that is not there. Free with table_free().
 */
struct table *cmd_table(const struct context *context, const struct column *columns, size_t count);

/* The exit status for a -errno: EXIT_NOT_POSSIBLE where device or permission are missing, else
 * EXIT_OPERATION. */
enum exit_code cmd_status(int error);

#endif
