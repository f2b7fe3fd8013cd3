// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/wake_latency.h"

#include <errno.h>
#include <poll.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "sys/dmabuf.h"
#include "sys/sync_file.h"
#include "sys/waiter.h"

static const char *const doing_names[FENCE_WAITERS] = {
	[FENCE_WAITER_POLL] = "waking poll() on the buffer",
	[FENCE_WAITER_SYNC] = "waking DMA_BUF_IOCTL_SYNC",
	[FENCE_WAITER_FILE] = "waking poll() on the sync file",
	[FENCE_WAITER_SYNCOBJ] = "waking a wait for the sync object",
	[FENCE_WAITER_POINT] = "waking a wait for the timeline point",
	[FENCE_WAITER_EVENTFD] = "waking poll() on the eventfd",
	[FENCE_WAITER_SUBMIT] = "waking a wait for a sync object without a fence",
};

struct wait {
	enum fence_waiter who;
	struct fence *fence;
	int dmabuf;
	int file;      /* a sync file of the fence; -1: the kernel gives none */
	bool no_stamp; /* the sync file gave no time of the signal */
	uint64_t limit_ns;
};

static int wait_in_poll(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	/* no limit: a signal ends it */
	return poll(&poll_fd, 1, -1) < 0 ? -errno : 0;
}

static int call(void *argument)
{
	struct wait *wait = argument;

	switch (wait->who) {
	case FENCE_WAITER_POLL:
		return wait_in_poll(wait->dmabuf);
	case FENCE_WAITER_FILE:
		return wait_in_poll(wait->file);
	case FENCE_WAITER_SYNC:
		return dmabuf_sync(wait->dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	default:
		return fence_wait_link(wait->fence,
				       (enum chain_link)(wait->who - FENCE_WAITER_SYNCOBJ),
				       (int64_t)(clock_ns() + wait->limit_ns));
	}
}

/* The time stamp of the signal; where the kernel gives none, *ns stays. */
static int signal_time(int file, uint64_t *ns)
{
	AUTO_SYNC_FILE struct sync_file info = {0};
	int error = sync_file_read(file, true, &info);

	if (error)
		return error;
	if (info.fences.count != 1)
		return -ENODATA;
	if (info.fences.items[0].timestamp_ns)
		*ns = info.fences.items[0].timestamp_ns;
	return 0;
}

/* Not an error: the call returned before there was a signal, or refuses to wait. */
#define DID_NOT_WAIT 1

static int gave_up(struct waiter *waiter, uint64_t limit_ns)
{
	int error = waiter_finish(waiter, limit_ns, NULL, NULL);

	return error ? error : DID_NOT_WAIT;
}

/* One waiter, one signal. */
static int wake_once(struct wait *wait, uint64_t *ns)
{
	struct waiter *waiter;
	uint64_t signalled = 0, woken = 0;
	int result = 0, error = waiter_start(call, wait, &waiter);

	if (error)
		return error;
	if (waiter_settle(waiter, wait->limit_ns) != WAITER_SLEEPS)
		return gave_up(waiter, wait->limit_ns);
	signalled = clock_ns();
	error = fence_signal(wait->fence);
	if (error) {
		waiter_finish(waiter, 0, NULL, NULL);
		return error;
	}
	error = waiter_finish(waiter, wait->limit_ns, &result, &woken);
	if (!error)
		error = result;
	if (!error && wait->file >= 0) {
		uint64_t stamp = 0;

		error = signal_time(wait->file, &stamp);
		if (stamp)
			signalled = stamp;
		else if (!error)
			wait->no_stamp = true;
	}
	if (!error)
		*ns = woken > signalled ? woken - signalled : 0;
	return error;
}

static int measure(struct fence_source *source, struct wait *wait, uint64_t *ns)
{
	AUTO_FENCE struct fence *fence = NULL;
	AUTO_CLOSE int file = -1;
	int error = fence_attach(source, wait->dmabuf, true, &fence);

	if (error)
		return error;
	file = dmabuf_export_sync_file(wait->dmabuf, DMA_BUF_SYNC_READ);
	if (file == -ENOTTY && wait->who == FENCE_WAITER_FILE)
		return DID_NOT_WAIT;
	if (file < 0 && file != -ENOTTY)
		return TAKE_FD(file);
	wait->fence = fence;
	wait->file = file;
	return wake_once(wait, ns);
}

int wake_time_measure(struct fence_source *source, int dmabuf, enum fence_waiter who,
		      uint64_t limit_ns, uint64_t *ns)
{
	struct wait wait = {.who = who, .dmabuf = dmabuf, .file = -1, .limit_ns = limit_ns};
	int error = measure(source, &wait, ns);

	return error == DID_NOT_WAIT ? -EOPNOTSUPP : error;
}

int wake_times_measure(struct fence_source *source, int dmabuf, uint64_t repeat, uint64_t limit_ns,
		       struct wake_times *times, const char **doing)
{
	int error = 0;

	for (enum fence_waiter who = FENCE_WAITER_POLL; who < FENCE_WAITERS && !error; who++) {
		struct wait wait = {.who = who, .dmabuf = dmabuf, .file = -1, .limit_ns = limit_ns};

		*doing = doing_names[who];
		while (times->of[who].count < repeat && !error) {
			uint64_t ns = 0;

			error = measure(source, &wait, &ns);
			times->from_call |= wait.file < 0 || wait.no_stamp;
			times->no_stamp |= wait.no_stamp;
			if (!error)
				*array_add(&times->of[who]) = ns;
		}
		if (error == DID_NOT_WAIT) {
			/* a link that is not there; a fault is seen by fence_observe() */
			array_free(&times->of[who]);
			error = 0;
		}
	}
	return error;
}

void wake_times_free(struct wake_times *times)
{
	for (enum fence_waiter who = FENCE_WAITER_POLL; who < FENCE_WAITERS; who++)
		array_free(&times->of[who]);
}
