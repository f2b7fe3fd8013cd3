// SPDX-License-Identifier: GPL-2.0-or-later
/* Software timelines: drivers/dma-buf/sw_sync.c. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "conformance/cases/fence_helpers.h"
#include "sys/root.h"

#define SOURCE(function) "drivers/dma-buf/sw_sync.c, " function
#define TAINT_PATH       "/proc/sys/kernel/tainted"
#define TAINT_SOFTLOCKUP (1u << 14)

/* The kernel's taint flags. */
static uint64_t taint(struct trial *t)
{
	uint64_t flags = 0;

	EXPECT_OK(t, root_read_number(root_live(), TAINT_PATH, &flags));
	return flags;
}

TEST(open_does_not_taint, "sw_sync.open-does-not-taint",
     "Opening a timeline does not taint the kernel.", SOURCE("sw_sync_debugfs_open"),
     .needs = NEED_PROC)
{
	uint64_t before = taint(t);

	trial_timeline(t);
	EXPECT_NUMBER(t, before, taint(t));
}

TEST(fence_taints, "sw_sync.fence-taints",
     "Asking for a fence taints the kernel, even where it fails.",
     SOURCE("sw_sync_ioctl_create_fence"), .since = KERNEL(6, 19, 0), .needs = NEED_PROC,
     .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t);

	EXPECT_ERRNO(t, EFAULT, ioctl(timeline, SW_SYNC_IOC_CREATE_FENCE, NULL));
	EXPECT_TRUE(t, taint(t) & TAINT_SOFTLOCKUP);
}

TEST(fence_does_not_taint, "sw_sync.fence-does-not-taint", "A fence does not taint the kernel.",
     SOURCE("sw_sync_ioctl_create_fence"), .until = KERNEL(6, 19, 0), .needs = NEED_PROC,
     .dangers = DANGER_TAINT)
{
	uint64_t before = taint(t);

	EXPECT_OK(t, sw_sync_fence(trial_timeline(t), 1));
	EXPECT_NUMBER(t, before, taint(t));
}

TEST(names, "sw_sync.names",
     "The driver is sw_sync; the timeline has the name of the thread that opened it.",
     SOURCE("sw_sync_debugfs_open"),
     .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
     .dangers = DANGER_TAINT)
{
	struct sync_file info;

	EXPECT_DONE(t, prctl(PR_SET_NAME, "a-name-of-15-by"));
	info = file_info(t, EXPECT_OK(t, sw_sync_fence(trial_timeline(t), 1)));
	expect_names(t, &info.fences.items[0], "sw_sync", "a-name-of-15-by");
}

TEST(signals_at_value, "sw_sync.signals-at-value",
     "A fence signals when the timeline reaches its value.", SOURCE("sync_timeline_signal"),
     .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), third, fourth;

	third = EXPECT_OK(t, sw_sync_fence(timeline, 3));
	fourth = EXPECT_OK(t, sw_sync_fence(timeline, 4));
	EXPECT_OK(t, sw_sync_advance(timeline, 2));
	EXPECT_NUMBER(t, 0, file_status(t, third));
	EXPECT_OK(t, sw_sync_advance(timeline, 1));
	EXPECT_NUMBER(t, 1, file_status(t, third));
	EXPECT_NUMBER(t, 0, file_status(t, fourth));
}

TEST(advance_signals_all, "sw_sync.advance-signals-all",
     "One step signals all fences up to the new value.", SOURCE("sync_timeline_signal"),
     .dangers = DANGER_TAINT)
{
	enum {
		MANY = 20
	};
	int timeline = trial_timeline(t), fences[MANY];

	/* made in another order than they signal in */
	for (uint32_t i = 0; i < MANY; i++)
		fences[i] = EXPECT_OK(t, sw_sync_fence(timeline, 1 + (i * 7) % MANY));
	EXPECT_OK(t, sw_sync_advance(timeline, MANY));
	for (int i = 0; i < MANY; i++)
		EXPECT_NUMBER(t, 1, file_status(t, fences[i]));
}

TEST(born_signalled, "sw_sync.born-signalled",
     "A fence for a value that the timeline has reached, or that is 2^31 or more ahead, has "
     "signalled from the start.",
     SOURCE("timeline_fence_signaled"), .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t);

	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, sw_sync_fence(timeline, 0))));
	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, sw_sync_fence(timeline, 0x80000000))));
	EXPECT_NUMBER(t, 0, file_status(t, EXPECT_OK(t, sw_sync_fence(timeline, 0x7fffffff))));
	EXPECT_OK(t, sw_sync_advance(timeline, 5));
	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, sw_sync_fence(timeline, 5))));
	EXPECT_NUMBER(t, 0, file_status(t, EXPECT_OK(t, sw_sync_fence(timeline, 6))));
}

