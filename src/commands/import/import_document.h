/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the JSON of import has beside its rows, and the table of --choose. */
#ifndef COMMANDS_IMPORT_DOCUMENT_H
#define COMMANDS_IMPORT_DOCUMENT_H

#include "cli/command.h"
#include "model/import/matrix.h"

struct import_report {
	const struct matrix *matrix;
	const struct inventory *inventory;
	bool choose, sync, data;
	int tracing_error; /* 0, or -errno: why it was not seen what devices map */
};

/* Writes the members "heaps", "devices", "choice" (with --choose), "without" and "traced". */
void import_document(const struct import_report *report) __attribute__((nonnull));

/* Prints which heap is for which device, and why. */
void import_print_choices(const struct context *context, const struct import_report *report)
	__attribute__((nonnull));

#endif
