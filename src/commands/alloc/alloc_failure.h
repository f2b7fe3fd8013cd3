/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why alloc fails: each function prints the reason and what would help. */
#ifndef COMMANDS_ALLOC_ALLOC_FAILURE_H
#define COMMANDS_ALLOC_ALLOC_FAILURE_H

#include "cli/command.h"
#include "commands/alloc/alloc_options.h"
#include "model/buffer/buffer.h"

/* A -errno of buffer_map(). */
enum exit_code explain_mapping(const struct context *context, const struct alloc_options *options,
			       int error);

/* A -errno of another STEP on buffer NUMBER. */
enum exit_code explain_step(const struct context *context, const struct alloc_options *options,
			    size_t number, const char *step, int error,
			    const struct mismatch *mismatch);

#endif
