// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/observe.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "model/buffer/bufinfo.h"
#include "sys/dmabuf.h"
#include "sys/waiter.h"

struct observer {
	struct fence_source *source;
	struct fence *fence;
	int dmabuf;
	int file; /* the fence's sync file, or -1 */
	enum fence_step step;
	bool begun_fence; /* one was put on the buffer */
	uint64_t inode, limit_ns, begun;
	struct fence_history *history;
	const char **doing;
};

enum fence_answer fence_rule(enum fence_step step, enum fence_access access)
{
	bool waits = step == STEP_WRITE || (step == STEP_READ && access != ACCESS_READ);

	return waits ? ANSWER_WAITS : ANSWER_FREE;
}

enum fence_answer fence_link_rule(enum fence_step step)
{
	return step == STEP_WRITE || step == STEP_READ ? ANSWER_WAITS : ANSWER_FREE;
}

static uint32_t sync_flags(enum fence_access access)
{
	static const uint32_t flags[ACCESSES] = {DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE,
						 DMA_BUF_SYNC_RW};

	return flags[access];
}

static int ask_poll(struct observer *observer, enum fence_access access, enum fence_answer *answer)
{
	static const short events[ACCESSES] = {POLLIN, POLLOUT, POLLIN | POLLOUT};
	struct pollfd buffer = {.fd = observer->dmabuf, .events = events[access]};

	if (poll(&buffer, 1, 0) < 0)
		return -errno;
	*answer = (buffer.revents & buffer.events) == buffer.events ? ANSWER_FREE : ANSWER_WAITS;
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
 * The call waits as long as the fence is pending, so it runs in a thread of its own. A heap's
 * driver may sleep for reasons of its own: where the call should go on, it gets its time.
 */
static int ask_sync(struct observer *observer, enum fence_access access, enum fence_answer *answer)
{
	struct sync_call call = {observer->dmabuf, sync_flags(access)};
	bool may_go_on = fence_rule(observer->step, access) == ANSWER_FREE;
	struct waiter *waiter;
	enum waiter_state state;
	int result = 0, error = waiter_start(call_sync, &call, &waiter);

	if (error)
		return error;
	state = waiter_settle(waiter, observer->limit_ns);
	error = waiter_finish(waiter, state != WAITER_SLEEPS || may_go_on ? observer->limit_ns : 0,
			      &result, NULL);
	if (error == -ETIMEDOUT && state == WAITER_SLEEPS) {
		*answer = ANSWER_WAITS;
		return 0;
	}
	if (error || result)
		return error ? error : result;
	*answer = ANSWER_FREE;
	return dmabuf_sync(observer->dmabuf, DMA_BUF_SYNC_END | call.flags);
}

static int ask_file(struct observer *observer, enum fence_access access, enum fence_answer *answer)
{
	AUTO_CLOSE int file = dmabuf_export_sync_file(observer->dmabuf, sync_flags(access));
	AUTO_SYNC_FILE struct sync_file info = {0};
	int error = file < 0 ? file : sync_file_read(file, true, &info);

	if (!error)
		*answer = info.status ? ANSWER_FREE : ANSWER_WAITS;
	return error;
}

static int ask_listing(struct observer *observer, enum fence_access access,
		       enum fence_answer *answer)
{
	AUTO_BUFINFO struct bufinfo info = {0};
	int error = bufinfo_read(observer->inode, &info);

	if (error)
		return error;
	*answer = ANSWER_FREE;
	array_for_each (&info.fences, fence) {
		if (!fence->signalled && (access != ACCESS_READ || fence->usage != BUFINFO_READ))
			*answer = ANSWER_WAITS;
	}
	return 0;
}

/* A missing answer is not a failure, but the reason is kept. */
static int ask_all(struct observer *observer, struct fence_observation *observation)
{
	static int (*const ask[FENCE_QUERIES])(struct observer *, enum fence_access,
					       enum fence_answer *) = {ask_poll, ask_sync, ask_file,
								       ask_listing};

	for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++) {
		for (enum fence_query query = QUERY_POLL; query < FENCE_QUERIES; query++) {
			int error =
				ask[query](observer, access, &observation->answers[access][query]);

			if (error == -ETIMEDOUT)
				return error;
			if (error)
				observer->history->errors[query] = error;
		}
	}
	for (enum chain_link link = CHAIN_SYNCOBJ; observer->fence && link < CHAIN_LINKS; link++) {
		int answer = fence_wait_link(observer->fence, link, 0);

		observation->links[link] = !answer            ? ANSWER_FREE
					   : answer == -ETIME ? ANSWER_WAITS
							      : ANSWER_UNKNOWN;
	}
	return 0;
}

