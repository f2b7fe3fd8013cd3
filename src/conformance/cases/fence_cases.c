// SPDX-License-Identifier: GPL-2.0-or-later
/* Who waits for the fences of a buffer: poll, epoll, select, DMA_BUF_IOCTL_SYNC. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#include "conformance/cases/fence_helpers.h"
#include "conformance/engine/suites.h"
#include "sys/dmabuf.h"

#define POLL_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_poll"
#define SYNC_SOURCE "drivers/dma-buf/dma-buf.c, __dma_buf_begin_cpu_access"

#define START_READ  (DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ)
#define START_WRITE (DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE)
#define START_BOTH  (DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW)

static void idle_poll(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);

	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, POLLOUT, poll_now(t, buffer, POLLOUT));
}

static void other_events(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);

	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLPRI));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLRDNORM | POLLWRNORM));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLRDHUP));
}

/* How many of reading and writing select() gives within MS milliseconds. */
static int select_both(int fd, int ms)
{
	struct timeval time = {.tv_usec = ms * 1000L};
	fd_set read_set, write_set;

	FD_ZERO(&read_set);
	FD_ZERO(&write_set);
	FD_SET(fd, &read_set);
	FD_SET(fd, &write_set);
	return select(fd + 1, &read_set, &write_set, NULL, &time);
}

static void select_follows(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence;

	EXPECT_NUMBER(t, 2, select_both(buffer, 0));
	fence = fence_on(t, vgem, buffer, false);
	EXPECT_NUMBER(t, 1, select_both(buffer, 0));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	fence = fence_on(t, vgem, buffer, true);
	EXPECT_NUMBER(t, 0, select_both(buffer, 5));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 2, select_both(buffer, 0));
}

static void write_stops_all(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);

	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLOUT));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

static void read_stops_writers(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, false);

	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLOUT));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

static void all_readers_count(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t first = fence_on(t, vgem, buffer, false);
	uint32_t second = fence_on(t, vgem, buffer, false);
	struct sync_wait writer;

	EXPECT_OK(t, vgem_fence_signal(vgem, second));
	sync_sleeps(t, &writer, buffer, START_WRITE);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLOUT));
	EXPECT_OK(t, vgem_fence_signal(vgem, first));
	sync_returns(t, &writer);
	EXPECT_NUMBER(t, POLLOUT, poll_now(t, buffer, POLLOUT));
}

static void poll_wakes(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	int ready[2];
	pid_t child;

	EXPECT_DONE(t, pipe2(ready, O_CLOEXEC));
	child = trial_fork(t);
	if (!child) {
		EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
		trial_signal(t, ready[1]);
		expect_readable(t, buffer);
		trial_child_done();
	}
	trial_await(t, ready[0]);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	trial_join(t, child);
}

static void epoll_wakes(struct trial *t)
{
	struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT}, came = {0};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	int epoll = EXPECT_DONE(t, epoll_create1(EPOLL_CLOEXEC));
	uint32_t fence = fence_on(t, vgem, buffer, true);

	EXPECT_DONE(t, epoll_ctl(epoll, EPOLL_CTL_ADD, buffer, &wanted));
	EXPECT_NUMBER(t, 0, epoll_wait(epoll, &came, 1, 0));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, epoll_wait(epoll, &came, 1, 5000));
	EXPECT_NUMBER(t, EPOLLIN | EPOLLOUT, came.events);
}

static void poll_holds_buffer(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);

	EXPECT_NUMBER(t, 1, fd_number(buffer, "count"));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 2, fd_number(buffer, "count"));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_NUMBER(t, 3, fd_number(buffer, "count"));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, fd_number(buffer, "count"));
}

static void sync_waits_for_write(struct trial *t)
{
	static const uint64_t flags[] = {START_READ, START_WRITE, START_BOTH};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		uint32_t fence = fence_on(t, vgem, buffer, true);
		struct sync_wait wait;

		trial_say(t, "flags %d", (int)flags[i]);
		sync_sleeps(t, &wait, buffer, flags[i]);
		EXPECT_OK(t, vgem_fence_signal(vgem, fence));
		sync_returns(t, &wait);
	}
}

static void sync_write_waits_for_read(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, false);
	struct sync_wait wait;

	sync_at_once(t, buffer, START_READ);
	sync_sleeps(t, &wait, buffer, START_WRITE);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

