// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/alloc_options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/command.h"
#include "model/buffer/buffer.h"

#define COUNT_MAX 1000000

enum {
	KEY_HEAP = 0x2000,
	KEY_SIZE,
	KEY_COUNT,
	KEY_MAP,
	KEY_FILL,
	KEY_VERIFY,
	KEY_CHECK_ZERO,
	KEY_SET_NAME,
	KEY_HOLD,
	KEY_TIMEOUT,
	KEY_FORCE,
	KEY_ACCESS,
	KEY_TOTAL,
	KEY_UNTIL_FULL,
	KEY_SEND,
	KEY_RECEIVE,
	KEY_READ,
	KEY_WRITE,
};

static const struct argp_option argp_options[] = {
	{"heap", KEY_HEAP, "NAME", 0, "Heap: its name, its node or a link to it", 0},
	{"size", KEY_SIZE, "SIZE", 0, "Bytes; 8M and 8MiB are 8388608, 8MB is 8000000", 0},
	{"count", KEY_COUNT, "N", 0, "Allocate N buffers (1)", 0},
	{"total", KEY_TOTAL, "SIZE", 0,
	 "Allocate SIZE in all, in buffers of --size (one): the last is what is left", 0},
	{"until-full", KEY_UNTIL_FULL, NULL, 0,
	 "Allocate until the heap refuses, first buffers of --size, then of half of it and so on; "
	 "show what fitted and release it",
	 0},
	{"access", KEY_ACCESS, "rw|ro|wo", 0, "Rights of the descriptors (rw)", 0},
	{"map", KEY_MAP, NULL, 0, "Map them", 0},
	{"fill", KEY_FILL, "PATTERN|random", 0,
	 "Map and fill them: a byte (170, 0xaa), bytes to repeat (0xdeadbeef), random or "
	 "random:SEED",
	 0},
	{"verify", KEY_VERIFY, NULL, 0, "Read back and compare with what --fill wrote", 0},
	{"check-zero", KEY_CHECK_ZERO, NULL, 0, "Map them and check that fresh memory is zero", 0},
	{"read", KEY_READ, "FILE", 0, "Map them and fill them from FILE, one after the other", 0},
	{"write", KEY_WRITE, "FILE", 0, "Map them and write what is in them to FILE", 0},
	{"send", KEY_SEND, "SOCKET", 0,
	 "Hand them to the process that receives at SOCKET, and wait until it is done with them",
	 0},
	{"receive", KEY_RECEIVE, "SOCKET", 0,
	 "Instead of allocating: make SOCKET and take the buffers that come", 0},
	{"set-name", KEY_SET_NAME, "TEXT", 0,
	 "Name for the kernel's own listings, at most 31 bytes", 0},
	{"hold", KEY_HOLD, "TIME|forever", 0, "Keep them for TIME (10s, 500ms) or until a signal",
	 0},
	{"timeout", KEY_TIMEOUT, "TIME", 0,
	 "Longest wait for fences before CPU access, and for the other process (10s)", 0},
	{"force", KEY_FORCE, NULL, 0, "Ask for memory that the machine may not be able to spare",
	 0},
	{0},
};

static void take_size(struct argp_state *state, const char *option, const char *text,
		      uint64_t *size)
{
	int error = parse_size(text, size);

	if (error)
		option_error(state, OPTION_TAKES, option,
			     error == -ERANGE ? "less than 16E" : "a size such as 4096, 8M or 8MB",
			     text);
}

static void take_time(struct argp_state *state, const char *option, const char *text, uint64_t *ns)
{
	if (parse_duration(text, ns))
		option_error(state, OPTION_TAKES, option, "a time such as 10s or 500ms", text);
}

static void take_name(struct argp_state *state, const char *name)
{
	AUTO_FREE char *escaped = text_escape(name);

	/* the kernel prints it raw, and a line end would fake lines of its listings */
	if (strlen(name) > BUFFER_NAME_MAX || strcmp(name, escaped) != 0)
		option_error(state, OPTION_TAKES, "set-name",
			     "at most " TEXT_OF(BUFFER_NAME_MAX) " bytes of what can be printed",
			     name);
}

static int parse_access(struct argp_state *state, const char *text)
{
	if (!strcmp(text, "rw"))
		return O_RDWR;
	if (!strcmp(text, "ro"))
		return O_RDONLY;
	if (!strcmp(text, "wo"))
		return O_WRONLY;
	option_error(state, OPTION_TAKES, "access", "rw, ro or wo", text);
}

uint64_t alloc_size_of(const struct alloc_options *options, uint64_t number)
{
	uint64_t before = number * options->size;

	return options->total - before < options->size ? options->total - before : options->size;
}

