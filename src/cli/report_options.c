// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/report_options.h"

#include "base/xalloc.h"
#include "view/report_formats.h"

static char *set_format(void *to, const struct option_row *row, const char *argument)
{
	struct report_options *options = to;

	options->format = report_format_find(argument);
	return options->format
		       ? NULL
		       : option_takes(row, "text, json, sarif, github, junit or tap", argument);
}

const struct option_row report_rows[] = {
	{"format", 0, .kind = KIND_SET, 0, "text|json|sarif|github|junit|tap",
	 "Form of the report (text)", "Report", .set = set_format},
	{"fail-on", 0, CHOICE_TO(struct report_options, threshold), "note|warning|error|never",
	 "Exit with 3 on findings from this level on (error)", .min = SEVERITY_NOTE},
	{0},
};

char *report_options_check(const struct report_options *options, const struct context *context)
{
	const struct report_format *format = options->format;
	const char *other = context->columns      ? "--output"
			    : context->raw        ? "--raw"
			    : context->noheadings ? "--noheadings"
			    : context->bytes      ? "--bytes"
						  : NULL;

	if (context->json && format && format != &report_json)
		return xasprintf("--json and --format %s must not be combined", format->name);
	if (!other || !format || format == &report_text || format == &report_json)
		return NULL;
	return xasprintf("--format %s and %s must not be combined", format->name, other);
}

const struct report_format *report_options_format(const struct context *context,
						  const struct report_options *options)
{
	if (options->format)
		return options->format;
	return context->json ? &report_json : &report_text;
}

struct report report_options_report(const struct context *context,
				    const struct report_options *options, const char *tool)
{
	return (struct report){
		.format = report_options_format(context, options),
		.out = stdout,
		.tool = tool,
		.threshold = options->threshold,
		.color = context->color,
		.verbosity = context->verbosity,
	};
}
