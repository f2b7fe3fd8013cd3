// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/clock.h"

#include <time.h>

uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t clock_deadline(uint64_t limit_ns)
{
	uint64_t now = clock_ns();

	return limit_ns > UINT64_MAX - now ? UINT64_MAX : now + limit_ns;
}
