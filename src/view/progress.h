/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A progress bar on stderr, where that is a terminal. */
#ifndef VIEW_PROGRESS_H
#define VIEW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* What is counted. */
enum progress_unit {
	PROGRESS_STEPS,
	PROGRESS_BYTES,
	PROGRESS_TIME, /* nanoseconds */
};

struct progress {
	bool shown;
	enum progress_unit unit;
	uint64_t total;
	uint64_t next; /* when it is drawn again: clock_ns() */
};

/* Prepares a bar; none is drawn where WANTED is false or stderr is not a terminal. */
void progress_begin(struct progress *progress, uint64_t total, enum progress_unit unit,
		    bool wanted);
/*
 * DONE, at most the total, is done, and NAME is worked on. Draws ten times a second; of a time what
 * is left of it.
 */
void progress_step(struct progress *progress, uint64_t done, const char *name);
/* The same for who takes a function and its data: PROGRESS is a struct progress. */
void progress_callback(void *progress, uint64_t done, const char *name);
/* Wipes the bar, so that lines can be printed where it was. */
void progress_wipe(struct progress *progress);

#endif
