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

void progress_begin(struct progress *progress, uint64_t total, enum progress_unit unit, bool wanted)
{
	*progress = (struct progress){.total = total, .unit = unit};
	if (!wanted || !isatty(STDERR_FILENO))
		progress->total = 0;
	else
		progress->next = clock_ns() + INTERVAL; /* what is done at once needs no bar */
}

static char *count_text(enum progress_unit unit, uint64_t count)
{
	switch (unit) {
	case PROGRESS_BYTES:
		return units_size(count);
	case PROGRESS_TIME:
		return units_time(count);
	default:
		return xasprintf("%" PRIu64, count);
	}
}

void progress_step(struct progress *progress, uint64_t done, const char *name)
{
	enum {
		WIDTH = 30
	};
	static const char bar[] = "##############################";
	AUTO_FREE char *escaped = NULL;
	AUTO_FREE char *so_far = NULL;
	AUTO_FREE char *total = NULL;
	int filled;

	if (!progress->total || clock_ns() < progress->next)
		return;
	progress->next = clock_ns() + INTERVAL;
	progress->shown = true;
	if (done > progress->total)
		done = progress->total;
	filled = (int)(WIDTH * done / progress->total);
	escaped = text_show(name);
	so_far = count_text(progress->unit, done);
	total = count_text(progress->unit, progress->total);
	fflush(stdout);
	fprintf(stderr, "\r\033[K[%.*s%*s] %s/%s %.24s", filled, bar, WIDTH - filled, "", so_far,
		total, escaped);
}

void progress_wipe(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	progress->shown = false;
}
