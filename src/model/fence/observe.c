// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/observe.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "model/buffer/bufinfo.h"
#include "sys/clock.h"
#include "sys/dmabuf.h"
#include "sys/waiter.h"

struct watch {
	struct fence_source *source;
	struct fence *fence;
	int dmabuf;
	int file; /* the fence's sync file, or -1 */
	enum fence_step step;
	uint64_t inode, limit_ns, begun;
	struct fence_history *history;
	const char **doing;
};

enum sight fence_rule(enum fence_step step, enum fence_access access)
{
	bool waits = step == STEP_WRITE || (step == STEP_READ && access == ACCESS_WRITE);

	return waits ? SIGHT_WAITS : SIGHT_FREE;
}

enum sight fence_carrier_rule(enum fence_step step)
{
	return step == STEP_WRITE || step == STEP_READ ? SIGHT_WAITS : SIGHT_FREE;
}

static uint32_t sync_flags(enum fence_access access)
{
	return access == ACCESS_WRITE ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ;
}

static int ask_poll(struct watch *watch, enum fence_access access, enum sight *sight)
{
	struct pollfd buffer = {.fd = watch->dmabuf,
				.events = access == ACCESS_WRITE ? POLLOUT : POLLIN};

	if (poll(&buffer, 1, 0) < 0)
		return -errno;
	*sight = buffer.revents & buffer.events ? SIGHT_FREE : SIGHT_WAITS;
	return 0;
}

struct sync_call {
	int dmabuf;
	uint32_t flags;
};

static int call_sync(void *argument)
{
	struct sync_call *call = argument;

	return dmabuf_sync(call->dmabuf, DMA_BUF_SYNC_START | call->flags);
}

/*
 * The call waits as long as the fence is pending, so it is watched from outside. A heap's driver
 * may sleep for reasons of its own: where the call should go on, it gets its time.
 */
static int ask_sync(struct watch *watch, enum fence_access access, enum sight *sight)
{
	struct sync_call call = {watch->dmabuf, sync_flags(access)};
	bool may_go_on = fence_rule(watch->step, access) == SIGHT_FREE;
	struct waiter *waiter;
	enum waiter_state state;
	int result = 0, error = waiter_start(call_sync, &call, &waiter);

	if (error)
		return error;
	state = waiter_settle(waiter, watch->limit_ns);
	error = waiter_finish(waiter, state != WAITER_SLEEPS || may_go_on ? watch->limit_ns : 0,
			      &result, NULL);
	if (error == -ETIMEDOUT && state == WAITER_SLEEPS) {
		*sight = SIGHT_WAITS;
		return 0;
	}
	if (error || result)
		return error ? error : result;
	*sight = SIGHT_FREE;
	return dmabuf_sync(watch->dmabuf, DMA_BUF_SYNC_END | call.flags);
}

static int ask_file(struct watch *watch, enum fence_access access, enum sight *sight)
{
	AUTO_CLOSE int file = dmabuf_export_sync_file(watch->dmabuf, sync_flags(access));
	AUTO_SYNC_FILE struct sync_file info = {0};
	int error = file < 0 ? file : sync_file_read(file, true, &info);

	if (!error)
		*sight = info.status ? SIGHT_FREE : SIGHT_WAITS;
	return error;
}

static int ask_listing(struct watch *watch, enum fence_access access, enum sight *sight)
{
	AUTO_BUFINFO struct bufinfo info = {0};
	int error = bufinfo_read(watch->inode, &info);

	if (error)
		return error;
	*sight = SIGHT_FREE;
	array_for_each (&info.fences, fence) {
		if (!fence->signalled && (access == ACCESS_WRITE || fence->usage != BUFINFO_READ))
			*sight = SIGHT_WAITS;
	}
	return 0;
}

