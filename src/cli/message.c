// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

static void message(const struct context *context, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
static void message(const struct context *context, const char *format, va_list arguments)
{
	AUTO_FREE char *name = cmd_full_name(context);
	AUTO_FREE char *text = xvasprintf(format, arguments);
	AUTO_FREE char *escaped = text_show(text);

	fflush(stdout);
	fprintf(context->notes ? context->notes : stderr, "%s: %s\n", name, escaped);
}

char *cmd_full_name(const struct context *context)
{
	return context->command ? xasprintf("dmaheap %s", context->command) : xstrdup("dmaheap");
}

void cmd_error(const struct context *context, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message(context, format, arguments);
	va_end(arguments);
}

void cmd_note(const struct context *context, const char *format, ...)
{
	va_list arguments;

	if (context->verbosity < 0)
		return;
	va_start(arguments, format);
	message(context, format, arguments);
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
	AUTO_FREE char *name = cmd_full_name(context);

	return xasprintf("'%s --help' lists them", name);
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

const char *cmd_start_words(int error)
{
	return error == -EAGAIN ? "no more processes can be made (RLIMIT_NPROC, pids.max)"
				: error_words(error);
}

const char *cmd_read_words(int error, size_t most)
{
	static char words[40];

	if (error != -EFBIG)
		return error_words(error);
	snprintf(words, sizeof(words), "more than %zu MiB", most >> 20);
	return words;
}

void cmd_not_taken(const struct context *context, const char *path, size_t line, const char *reason,
		   int error, size_t most)
{
	if (reason)
		cmd_error(context, "%s:%zu: %s", path, line, reason);
	else
		cmd_error(context, "%s: %s", path, cmd_read_words(error, most));
}
