// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/waiter.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "sys/root.h"

#define MILLISECOND UINT64_C(1000000)
#define WAKE_SIGNAL SIGURG /* ignored unless caught: one that comes late does no harm */

struct waiter {
	pthread_t thread;
	waiter_call *call;
	void *argument;
	atomic_int thread_id; /* 0: not yet running */
	atomic_bool returned;
	int result;
	uint64_t ended;
};

static void ignore(int number)
{
	(void)number;
}

static void *run(void *argument)
{
	struct waiter *waiter = argument;

	atomic_store(&waiter->thread_id, gettid());
	waiter->result = waiter->call(waiter->argument);
	waiter->ended = clock_ns();
	atomic_store(&waiter->returned, true);
	return NULL;
}

int waiter_start(waiter_call *call, void *argument, struct waiter **waiter)
{
	const struct sigaction interrupt = {.sa_handler = ignore}; /* no SA_RESTART */
	struct waiter *new_waiter;
	int error;

	if (sigaction(WAKE_SIGNAL, &interrupt, NULL))
		return -errno;
	new_waiter = xcalloc(1, sizeof(*new_waiter));
	new_waiter->call = call;
	new_waiter->argument = argument;
	error = -pthread_create(&new_waiter->thread, NULL, run, new_waiter);
	if (error) {
		free(new_waiter);
		return error;
	}
	*waiter = new_waiter;
	return 0;
}

/* The state letter of /proc/PID/task/TID/stat; '?': unknown. */
static char thread_state(const struct waiter *waiter)
{
	AUTO_FREE char *path =
		xasprintf("/proc/self/task/%d/stat", atomic_load(&waiter->thread_id));
	AUTO_FREE char *line = NULL;
	const char *state;

	if (root_read_line(root_live(), path, &line))
		return '?';
	state = strrchr(line, ')'); /* the name before it may hold anything */
	if (!state || state[1] != ' ')
		return '?';
	return state[2];
}

enum waiter_state waiter_settle(struct waiter *waiter, uint64_t limit_ns)
{
	const struct timespec pause = {.tv_nsec = MILLISECOND / 4};
	uint64_t begun = clock_ns();
	unsigned int asleep = 0;

	/* seen twice, as the way into the call may sleep briefly, too */
	while (!atomic_load(&waiter->returned) && asleep < 2 && clock_ns() - begun < limit_ns) {
		char state = atomic_load(&waiter->thread_id) ? thread_state(waiter) : 'R';

		if (state == 'S' || (state == '?' && clock_ns() - begun > 20 * MILLISECOND))
			asleep++;
		else
			asleep = 0;
		nanosleep(&pause, NULL);
	}
	return atomic_load(&waiter->returned) ? WAITER_RETURNED
	       : asleep == 2                  ? WAITER_SLEEPS
					      : WAITER_BUSY;
}

static bool joined_within(struct waiter *waiter, uint64_t limit_ns)
{
	const struct timespec pause = {.tv_nsec = MILLISECOND / 4};
	uint64_t begun = clock_ns();

	while (pthread_tryjoin_np(waiter->thread, NULL)) {
		if (clock_ns() - begun >= limit_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

int waiter_finish(struct waiter *waiter, uint64_t limit_ns, int *result, uint64_t *ended)
{
	bool late = !joined_within(waiter, limit_ns);

	/* again and again: the signal may come before the call has begun to wait */
	while (late && pthread_kill(waiter->thread, WAKE_SIGNAL) == 0 &&
	       !joined_within(waiter, 5 * MILLISECOND))
		;
	if (result)
		*result = waiter->result;
	if (ended)
		*ended = waiter->ended;
	free(waiter);
	return late ? -ETIMEDOUT : 0;
}
