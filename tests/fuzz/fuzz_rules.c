// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary text as the file of --rules. The source is included for its static functions: in the
 * program a line that is wrong ends it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/commands/lint_names/lint_names_options.c" /* NOLINT */

#include "base/xalloc.h"
#include "cli/option_parser.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A message names the file and a line that it has. */
static void look_at(const char *message, size_t lines)
{
	static const char start[] = "rules:";
	unsigned long line;

	must(text_starts_with(message, start));
	line = strtoul(message + strlen(start), NULL, 10);
	must(line && line <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* as file_read() gives it */
	AUTO_FREE char *text = xcalloc(size + 1, 1);
	AUTO_FREE char *message = NULL;
	struct context context = {.command = "lint-names"};
	struct lint_options options = {0};
	struct parser parser;
	size_t lines = 1;

	memcpy(text, data, size);
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	lint_options_init(&options, &context);
	parser_init(&parser, &context, &lint_options, &options);
	message = set_lines(&options, "rules", text, size);
	if (message)
		look_at(message, lines);
	array_free(&parser.all);
	lint_options_free(&options);
	return 0;
}
