/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io --compare. */
#ifndef COMMANDS_IO_IO_COMPARE_H
#define COMMANDS_IO_IO_COMPARE_H

#include "commands/io/io_options.h"

/* Compares the ways, and prints what came of it. Returns the exit status. */
enum exit_code io_compare_ways(const struct context *context, const struct io_options *options)
	__attribute__((nonnull));

#endif
