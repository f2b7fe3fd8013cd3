/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dmaheap capture --list: what is in an archive, before it is sent. */
#ifndef COMMANDS_CAPTURE_CAPTURE_LIST_H
#define COMMANDS_CAPTURE_CAPTURE_LIST_H

#include "cli/command.h"

enum {
	CAPTURE_COLUMN_TYPE,
	CAPTURE_COLUMN_BYTES,
	CAPTURE_COLUMN_PATH,
	CAPTURE_COLUMN_TARGET,
	CAPTURE_COLUMN_COUNT
};
extern const struct column capture_columns[CAPTURE_COLUMN_COUNT];

/* Prints a row for each member of the archive FILE, which is read but not unpacked. */
enum exit_code capture_list(const struct context *context, const char *file)
	__attribute__((nonnull));

#endif
