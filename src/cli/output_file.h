/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a command makes where the user says. */
#ifndef CLI_OUTPUT_FILE_H
#define CLI_OUTPUT_FILE_H

#include <stddef.h>

#include "cli/command.h"

/*
 * Writes TEXT to the file at PATH, which is replaced as file_write() says, or to stdout where PATH
 * is "-". Returns 0, or -errno after it has said why.
 */
int cmd_write_file(const struct context *context, const char *path, const char *text, size_t size)
	__attribute__((nonnull));

#endif