/* One who can't be asked is no failure, but the reason is kept. */
static int ask_all(struct watch *watch, struct fence_moment *moment)
{
	static int (*const ask[WITNESSES])(struct watch *, enum fence_access, enum sight *) = {
		ask_poll, ask_sync, ask_file, ask_listing};

	for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++) {
		for (enum witness witness = WITNESS_POLL; witness < WITNESSES; witness++) {
			int error = ask[witness](watch, access, &moment->sights[access][witness]);

			if (error == -ETIMEDOUT)
				return error;
			if (error)
				watch->history->errors[witness] = error;
		}
	}
	for (enum fence_carrier carrier = CARRIER_SYNCOBJ; watch->fence && carrier < CARRIERS;
	     carrier++) {
		int answer = fence_carrier_wait(watch->fence, carrier, 0);

		moment->carriers[carrier] = !answer            ? SIGHT_FREE
					    : answer == -ETIME ? SIGHT_WAITS
							       : SIGHT_UNKNOWN;
	}
	return 0;
}

/* What the fence's own sync file says: it goes on to show the fence once the buffer shows it no
 * more. */
static void look_at_fence(struct watch *watch, struct fence_moment *moment)
{
	AUTO_SYNC_FILE struct sync_file info = {0};

	if (watch->file < 0 || sync_file_read(watch->file, true, &info) || info.fences.count != 1)
		return;
	moment->fence_known = true;
	moment->fence = info.fences.items[0];
}

static int look(struct watch *watch, enum fence_step step)
{
	struct fence_moment *moment = &watch->history->moments[step];

	watch->step = step;
	moment->time_ns = clock_ns() - watch->begun;
	look_at_fence(watch, moment);
	return ask_all(watch, moment);
}

/* Puts a fence on the buffer, looks, signals it, looks again. */
static int watch_fence(struct watch *watch, enum fence_step pending)
{
	bool write = pending == STEP_WRITE;
	int error;

	*watch->doing = write ? "a write fence for the buffer" : "a read fence for the buffer";
	error = fence_attach(watch->source, watch->dmabuf, write, &watch->fence);
	if (error)
		return error;
	watch->file = dmabuf_export_sync_file(watch->dmabuf, DMA_BUF_SYNC_WRITE);
	*watch->doing = "asking who waits for the fence";
	error = look(watch, pending);
	if (!error) {
		*watch->doing = "signalling the fence";
		error = fence_signal(watch->fence);
	}
	if (!error) {
		*watch->doing = "asking who still waits after the signal";
		error = look(watch, pending + 1);
	}
	if (watch->file >= 0)
		close(TAKE_FD(watch->file));
	fence_free(TAKE_POINTER(watch->fence));
	return error;
}

int fence_watch(struct fence_source *source, int dmabuf, uint64_t limit_ns,
		struct fence_history *history, const char **doing)
{
	struct watch watch = {.source = source,
			      .dmabuf = dmabuf,
			      .file = -1,
			      .limit_ns = limit_ns,
			      .begun = clock_ns(),
			      .history = history,
			      .doing = doing};
	struct stat status;
	int error;

	*history = (struct fence_history){0};
	if (fstat(dmabuf, &status))
		return -errno;
	watch.inode = status.st_ino;
	*doing = "asking who waits for an idle buffer";
	error = look(&watch, STEP_IDLE);
	if (!error)
		error = watch_fence(&watch, STEP_WRITE);
	return error ? error : watch_fence(&watch, STEP_READ);
}

/* Some may have to be left out: the listing is for root, and old kernels export no sync files. */
static bool excused(enum witness witness, int error)
{
	return !error || witness == WITNESS_LISTING ||
	       (witness == WITNESS_FILE && error == -ENOTTY);
}

unsigned int fence_history_wrong(const struct fence_history *history)
{
	unsigned int wrong = 0;

	for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++) {
		const struct fence_moment *moment = &history->moments[step];

		for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++) {
			for (enum witness w = WITNESS_POLL; w < WITNESSES; w++)
				wrong += moment->sights[access][w] != SIGHT_UNKNOWN &&
					 moment->sights[access][w] != fence_rule(step, access);
		}
		for (enum fence_carrier c = CARRIER_SYNCOBJ; c < CARRIERS; c++)
			wrong += moment->carriers[c] != SIGHT_UNKNOWN &&
				 moment->carriers[c] != fence_carrier_rule(step);
	}
	for (enum witness w = WITNESS_POLL; w < WITNESSES; w++)
		wrong += !excused(w, history->errors[w]);
	return wrong;
}
