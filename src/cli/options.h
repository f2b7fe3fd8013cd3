/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wrong options, before argp sees them: what it and getopt print of these is as raw as what was
 * typed, and two lines.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/command.h"

/*
 * Ends the program with a message and EXIT_USAGE where an option of the command line is not known
 * or ambiguous, lacks its value or has one too many. Known are OPTIONS (NULL: none), the common
 * ones and argp's own. IN_ORDER: they end with the first argument.
 */
void options_check(const struct context *context, const struct argp_option *options, bool in_order,
		   int argc, char **argv);

#endif
