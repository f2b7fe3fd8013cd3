/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens, as lines for people or one JSON document a line. */
#ifndef COMMANDS_MONITOR_MONITOR_OUTPUT_H
#define COMMANDS_MONITOR_MONITOR_OUTPUT_H

#include "cli/command.h"
#include "model/fence/pending.h"
#include "model/heap/cma_area.h"
#include "model/heap/cma_event.h"

struct monitor_output {
	const struct context *context;
	uint64_t page_size;
	uint64_t most; /* end after so many; UINT64_MAX: never */
	uint64_t told; /* how many */
};

/* Whether no more is to be told: so many as wanted, or nobody reads. */
bool monitor_is_over(const struct monitor_output *output) __attribute__((nonnull));

/* A heap came or went: ACTION is the kernel's word for it. */
void monitor_tell_heap(struct monitor_output *output, const char *action, const char *name)
	__attribute__((nonnull));
void monitor_tell_event(struct monitor_output *output, const struct cma_event *event)
	__attribute__((nonnull));
/* Events that are not known: COUNT of them, or, unknown, some. */
void monitor_tell_lost(struct monitor_output *output, struct maybe count) __attribute__((nonnull));
/* What the counters of an area have grown by, in pages. */
struct monitor_growth {
	uint64_t allocated, failed, released;
};
void monitor_tell_counted(struct monitor_output *output, const char *area,
			  const struct monitor_growth *growth) __attribute__((nonnull));
/* The usage of an area has crossed the threshold: ABOVE it, or below again. */
void monitor_tell_usage(struct monitor_output *output, const struct cma_area *area,
			uint64_t percent, bool above) __attribute__((nonnull));
/* A fence that has been pending for NS: still, or it was until now. */
void monitor_tell_fence(struct monitor_output *output, const struct pending_fence *fence,
			uint64_t ns) __attribute__((nonnull));

#endif