TEST(advance_wraps, "sw_sync.advance-wraps", "A step of 2^32-1 moves the timeline back by one.",
     SOURCE("sw_sync_ioctl_inc"), .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), before;

	EXPECT_OK(t, sw_sync_advance(timeline, 10));
	EXPECT_OK(t, sw_sync_advance(timeline, 0xffffffff));
	before = EXPECT_OK(t, sw_sync_fence(timeline, 10));
	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, sw_sync_fence(timeline, 9))));
	EXPECT_NUMBER(t, 0, file_status(t, before));
	EXPECT_OK(t, sw_sync_advance(timeline, 1));
	EXPECT_NUMBER(t, 1, file_status(t, before));
}

TEST(same_value_shared, "sw_sync.same-value-shared",
     "Two fences with the same value are one fence, with one deadline.", SOURCE("sync_pt_create"),
     .since = KERNEL(6, 6, 0), .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), first, second;
	uint64_t deadline = 0;

	first = EXPECT_OK(t, sw_sync_fence(timeline, 1));
	second = EXPECT_OK(t, sw_sync_fence(timeline, 1));
	EXPECT_OK(t, sync_file_set_deadline(first, 4711));
	EXPECT_OK(t, sw_sync_deadline(timeline, second, &deadline));
	EXPECT_NUMBER(t, 4711, deadline);
}

TEST(deadline_earliest, "sw_sync.deadline-earliest",
     "The earliest of several deadlines is kept; a fence that has signalled takes none.",
     SOURCE("timeline_fence_set_deadline"), .since = KERNEL(6, 6, 0), .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), fence;
	uint64_t deadline = 0;

	fence = EXPECT_OK(t, sw_sync_fence(timeline, 1));
	EXPECT_ERROR(t, ENOENT, sw_sync_deadline(timeline, fence, &deadline));
	EXPECT_OK(t, sync_file_set_deadline(fence, 2000));
	EXPECT_OK(t, sync_file_set_deadline(fence, 1000));
	EXPECT_OK(t, sync_file_set_deadline(fence, 3000));
	EXPECT_OK(t, sw_sync_deadline(timeline, fence, &deadline));
	EXPECT_NUMBER(t, 1000, deadline);
	EXPECT_OK(t, sw_sync_advance(timeline, 1));
	EXPECT_OK(t, sync_file_set_deadline(fence, 500));
	EXPECT_OK(t, sw_sync_deadline(timeline, fence, &deadline));
	EXPECT_NUMBER(t, 1000, deadline);
}

TEST(deadline_of_merged, "sw_sync.deadline-of-merged",
     "The deadline of a merged file applies to each of its fences.",
     "drivers/dma-buf/dma-fence-array.c, dma_fence_array_set_deadline", .since = KERNEL(6, 6, 0),
     .dangers = DANGER_TAINT)
{
	int one = trial_timeline(t), two = trial_timeline(t), first, second, merged;
	uint64_t deadline = 0;

	first = EXPECT_OK(t, sw_sync_fence(one, 1));
	second = EXPECT_OK(t, sw_sync_fence(two, 1));
	merged = EXPECT_OK(t, sync_file_merge(first, second, ""));
	EXPECT_OK(t, sync_file_set_deadline(merged, 4711));
	EXPECT_OK(t, sw_sync_deadline(one, first, &deadline));
	EXPECT_NUMBER(t, 4711, deadline);
	EXPECT_OK(t, sw_sync_deadline(two, second, &deadline));
	EXPECT_NUMBER(t, 4711, deadline);
}

TEST(deadline_wrong, "sw_sync.deadline-wrong",
     "Padding, a deadline in the request and fences of other drivers are refused with EINVAL.",
     SOURCE("sw_sync_ioctl_get_deadline"), .since = KERNEL(6, 6, 0), .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), fence = EXPECT_OK(t, sw_sync_fence(timeline, 1));
	struct sw_sync_get_deadline pad = {.pad = 1, .fence_fd = fence},
				    set = {.deadline_ns = 1, .fence_fd = fence};
	struct pending other = pending_fence(t);
	uint64_t deadline;

	EXPECT_ERRNO(t, EINVAL, ioctl(timeline, SW_SYNC_GET_DEADLINE, &pad));
	EXPECT_ERRNO(t, EINVAL, ioctl(timeline, SW_SYNC_GET_DEADLINE, &set));
	EXPECT_ERROR(t, EINVAL, sw_sync_deadline(timeline, other.file, &deadline));
	EXPECT_ERROR(t, EINVAL, sw_sync_deadline(timeline, timeline, &deadline));
	EXPECT_ERROR(t, EINVAL, sw_sync_deadline(timeline, -1, &deadline));
}

