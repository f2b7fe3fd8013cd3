// SPDX-License-Identifier: GPL-2.0-or-later
/* The fences of a buffer: who waits for them, and how they leave and enter it as sync files. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#include "conformance/cases/fence_helpers.h"
#include "sys/dmabuf.h"

#define POLL_SOURCE   "drivers/dma-buf/dma-buf.c, dma_buf_poll"
#define SYNC_SOURCE   "drivers/dma-buf/dma-buf.c, __dma_buf_begin_cpu_access"
#define EXPORT_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_export_sync_file"
#define IMPORT_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_import_sync_file"
#define RESV_SOURCE   "drivers/dma-buf/dma-resv.c, dma_resv_add_fence"

#define READ  DMA_BUF_SYNC_READ
#define WRITE DMA_BUF_SYNC_WRITE
#define BOTH  DMA_BUF_SYNC_RW

#define START_READ  (DMA_BUF_SYNC_START | READ)
#define START_WRITE (DMA_BUF_SYNC_START | WRITE)
#define START_BOTH  (DMA_BUF_SYNC_START | BOTH)

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
	struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT}, got = {0};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	int epoll = EXPECT_DONE(t, epoll_create1(EPOLL_CLOEXEC));
	uint32_t fence = fence_on(t, vgem, buffer, true);

	EXPECT_DONE(t, epoll_ctl(epoll, EPOLL_CTL_ADD, buffer, &wanted));
	EXPECT_NUMBER(t, 0, epoll_wait(epoll, &got, 1, 0));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, epoll_wait(epoll, &got, 1, 5000));
	EXPECT_NUMBER(t, EPOLLIN | EPOLLOUT, got.events);
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

/* Fences that leave and enter a buffer as sync files. */

static void export_idle(struct trial *t)
{
	static const uint32_t flags[] = {READ, WRITE, BOTH};
	const char *driver = t->kernel >= KERNEL(6, 17, 0) ? "detached-driver" : "stub";
	const char *timeline = t->kernel >= KERNEL(6, 17, 0) ? "signaled-timeline" : "stub";
	int buffer = trial_buffer(t, t->page);

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, flags[i]));
		struct sync_file info = file_info(t, file);

		EXPECT_NUMBER(t, POLLIN, poll_now(t, file, POLLIN));
		EXPECT_NUMBER(t, 1, info.status);
		EXPECT_NUMBER(t, 1, info.count);
		EXPECT_TEXT(t, driver, info.fences.items[0].driver);
		EXPECT_TEXT(t, timeline, info.fences.items[0].timeline);
		EXPECT_TRUE(t, info.fences.items[0].timestamp_ns > 0);
		sync_file_free(&info);
	}
}

static void export_flags(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);

	EXPECT_ERROR(t, EINVAL, dmabuf_export_sync_file(buffer, 0));
	for (int bit = 2; bit < 32; bit++) {
		trial_say(t, "bit %d", bit);
		EXPECT_ERROR(t, EINVAL, dmabuf_export_sync_file(buffer, READ | 1u << bit));
	}
	trial_say(t, "no request");
	EXPECT_ERRNO(t, EFAULT, ioctl(buffer, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, NULL));
}

static void export_descriptor(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	const struct rlimit none = {.rlim_cur = (rlim_t)file + 1, .rlim_max = (rlim_t)file + 1};

	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(file, F_GETFD));
	EXPECT_NUMBER(t, O_RDONLY, fcntl(file, F_GETFL) & O_ACCMODE);
	EXPECT_DONE(t, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERROR(t, EMFILE, dmabuf_export_sync_file(buffer, READ));
}

static void export_write(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), reader, writer;
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_file info;

	reader = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	writer = EXPECT_OK(t, dmabuf_export_sync_file(buffer, WRITE));
	info = file_info(t, reader);
	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, 1, info.count);
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
	EXPECT_NUMBER(t, 0, file_status(t, writer));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, file_status(t, reader));
	EXPECT_NUMBER(t, 1, file_status(t, writer));
}

static void export_reads(struct trial *t)
{
	enum {
		READERS = 3
	};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), writer;
	struct sync_file info;

	for (int i = 0; i < READERS; i++)
		fence_on(t, vgem, buffer, false);
	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ))));
	writer = EXPECT_OK(t, dmabuf_export_sync_file(buffer, WRITE));
	info = file_info(t, writer);
	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, READERS, info.count);
	for (unsigned int i = 0; i < info.count; i++)
		expect_names(t, &info.fences.items[i], VGEM_DRIVER, "unbound");
}

