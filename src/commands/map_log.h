/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dmaheap map --log: what a boot log says about reserved memory and CMA. */
#ifndef COMMANDS_MAP_LOG_H
#define COMMANDS_MAP_LOG_H

#include "cli/command.h"
#include "cli/report_options.h"

/*
 * Explains the log FILE ("-": standard input) by the tree of the file TREE (NULL: none), in the
 * form of FORMAT, with which the options of the report were given. Returns the command's exit
 * status.
 */
enum exit_code map_log(struct context *context, const char *file, const char *tree,
		       const struct report_options *options) __attribute__((nonnull(1, 2, 4)));

#endif
