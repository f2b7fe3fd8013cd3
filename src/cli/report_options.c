// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/report_options.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

/* In the order of the words of --format. */
static const struct report_format *const formats[] = {
	NULL,           &report_text,   &report_json,  &report_sarif,
	&report_github, &report_gitlab, &report_junit, &report_tap,
};

const struct option_row report_rows[] = {
	{"format", 0, CHOICE_TO(struct report_options, format),
	 "text|json|sarif|github|gitlab|junit|tap", "Form of the report (text)", "Report",
	 .min = 1},
	{"fail-on", 0, CHOICE_TO(struct report_options, threshold), "note|warning|error|never",
	 "Exit with 3 on findings from this level on (error)", .min = SEVERITY_NOTE},
	{0},
};

const char *table_option(const struct context *context)
{
	return context->columns      ? "--output"
	       : context->raw        ? "--raw"
	       : context->noheadings ? "--noheadings"
	       : context->bytes      ? "--bytes"
				     : NULL;
}

char *format_check(const struct context *context, const char *format)
{
	bool json = !strcmp(format, "json"), text = !strcmp(format, "text");
	const char *other = context->json && !json ? "--json"
			    : json && context->raw ? "--raw"
			    : json || text         ? NULL
						   : table_option(context);

	return other ? xasprintf("--format %s and %s must not be combined", format, other) : NULL;
}

char *report_options_check(const struct report_options *options, const struct context *context)
{
	const struct report_format *format = formats[options->format];

	return format ? format_check(context, format->name) : NULL;
}

const struct report_format *report_options_format(const struct context *context,
						  const struct report_options *options)
{
	if (options->format)
		return formats[options->format];
	return context->json ? &report_json : &report_text;
}

struct report report_options_report(const struct context *context,
				    const struct report_options *options, const char *tool)
{
	static char directory[PATH_MAX];

	if (!getcwd(directory, sizeof(directory)))
		snprintf(directory, sizeof(directory), "/");
	return (struct report){
		.format = report_options_format(context, options),
		.out = stdout,
		.tool = tool,
		.directory = directory,
		.document = "https://docs.kernel.org/userspace-api/dma-buf-heaps.html",
		.threshold = options->threshold,
		.color = context->color,
		.verbosity = context->verbosity,
	};
}
