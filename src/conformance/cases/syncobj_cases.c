// SPDX-License-Identifier: GPL-2.0-or-later
/* Sync objects of DRM nodes and their timelines: drivers/gpu/drm/drm_syncobj.c. */
#include <errno.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "conformance/cases/fence_helpers.h"

#define SOURCE(function) "drivers/gpu/drm/drm_syncobj.c, " function
#define FOR_SUBMIT       SYNCOBJ_WAIT_FOR_SUBMIT
#define ALL              SYNCOBJ_WAIT_ALL
#define SECONDS(n)       ((int64_t)clock_ns() + INT64_C(1000000000) * (n))

static int binary_node(struct trial *t)
{
	return trial_syncobj_node(t, DRM_HAS_SYNCOBJ);
}

TEST(creates, "syncobj.creates",
     "Sync objects can be created, also signalled, and destroyed once (a second time: EINVAL).",
     SOURCE("drm_syncobj_create_ioctl"))
{
	int drm = binary_node(t);
	uint32_t first = trial_syncobj(t, drm), second = trial_syncobj(t, drm), signalled = 0;

	EXPECT_TRUE(t, first && second && first != second);
	EXPECT_OK(t, syncobj_destroy(drm, first));
	EXPECT_ERROR(t, EINVAL, syncobj_destroy(drm, first));
	EXPECT_ERROR(t, EINVAL, syncobj_create(drm, 2, &signalled));
	EXPECT_OK(t, syncobj_create(drm, SYNCOBJ_CREATE_SIGNALED, &signalled));
	EXPECT_OK(t, syncobj_wait(drm, signalled, 0, 0));
}

TEST(unknown_handles, "syncobj.unknown-handles",
     "An unknown handle is refused with ENOENT, in a request for a descriptor with EINVAL.",
     SOURCE("drm_syncobj_find"))
{
	int drm = binary_node(t);

	EXPECT_ERROR(t, ENOENT, syncobj_wait(drm, 12345, 0, 0));
	EXPECT_ERROR(t, ENOENT, syncobj_signal(drm, 12345));
	EXPECT_ERROR(t, ENOENT, syncobj_reset(drm, 12345));
	EXPECT_ERROR(t, EINVAL, syncobj_to_fd(drm, 12345));
}

TEST(empty, "syncobj.empty",
     "Without a fence it cannot be waited for or exported (EINVAL); a wait for its submit ends "
     "with "
     "ETIME.",
     SOURCE("drm_syncobj_array_wait_timeout"))
{
	int drm = binary_node(t);
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_ERROR(t, EINVAL, syncobj_wait(drm, syncobj, 0, 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait(drm, syncobj, 0, FOR_SUBMIT));
	EXPECT_ERROR(t, ETIME,
		     syncobj_wait(drm, syncobj, (int64_t)clock_ns() + 5000000, FOR_SUBMIT));
	EXPECT_ERROR(t, EINVAL, syncobj_export(drm, syncobj));
}

TEST(signal_and_reset, "syncobj.signal-and-reset",
     "When signalled from user space it has signalled, and has no fence once it is reset.",
     SOURCE("drm_syncobj_signal_ioctl"))
{
	int drm = binary_node(t);
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_OK(t, syncobj_signal(drm, syncobj));
	EXPECT_OK(t, syncobj_wait(drm, syncobj, 0, 0));
	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, syncobj_export(drm, syncobj))));
	EXPECT_OK(t, syncobj_reset(drm, syncobj));
	EXPECT_ERROR(t, EINVAL, syncobj_wait(drm, syncobj, 0, 0));
}

TEST(takes_sync_file, "syncobj.takes-sync-file",
     "The fence of a sync file becomes the sync object's, and a wait for the sync object waits for "
     "it.",
     SOURCE("drm_syncobj_import_sync_file_fence"))
{
	int drm = binary_node(t);
	uint32_t syncobj = trial_syncobj(t, drm);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, syncobj_import(drm, syncobj, pending.file));
	EXPECT_ERROR(t, ETIME, syncobj_wait(drm, syncobj, 0, 0));
	pending_signal(t, &pending);
	EXPECT_OK(t, syncobj_wait(drm, syncobj, SECONDS(5), 0));
}

