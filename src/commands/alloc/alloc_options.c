// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/alloc_options.h"

#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/buffer/buffer.h"

#define COUNT_MAX 1000000

const struct alloc_options alloc_defaults = {.access = O_RDWR, .timeout = UINT64_C(10000000000)};

const struct column alloc_columns[ALLOC_COLUMN_COUNT] = {
	[ALLOC_BUFFER] = {"BUFFER", "number of the buffer, from 0", COLUMN_RIGHT, NULL},
	[ALLOC_FD] = {"FD", "its descriptor, also in the command", COLUMN_DEFAULT | COLUMN_RIGHT,
		      NULL},
	[ALLOC_INODE] = {"INODE", "its inode number, unique until the next boot",
			 COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[ALLOC_BYTES] = {"SIZE", "its size, in whole pages", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[ALLOC_EXPORTER] = {"EXPORTER", "the kernel's name of the exporter", COLUMN_DEFAULT, NULL},
	[ALLOC_NAME] = {"NAME", "its name in the kernel's listings", COLUMN_DEFAULT, NULL},
	[ALLOC_ALLOC] = {"ALLOC", "time taken by the allocation", COLUMN_DEFAULT | COLUMN_TIME,
			 NULL},
	[ALLOC_MAP] = {"MAP", "time taken by the mapping", COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[ALLOC_ZERO] = {"ZERO", "time taken by the check for zero", COLUMN_TIME, NULL},
	[ALLOC_FILL] = {"FILL", "time taken by filling", COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[ALLOC_VERIFY] = {"VERIFY", "time taken by reading back", COLUMN_DEFAULT | COLUMN_TIME,
			  NULL},
	[ALLOC_PATTERN] = {"PATTERN", "what it is filled with, as --fill takes it", 0, NULL},
	[ALLOC_PIECES] = {"PIECES", "with --until-full: how many of this size fitted", COLUMN_RIGHT,
			  NULL},
	[ALLOC_TOTAL] = {"TOTAL", "with --until-full: what these are together", COLUMN_SIZE, NULL},
};

static char *set_fill(void *to, const struct option_row *row, const char *text)
{
	struct alloc_options *options = to;

	options->fill = true;
	if (!pattern_parse(text, &options->pattern))
		return NULL;
	return option_takes(row,
			    "a byte, 0x with at most " TEXT_OF(
				    PATTERN_BYTES_MAX) " bytes, random or random:SEED",
			    text);
}

static char *check_name(void *options, const struct option_row *row, const char *name)
{
	AUTO_FREE char *escaped = text_escape(name);

	(void)options;
	/* the kernel prints it raw, and a line end would fake lines of its listings */
	if (strlen(name) <= BUFFER_NAME_MAX && !strcmp(name, escaped))
		return NULL;
	return option_takes(row, "at most " TEXT_OF(BUFFER_NAME_MAX) " printable bytes", name);
}

/* An abstract name, which many tools write with an @, belongs to nobody. */
static char *check_socket(void *options, const struct option_row *row, const char *argument)
{
	(void)options;
	if (!*argument)
		return option_takes(row, "the path of a socket", argument);
	if (*argument == '@')
		return option_takes(row, "the path of a socket (./@NAME where it begins so)",
				    argument);
	return NULL;
}

_Static_assert(O_RDONLY == 0 && O_WRONLY == 1 && O_RDWR == 2, "the words of --access");

static const struct option_row rows[] = {
	{"heap", 0, TEXT_TO(struct alloc_options, heap), "NAME",
	 "Heap: its name, its node or a link to it", .required = "receive", .offer = "heap"},
	{"size", 0, SIZE_TO(struct alloc_options, size), "SIZE",
	 "Bytes; 8M and 8MiB are 8388608, 8MB is 8000000", .required = "total receive"},
	{"count", 0, NUMBER_TO(struct alloc_options, count), "N", "Allocate N buffers (1)",
	 .min = 1, .max = COUNT_MAX, .group = "Allocation"},
	{"total", 0, SIZE_TO(struct alloc_options, total), "SIZE",
	 "Allocate SIZE in all, in buffers of --size (default: in one); the last has the rest",
	 .excludes = "count"},
	{"until-full", 0, FLAG_TO(struct alloc_options, until_full),
	 .help = "Allocate until the heap refuses, first buffers of --size, then of half of that, "
		 "and so on; show what fitted and release it",
	 .excludes = "count total access map fill verify check-zero send receive "
		     "any-user set-name hold timeout COMMAND"},
	{"access", 0, CHOICE_TO(struct alloc_options, access), "ro|wo|rw",
	 "Access mode of the descriptors (rw)"},
	{"force", 0, FLAG_TO(struct alloc_options, force),
	 .help = "Ask for memory that the machine may not be able to spare"},
	{"set-name", 0, TEXT_TO(struct alloc_options, name), "TEXT",
	 "Name for the kernel's own listings, at most 31 bytes", .set = check_name,
	 .group = "Use of the buffers"},
	{"map", 0, FLAG_TO(struct alloc_options, map), .help = "Map them"},
	{"check-zero", 0, FLAG_TO(struct alloc_options, check_zero),
	 .help = "Map them and check that fresh memory is zero"},
	{"fill", 0, .kind = KIND_SET, 0, "PATTERN|random",
	 "Map and fill them: a byte (170, 0xaa), bytes to repeat (0xdeadbeef), random or "
	 "random:SEED",
	 .set = set_fill},
	{"verify", 0, FLAG_TO(struct alloc_options, verify), .needs = "fill",
	 .help = "Read back and compare with what --fill wrote"},
	{"hold", 0, TIME_TO(struct alloc_options, hold), "TIME|forever",
	 "Keep them for TIME (10s, 500ms) or until a signal", .excludes = "COMMAND"},
	{"timeout", 0, TIME_TO(struct alloc_options, timeout), "TIME",
	 "Longest wait for fences before CPU access, and for the other process (10s)", .min = 1},
	{"send", 0, TEXT_TO(struct alloc_options, send), "SOCKET",
	 "Send them to the process that receives at SOCKET, and wait until it is done with them",
	 .set = check_socket, .offer = "file", .group = "Other processes", .excludes = "receive"},
	{"receive", 0, TEXT_TO(struct alloc_options, receive), "SOCKET",
	 "Instead of allocating: make SOCKET and receive buffers there", .set = check_socket,
	 .offer = "file", .excludes = "heap size count total access force"},
	{"any-user", 0, FLAG_TO(struct alloc_options, any_user),
	 .help = "Let the other process be any user's (default: only this user's)"},
	{.word = "COMMAND", REST_TO(struct alloc_options, command), .help = "A command to run"},
	{0},
};

uint64_t alloc_size_of(const struct alloc_options *options, uint64_t number)
{
	uint64_t before = number * options->size;

	return options->total - before < options->size ? options->total - before : options->size;
}

/* How much is asked for, in which pieces. */
static char *check_sizes(struct alloc_options *options)
{
	if (!options->size)
		options->size = options->total;
	if (options->total)
		options->count =
			options->total / options->size + (options->total % options->size ? 1 : 0);
	else if (__builtin_mul_overflow(options->size, options->count ? options->count : 1,
					&options->total))
		return xstrdup("--count times --size is too large");
	if (!options->count)
		options->count = 1;
	if (options->count > COUNT_MAX)
		return xasprintf("--total in buffers of --size makes more than %d", COUNT_MAX);
	return NULL;
}

static char *check(void *given, const struct context *context)
{
	struct alloc_options *options = given;

	(void)context;
	options->subject = options->receive ? options->receive : options->heap;
	options->map |= options->fill || options->check_zero;
	if (options->any_user && !options->send && !options->receive)
		return xstrdup("--any-user needs --send or --receive");
	if (options->access == O_WRONLY && options->map)
		return xstrdup("--access wo and mapping must not be combined: the kernel maps "
			       "nothing that cannot be read");
	if (options->access == O_RDONLY && options->fill)
		return xstrdup("--access ro and --fill must not be combined");
	return options->receive ? NULL : check_sizes(options);
}

const struct option_table alloc_options = {
	.usage = "--heap NAME --size SIZE [-- COMMAND...]\n--receive SOCKET [-- COMMAND...]",
	.summary = "Allocate buffers from a heap, use them, and release them.",
	.details = "A command inherits the buffers; DMAHEAP_FDS in its environment holds their "
		   "descriptors, DMAHEAP_SIZES their sizes.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET,
	.columns = alloc_columns,
	.column_count = ALLOC_COLUMN_COUNT,
	.check = check,
};
