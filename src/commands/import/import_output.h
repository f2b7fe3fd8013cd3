/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How what came of it looks: a matrix and what is to be said of it, a list, or a document. */
#ifndef COMMANDS_IMPORT_OUTPUT_H
#define COMMANDS_IMPORT_OUTPUT_H

#include "commands/import/import_document.h"

enum import_column {
	IMPORT_HEAP,
	IMPORT_DEVICE,
	IMPORT_QUEUE,
	IMPORT_DRIVER,
	IMPORT_NAME,
	IMPORT_RESULT,
	IMPORT_TAKEN,
	IMPORT_TRIED,
	IMPORT_SIZE,
	IMPORT_CALL,
	IMPORT_ERROR,
	IMPORT_REASON,
	IMPORT_ATTACHED,
	IMPORT_MAPPED,
	IMPORT_CONTIGUOUS,
	IMPORT_PIECES,
	IMPORT_ADDRESS,
	IMPORT_SYNC,
	IMPORT_ABSENT,
	IMPORT_HELD,
	IMPORT_LINE,
	IMPORT_DATA,
	IMPORT_RIGHT,
	IMPORT_ALL,
	IMPORT_COLUMN_COUNT
};

extern const struct column import_columns[IMPORT_COLUMN_COUNT];

/* Prints all of it, as the common options ask for. */
void import_print(const struct context *context, const struct import_report *report)
	__attribute__((nonnull));

/* Prints what would be tried: a row for each heap on each device. */
void import_print_plan(const struct context *context, const struct import_report *report)
	__attribute__((nonnull));

#endif
