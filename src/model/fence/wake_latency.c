// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/wake_latency.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/clock.h"
#include "sys/dmabuf.h"
#include "sys/sync_file.h"
#include "sys/waiter.h"

static const char *const doing_names[SLEEPERS] = {
	[SLEEPER_POLL] = "waking poll() on the buffer",
	[SLEEPER_SYNC] = "waking DMA_BUF_IOCTL_SYNC",
	[SLEEPER_FILE] = "waking poll() on the sync file",
	[SLEEPER_SYNCOBJ] = "waking a wait for the sync object",
	[SLEEPER_POINT] = "waking a wait for the timeline point",
	[SLEEPER_EVENTFD] = "waking poll() on the eventfd",
	[SLEEPER_SUBMIT] = "waking a wait for a sync object without a fence",
};

struct sleep {
	enum sleeper who;
	struct fence *fence;
	int dmabuf, file;
	uint64_t limit_ns;
};

static int sleep_in_poll(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	/* no limit: a signal ends it */
	return poll(&poll_fd, 1, -1) < 0 ? -errno : 0;
}

static int fall_asleep(void *argument)
{
	struct sleep *sleep = argument;

	switch (sleep->who) {
	case SLEEPER_POLL:
		return sleep_in_poll(sleep->dmabuf);
	case SLEEPER_FILE:
		return sleep_in_poll(sleep->file);
	case SLEEPER_SYNC:
		return dmabuf_sync(sleep->dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	default:
		return fence_carrier_wait(sleep->fence,
					  (enum fence_carrier)(sleep->who - SLEEPER_SYNCOBJ),
					  (int64_t)(clock_ns() + sleep->limit_ns));
	}
}

static int signal_time(int file, uint64_t *ns)
{
	AUTO_SYNC_FILE struct sync_file info = {0};
	int error = sync_file_read(file, true, &info);

	if (error)
		return error;
	if (info.fences.count != 1 || !info.fences.items[0].timestamp_ns)
		return -ENODATA;
	*ns = info.fences.items[0].timestamp_ns;
	return 0;
}

/* Not an error: the call returned before there was a signal, or refuses to wait. */
#define DID_NOT_SLEEP 1

static int gave_up(struct waiter *waiter, uint64_t limit_ns)
{
	int error = waiter_finish(waiter, limit_ns, NULL, NULL);

	return error ? error : DID_NOT_SLEEP;
}

/* One sleeper, one signal. */
static int wake_once(struct sleep *sleep, uint64_t *ns)
{
	struct waiter *waiter;
	uint64_t signalled = 0, woken = 0;
	int result = 0, error = waiter_start(fall_asleep, sleep, &waiter);

	if (error)
		return error;
	if (waiter_settle(waiter, sleep->limit_ns) != WAITER_SLEEPS)
		return gave_up(waiter, sleep->limit_ns);
	error = fence_signal(sleep->fence);
	if (error) {
		waiter_finish(waiter, 0, NULL, NULL);
		return error;
	}
	error = waiter_finish(waiter, sleep->limit_ns, &result, &woken);
	if (!error)
		error = result;
	if (!error)
		error = signal_time(sleep->file, &signalled);
	if (!error)
		*ns = woken > signalled ? woken - signalled : 0;
	return error;
}

static int measure(struct fence_source *source, struct sleep *sleep, uint64_t *ns)
{
	AUTO_FENCE struct fence *fence = NULL;
	AUTO_CLOSE int file = -1;
	int error = fence_attach(source, sleep->dmabuf, true, &fence);

	if (error)
		return error;
	file = dmabuf_export_sync_file(sleep->dmabuf, DMA_BUF_SYNC_READ);
	if (file < 0)
		return TAKE_FD(file);
	sleep->fence = fence;
	sleep->file = file;
	return wake_once(sleep, ns);
}

static int compare_times(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

struct wake_times wake_times_of(uint64_t *times, uint64_t count)
{
	if (!count)
		return (struct wake_times){0};
	qsort(times, count, sizeof(*times), compare_times);
	return (struct wake_times){
		.count = count,
		.min = times[0],
		.median = times[(count - 1) / 2],
		.p99 = times[(count * 99 + 99) / 100 - 1],
	};
}

int fence_wake(struct fence_source *source, int dmabuf, uint64_t repeat, uint64_t limit_ns,
	       struct wake_times times[SLEEPERS], const char **doing)
{
	AUTO_FREE uint64_t *values = xcalloc(repeat, sizeof(*values));
	int error = 0;

	for (enum sleeper who = SLEEPER_POLL; who < SLEEPERS && !error; who++) {
		struct sleep sleep = {.who = who, .dmabuf = dmabuf, .limit_ns = limit_ns};
		uint64_t count = 0;

		times[who] = (struct wake_times){0};
		*doing = doing_names[who];
		while (count < repeat && !error) {
			error = measure(source, &sleep, &values[count]);
			count += !error;
		}
		if (error == DID_NOT_SLEEP)
			error = 0; /* a carrier that is not there; a fault is seen by fence_watch()
				    */
		else if (!error)
			times[who] = wake_times_of(values, count);
	}
	return error;
}