static void export_is_snapshot(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	int before = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ)), after;

	fence_on(t, vgem, buffer, true);
	after = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	EXPECT_NUMBER(t, 1, file_status(t, before));
	EXPECT_NUMBER(t, 0, file_status(t, after));
}

static void import_flags(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));

	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, 0, file));
	for (int bit = 2; bit < 32; bit++) {
		trial_say(t, "bit %d", bit);
		EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, READ | 1u << bit, file));
	}
	trial_say(t, "no request");
	EXPECT_ERRNO(t, EFAULT, ioctl(buffer, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, NULL));
}

static void import_other_files(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int null = EXPECT_DONE(t, open("/dev/null", O_RDWR | O_CLOEXEC));

	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, -1));
	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, buffer));
	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, null));
}

static void import_signalled(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, BOTH, file));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_at_once(t, buffer, DMA_BUF_SYNC_START | BOTH);
}

static void import_write(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);
	struct sync_wait wait;

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_sleeps(t, &wait, buffer, DMA_BUF_SYNC_START | READ);
	pending_signal(t, &pending);
	sync_returns(t, &wait);
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

static void import_read(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_at_once(t, buffer, DMA_BUF_SYNC_START | READ);
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, POLLOUT, poll_now(t, buffer, POLLOUT));
}

static void import_of_any_access(struct trial *t)
{
	int buffer = trial_allocate(t, t->page, O_RDONLY | O_CLOEXEC);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

static void import_adds_each(struct trial *t)
{
	int buffer = trial_buffer(t, t->page), merged, out;
	struct pending first = pending_fence(t), second = pending_fence(t);

	merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, merged));
	out = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	EXPECT_NUMBER(t, 2, file_info(t, out).count);
	pending_signal(t, &first);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	pending_signal(t, &second);
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
}

static void listed(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence;

	EXPECT_NUMBER(t, 0, listed_fences(t, buffer).fences);
	fence = fence_on(t, vgem, buffer, true);
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).pending);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
	EXPECT_NUMBER(t, 0, listed_fences(t, buffer).pending);
}

static void signalled_is_replaced(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	for (int round = 0; round < 5; round++) {
		uint32_t fence = fence_on(t, vgem, buffer, round % 2);

		trial_say(t, "round %d", round);
		EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
		EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	}
}

static void write_then_read(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, 2, listed_fences(t, buffer).pending);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

static void read_then_write(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).pending);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

