/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What io --compare measured, as tables or as JSON. */
#ifndef COMMANDS_IO_IO_COMPARE_OUTPUT_H
#define COMMANDS_IO_IO_COMPARE_OUTPUT_H

#include "commands/io/io_options.h"
#include "model/io/compare.h"

#define IO_CONFIDENCE 95 /* percent */

struct io_report {
	const struct context *context;
	const struct io_options *options;
	const char *path; /* of the file */
	const struct io_plan *plan;
	const struct io_comparison *result;
};

/*
 * Prints it, notes what was not as it should be, and says what failed that no kernel refuses.
 * Returns EXIT_OPERATION where something did, or nothing was measured.
 */
enum exit_code io_compare_show(const struct io_report *report) __attribute__((nonnull));

#endif
