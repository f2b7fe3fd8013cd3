/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a command reports findings: --format and --fail-on. */
#ifndef CLI_REPORT_OPTIONS_H
#define CLI_REPORT_OPTIONS_H

#include "cli/command.h"
#include "view/report.h"

struct report_options {
	unsigned int format;     /* number of the word, from 1; 0: not given */
	enum severity threshold; /* SEVERITY_NEVER: none fails */
};

/* Rows of a table, for a struct report_options. */
extern const struct option_row report_rows[];

/* One of the given options that say how a table is to look; NULL: none. */
const char *table_option(const struct context *context) __attribute__((nonnull));

/*
 * What is wrong with --format FORMAT beside the common options: NULL, or a message that the caller
 * frees.
 */
char *format_check(const struct context *context, const char *format) __attribute__((nonnull));
/* The same for the format of the options, if there is one. */
char *report_options_check(const struct report_options *options, const struct context *context)
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
