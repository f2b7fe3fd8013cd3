// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "commands/capture/capture_list.h"
#include "commands/capture/manifest.h"
#include "model/capture/archive.h"
#include "model/capture/redact.h"
#include "view/table.h"
#include "view/units.h"

struct capture_options {
	bool list, redact;
	const char *file; /* "-": standard output or input */
};

static const struct option_row option_rows[] = {
	{"list", 'l', FLAG_TO(struct capture_options, list),
	 .help = "Show what is in the archive FILE, and capture nothing",
	 .needed_by = "json output noheadings raw bytes"},
	{"redact", 0, FLAG_TO(struct capture_options, redact),
	 .help = "Leave out names of hosts and users, serial numbers and the like",
	 .excludes = "list"},
	{.word = "FILE",
	 TEXT_TO(struct capture_options, file),
	 .offer = "file",
	 .help = "The archive, or -"},
	{0},
};

static char *check(void *given, const struct context *context)
{
	struct capture_options *options = given;

	(void)context;
	if (options->list && !options->file)
		return xstrdup("--list needs the FILE of an archive, or - for standard input");
	if (!options->file)
		options->file = "-";
	if (!options->list && !strcmp(options->file, "-") && isatty(STDOUT_FILENO))
		return xstrdup("an archive is not for a terminal; name a FILE, or send standard "
			       "output elsewhere");
	return NULL;
}

static const struct option_table option_table = {
	.usage = "[FILE]\n--list FILE",
	.summary = "Write all that dmaheap reads of this machine to one archive, which --sysroot "
		   "takes.",
	.details = "The archive is of tar, compressed where FILE ends in .gz or .tgz. Of processes "
		   "there is only what concerns their buffers.",
	.rows = option_rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET,
	.columns = capture_columns,
	.column_count = CAPTURE_COLUMN_COUNT,
	.check = check,
};

static bool is_compressed(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot && (!strcmp(dot, ".gz") || !strcmp(dot, ".tgz"));
}

/* What a person should know before the archive is sent. */
static void note(const struct context *context, const struct capture *capture, const char *file,
		 size_t size)
{
	AUTO_FREE char *length = cmd_size(context, size);
	size_t refused = 0;

	array_for_each (&capture->missing, missing)
		refused += missing->error == -EACCES || missing->error == -EPERM;
	cmd_note(context, "%s: %zu entries, %s; 'dmaheap capture --list' shows them", file,
		 capture->count + 1, length);
	if (refused || capture->unread_processes)
		cmd_note(context,
			 "%zu files and %zu processes may not be read%s; " CAPTURE_MANIFEST
			 " in the archive names the files",
			 refused, capture->unread_processes, geteuid() ? "; root can" : "");
}

static enum exit_code capture_machine(const struct context *context, const char *file, bool redact)
{
	uint64_t made_at = (uint64_t)time(NULL);
	AUTO_FREE char *manifest = NULL;
	AUTO_FREE char *archive = NULL;
	struct capture capture;
	size_t size;
	int error;

	capture_read(context->root, &capture);
	if (redact)
		capture_redact(&capture);
	manifest = manifest_text(&capture, made_at, redact, &size);
	archive = archive_pack(&capture, manifest, made_at, is_compressed(file), &size);
	error = cmd_write_file(context, file, archive, size);
	if (!error)
		note(context, &capture, file, size);
	capture_free(&capture);
	return error ? EXIT_OPERATION : EXIT_DONE;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct capture_options options = {0};

	cmd_parse(context, &option_table, argc, argv, &options);
	return options.list ? capture_list(context, options.file)
			    : capture_machine(context, options.file, options.redact);
}

const struct command cmd_capture = {
	.name = "capture",
	.help = "write what dmaheap reads of this machine to an archive",
	.options = &option_table,
	.run = run,
};
