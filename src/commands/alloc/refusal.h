/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why alloc is refused, or fails: each function prints the reason and what would help. */
#ifndef COMMANDS_ALLOC_REFUSAL_H
#define COMMANDS_ALLOC_REFUSAL_H

#include "cli/command.h"
#include "commands/alloc/alloc_options.h"
#include "model/buffer/buffer.h"
#include "model/heap/inventory.h"

/*
 * A heap without a limit of its own wakes the OOM killer, which kills other processes first: says
 * whether the request leaves at least an eighth of what is available, else explains.
 */
bool machine_can_spare(const struct context *context, const struct alloc_options *options,
		       const struct inventory *inventory, const struct memory *memory);

/*
 * Says whether a stop signal ended the call: run() reports that with the exit status alone. EINTR
 * without one, a driver's own, is a failure like any other.
 */
bool stopped(int error);

/* A -errno of buffer_allocate(), with the buffers that were allocated before. */
enum exit_code explain_allocation(const struct context *context,
				  const struct alloc_options *options,
				  const struct buffers *buffers, int error);

/* A -errno of buffer_map(). */
enum exit_code explain_mapping(const struct context *context, const struct alloc_options *options,
			       int error);

/* A -errno of another STEP on buffer NUMBER. */
enum exit_code explain_step(const struct context *context, const struct alloc_options *options,
			    size_t number, const char *step, int error,
			    const struct mismatch *mismatch);

#endif
