// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/file.h"
#include "sys/root.h"
#include "sys/unpack.h"
#include "view/table.h"
#include "view/units.h"

/* Unpacks --sysroot where it is an archive. */
static int open_archive(struct context *context)
{
	AUTO_FREE char *reason = NULL;
	int error;

	if (!context->sysroot || file_is_directory(context->sysroot))
		return 0;
	error = unpack(context->sysroot, &context->unpacked, &reason);
	if (!error || !reason)
		return error;
	cmd_error(context, "%s: %s", context->sysroot, reason);
	exit(cmd_status(error));
}

void cmd_parse(struct context *context, const struct option_table *table, int argc, char **argv,
	       void *options)
{
	int error;

	options_parse(context, table, argc, argv, options);
	if (context->columns && table->columns) /* a wrong one, before any work */
		table_free(cmd_table(context, table->columns, table->column_count));
	error = open_archive(context);
	if (!error)
		error = root_open(context->unpacked ? unpacked_directory(context->unpacked)
						    : context->sysroot,
				  &context->root);
	if (error == -ENOSYS) {
		cmd_error(context, "--sysroot: openat2(2) is missing: the kernel is older than "
				   "5.6, or a filter of system calls (seccomp) does not know it");
		exit(EXIT_NOT_POSSIBLE);
	}
	if (error) {
		cmd_error(context, "%s: %s", context->sysroot, error_words(error));
		exit(cmd_status(error));
	}
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
		char *hint = cmd_help_hint(context);

		cmd_error(context, "--output: unknown column '%.*s'; %s", length, wrong, hint);
		free(hint);
		exit(EXIT_USAGE);
	}
	return table;
}

char *cmd_size(const struct context *context, uint64_t bytes)
{
	return context->bytes ? xasprintf("%" PRIu64, bytes) : units_size(bytes);
}

int cmd_write_file(const struct context *context, const char *path, const char *text, size_t size)
{
	int error = 0;

	if (!strcmp(path, "-"))
		fwrite(text, 1, size, stdout);
	else
		error = file_write(path, text, size);
	if (error)
		cmd_error(context, "%s: %s", path, error_words(error));
	return error;
}
