// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t clock_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_processor_ns(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

struct maybe clock_age(uint64_t moment)
{
	uint64_t now = read_clock(CLOCK_REALTIME);

	if (moment > now || now - moment > read_clock(CLOCK_BOOTTIME))
		return (struct maybe){0};
	return (struct maybe){true, now - moment};
}

uint64_t clock_deadline(uint64_t limit_ns)
{
	uint64_t now = clock_ns();

	return limit_ns > UINT64_MAX - now ? UINT64_MAX : now + limit_ns;
}
