// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/common_options.h"

/* What getopt_long(3) returns for the first long option: more than any character. */
#define LONG_OPTION 0x200000

/* Those that argp_parse() adds, and answers at once. */
static const struct argp_option argp_own[] = {
	{"help", '?', NULL, 0, NULL, 0},
	{"usage", 0, NULL, 0, NULL, 0},
	{"version", 'V', NULL, 0, NULL, 0},
	{0},
};

struct known {
	struct {
		ARRAY_OF(struct option);
	} longs;
	FILE *shorts;
};

static void add(struct known *known, const struct argp_option *options)
{
	for (const struct argp_option *option = options; option && option->name; option++) {
		int value = !option->arg                          ? no_argument
			    : option->flags & OPTION_ARG_OPTIONAL ? optional_argument
								  : required_argument;
		int number = (int)known->longs.count;

		*array_add(&known->longs) =
			(struct option){option->name, value, NULL, LONG_OPTION + number};
		/* -? is left out: getopt_long() returns '?' for what is unknown */
		if (option->key != '?' && isascii(option->key) && isgraph(option->key))
			fprintf(known->shorts, "%c%.*s", option->key, value, "::");
	}
}

static bool answers_at_once(int key)
{
	return key == 'V' ||
	       (key >= LONG_OPTION && key < LONG_OPTION + (int)COUNT_OF(argp_own) - 1);
}

/* Says what is wrong with a long option that is none, or the beginning of several. */
static void explain_long(const struct context *context, const struct known *known, const char *word,
			 const char *otherwise)
{
	AUTO_FREE char *given = xstrndup(word, strcspn(word, "="));
	AUTO_FREE const char **names = xcalloc(known->longs.count, sizeof(*names));
	AUTO_FREE char *several = NULL;
	const char *nearest;
	size_t size, count = 0, matches = 0;
	FILE *stream = xmemopen(&several, &size);

	for (const struct option *option = known->longs.items; option->name; option++) {
		names[count++] = option->name;
		if (*given && text_starts_with(option->name, given))
			fprintf(stream, "%s--%s", matches++ ? ", " : "", option->name);
	}
	xmemclose(stream);
	nearest = text_nearest(given, names, count);
	if (matches)
		cmd_error(context, "ambiguous option '--%s': %s", given, several);
	else if (nearest)
		cmd_error(context, "unknown option '--%s'; did you mean '--%s'?", given, nearest);
	else
		cmd_error(context, "unknown option '--%s'; %s", given, otherwise);
}

/* What getopt_long() has found in WORD, which returned ':' or '?'. */
static void explain(const struct context *context, const struct known *known, int key,
		    const char *word)
{
	AUTO_FREE char *otherwise = cmd_help_hint(context);
	const char *name =
		optopt >= LONG_OPTION ? known->longs.items[optopt - LONG_OPTION].name : NULL;

	if (key == ':' && name)
		cmd_error(context, "--%s needs a value", name);
	else if (key == ':')
		cmd_error(context, "-%c needs a value", optopt);
	else if (name)
		cmd_error(context, "--%s takes no value, not '%s'", name, strchr(word, '=') + 1);
	else if (optopt)
		cmd_error(context, "unknown option '-%c'; %s", optopt, otherwise);
	else
		explain_long(context, known, word + strlen("--"), otherwise);
}

static bool are_right(const struct context *context, const struct argp_option *options,
		      bool in_order, int argc, char **argv)
{
	AUTO_FREE char **copy = xcalloc((size_t)argc + 1, sizeof(*copy)); /* it will be sorted */
	AUTO_FREE char *shorts = NULL;
	struct known known = {0};
	size_t size;
	bool right;
	int key;

	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	known.shorts = xmemopen(&shorts, &size);
	fputs(in_order ? "+:" : ":", known.shorts);
	add(&known, argp_own);
	add(&known, options);
	add(&known, common_argp.options);
	xmemclose(known.shorts);
	array_add(&known.longs); /* the end */

	optind = 0; /* the C libraries' way to begin anew */
	opterr = 0;
	do {
		optopt = 0;
		key = getopt_long(argc, copy, shorts, known.longs.items, NULL);
	} while (key != -1 && key != ':' && key != '?' && !answers_at_once(key));
	right = key != ':' && (key != '?' || optopt == '?');
	if (!right)
		explain(context, &known, key, copy[optind - 1]);
	array_free(&known.longs);
	return right;
}

void options_check(const struct context *context, const struct argp_option *options, bool in_order,
		   int argc, char **argv)
{
	if (!are_right(context, options, in_order, argc, argv))
		exit(EXIT_USAGE);
}
