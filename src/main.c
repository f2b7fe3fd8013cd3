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
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/common_options.h"
#include "cli/options.h"
#include "commands/commands.h"
#include "sys/root.h"

const char *argp_program_version = "dmaheap " DMAHEAP_VERSION;

struct global {
	struct context *context;
	int rest; /* index of the command in argv */
};

static error_t parse_global(int key, char *argument, struct argp_state *state)
{
	struct global *global = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = global->context;
		return 0;
	case ARGP_KEY_ARG:
		/* all from here on is the command's */
		global->rest = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		option_error(state, "COMMAND is missing; 'dmaheap --help' lists them");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static char *documentation(void)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	fputs("List, check and test DMA-BUF heaps.\vCommands:\n", stream);
	for (size_t i = 0; i < command_count; i++)
		fprintf(stream, "  %-12s%s\n", commands[i]->name, commands[i]->help);
	fputs("\n'dmaheap COMMAND --help' tells more of each.\n", stream);
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
		fprintf(stderr, "dmaheap: standard output: %s\n", error_words(errno ? errno : EIO));
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

/*
 * Says whether ARGP_HELP_FMT is what the completions use and leaves room for text: argp
 * (glibc 2.36) prints without end, or crashes, where it does not. 29 and 79 are its own values.
 */
static bool help_format_is_sane(const char *format)
{
	unsigned long column = 29, margin = 79;

	for (;; format++) {
		bool is_margin = text_starts_with(format, "rmargin=");
		size_t digits;

		if (!is_margin && !text_starts_with(format, "opt-doc-col="))
			return false;
		format = strchr(format, '=') + 1;
		digits = strspn(format, "0123456789");
		if (!digits || digits > 3)
			return false;
		*(is_margin ? &margin : &column) = strtoul(format, NULL, 10);
		format += digits;
		if (!*format)
			return margin >= 59 && column + 30 <= margin;
		if (*format != ',')
			return false;
	}
}

int main(int argc, char **argv)
{
	struct context context = {.color = color_is_welcome(STDOUT_FILENO)};
	struct global global = {.context = &context};
	const struct argp_child children[] = {{&common_argp, 0, "Options:", 0}, {0}};
	static char name[] = "dmaheap"; /* argp keeps it */
	const char *help_format = getenv("ARGP_HELP_FMT");
	AUTO_FREE char *doc = documentation();
	struct argp argp = {
		.parser = parse_global, .args_doc = "COMMAND [ARG...]", .children = children};
	enum exit_code status;
	error_t error;

	error = open_standard_descriptors();
	if (error) {
		cmd_error(&context, "/dev/null: %s", error_words(error));
		return EXIT_OPERATION;
	}
	atexit(close_stdout);
	setlocale(LC_ALL, "");
	argp_err_exit_status = EXIT_USAGE;
	if (getauxval(AT_SECURE)) {
		cmd_error(&context,
			  "refuses to run with more rights than its caller has: set-user-ID, "
			  "set-group-ID, file capabilities, or a transition of a security module");
		return EXIT_NOT_POSSIBLE;
	}

	if (help_format && !help_format_is_sane(help_format))
		unsetenv("ARGP_HELP_FMT");
	argp.doc = doc;
	argv[0] = program_invocation_short_name = name;
	options_check(&context, NULL, true, argc, argv);
	error = argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &global);
	if (error) {
		cmd_error(&context, "%s", error_words(error));
		return EXIT_OPERATION;
	}
	context.command = find_command(&context, argv[global.rest]);
	if (!context.command)
		return EXIT_USAGE;
	status = context.command->run(&context, argc - global.rest, argv + global.rest);
	root_free(context.root);
	return (int)status;
}