TEST(takes_no_other_file, "syncobj.takes-no-other-file",
     "A file that is not a sync file is refused with EINVAL.",
     SOURCE("drm_syncobj_import_sync_file_fence"))
{
	int drm = binary_node(t);
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_ERROR(t, EINVAL, syncobj_import(drm, syncobj, drm));
	EXPECT_ERROR(t, EINVAL, syncobj_import(drm, syncobj, -1));
}

TEST(gives_sync_file, "syncobj.gives-sync-file",
     "A sync file exported from it holds the same fence, with the names of its driver.",
     SOURCE("drm_syncobj_export_sync_file"),
     .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.")
{
	int drm = binary_node(t), file;
	uint32_t syncobj = trial_syncobj(t, drm);
	struct pending pending = pending_fence(t);
	struct sync_file info;

	EXPECT_OK(t, syncobj_import(drm, syncobj, pending.file));
	file = EXPECT_OK(t, syncobj_export(drm, syncobj));
	info = file_info(t, file);
	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, 1, info.count);
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 1, file_status(t, file));
}

TEST(replaced_fence, "syncobj.replaced-fence",
     "A new fence replaces the old one; sync files keep the old one.",
     SOURCE("drm_syncobj_replace_fence"))
{
	int drm = binary_node(t), file;
	uint32_t syncobj = trial_syncobj(t, drm);
	struct pending first = pending_fence(t), second = pending_fence(t);

	EXPECT_OK(t, syncobj_import(drm, syncobj, first.file));
	file = EXPECT_OK(t, syncobj_export(drm, syncobj));
	EXPECT_OK(t, syncobj_import(drm, syncobj, second.file));
	pending_signal(t, &second);
	EXPECT_OK(t, syncobj_wait(drm, syncobj, 0, 0));
	EXPECT_NUMBER(t, 0, file_status(t, file));
}

TEST(stops_heap_buffer, "syncobj.stops-heap-buffer",
     "Its fence, imported as a write, blocks a heap's buffer until it signals.",
     SOURCE("drm_syncobj_export_sync_file"), .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP | NEED_IDLE)
{
	int drm = binary_node(t), buffer = trial_buffer(t, t->page);
	uint32_t syncobj = trial_syncobj(t, drm);
	struct pending pending = pending_fence(t);
	struct sync_wait wait;

	EXPECT_OK(t, syncobj_import(drm, syncobj, pending.file));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE,
					     EXPECT_OK(t, syncobj_export(drm, syncobj))));
	sync_sleeps(t, &wait, buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	pending_signal(t, &pending);
	sync_returns(t, &wait);
}

TEST(waits_for_heap_buffer, "syncobj.waits-for-heap-buffer",
     "It can hold the fence of a heap's buffer; a wait ends when that fence signals.",
     SOURCE("drm_syncobj_import_sync_file_fence"), .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP | NEED_IDLE)
{
	int vgem = trial_vgem(t), drm = binary_node(t), buffer = trial_buffer(t, t->page);
	uint32_t syncobj = trial_syncobj(t, drm), fence = fence_on(t, vgem, buffer, true);

	EXPECT_OK(t,
		  syncobj_import(drm, syncobj,
				 EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ))));
	EXPECT_ERROR(t, ETIME, syncobj_wait(drm, syncobj, 0, 0));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_OK(t, syncobj_wait(drm, syncobj, SECONDS(5), 0));
}