/* How much is asked for, in which pieces. */
static void check_sizes(struct argp_state *state, struct alloc_options *options)
{
	if (!options->heap)
		option_error(state, "--heap is missing");
	if (!options->size)
		options->size = options->total;
	if (!options->size)
		option_error(state, "--size is missing");
	if (options->total && options->count)
		option_error(state, "--total and --count exclude each other");
	if (options->total)
		options->count =
			options->total / options->size + (options->total % options->size ? 1 : 0);
	else if (__builtin_mul_overflow(options->size, options->count ? options->count : 1,
					&options->total))
		option_error(state, "--count times --size is too large");
	if (!options->count)
		options->count = 1;
	if (options->count > COUNT_MAX)
		option_error(state, "--total in buffers of --size makes more than %d", COUNT_MAX);
}

static void check_access(struct argp_state *state, const struct alloc_options *options)
{
	if (options->access == O_WRONLY && options->map)
		option_error(state, "--access wo and mapping exclude each other: the kernel maps "
				    "nothing that can't be read");
	if (options->access == O_RDONLY && (options->fill || options->read_file))
		option_error(state, "--access ro and %s exclude each other",
			     options->fill ? "--fill" : "--read");
}

static unsigned int bit(int key)
{
	return 1u << (key - KEY_HEAP);
}

static void check(struct argp_state *state, struct alloc_options *options)
{
	const unsigned int full =
		bit(KEY_UNTIL_FULL) | bit(KEY_HEAP) | bit(KEY_SIZE) | bit(KEY_FORCE);
	const unsigned int asks = bit(KEY_HEAP) | bit(KEY_SIZE) | bit(KEY_COUNT) | bit(KEY_TOTAL) |
				  bit(KEY_ACCESS) | bit(KEY_FORCE);

	options->subject = options->receive ? options->receive : options->heap;
	if (options->until_full && (options->given & ~full || options->command))
		option_error(state, "--until-full goes with --heap, --size and --force only");
	if (!options->receive)
		check_sizes(state, options);
	else if (options->given & asks)
		option_error(state, "--receive and --heap, --size, --count, --total, --access "
				    "or --force exclude each other");
	if (options->send && options->receive)
		option_error(state, "--send and --receive exclude each other");
	if (options->verify && !options->fill)
		option_error(state,
			     "--verify goes with --fill only: it compares with what that wrote");
	if (options->holds && options->command)
		option_error(state, "--hold and a command exclude each other");
	check_access(state, options);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct alloc_options *options = state->input;

	if (key >= KEY_HEAP && key <= KEY_WRITE)
		options->given |= bit(key);
	switch (key) {
	case KEY_HEAP:
		options->heap = argument;
		return 0;
	case KEY_SIZE:
		take_size(state, "size", argument, &options->size);
		return 0;
	case KEY_COUNT:
		if (parse_number(argument, &options->count) || !options->count ||
		    options->count > COUNT_MAX)
			option_error(state, OPTION_TAKES, "count",
				     "a number from 1 to " TEXT_OF(COUNT_MAX), argument);
		return 0;
	case KEY_TOTAL:
		take_size(state, "total", argument, &options->total);
		return 0;
	case KEY_UNTIL_FULL:
		options->until_full = true;
		return 0;
	case KEY_ACCESS:
		options->access = parse_access(state, argument);
		return 0;
	case KEY_READ:
		options->read_file = argument;
		options->map = true;
		return 0;
	case KEY_WRITE:
		options->write_file = argument;
		options->map = true;
		return 0;
	case KEY_SEND:
		options->send = argument;
		return 0;
	case KEY_RECEIVE:
		options->receive = argument;
		return 0;
	case KEY_MAP:
		options->map = true;
		return 0;
	case KEY_FILL:
		if (pattern_parse(argument, &options->pattern))
			option_error(state, OPTION_TAKES, "fill",
				     "a byte, 0x with at most " TEXT_OF(
					     PATTERN_BYTES_MAX) " bytes, random or random:SEED",
				     argument);
		options->fill = options->map = true;
		return 0;
	case KEY_VERIFY:
		options->verify = true;
		return 0;
	case KEY_CHECK_ZERO:
		options->check_zero = options->map = true;
		return 0;
	case KEY_SET_NAME:
		take_name(state, argument);
		options->name = argument;
		return 0;
	case KEY_HOLD:
		options->holds = true;
		if (!strcmp(argument, "forever"))
			options->hold = UINT64_MAX;
		else
			take_time(state, "hold", argument, &options->hold);
		return 0;
	case KEY_TIMEOUT:
		take_time(state, "timeout", argument, &options->timeout);
		if (!options->timeout)
			option_error(state, OPTION_TAKES, "timeout", "more than 0", argument);
		return 0;
	case KEY_FORCE:
		options->force = true;
		return 0;
	case ARGP_KEY_ARGS:
		options->command = state->argv + state->next;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		check(state, options);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp alloc_argp = {
	.options = argp_options,
	.parser = parse,
	.args_doc = "--heap NAME --size SIZE [-- COMMAND...]\n--receive SOCKET [-- COMMAND...]",
	.doc = "Allocate buffers from a heap, use them, and release them.\v"
	       "A command inherits the buffers; DMAHEAP_FDS in its environment holds their "
	       "descriptors, DMAHEAP_SIZES their sizes.",
};