static const struct statement statements[] = {
	{.id = "fence.idle-poll",
	 .sentence = "poll() finds an idle buffer ready for reading and for writing.",
	 .source = POLL_SOURCE,
	 .run = idle_poll},
	{.id = "fence.other-events",
	 .sentence =
		 "poll() reports POLLIN and POLLOUT only: asked for other events, it reports none.",
	 .source = POLL_SOURCE,
	 .run = other_events},
	{.id = "fence.write-stops-all",
	 .sentence = "With a write pending, poll() finds the buffer neither readable nor writable.",
	 .source = POLL_SOURCE,
	 .run = write_stops_all},
	{.id = "fence.read-stops-writers",
	 .sentence = "With a read pending, poll() finds the buffer readable, but not writable.",
	 .source = POLL_SOURCE,
	 .run = read_stops_writers},
	{.id = "fence.all-readers-count",
	 .sentence = "A writer waits until the last of several reads has signalled, in any order.",
	 .source = SYNC_SOURCE,
	 .run = all_readers_count},
	{.id = "fence.poll-wakes",
	 .sentence = "A process that sleeps in poll() is woken when another one signals the write.",
	 .source = POLL_SOURCE,
	 .run = poll_wakes},
	{.id = "fence.epoll-wakes",
	 .sentence = "epoll reports EPOLLIN and EPOLLOUT once the write has signalled.",
	 .source = POLL_SOURCE,
	 .run = epoll_wakes},
	{.id = "fence.select-follows",
	 .sentence =
		 "select() agrees with poll(): idle, with a read pending, with a write pending.",
	 .source = POLL_SOURCE,
	 .run = select_follows},
	{.id = "fence.poll-holds-buffer",
	 .sentence = "For each direction that is not ready, poll() holds one reference on the "
		     "buffer until the fence signals.",
	 .source = POLL_SOURCE,
	 .run = poll_holds_buffer},
	{.id = "fence.sync-waits-for-write",
	 .sentence = "CPU access for reading, writing or both begins once the pending write has "
		     "signalled.",
	 .source = SYNC_SOURCE,
	 .run = sync_waits_for_write},
	{.id = "fence.sync-write-waits-for-read",
	 .sentence = "With a read pending, CPU access for reading begins at once, for writing once "
		     "the read has signalled.",
	 .source = SYNC_SOURCE,
	 .run = sync_write_waits_for_read},
	{.id = "fence.sync-end-at-once",
	 .sentence = "The end of CPU access waits for nothing.",
	 .source = "drivers/dma-buf/dma-buf.c, dma_buf_end_cpu_access",
	 .run = sync_end_at_once},
	{.id = "fence.sync-interrupted",
	 .sentence = "A signal ends the wait for CPU access with EINTR.",
	 .source = SYNC_SOURCE,
	 .run = sync_interrupted},
	{.id = "fence.sync-restarts",
	 .sentence = "With SA_RESTART the wait for CPU access continues after a signal.",
	 .source = SYNC_SOURCE,
	 .run = sync_restarts},
	{.id = "fence.sync-ignores-nonblock",
	 .sentence = "The wait for CPU access ignores O_NONBLOCK.",
	 .source = SYNC_SOURCE,
	 .run = sync_ignores_nonblock},
	{.id = "fence.sync-of-any-access",
	 .sentence = "A descriptor for reading can wait for CPU access for writing.",
	 .source = SYNC_SOURCE,
	 .run = sync_of_any_access},
	{.id = "fence.many-wait",
	 .sentence = "One signal wakes everyone who waits for CPU access.",
	 .source = SYNC_SOURCE,
	 .run = many_wait},
	{.id = "fence.export-idle",
	 .sentence = "The sync file of an idle buffer holds one fence, which has signalled.",
	 .differs = "Its driver and timeline are called stub before 6.17.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = export_idle},
	{.id = "fence.export-flags",
	 .sentence = "A request without reading or writing, and each undefined flag, is refused "
		     "with EINVAL, a null request with EFAULT.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = export_flags},
	{.id = "fence.export-descriptor",
	 .sentence = "An exported sync file is read-only and closed on exec; with no free "
		     "descriptor the export fails with EMFILE.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = export_descriptor},
	{.id = "fence.export-write",
	 .sentence = "Readers and writers get the pending write itself, with its driver's names.",
	 .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = export_write},
	{.id = "fence.export-reads",
	 .sentence = "Readers get none of the pending reads, writers all of them.",
	 .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = export_reads},
	{.id = "fence.export-is-snapshot",
	 .sentence = "A sync file does not change when a fence is added to the buffer.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = export_is_snapshot},
	{.id = "fence.import-flags",
	 .sentence = "A request without reading or writing, and each undefined flag, is refused "
		     "with EINVAL, a null request with EFAULT.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_flags},
	{.id = "fence.import-other-files",
	 .sentence =
		 "A file that is not a sync file, or no descriptor at all, is refused with EINVAL.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_other_files},
	{.id = "fence.import-signalled",
	 .sentence = "A fence that has signalled can be imported and blocks nobody.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_signalled},
	{.id = "fence.import-write",
	 .sentence = "A fence that was imported as a write blocks readers and writers until it "
		     "signals.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_write},
	{.id = "fence.import-read",
	 .sentence = "A fence that was imported as a read blocks writers only.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_read},
	{.id = "fence.import-of-any-access",
	 .sentence =
		 "A process that may only read the buffer can block all others with a write fence.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_of_any_access},
	{.id = "fence.import-adds-each",
	 .sentence = "Each fence of a merged sync file is added, and each is waited for.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .run = import_adds_each},
	{.id = "fence.listed",
	 .sentence = "The kernel's listing shows the fence, and whether it has signalled.",
	 .source = "drivers/dma-buf/dma-resv.c, dma_resv_describe",
	 .needs = NEED_BUFINFO,
	 .run = listed},
	{.id = "fence.signalled-is-replaced",
	 .sentence = "A new fence replaces one that has signalled.",
	 .source = RESV_SOURCE,
	 .needs = NEED_BUFINFO,
	 .run = signalled_is_replaced},
	{.id = "fence.write-then-read",
	 .sentence = "A fence that is present as a write and is added as a read is present twice.",
	 .source = RESV_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_BUFINFO,
	 .run = write_then_read},
	{.id = "fence.read-then-write",
	 .sentence = "A fence that is present as a read and is added as a write becomes a write.",
	 .source = RESV_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_BUFINFO,
	 .run = read_then_write},
};

SUITE(fence, "fence", NEED_HEAP);
