// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/units.h"

#define INTERVAL UINT64_C(100000000) /* ns */
#define SECOND   UINT64_C(1000000000)

void progress_begin(struct progress *progress, uint64_t total, enum progress_unit unit, bool wanted)
{
	*progress = (struct progress){.total = total, .unit = unit};
	if (!wanted || !isatty(STDERR_FILENO))
		progress->total = 0;
	else
		progress->next = clock_ns() + INTERVAL; /* what is done at once needs no bar */
}

/* "4M/16M", "3/7" or "12 s left"; the caller frees it. */
static char *state_text(enum progress_unit unit, uint64_t done, uint64_t total)
{
	AUTO_FREE char *so_far = NULL;
	AUTO_FREE char *all = NULL;

	switch (unit) {
	case PROGRESS_BYTES:
		so_far = units_size(done);
		all = units_size(total);
		return xasprintf("%s/%s", so_far, all);
	case PROGRESS_TIME:
		return xasprintf("%" PRIu64 " s left", (total - done + SECOND - 1) / SECOND);
	default:
		return xasprintf("%" PRIu64 "/%" PRIu64, done, total);
	}
}

void progress_step(struct progress *progress, uint64_t done, const char *name)
{
	enum {
		WIDTH = 30
	};
	static const char bar[] = "##############################";
	AUTO_FREE char *escaped = NULL;
	AUTO_FREE char *state = NULL;
	int filled;

	if (!progress->total || clock_ns() < progress->next)
		return;
	progress->next = clock_ns() + INTERVAL;
	progress->shown = true;
	if (done > progress->total)
		done = progress->total;
	filled = (int)(WIDTH * done / progress->total);
	escaped = text_show(name);
	state = state_text(progress->unit, done, progress->total);
	fflush(stdout);
	fprintf(stderr, "\r\033[K[%.*s%*s] %s %.24s", filled, bar, WIDTH - filled, "", state,
		escaped);
}

void progress_callback(void *progress, uint64_t done, const char *name)
{
	progress_step(progress, done, name);
}

void progress_wipe(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	progress->shown = false;
}
