// SPDX-License-Identifier: GPL-2.0-or-later
/* The fences of a buffer: who waits for them, and how they leave and enter it as sync files. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/array.h"
#include "conformance/cases/directions.h"
#include "conformance/cases/fence_helpers.h"
#include "sys/dmabuf.h"
#include "sys/uapi.h"

#define POLL_SOURCE   "drivers/dma-buf/dma-buf.c, dma_buf_poll"
/* of a test that waits in poll() for a fence of a buffer: it may end before the fence signals */
#define POLLS_PENDING .hazard = HAZARD_POLL
#define SYNC_SOURCE   "drivers/dma-buf/dma-buf.c, __dma_buf_begin_cpu_access"
#define EXPORT_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_export_sync_file"
#define IMPORT_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_import_sync_file"
#define RESV_SOURCE   "drivers/dma-buf/dma-resv.c, dma_resv_add_fence"

#define READ  DMA_BUF_SYNC_READ
#define WRITE DMA_BUF_SYNC_WRITE
#define BOTH  DMA_BUF_SYNC_RW

#define START_READ  (DMA_BUF_SYNC_START | READ)
#define START_WRITE (DMA_BUF_SYNC_START | WRITE)

TEST(idle_poll, "fence.idle-poll", "poll() finds an idle buffer ready for reading and for writing.",
     POLL_SOURCE)
{
	int buffer = trial_buffer(t, t->page);

	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, POLLOUT, poll_now(t, buffer, POLLOUT));
}

TEST(other_events, "fence.other-events",
     "poll() reports POLLIN and POLLOUT only: asked for other events, it reports none.",
     POLL_SOURCE)
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

TEST(select_follows, "fence.select-follows",
     "select() agrees with poll(): idle, with a read pending, with a write pending.", POLL_SOURCE,
     POLLS_PENDING)
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

TEST(write_stops_all, "fence.write-stops-all",
     "With a write pending, poll() finds the buffer neither readable nor writable.", POLL_SOURCE,
     POLLS_PENDING)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);

	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLOUT));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

TEST(read_stops_writers, "fence.read-stops-writers",
     "With a read pending, poll() finds the buffer readable, but not writable.", POLL_SOURCE,
     POLLS_PENDING)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, false);

	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLOUT));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

TEST(all_readers_count, "fence.all-readers-count",
     "A writer waits until the last of several reads has signalled, in any order.", SYNC_SOURCE,
     POLLS_PENDING)
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

TEST(poll_wakes, "fence.poll-wakes",
     "A process that sleeps in poll() is woken when another one signals the write.", POLL_SOURCE,
     POLLS_PENDING)
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

TEST(epoll_wakes, "fence.epoll-wakes",
     "epoll reports EPOLLIN and EPOLLOUT once the write has signalled.", POLL_SOURCE, POLLS_PENDING)
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

TEST(poll_holds_buffer, "fence.poll-holds-buffer",
     "For each direction that is not ready, poll() holds one reference on the buffer until the "
     "fence signals.",
     POLL_SOURCE, .since = KERNEL(5, 16, 0), POLLS_PENDING)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);

	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 2, fd_number(t, buffer, "count"));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_NUMBER(t, 3, fd_number(t, buffer, "count"));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
}

TEST(sync_waits_for_write, "fence.sync-waits-for-write",
     "CPU access for reading, writing or both begins once the pending write has signalled.",
     SYNC_SOURCE)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	for (size_t i = 0; i < COUNT_OF(directions); i++) {
		uint32_t fence = fence_on(t, vgem, buffer, true);
		struct sync_wait wait;

		trial_say(t, "for %s", directions[i].name);
		sync_sleeps(t, &wait, buffer, DMA_BUF_SYNC_START | directions[i].flags);
		EXPECT_OK(t, vgem_fence_signal(vgem, fence));
		sync_returns(t, &wait);
	}
}

TEST(sync_write_waits_for_read, "fence.sync-write-waits-for-read",
     "With a read pending, CPU access for reading begins at once, for writing once the read has "
     "signalled.",
     SYNC_SOURCE)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, false);
	struct sync_wait wait;

	sync_at_once(t, buffer, START_READ);
	sync_sleeps(t, &wait, buffer, START_WRITE);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

