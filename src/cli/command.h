/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command is.
 *
 * CONTRIBUTING.md says what a new one needs. commands/list.c is a short one: its table of options,
 * run() (parse, ask, print, return), and the `const struct command cmd_list` that names both.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/message.h"
#include "cli/options.h"

struct table;

struct command {
	const char *name;
	const char *help; /* one line for dmaheap --help */
	const struct option_table *options;
	enum exit_code (*run)(struct context *context, int argc, char **argv);
};

/*
 * Parses a command's arguments by its table into OPTIONS, the structure that the table describes
 * (NULL where it has no rows), and opens context->root; ends the program with a message where that
 * fails (EXIT_USAGE where the arguments are wrong).
 */
void cmd_parse(struct context *context, const struct option_table *table, int argc, char **argv,
	       void *options);

/*
 * A table of COLUMNS in the style that the common options ask for; ends the program with EXIT_USAGE
 * where --output names a column that is not there. Free with table_free().
 */
struct table *cmd_table(const struct context *context, const struct column *columns, size_t count);

/* A number of bytes as the tables show it: "16M", or with --bytes all digits; the caller frees it.
 */
char *cmd_size(const struct context *context, uint64_t bytes)
	__attribute__((nonnull, returns_nonnull, malloc));

/*
 * Writes the text of a file that the user names, which is replaced as file_write() says, or to
 * stdout where PATH is "-". Returns 0, or -errno after it has said why.
 */
int cmd_write_file(const struct context *context, const char *path, const char *text, size_t size)
	__attribute__((nonnull));

#endif
