/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a command reports findings: --format and --fail-on. */
#ifndef CLI_REPORT_OPTIONS_H
#define CLI_REPORT_OPTIONS_H

#include "cli/command.h"
#include "view/report.h"

/* Keys for a table of options. */
enum {
	REPORT_FORMAT = 0x4000,
	REPORT_FAIL_ON,
};

struct report_options {
	const struct report_format *format; /* NULL: not given */
	enum severity threshold;            /* SEVERITY_NEVER: none fails */
};

/* Takes the argument of one of the above. Returns NULL, or a message that the caller frees. */
char *report_options_set(struct report_options *options, int key, const char *argument)
	__attribute__((nonnull));

/* Says whether the format and the common options go together; if not, prints why. */
bool report_options_fit(const struct context *context, const struct report_options *options)
	__attribute__((nonnull));

/* The format: that of the options, else JSON or text as the context says. */
const struct report_format *report_options_format(const struct context *context,
						  const struct report_options *options)
	__attribute__((nonnull, returns_nonnull));

/* A report of TOOL, "dmaheap COMMAND", on stdout, to which only subjects and rules have to be
 * added. */
struct report report_options_report(const struct context *context,
				    const struct report_options *options, const char *tool)
	__attribute__((nonnull));

#endif