TEST(sync_end_at_once, "fence.sync-end-at-once", "The end of CPU access waits for nothing.",
     "drivers/dma-buf/dma-buf.c, dma_buf_end_cpu_access")
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	fence_on(t, vgem, buffer, true);
	sync_at_once(t, buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	sync_at_once(t, buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
}

TEST(sync_interrupted, "fence.sync-interrupted",
     "A signal ends the wait for CPU access with EINTR.", SYNC_SOURCE)
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

TEST(sync_restarts, "fence.sync-restarts",
     "With SA_RESTART the wait for CPU access continues after a signal.", SYNC_SOURCE)
{
	const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
	const struct itimerval timer = {{0, 20000}, {0, 20000}};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	tick.vgem = vgem;
	tick.fence = fence_on(t, vgem, buffer, true);
	EXPECT_DONE(t, sigaction(SIGALRM, &action, NULL));
	EXPECT_DONE(t, setitimer(ITIMER_REAL, &timer, NULL));
	trial_sync(t, buffer, START_READ);
	EXPECT_TRUE(t, tick.ticks >= 3);
}

TEST(sync_ignores_nonblock, "fence.sync-ignores-nonblock",
     "The wait for CPU access ignores O_NONBLOCK.", SYNC_SOURCE)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_wait wait;

	EXPECT_DONE(t, fcntl(buffer, F_SETFL, O_NONBLOCK));
	sync_sleeps(t, &wait, buffer, START_READ);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

TEST(sync_of_any_access, "fence.sync-of-any-access",
     "A descriptor for reading can wait for CPU access for writing.", SYNC_SOURCE)
{
	int vgem = trial_vgem(t), buffer = trial_allocate(t, t->page, O_RDONLY | O_CLOEXEC);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_wait wait;

	sync_sleeps(t, &wait, buffer, START_WRITE);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

TEST(many_wait, "fence.many-wait", "One signal wakes everyone who waits for CPU access.",
     SYNC_SOURCE)
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

TEST(export_idle, "fence.export-idle",
     "The sync file of an idle buffer holds one fence, which has signalled.", EXPORT_SOURCE,
     .differs = "Its driver and timeline are called stub before 6.17.", .since = KERNEL(6, 0, 0))
{
	int buffer = trial_buffer(t, t->page);

	for (size_t i = 0; i < COUNT_OF(directions); i++) {
		int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, directions[i].flags));
		struct sync_file info = file_info(t, file);
		bool detached = t->kernel >= KERNEL(6, 17, 0) ||
				!strcmp(info.fences.items[0].driver, DETACHED_DRIVER);

		EXPECT_NUMBER(t, POLLIN, poll_now(t, file, POLLIN));
		EXPECT_NUMBER(t, 1, info.status);
		EXPECT_NUMBER(t, 1, info.count);
		EXPECT_TEXT(t, detached ? DETACHED_DRIVER : "stub", info.fences.items[0].driver);
		EXPECT_TEXT(t, detached ? DETACHED_TIMELINE : "stub",
			    info.fences.items[0].timeline);
		EXPECT_TRUE(t, info.fences.items[0].timestamp_ns > 0);
		sync_file_free(&info);
	}
}

TEST(export_flags, "fence.export-flags",
     "A request without reading or writing, and each undefined flag, is refused with EINVAL, a "
     "null request with EFAULT.",
     EXPORT_SOURCE, .since = KERNEL(6, 0, 0))
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

TEST(export_descriptor, "fence.export-descriptor",
     "An exported sync file is read-only and closed on exec; with no free descriptor the export "
     "fails with EMFILE.",
     EXPORT_SOURCE, .since = KERNEL(6, 0, 0))
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	const struct rlimit none = {.rlim_cur = (rlim_t)file + 1, .rlim_max = (rlim_t)file + 1};

	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(file, F_GETFD));
	EXPECT_ACCESS(t, O_RDONLY, file);
	EXPECT_DONE(t, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERROR(t, EMFILE, dmabuf_export_sync_file(buffer, READ));
}

TEST(export_write, "fence.export-write",
     "Readers and writers get the pending write itself, with its driver's names.", EXPORT_SOURCE,
     .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
     .since = KERNEL(6, 0, 0))
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

TEST(export_reads, "fence.export-reads",
     "Readers get none of the pending reads, writers all of them.", EXPORT_SOURCE,
     .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
     .since = KERNEL(6, 0, 0))
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