static void sync_end_at_once(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	fence_on(t, vgem, buffer, true);
	sync_at_once(t, buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	sync_at_once(t, buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
}

static void sync_interrupted(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), result = 0;
	struct sync_wait wait;

	fence_on(t, vgem, buffer, true);
	sync_sleeps(t, &wait, buffer, START_READ);
	EXPECT_ERROR(t, ETIMEDOUT, waiter_finish(wait.waiter, 0, &result, NULL));
	EXPECT_NUMBER(t, -EINTR, result);
}

static struct {
	int vgem;
	uint32_t fence;
	volatile sig_atomic_t ticks;
} tick;

/* The third alarm signals the fence. */
static void on_alarm(int number)
{
	(void)number;
	if (++tick.ticks == 3)
		vgem_fence_signal(tick.vgem, tick.fence);
}

static void sync_restarts(struct trial *t)
{
	const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
	const struct itimerval timer = {{0, 20000}, {0, 20000}};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	tick.vgem = vgem;
	tick.fence = fence_on(t, vgem, buffer, true);
	EXPECT_DONE(t, sigaction(SIGALRM, &action, NULL));
	EXPECT_DONE(t, setitimer(ITIMER_REAL, &timer, NULL));
	EXPECT_OK(t, dmabuf_sync(buffer, START_READ));
	EXPECT_TRUE(t, tick.ticks >= 3);
}

static void sync_ignores_nonblock(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_wait wait;

	EXPECT_DONE(t, fcntl(buffer, F_SETFL, O_NONBLOCK));
	sync_sleeps(t, &wait, buffer, START_READ);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

static void sync_of_any_access(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_allocate(t, t->page, O_RDONLY | O_CLOEXEC);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_wait wait;

	sync_sleeps(t, &wait, buffer, START_WRITE);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

static void many_wait(struct trial *t)
{
	enum {
		MANY = 8
	};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_wait waits[MANY];

	for (int i = 0; i < MANY; i++)
		sync_sleeps(t, &waits[i], buffer, i % 2 ? START_WRITE : START_READ);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	for (int i = 0; i < MANY; i++)
		sync_returns(t, &waits[i]);
}

static const struct statement statements[] = {
	{.id = "fence.idle-poll",
	 .sentence = "poll() finds an idle buffer ready for reading and for writing.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = idle_poll},
	{.id = "fence.other-events",
	 .sentence =
		 "poll() answers POLLIN and POLLOUT only: asked for other events, it gives none.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = other_events},
	{.id = "fence.write-stops-all",
	 .sentence = "With a write pending, poll() finds the buffer neither readable nor writable.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = write_stops_all},
	{.id = "fence.read-stops-writers",
	 .sentence = "With a read pending, poll() finds the buffer readable, but not writable.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = read_stops_writers},
	{.id = "fence.all-readers-count",
	 .sentence = "A writer waits until the last of several reads has signalled, in any order.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = all_readers_count},
	{.id = "fence.poll-wakes",
	 .sentence = "A process that sleeps in poll() goes on when another signals the write.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = poll_wakes},
	{.id = "fence.epoll-wakes",
	 .sentence = "epoll gives EPOLLIN and EPOLLOUT once the write has signalled.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = epoll_wakes},
	{.id = "fence.select-follows",
	 .sentence =
		 "select() agrees with poll(): idle, with a read pending, with a write pending.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = select_follows},
	{.id = "fence.poll-holds-buffer",
	 .sentence =
		 "poll() that finds a direction not ready holds one reference on the buffer for "
		 "it until the fence signals.",
	 .source = POLL_SOURCE,
	 .needs = NEED_HEAP,
	 .run = poll_holds_buffer},
	{.id = "fence.sync-waits-for-write",
	 .sentence = "CPU access for reading, writing or both begins once the pending write has "
		     "signalled.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = sync_waits_for_write},
	{.id = "fence.sync-write-waits-for-read",
	 .sentence = "With a read pending, CPU access for reading begins at once, for writing once "
		     "the read has signalled.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = sync_write_waits_for_read},
	{.id = "fence.sync-end-at-once",
	 .sentence = "The end of CPU access waits for nothing.",
	 .source = "drivers/dma-buf/dma-buf.c, dma_buf_end_cpu_access",
	 .needs = NEED_HEAP,
	 .run = sync_end_at_once},
	{.id = "fence.sync-interrupted",
	 .sentence = "A signal ends the wait for CPU access with EINTR.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = sync_interrupted},
	{.id = "fence.sync-restarts",
	 .sentence = "With SA_RESTART the wait for CPU access goes on after a signal.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = sync_restarts},
	{.id = "fence.sync-ignores-nonblock",
	 .sentence = "The wait for CPU access takes no notice of O_NONBLOCK.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = sync_ignores_nonblock},
	{.id = "fence.sync-of-any-access",
	 .sentence = "A descriptor for reading can wait for CPU access for writing.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = sync_of_any_access},
	{.id = "fence.many-wait",
	 .sentence = "One signal wakes all who wait for CPU access.",
	 .source = SYNC_SOURCE,
	 .needs = NEED_HEAP,
	 .run = many_wait},
};

SUITE(fence, "fence");