TEST(passed_on, "syncobj.passed-on",
     "A descriptor of it gives another client of the node the same sync object.",
     SOURCE("drm_syncobj_get_fd"))
{
	int drm = binary_node(t), other = binary_node(t), fd;
	uint32_t syncobj = trial_syncobj(t, drm), same = 0;

	fd = EXPECT_OK(t, syncobj_to_fd(drm, syncobj));
	EXPECT_TEXT(t, "anon_inode:syncobj_file", trial_link(t, fd));
	EXPECT_OK(t, syncobj_from_fd(other, fd, &same));
	EXPECT_OK(t, syncobj_signal(drm, syncobj));
	EXPECT_OK(t, syncobj_wait(other, same, 0, 0));
	EXPECT_ERROR(t, EINVAL, syncobj_from_fd(other, drm, &same));
}

struct wait_for {
	int drm;
	uint32_t syncobj, flags;
};

static int call_wait(void *argument)
{
	struct wait_for *wait = argument;

	return syncobj_wait(wait->drm, wait->syncobj, SECONDS(5), wait->flags);
}

/* A wait that is seen to sleep. */
static struct waiter *sleep_for(struct trial *t, struct wait_for *wait)
{
	struct waiter *waiter;

	EXPECT_OK(t, waiter_start(call_wait, wait, &waiter));
	EXPECT_NUMBER(t, WAITER_SLEEPS, waiter_settle(waiter, UINT64_C(3000000000)));
	return waiter;
}

static void expect_woken(struct trial *t, struct waiter *waiter)
{
	int result = 0;

	EXPECT_OK(t, waiter_finish(waiter, UINT64_C(6000000000), &result, NULL));
	EXPECT_NUMBER(t, 0, result);
}

TEST(wait_for_submit, "syncobj.wait-for-submit",
     "A wait for submit ends when a fence has been set and has signalled.",
     SOURCE("drm_syncobj_array_wait_timeout"))
{
	struct wait_for wait = {.drm = binary_node(t), .flags = FOR_SUBMIT};
	struct pending pending = pending_fence(t);
	struct waiter *waiter;

	wait.syncobj = trial_syncobj(t, wait.drm);
	waiter = sleep_for(t, &wait);
	EXPECT_OK(t, syncobj_import(wait.drm, wait.syncobj, pending.file));
	EXPECT_NUMBER(t, WAITER_SLEEPS, waiter_settle(waiter, UINT64_C(3000000000)));
	pending_signal(t, &pending);
	expect_woken(t, waiter);
}

TEST(several, "syncobj.several",
     "A wait for several ends with the first that signals, whose place it tells; a wait for all "
     "with the last.",
     SOURCE("drm_syncobj_array_wait_timeout"))
{
	enum {
		SEVERAL = 3
	};
	int drm = binary_node(t);
	struct pending pending[SEVERAL];
	uint32_t syncobjs[SEVERAL], first = 99;

	for (int i = 0; i < SEVERAL; i++) {
		pending[i] = pending_fence(t);
		syncobjs[i] = trial_syncobj(t, drm);
		EXPECT_OK(t, syncobj_import(drm, syncobjs[i], pending[i].file));
	}
	EXPECT_ERROR(t, ETIME, syncobj_wait_several(drm, syncobjs, SEVERAL, 0, 0, &first));
	pending_signal(t, &pending[1]);
	EXPECT_OK(t, syncobj_wait_several(drm, syncobjs, SEVERAL, SECONDS(5), 0, &first));
	EXPECT_NUMBER(t, 1, first);
	EXPECT_ERROR(t, ETIME, syncobj_wait_several(drm, syncobjs, SEVERAL, 0, ALL, &first));
	pending_signal(t, &pending[2]);
	EXPECT_ERROR(t, ETIME, syncobj_wait_several(drm, syncobjs, SEVERAL, 0, ALL, &first));
	pending_signal(t, &pending[0]);
	EXPECT_OK(t, syncobj_wait_several(drm, syncobjs, SEVERAL, SECONDS(5), ALL, &first));
}

/* Timelines and their points. */

static int timeline_node(struct trial *t)
{
	return trial_syncobj_node(t, DRM_HAS_SYNCOBJ_TIMELINE);
}