TEST(export_is_snapshot, "fence.export-is-snapshot",
     "A sync file does not change when a fence is added to the buffer.", EXPORT_SOURCE,
     .since = KERNEL(6, 0, 0))
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	int before = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ)), after;

	fence_on(t, vgem, buffer, true);
	after = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	EXPECT_NUMBER(t, 1, file_status(t, before));
	EXPECT_NUMBER(t, 0, file_status(t, after));
}

TEST(import_flags, "fence.import-flags",
     "A request without reading or writing, and each undefined flag, is refused with EINVAL, a "
     "null request with EFAULT.",
     IMPORT_SOURCE, .since = KERNEL(6, 0, 0))
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

TEST(import_other_files, "fence.import-other-files",
     "A file that is not a sync file, or no descriptor at all, is refused with EINVAL.",
     IMPORT_SOURCE, .since = KERNEL(6, 0, 0))
{
	int buffer = trial_buffer(t, t->page);
	int null = EXPECT_DONE(t, open("/dev/null", O_RDWR | O_CLOEXEC));

	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, -1));
	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, buffer));
	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, null));
}

TEST(import_signalled, "fence.import-signalled",
     "A fence that has signalled can be imported and blocks nobody.", IMPORT_SOURCE,
     .since = KERNEL(6, 0, 0))
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, BOTH, file));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_at_once(t, buffer, DMA_BUF_SYNC_START | BOTH);
}

TEST(import_write, "fence.import-write",
     "A fence that was imported as a write blocks readers and writers until it signals.",
     IMPORT_SOURCE, .since = KERNEL(6, 0, 0))
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

TEST(import_read, "fence.import-read", "A fence that was imported as a read blocks writers only.",
     IMPORT_SOURCE, .since = KERNEL(6, 0, 0))
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_at_once(t, buffer, DMA_BUF_SYNC_START | READ);
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, POLLOUT, poll_now(t, buffer, POLLOUT));
}

TEST(import_of_any_access, "fence.import-of-any-access",
     "A process that may only read the buffer can block all others with a write fence.",
     IMPORT_SOURCE, .since = KERNEL(6, 0, 0))
{
	int buffer = trial_allocate(t, t->page, O_RDONLY | O_CLOEXEC);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

TEST(import_adds_each, "fence.import-adds-each",
     "Each fence of a merged sync file is added, and each is waited for.", IMPORT_SOURCE,
     .since = KERNEL(6, 0, 0))
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

TEST(listed, "fence.listed", "The kernel's listing shows the fence, and whether it has signalled.",
     "drivers/dma-buf/dma-resv.c, dma_resv_describe; drivers/dma-buf/dma-buf.c, dma_buf_debug_show",
     .needs = NEED_BUFINFO)
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

TEST(signalled_is_replaced, "fence.signalled-is-replaced",
     "A new fence replaces one that has signalled.", RESV_SOURCE,
     .differs = "On 5.10 a new read leaves a write that has signalled.", .since = KERNEL(5, 19, 0),
     .needs = NEED_BUFINFO)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	for (int round = 0; round < 5; round++) {
		uint32_t fence = fence_on(t, vgem, buffer, round % 2);

		trial_say(t, "round %d", round);
		EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
		EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	}
}

TEST(write_then_read, "fence.write-then-read",
     "A fence that is present as a write and is added as a read is present twice.", RESV_SOURCE,
     .since = KERNEL(6, 0, 0), .needs = NEED_BUFINFO)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, 2, listed_fences(t, buffer).pending);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

TEST(read_then_write, "fence.read-then-write",
     "A fence that is present as a read and is added as a write becomes a write.", RESV_SOURCE,
     .since = KERNEL(6, 0, 0), .needs = NEED_BUFINFO)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).pending);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

SUITE(fence, "fence", NEED_HEAP | NEED_IDLE, idle_poll, other_events, write_stops_all,
      read_stops_writers, all_readers_count, poll_wakes, epoll_wakes, select_follows,
      poll_holds_buffer, sync_waits_for_write, sync_write_waits_for_read, sync_end_at_once,
      sync_interrupted, sync_restarts, sync_ignores_nonblock, sync_of_any_access, many_wait,
      export_idle, export_flags, export_descriptor, export_write, export_reads, export_is_snapshot,
      import_flags, import_other_files, import_signalled, import_write, import_read,
      import_of_any_access, import_adds_each, listed, signalled_is_replaced, write_then_read,
      read_then_write);
