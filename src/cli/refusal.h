/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a heap refuses a buffer, with what would help, and what is not asked of it. */
#ifndef CLI_REFUSAL_H
#define CLI_REFUSAL_H

#include "cli/message.h"
#include "model/heap/inventory.h"

/*
 * Says whether a stop signal ended the call: run() reports that with the exit status alone. EINTR
 * without one, a driver's own, is a failure like any other.
 */
bool cmd_stopped(int error);

/* What was asked for. */
struct refused {
	const char *heap; /* as the user named it */
	uint64_t size;    /* bytes of the buffer */
	size_t before;    /* how many buffers this run had then */
};

/* Says why buffer_allocate() gave ERROR (-errno). Returns the exit status. */
enum exit_code cmd_refused(const struct context *context, const struct refused *refused, int error)
	__attribute__((nonnull));

/*
 * A heap without a limit of its own wakes the OOM killer, which kills other processes first: says
 * whether BYTES, in whole pages, leave at least an eighth of what is available; else prints that
 * they do not and that --force allocates all the same.
 */
bool cmd_can_spare(const struct context *context, const struct inventory *inventory,
		   const struct memory *memory, uint64_t bytes) __attribute__((nonnull));

/* The same for memory that another NAME takes from the page allocator; ADVICE ends the message. */
bool cmd_pages_spare(const struct context *context, const char *name, uint64_t bytes,
		     const char *advice) __attribute__((nonnull));
#define SPARE_FORCE "--force allocates all the same"

#endif
