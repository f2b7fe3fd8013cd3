// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/io/io_options.h"

#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

const struct column io_columns[IO_COLUMN_COUNT] = {
	[IO_HEAP] = {"HEAP", "where the buffer is from", 0, NULL},
	[IO_DIRECTION] = {"DIRECTION", "in: from the file to the buffer; out: back", COLUMN_DEFAULT,
			  NULL},
	[IO_WAY] = {"WAY", "how the bytes were moved", COLUMN_DEFAULT, NULL},
	[IO_SIZE] = {"SIZE", "bytes that were moved", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[IO_TIME] = {"TIME", "time taken, to a file with fdatasync(2)",
		     COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[IO_RATE] = {"RATE", "bytes a second", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[IO_CPU] = {"CPU", "processor time for 100 MB (of 1 MiB and more)",
		    COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[IO_STATE] = {"STATE", "with --compare: of the file: cold, warm, new, again", 0, NULL},
	[IO_COUNT] = {"COUNT", "with --compare: number of samples", COLUMN_RIGHT, NULL},
	[IO_LOW] = {"LOW", "with --compare: lower end of the interval of TIME", COLUMN_TIME, NULL},
	[IO_HIGH] = {"HIGH", "with --compare: upper end of the interval", COLUMN_TIME, NULL},
	[IO_NOISE] = {"NOISE", "with --compare: the smallest difference that can be told",
		      COLUMN_RIGHT, column_percent},
	[IO_RATIO] = {"RATIO", "with --compare: in times of read(2) into anonymous memory",
		      COLUMN_RIGHT, NULL},
	[IO_CACHED] = {"CACHED", "with --compare: how much was in the page cache", COLUMN_RIGHT,
		       column_percent},
	[IO_ERROR] = {"ERROR", "with --compare: what failed, and how", 0, NULL},
	[IO_REASON] = {"REASON", "with --compare: what that means", COLUMN_WRAP, NULL},
};

static void write_ways(FILE *stream)
{
	fputs("auto|", stream);
	for (size_t i = 0; i < way_count; i++)
		fprintf(stream, "%s|", ways[i]->name);
}

static char *set_way(void *to, const struct option_row *row, const char *text)
{
	struct io_options *options = to;
	AUTO_STRINGS struct strings names = {0};
	AUTO_FREE char *all = NULL;

	options->way = way_find(text);
	if (options->way || !strcmp(text, "auto"))
		return NULL;
	strings_add(&names, "auto");
	for (size_t i = 0; i < way_count; i++)
		strings_add(&names, ways[i]->name);
	all = strings_join(&names, ", ");
	return option_takes(row, all, text);
}

static const struct option_row rows[] = {
	{"heap", 0, LIST_TO(struct io_options, heaps), "NAME",
	 "Heap: its name, its node or a link to it; with --compare can be repeated",
	 .excludes = "fd", .offer = "heap"},
	{"fd", 0, NUMBER_TO(struct io_options, fd), "N",
	 "Instead of allocating: the dma-buf that is open as descriptor N", .min = 3,
	 .max = INT_MAX},
	{"read", 0, TEXT_TO(struct io_options, read_file), "FILE",
	 "Move the contents of FILE into the buffer", .required = "write compare", .offer = "file",
	 .group = "Moves"},
	{"write", 0, TEXT_TO(struct io_options, write_file), "FILE",
	 "Move them, or --size bytes of the buffer, to FILE, which is made or replaced",
	 .offer = "file"},
	{"way", 0, .kind = KIND_SET, 0, "WAY", "How to move them (auto: the best there is)",
	 .set = set_way, .words = write_ways},
	{"size", 0, SIZE_TO(struct io_options, size), "SIZE",
	 "Bytes of the buffer (those of the file)"},
	{"force", 0, FLAG_TO(struct io_options, force),
	 .help = "Ask for memory that the machine may not be able to spare"},
	{"timeout", 0, TIME_TO(struct io_options, timeout), "TIME",
	 "Longest wait for fences before CPU access (10s)", .min = 1},
	{"compare", 0, TEXT_TO(struct io_options, compare), "FILE",
	 "Try all ways with FILE, which is only read, and say which is the best", .offer = "file",
	 .excludes = "read write fd way", .group = "Comparison"},
	{"direction", 0, CHOICE_TO(struct io_options, direction), "in|out",
	 "Compare this direction only", .min = IO_IN, .needs = "compare"},
	{"time", 0, TIME_TO(struct io_options, time), "TIME", "Compare for at most TIME (30s)",
	 .min = 1, .needs = "compare"},
	{0},
};

static char *check_compare(const struct io_options *options)
{
	return strcmp(options->compare, "-") != 0
		       ? NULL
		       : xstrdup("--compare takes the name of a file, not '-': it reads it again "
				 "and again");
}

static char *check(void *given, const struct context *context)
{
	const struct io_options *options = given;
	const struct way *way = options->way;
	bool own = way && way->udmabuf;

	if (options->compare)
		return check_compare(options);
	if (options->heaps.count > 1)
		return xstrdup("--heap can be repeated only with --compare");
	if (!options->heaps.count && !options->fd && !own)
		return xstrdup("--heap is missing");
	if (own && (options->heaps.count || options->fd))
		return xasprintf("--way %s and %s must not be combined: it has a buffer of its own",
				 way->name, options->heaps.count ? "--heap" : "--fd");
	if (way && options->write_file && !way->out)
		return xasprintf("--way %s and --write must not be combined: it only reads",
				 way->name);
	if (!options->read_file && !options->fd && !options->size)
		return xstrdup("--write without --read or --fd needs --size");
	if (options->write_file && !strcmp(options->write_file, "-") && context->json)
		return xstrdup("--json and --write - must not be combined: both are written to "
			       "standard output");
	return NULL;
}

const struct option_table io_options = {
	.usage = "--heap NAME --read FILE [--write FILE]\n--heap NAME --write FILE --size "
		 "SIZE\n--fd N --read FILE|--write FILE\n[--heap NAME]... --compare FILE",
	.summary = "Move the contents of a file into a buffer, or those of a buffer into a file, "
		   "and show how long it took.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET,
	.columns = io_columns,
	.column_count = IO_COLUMN_COUNT,
	.check = check,
};
