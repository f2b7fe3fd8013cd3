// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/report_options.h"

#include <string.h>

#include "base/xalloc.h"
#include "view/report_formats.h"

static char *set_format(struct report_options *options, const char *argument)
{
	const struct report_format *format = report_format_find(argument);

	if (!format)
		return xasprintf(OPTION_TAKES, "format", "text, json, sarif, github, junit or tap",
				 argument);
	options->format = format;
	return NULL;
}

char *report_options_set(struct report_options *options, int key, const char *argument)
{
	if (key == REPORT_FORMAT)
		return set_format(options, argument);
	if (!strcmp(argument, "never"))
		options->threshold = SEVERITY_NEVER;
	else if (!severity_parse(argument, &options->threshold))
		return xasprintf(OPTION_TAKES, "fail-on", "error, warning, note or never",
				 argument);
	return NULL;
}

bool report_options_fit(const struct context *context, const struct report_options *options)
{
	const struct report_format *format = options->format;

	if (!context->json || !format || format == &report_json)
		return true;
	cmd_error(context, "--json and --format %s must not be combined", format->name);
	return false;
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
