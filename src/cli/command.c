// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/common_options.h"
#include "cli/options.h"
#include "sys/root.h"
#include "view/table.h"

struct parse {
	struct context *context;
	void *options;
	size_t column_count;
};

static void message(const char *who, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
static void message(const char *who, const char *format, va_list arguments)
{
	AUTO_FREE char *text = xvasprintf(format, arguments);
	AUTO_FREE char *escaped = text_escape(text);

	fflush(stdout);
	fprintf(stderr, "%s: %s\n", who, escaped);
}

/* "dmaheap COMMAND" */
static char *full_name(const struct context *context)
{
	return context->command ? xasprintf("dmaheap %s", context->command->name)
				: xstrdup("dmaheap");
}

/* The parent of a command's parser and the common one: hands each its input. */
static error_t hand_out(int key, char *argument, struct argp_state *state)
{
	struct parse *parse = state->input;

	(void)argument;
	if (key == ARGP_KEY_INIT) {
		state->child_inputs[0] = parse->options;
		state->child_inputs[1] = parse->context;
		return 0;
	}
	if (key == ARGP_KEY_SUCCESS) {
		if (parse->context->columns && !parse->column_count)
			option_error(state, "--output: this command has no columns to choose");
		if (parse->context->sysroot && parse->context->command->needs & COMMAND_LIVE)
			option_error(state, "--sysroot: this command needs the live machine");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* The command's own documentation, with its columns behind it. */
static char *documentation(const struct argp *argp, const struct column *columns, size_t count)
{
	const char *before = argp->doc ? argp->doc : "";
	const char *after = strchr(before, '\v');
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	int width = 0;

	for (size_t i = 0; i < count; i++) {
		int length = (int)strlen(columns[i].name);

		width = length > width ? length : width;
	}
	fprintf(stream, "%.*s\v", after ? (int)(after - before) : (int)strlen(before), before);
	if (count) {
		fputs("Columns:\n", stream);
		for (size_t i = 0; i < count; i++)
			fprintf(stream, "  %-*s %s\n", width, columns[i].name, columns[i].help);
		if (after)
			fputs("\n", stream);
	}
	if (after)
		fputs(after + 1, stream);
	xmemclose(stream);
	return text;
}

void cmd_parse(struct context *context, const struct argp *argp, int argc, char **argv,
	       void *options, const struct column *columns, size_t column_count)
{
	struct parse parse = {context, options, column_count};
	AUTO_FREE char *doc = documentation(argp, columns, column_count);
	AUTO_FREE char *name = full_name(context);
	struct argp own = *argp;
	struct argp_child children[] = {
		{&own, 0, NULL, 0}, {&common_argp, 0, "Common options:", 1}, {0}};
	struct argp both = {.parser = hand_out, .doc = doc, .children = children};
	error_t error;

	own.doc = NULL;
	argv[0] = name; /* the usage then reads right */
	options_check(context, argp->options, false, argc, argv);
	error = argp_parse(&both, argc, argv, 0, NULL, &parse);
	if (error) {
		cmd_error(context, "%s", error_words(error));
		exit(EXIT_OPERATION);
	}
	error = root_open(context->sysroot, &context->root);
	if (error) {
		cmd_error(context, "%s: %s", context->sysroot, error_words(error));
		exit(cmd_status(error));
	}
}

void cmd_error(const struct context *context, const char *format, ...)
{
	AUTO_FREE char *name = full_name(context);
	va_list arguments;

	va_start(arguments, format);
	message(name, format, arguments);
	va_end(arguments);
}

_Noreturn void option_failure(const struct argp_state *state, enum exit_code status,
			      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message(state->name, format, arguments);
	va_end(arguments);
	exit(status);
}

void cmd_note(const struct context *context, const char *format, ...)
{
	AUTO_FREE char *name = full_name(context);
	va_list arguments;

	if (context->verbosity < 0)
		return;
	va_start(arguments, format);
	message(name, format, arguments);
	va_end(arguments);
}

char *cmd_suggestion(const char *text, const char *const *names, size_t count,
		     const char *otherwise)
{
	const char *nearest = text_nearest(text, names, count);

	return nearest ? xasprintf("did you mean '%s'?", nearest) : xstrdup(otherwise);
}

char *cmd_help_hint(const struct context *context)
{
	AUTO_FREE char *name = full_name(context);

	return xasprintf("'%s --help' lists them", name);
}

static void explain_column(const struct context *context, const char *wrong, int length)
{
	AUTO_FREE char *hint = cmd_help_hint(context);

	cmd_error(context, "--output: unknown column '%.*s'; %s", length, wrong, hint);
}

struct table *cmd_table(const struct context *context, const struct column *columns, size_t count)
{
	const struct table_style style = {.json = context->json,
					  .raw = context->raw,
					  .noheadings = context->noheadings,
					  .bytes = context->bytes,
					  .columns = context->columns};
	const char *wrong;
	int length;
	struct table *table = table_new(columns, count, &style, &wrong, &length);

	if (!table) {
		explain_column(context, wrong, length);
		exit(EXIT_USAGE);
	}
	return table;
}

enum exit_code cmd_status(int error)
{
	switch (-error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case EACCES:
	case EPERM:
	case EOPNOTSUPP:
		return EXIT_NOT_POSSIBLE;
	default:
		return EXIT_OPERATION;
	}
}
