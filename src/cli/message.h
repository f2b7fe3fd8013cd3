/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command was asked for by the options common to all, how it ends, and what it says then. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct parser;
struct root;
struct unpacked;

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
	const char *command; /* its name, or NULL before it is known */
	const char *sysroot; /* --sysroot, or NULL for this machine */
	struct root *root;   /* where /dev, /sys and /proc are read: there after cmd_parse() */
	struct unpacked *unpacked; /* --sysroot is an archive, or NULL */
	int verbosity;             /* -1 with -q, 1 with -v */
	bool color;                /* stdout takes colours */
	bool json, raw, noheadings, bytes;
	FILE *notes;           /* where messages go instead of stderr, or NULL */
	const char *columns;   /* --output, or NULL */
	unsigned int given;    /* of option_parser.c: the common options before the command */
	struct parser *parser; /* of option_parser.c, while it parses */
};

/* Prints "dmaheap COMMAND: MESSAGE" on stderr; what is not printable in it is escaped. */
void cmd_error(const struct context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As cmd_error(), for what is worth knowing but no failure: silent with --quiet. */
void cmd_note(const struct context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A format for what is wrong with the value of an option: OPTION, EXPECTED, VALUE. */
#define OPTION_TAKES "--%s takes %s, not '%s'"

/*
 * "did you mean 'NAME'?" with the one of COUNT names that is near to TEXT, else OTHERWISE. The
 * caller frees it.
 */
char *cmd_suggestion(const char *text, const char *const *names, size_t count,
		     const char *otherwise) __attribute__((returns_nonnull));

/* "dmaheap COMMAND"; the caller frees it. */
char *cmd_full_name(const struct context *context) __attribute__((returns_nonnull));

/* "'dmaheap COMMAND --help' lists them", for what is unknown; the caller frees it. */
char *cmd_help_hint(const struct context *context) __attribute__((returns_nonnull));

/* What it means that a command could not be started: error_words(), and which limit EAGAIN is of.
 */
const char *cmd_start_words(int error) __attribute__((returns_nonnull));

/*
 * What it means that a file of at most MOST bytes could not be read: error_words(), and of -EFBIG
 * the bound. Good until the next call.
 */
const char *cmd_read_words(int error, size_t most) __attribute__((returns_nonnull));
/*
 * Says why the file PATH, of at most MOST bytes, was not taken: REASON is about that line, or where
 * it is NULL, ERROR ended the reading.
 */
void cmd_not_taken(const struct context *context, const char *path, size_t line, const char *reason,
		   int error, size_t most) __attribute__((nonnull(1, 2)));

/* The exit status for a -errno: EXIT_NOT_POSSIBLE where device or permission are missing, else
 * EXIT_OPERATION. */
enum exit_code cmd_status(int error);

#endif