TEST(points, "syncobj.points",
     "A timeline at point 5 has passed the points before; the next one has no fence yet.",
     SOURCE("drm_syncobj_timeline_signal_ioctl"))
{
	int drm = timeline_node(t);
	uint32_t syncobj = trial_syncobj(t, drm);
	uint64_t point = 99;

	EXPECT_OK(t, syncobj_query(drm, syncobj, &point));
	EXPECT_NUMBER(t, 0, point);
	EXPECT_OK(t, syncobj_signal_point(drm, syncobj, 5));
	EXPECT_OK(t, syncobj_query(drm, syncobj, &point));
	EXPECT_NUMBER(t, 5, point);
	EXPECT_OK(t, syncobj_wait_point(drm, syncobj, 3, 0, 0));
	EXPECT_OK(t, syncobj_wait_point(drm, syncobj, 5, 0, 0));
	EXPECT_ERROR(t, EINVAL, syncobj_wait_point(drm, syncobj, 6, 0, 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobj, 6, 0, FOR_SUBMIT));
}

TEST(points_large, "syncobj.points-large", "Points have 64 bits.",
     SOURCE("drm_syncobj_timeline_signal_ioctl"))
{
	int drm = timeline_node(t);
	uint32_t syncobj = trial_syncobj(t, drm);
	uint64_t large = ((uint64_t)1 << 32) + 5, point = 99;

	EXPECT_OK(t, syncobj_signal_point(drm, syncobj, 7));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobj, large, 0, FOR_SUBMIT));
	EXPECT_OK(t, syncobj_signal_point(drm, syncobj, large));
	EXPECT_OK(t, syncobj_query(drm, syncobj, &point));
	EXPECT_NUMBER(t, large, point);
	EXPECT_OK(t, syncobj_wait_point(drm, syncobj, large, 0, 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobj, large + 1, 0, FOR_SUBMIT));
}

TEST(transfers, "syncobj.transfers",
     "A fence can be transferred from a binary sync object to a point, and from there to another.",
     SOURCE("drm_syncobj_transfer_ioctl"))
{
	int drm = timeline_node(t);
	uint32_t in = trial_syncobj(t, drm), line = trial_syncobj(t, drm),
		 out = trial_syncobj(t, drm);
	struct pending pending = pending_fence(t);
	uint64_t point = 99;

	EXPECT_ERROR(t, EINVAL, syncobj_transfer(drm, line, 1, in, 0));
	EXPECT_OK(t, syncobj_import(drm, in, pending.file));
	EXPECT_OK(t, syncobj_transfer(drm, line, 1, in, 0));
	EXPECT_OK(t, syncobj_transfer(drm, out, 0, line, 1));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, line, 1, 0, 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait(drm, out, 0, 0));
	pending_signal(t, &pending);
	EXPECT_OK(t, syncobj_wait_point(drm, line, 1, SECONDS(5), 0));
	EXPECT_OK(t, syncobj_wait(drm, out, SECONDS(5), 0));
	EXPECT_OK(t, syncobj_query(drm, line, &point));
	EXPECT_NUMBER(t, 1, point);
}

TEST(points_in_order, "syncobj.points-in-order",
     "A point is reached when all points before it are.",
     "drivers/dma-buf/dma-fence-chain.c, dma_fence_chain_signaled")
{
	int drm = timeline_node(t);
	uint32_t in = trial_syncobj(t, drm), line = trial_syncobj(t, drm);
	struct pending first = pending_fence(t), second = pending_fence(t);

	EXPECT_OK(t, syncobj_import(drm, in, first.file));
	EXPECT_OK(t, syncobj_transfer(drm, line, 1, in, 0));
	EXPECT_OK(t, syncobj_import(drm, in, second.file));
	EXPECT_OK(t, syncobj_transfer(drm, line, 2, in, 0));
	pending_signal(t, &second);
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, line, 2, 0, 0));
	pending_signal(t, &first);
	EXPECT_OK(t, syncobj_wait_point(drm, line, 2, SECONDS(5), 0));
}

