// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "commands/commands.h"
#include "sys/root.h"
#include "sys/unpack.h"

struct global {
	char **command; /* its name, and all from there on */
};

static const struct option_row rows[] = {
	{.word = "COMMAND",
	 REST_TO(struct global, command),
	 .required = "",
	 .help = "'dmaheap --help' lists them"},
	{0},
};

/* The commands, as --help shows them; the caller frees the text. */
static char *list_commands(void)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	fputs("Commands:\n", stream);
	for (size_t i = 0; i < command_count; i++)
		fprintf(stream, "  %-12s%s\n", commands[i]->name, commands[i]->help);
	fputs("\n'dmaheap COMMAND --help' shows more of each.", stream);
	xmemclose(stream);
	return text;
}

static const struct command *find_command(const struct context *context, const char *name)
{
	AUTO_FREE const char **names = xcalloc(command_count, sizeof(*names));
	AUTO_FREE char *suggestion = NULL;

	for (size_t i = 0; i < command_count; i++) {
		names[i] = commands[i]->name;
		if (!strcmp(name, names[i]))
			return commands[i];
	}
	suggestion = cmd_suggestion(name, names, command_count, "'dmaheap --help' lists them");
	cmd_error(context, "unknown command '%s'; %s", name, suggestion);
	return NULL;
}

/* The one place that looks whether the results were written; exit() and return both come here. */
static void close_stdout(void)
{
	int failed = ferror(stdout);

	errno = 0; /* of an earlier failed write the reason is lost */
	if (fclose(stdout) || failed) {
		fprintf(stderr, "dmaheap: standard output: %s\n",
			errno ? error_words(errno) : "not all could be written");
		_exit(EXIT_OPERATION);
	}
}

/*
 * A descriptor that is closed at the start would be given to a heap, and written to as stdout. What
 * takes its place can't be used either, so that lost results are an error: stdin can only be
 * written to, stdout and stderr only be read.
 */
static int open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -errno;
	}
	return 0;
}

/* dmaheap --complete [COMMAND], for the shells; it is not in --help. */
static enum exit_code complete(const struct context *context, const struct option_table *table,
			       const char *name)
{
	const struct command *command = name ? find_command(context, name) : NULL;

	if (name && !command)
		return EXIT_USAGE;
	for (size_t i = 0; !name && i < command_count; i++)
		printf("%s\tcommand\t-\t%s\n", commands[i]->name, commands[i]->help);
	options_complete(name ? command->options : table);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	struct context context = {.color = color_is_welcome(STDOUT_FILENO)};
	struct global global = {0};
	static char name[] = "dmaheap"; /* whatever it was called as */
	AUTO_FREE char *details = list_commands();
	const struct option_table table = {
		.usage = "COMMAND [ARG...]",
		.summary = "List, check and test DMA-BUF heaps.",
		.details = details,
		.rows = rows,
		.common = COMMON_ALL,
	};
	const struct command *command;
	enum exit_code status;
	int error;

	error = open_standard_descriptors();
	if (error) {
		cmd_error(&context, "/dev/null: %s", error_words(error));
		return EXIT_OPERATION;
	}
	atexit(close_stdout);
	ignore_file_size_signal();
	/* the character set of the terminal only: figures, order and documents are the same in
	 * every language */
	setlocale(LC_CTYPE, "");
	if (getauxval(AT_SECURE)) {
		cmd_error(&context,
			  "refuses to run with more rights than its caller has: set-user-ID, "
			  "set-group-ID, file capabilities, or a transition of a security module");
		return EXIT_NOT_POSSIBLE;
	}

	argv[0] = name;
	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return (int)complete(&context, &table, argv[2]);
	options_parse(&context, &table, argc, argv, &global);
	command = find_command(&context, global.command[0]);
	if (!command)
		return EXIT_USAGE;
	context.command = command->name;
	status = command->run(&context, (int)(argv + argc - global.command), global.command);
	if (context.sysroot && context.root) {
		array_for_each (root_refused(context.root), refused)
			cmd_note(&context, "%s", *refused);
	}
	root_free(context.root);
	unpacked_remove(context.unpacked);
	return (int)status;
}