TEST(requests, "sw_sync.requests",
     "A fence is closed on exec and does not get the requested name; a step that cannot be read is "
     "refused with EFAULT, an unknown request with ENOTTY.",
     SOURCE("sw_sync_ioctl"), .dangers = DANGER_TAINT)
{
	struct sw_sync_create_fence_data request = {.value = 1, .name = "not looked at"};
	int timeline = trial_timeline(t);

	EXPECT_DONE(t, ioctl(timeline, SW_SYNC_IOC_CREATE_FENCE, &request));
	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(request.fence, F_GETFD));
	EXPECT_TRUE(t, !strstr(file_info(t, request.fence).name, "looked"));
	EXPECT_ERRNO(t, EFAULT, ioctl(timeline, SW_SYNC_IOC_INC, NULL));
	EXPECT_ERRNO(t, ENOTTY, ioctl(timeline, _IO('W', 99)));
}

TEST(close_fails_fences, "sw_sync.close-fails-fences",
     "Closing the timeline fails its pending fences with ENOENT.",
     SOURCE("sw_sync_debugfs_release"), .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), done, open;

	done = EXPECT_OK(t, sw_sync_fence(timeline, 1));
	open = EXPECT_OK(t, sw_sync_fence(timeline, 2));
	EXPECT_OK(t, sw_sync_advance(timeline, 1));
	EXPECT_DONE(t, close(timeline));
	EXPECT_NUMBER(t, 1, file_status(t, done));
	EXPECT_NUMBER(t, -ENOENT, file_status(t, open));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, open, POLLIN));
}

TEST(failed_frees_buffer, "sw_sync.failed-frees-buffer",
     "A write that fails lets CPU access begin without an error; only a sync file exported before "
     "reports it.",
     "drivers/dma-buf/dma-buf.c, __dma_buf_begin_cpu_access", .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP, .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), buffer = trial_buffer(t, t->page), before;
	struct sync_wait wait;

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE,
					     EXPECT_OK(t, sw_sync_fence(timeline, 1))));
	before = EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ));
	sync_sleeps(t, &wait, buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	EXPECT_DONE(t, close(timeline));
	sync_returns(t, &wait);
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT | POLLERR));
	EXPECT_NUMBER(t, -ENOENT, file_status(t, before));
	EXPECT_NUMBER(
		t, 1,
		file_status(t, EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ))));
}

TEST(import_later_replaces, "sw_sync.import-later-replaces",
     "A later fence of a timeline replaces an earlier one in the buffer.",
     "drivers/dma-buf/dma-resv.c, dma_resv_add_fence", .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP | NEED_BUFINFO, .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), buffer = trial_buffer(t, t->page), tenth, eleventh;

	tenth = EXPECT_OK(t, sw_sync_fence(timeline, 10));
	eleventh = EXPECT_OK(t, sw_sync_fence(timeline, 11));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE, tenth));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE, eleventh));
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).pending);
	EXPECT_OK(t, sw_sync_advance(timeline, 10));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	EXPECT_OK(t, sw_sync_advance(timeline, 1));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
}

TEST(import_earlier_adds, "sw_sync.import-earlier-adds",
     "An earlier fence of a timeline is added to a later one.",
     "drivers/dma-buf/dma-resv.c, dma_resv_add_fence", .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP | NEED_BUFINFO, .dangers = DANGER_TAINT)
{
	int timeline = trial_timeline(t), buffer = trial_buffer(t, t->page), tenth, eleventh;

	tenth = EXPECT_OK(t, sw_sync_fence(timeline, 10));
	eleventh = EXPECT_OK(t, sw_sync_fence(timeline, 11));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE, eleventh));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE, tenth));
	EXPECT_NUMBER(t, 2, listed_fences(t, buffer).pending);
}

TEST(listed_in_debugfs, "sw_sync.listed",
     "debugfs lists the timeline with its value, and the pending fence.",
     "drivers/dma-buf/sync_debug.c, sync_info_debugfs_show", .dangers = DANGER_TAINT)
{
	AUTO_FREE char *text = NULL;
	int timeline;

	EXPECT_DONE(t, prctl(PR_SET_NAME, "dmaheap-listed"));
	timeline = trial_timeline(t);
	EXPECT_OK(t, sw_sync_fence(timeline, 7));
	EXPECT_OK(t, sw_sync_advance(timeline, 2));
	EXPECT_OK(t, root_read(root_live(), "/sys/kernel/debug/sync/info", 16 << 20, &text, NULL));
	EXPECT_TRUE(t, strstr(text, "dmaheap-listed: 2\n"));
	EXPECT_TRUE(t, strstr(text, "active: 7 / 2\n") || strstr(text, "active: 7\n"));
}

SUITE(sw_sync, "sw_sync", 0, open_does_not_taint, fence_taints, fence_does_not_taint, names,
      signals_at_value, advance_signals_all, born_signalled, advance_wraps, same_value_shared,
      deadline_earliest, deadline_of_merged, deadline_wrong, requests, close_fails_fences,
      failed_frees_buffer, import_later_replaces, import_earlier_adds, listed_in_debugfs);