TEST(available, "syncobj.available",
     "A wait for a point to be available ends when it has a fence, signalled or not.",
     SOURCE("drm_syncobj_array_wait_timeout"))
{
	int drm = timeline_node(t);
	uint32_t in = trial_syncobj(t, drm), line = trial_syncobj(t, drm);
	struct pending pending = pending_fence(t);

	EXPECT_ERROR(t, ETIME,
		     syncobj_wait_point(drm, line, 1, 0, FOR_SUBMIT | SYNCOBJ_WAIT_AVAILABLE));
	EXPECT_OK(t, syncobj_import(drm, in, pending.file));
	EXPECT_OK(t, syncobj_transfer(drm, line, 1, in, 0));
	EXPECT_OK(t, syncobj_wait_point(drm, line, 1, 0, FOR_SUBMIT | SYNCOBJ_WAIT_AVAILABLE));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, line, 1, 0, FOR_SUBMIT));
}

TEST(eventfd_fires, "syncobj.eventfd-fires",
     "An eventfd becomes readable at its point, not at the one before.",
     SOURCE("drm_syncobj_eventfd_ioctl"), .since = KERNEL(6, 6, 0))
{
	int drm = timeline_node(t);
	int at_five = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));
	int at_six = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_OK(t, syncobj_eventfd(drm, syncobj, 5, at_five, 0));
	EXPECT_OK(t, syncobj_eventfd(drm, syncobj, 6, at_six, 0));
	EXPECT_NUMBER(t, 0, poll_now(t, at_five, POLLIN));
	EXPECT_OK(t, syncobj_signal_point(drm, syncobj, 5));
	expect_readable(t, at_five);
	EXPECT_NUMBER(t, 0, poll_now(t, at_six, POLLIN));
}

TEST(eventfd_of_fence, "syncobj.eventfd-of-fence",
     "An eventfd for a point without a fence fires when the fence is set or when it signals, as "
     "requested.",
     SOURCE("drm_syncobj_eventfd_ioctl"), .since = KERNEL(6, 6, 0))
{
	int drm = timeline_node(t);
	int there = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));
	int done = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));
	uint32_t in = trial_syncobj(t, drm), line = trial_syncobj(t, drm);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, syncobj_eventfd(drm, line, 1, there, SYNCOBJ_WAIT_AVAILABLE));
	EXPECT_OK(t, syncobj_eventfd(drm, line, 1, done, 0));
	EXPECT_OK(t, syncobj_import(drm, in, pending.file));
	EXPECT_OK(t, syncobj_transfer(drm, line, 1, in, 0));
	expect_readable(t, there);
	EXPECT_NUMBER(t, 0, poll_now(t, done, POLLIN));
	pending_signal(t, &pending);
	expect_readable(t, done);
}

TEST(eventfd_wrong, "syncobj.eventfd-wrong",
     "Unknown flags are refused with EINVAL, a missing eventfd with EBADF, an unknown handle with "
     "ENOENT.",
     SOURCE("drm_syncobj_eventfd_ioctl"), .since = KERNEL(6, 6, 0))
{
	int drm = timeline_node(t), fd = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_ERROR(t, EINVAL, syncobj_eventfd(drm, syncobj, 1, fd, SYNCOBJ_WAIT_ALL));
	EXPECT_ERROR(t, EBADF, syncobj_eventfd(drm, syncobj, 1, -1, 0));
	EXPECT_ERROR(t, ENOENT, syncobj_eventfd(drm, 12345, 1, fd, 0));
}

SUITE(syncobj, "syncobj", 0, creates, unknown_handles, empty, signal_and_reset, takes_sync_file,
      takes_no_other_file, gives_sync_file, replaced_fence, stops_heap_buffer,
      waits_for_heap_buffer, passed_on, wait_for_submit, several, points, points_large, transfers,
      points_in_order, available, eventfd_fires, eventfd_of_fence, eventfd_wrong);