/* What the fence's own sync file says: it goes on to show the fence once the buffer shows it no
 * more. */
static void look_at_fence(struct observer *observer, struct fence_observation *observation)
{
	AUTO_SYNC_FILE struct sync_file info = {0};

	if (observer->file < 0 || sync_file_read(observer->file, true, &info) ||
	    info.fences.count != 1)
		return;
	observation->fence_known = true;
	observation->fence = info.fences.items[0];
}

static int look(struct observer *observer, enum fence_step step)
{
	struct fence_observation *observation = &observer->history->observations[step];

	observer->step = step;
	observation->time_ns = clock_ns() - observer->begun;
	look_at_fence(observer, observation);
	return ask_all(observer, observation);
}

/* Puts a fence on the buffer, looks, signals it, looks again. */
static int observe_fence(struct observer *observer, enum fence_step pending)
{
	bool write = pending == STEP_WRITE;
	int error;

	*observer->doing = write ? "a write fence for the buffer" : "a read fence for the buffer";
	error = fence_attach(observer->source, observer->dmabuf, write, &observer->fence);
	if (error)
		return error;
	observer->begun_fence = true;
	observer->file = dmabuf_export_sync_file(observer->dmabuf, DMA_BUF_SYNC_WRITE);
	*observer->doing = "asking who waits for the fence";
	error = look(observer, pending);
	if (!error) {
		*observer->doing = "signalling the fence";
		error = fence_signal(observer->fence);
	}
	if (!error) {
		*observer->doing = "asking who still waits after the signal";
		error = look(observer, pending + 1);
	}
	if (observer->file >= 0)
		close(TAKE_FD(observer->file));
	fence_free(TAKE_POINTER(observer->fence));
	return error;
}

int fence_observe(struct fence_source *source, int dmabuf, uint64_t limit_ns,
		  struct fence_history *history, const char **doing)
{
	struct observer observer = {.source = source,
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
	observer.inode = status.st_ino;
	*doing = "asking who waits for an idle buffer";
	error = look(&observer, STEP_IDLE);
	if (!error)
		error = observe_fence(&observer, STEP_WRITE);
	if (error == -EBUSY && !observer.begun_fence) {
		history->born_busy = true;
		return 0;
	}
	return error ? error : observe_fence(&observer, STEP_READ);
}

/* Some answers may be missing: the listing is for root, and old kernels export no sync files. */
static bool excused(enum fence_query query, int error)
{
	return !error || query == QUERY_LISTING || (query == QUERY_FILE && error == -ENOTTY);
}

unsigned int fence_history_wrong(const struct fence_history *history)
{
	unsigned int wrong = 0;

	for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++) {
		const struct fence_observation *observation = &history->observations[step];

		for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++) {
			for (enum fence_query q = QUERY_POLL; q < FENCE_QUERIES; q++)
				wrong +=
					observation->answers[access][q] != ANSWER_UNKNOWN &&
					observation->answers[access][q] != fence_rule(step, access);
		}
		for (enum chain_link l = CHAIN_SYNCOBJ; l < CHAIN_LINKS; l++)
			wrong += observation->links[l] != ANSWER_UNKNOWN &&
				 observation->links[l] != fence_link_rule(step);
	}
	for (enum fence_query q = QUERY_POLL; q < FENCE_QUERIES; q++)
		wrong += !excused(q, history->errors[q]);
	return wrong;
}
