/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A progress bar on stderr, where that is a terminal. */
#ifndef VIEW_PROGRESS_H
#define VIEW_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool shown;
	size_t total;
	long long next; /* when it is drawn again, ns */
};

/* Prepares a bar for TOTAL steps; none is drawn where WANTED is false or stderr is no terminal. */
void progress_begin(struct progress *progress, size_t total, bool wanted);
/* DONE steps are done, and NAME comes next. Draws ten times a second. */
void progress_step(struct progress *progress, size_t done, const char *name);
/* Wipes the bar, so that lines can be printed where it was. */
void progress_wipe(struct progress *progress);

#endif
