/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has no events: it is looked at again and again. */
#ifndef COMMANDS_MONITOR_MONITOR_LOOK_H
#define COMMANDS_MONITOR_MONITOR_LOOK_H

#include "commands/monitor/monitor_output.h"

struct monitor_look {
	const struct root *root;
	struct monitor_output *output; /* that is told what has changed */
	uint64_t threshold;            /* percent; 0: usage is not asked for */
	uint64_t stuck;                /* ns; 0: fences are not asked for */
	bool polling;                  /* counters: there are no events */
	struct cma_areas areas;        /* of the last look */
	struct strings above;          /* names of areas that are above the threshold */
	struct pending_fences fences;
};

/* Whether there is anything to look at. */
bool monitor_has_looks(const struct monitor_look *looks) __attribute__((nonnull));

/* Looks at all that is asked for. Returns 0 or -errno: the fences cannot be read any more. */
int monitor_look(struct monitor_look *looks) __attribute__((nonnull));

/* Whether it is known how much of the area is used. */
bool monitor_knows_usage(const struct cma_area *area) __attribute__((nonnull));

void monitor_look_free(struct monitor_look *looks) __attribute__((nonnull));

#endif
