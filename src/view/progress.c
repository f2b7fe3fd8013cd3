// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define INTERVAL 100000000LL /* ns */

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void progress_begin(struct progress *progress, size_t total, bool wanted)
{
	*progress = (struct progress){.total = total};
	if (!wanted || !isatty(STDERR_FILENO))
		progress->total = 0;
	else
		progress->next = now() + INTERVAL; /* what is done at once needs no bar */
}

void progress_step(struct progress *progress, size_t done, const char *name)
{
	enum {
		WIDTH = 30
	};
	static const char bar[] = "##############################";
	AUTO_FREE char *escaped = NULL;
	int filled;

	if (!progress->total || now() < progress->next)
		return;
	progress->next = now() + INTERVAL;
	progress->shown = true;
	filled = (int)(WIDTH * done / progress->total);
	escaped = text_escape(name);
	fflush(stdout);
	fprintf(stderr, "\r\033[K[%.*s%*s] %zu/%zu %.24s", filled, bar, WIDTH - filled, "", done,
		progress->total, escaped);
}

void progress_wipe(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	progress->shown = false;
}
