// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/regions/regions_options.h"

#include <string.h>

#include "base/xalloc.h"
#include "commands/regions/regions_columns.h"

static const struct option_row rows[] = {
	ROWS_TO(tree_rows, struct regions_options, tree),
	{"all", 'a', FLAG_TO(struct regions_options, all), .group = "Results",
	 .help = "Also show banks of RAM, /memreserve/ and the CMA area of cma= or the "
		 "configuration"},
	{"draw", 'd', FLAG_TO(struct regions_options, draw),
	 .help = "Draw the memory map in the terminal", .excludes = "json output raw bytes all"},
	{"svg", 0, TEXT_TO(struct regions_options, svg), "FILE",
	 "Write the memory map of one tree as SVG ('-': stdout)", .offer = "file"},
	ROWS_TO(report_rows, struct regions_options, report),
	{.word = "FILE",
	 INPUTS_TO(struct regions_options, files),
	 .help = "A device tree (.dtb)",
	 .excludes = "sysroot"},
	{0},
};

/* A picture, or a report of findings alone, leaves no table that options could change. */
static char *check(void *given, const struct context *context)
{
	struct regions_options *options = given;
	const struct report_format *format = report_options_format(context, &options->report);
	bool alone = options->svg && !strcmp(options->svg, "-");
	const char *other = options->draw                            ? "--draw"
			    : options->all && format != &report_json ? "--all"
								     : NULL;

	if (options->svg && options->files.count > 1)
		return xstrdup("--svg needs one tree, not several");
	if (alone && options->report.format)
		return xstrdup("--svg - and --format must not be combined");
	if (alone && !other)
		other = context->json ? "--json" : table_option(context);
	if (alone && other)
		return xasprintf("--svg - and %s must not be combined", other);
	if (options->report.format && format != &report_text && other)
		return xasprintf("--format %s and %s must not be combined", format->name, other);
	return report_options_check(&options->report, context);
}

const struct option_table regions_options = {
	.usage = "[FILE...]",
	.summary = "Show which region of a device tree becomes which heap under which kernel, or "
		   "why none.",
	.details = "Without FILE the machine's own tree is read (/sys/firmware/fdt, else "
		   "/proc/device-tree); FILE is a .dtb, '-' is standard input. Exit status 3: "
		   "there are findings as severe as --fail-on says.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_SYSROOT | COMMON_QUIET | COMMON_VERBOSE |
		  COMMON_COLOR,
	.columns = regions_columns,
	.column_count = REGIONS_COLUMN_COUNT,
	.check = check,
};

void regions_options_free(struct regions_options *options)
{
	strings_free(&options->files);
	tree_options_free(&options->tree);
}
