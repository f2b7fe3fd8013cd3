// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/common_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

enum {
	OPTION_SYSROOT = 0x1000,
	OPTION_COLOR
};

static const struct argp_option options[] = {
	{"json", 'J', NULL, 0, "Print one JSON document", 0},
	{"output", 'o', "LIST", 0,
	 "Columns to print, by name, separated by commas; +LIST adds to the usual ones", 0},
	{"noheadings", 'n', NULL, 0, "Print no column headings", 0},
	{"raw", 'r', NULL, 0, "Print columns separated by one blank", 0},
	{"bytes", 'b', NULL, 0, "Print sizes in bytes", 0},
	{"sysroot", OPTION_SYSROOT, "DIR", 0, "Read /dev, /sys and /proc below DIR", 0},
	{"quiet", 'q', NULL, 0, "Print errors only", 0},
	{"verbose", 'v', NULL, 0, "Print more", 0},
	{"color", OPTION_COLOR, "auto|always|never", OPTION_ARG_OPTIONAL, "Use colours", 0},
	{0},
};

bool color_is_welcome(int fd)
{
	const char *none = getenv("NO_COLOR"); /* no-color.org */

	return isatty(fd) && !(none && *none);
}

static bool color_wanted(const char *when, struct argp_state *state)
{
	if (!when || !strcmp(when, "always"))
		return true;
	if (!strcmp(when, "never"))
		return false;
	if (strcmp(when, "auto") != 0)
		option_error(state, OPTION_TAKES, "color", "auto, always or never", when);
	return color_is_welcome(STDOUT_FILENO);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct context *context = state->input;

	switch (key) {
	case 'J':
		context->json = true;
		break;
	case 'o':
		context->columns = argument;
		break;
	case 'n':
		context->noheadings = true;
		break;
	case 'r':
		context->raw = true;
		break;
	case 'b':
		context->bytes = true;
		break;
	case OPTION_SYSROOT:
		context->sysroot = argument;
		break;
	case 'q':
		context->verbosity = -1;
		break;
	case 'v':
		context->verbosity++;
		break;
	case OPTION_COLOR:
		context->color = color_wanted(argument, state);
		break;
	case ARGP_KEY_ARG: /* that the command did not take */
		option_error(state, "unexpected argument '%s'", argument);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp common_argp = {.options = options, .parser = parse};
