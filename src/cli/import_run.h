/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers of heaps on devices, with what the user is told of it. */
#ifndef CLI_IMPORT_RUN_H
#define CLI_IMPORT_RUN_H

#include "cli/command.h"
#include "model/import/matrix.h"

/*
 * Tries all sources of the matrix on its importers (matrix_run()), with progress on a terminal, and
 * with the kernel's events where these can be traced, else *TRACING_ERROR, a -errno, says why not.
 * Refuses where that much memory cannot be spared; says which children are left. Returns EXIT_DONE,
 * EXIT_OPERATION (refused), or 128 and the number of the signal that ended it (signals.h).
 */
enum exit_code cmd_run_matrix(const struct context *context, struct matrix *matrix,
			      const struct attempt_wanted *wanted, int *tracing_error)
	__attribute__((nonnull));

/* Why the kernel's events can't be traced; constant. */
const char *cmd_tracing_words(int error) __attribute__((returns_nonnull));

#endif
