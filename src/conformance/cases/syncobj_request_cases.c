// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sync objects by the bare requests: several at once, none, padding, points out of order; and waits
 * that are disturbed. drivers/gpu/drm/drm_syncobj.c, include/uapi/drm/drm.h
 */
#include <errno.h>
#include <linux/types.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "conformance/cases/fence_helpers.h"

#define SOURCE(function) "drivers/gpu/drm/drm_syncobj.c, " function
#define SECOND           UINT64_C(1000000000)
#define SECONDS(n)       ((int64_t)clock_ns() + INT64_C(1000000000) * (n))

/* Under names of our own, because libdrm's header, which has them, may not be there. */
struct syncobj_array {
	__u64 handles;
	__u32 count, pad;
};
struct syncobj_points {
	__u64 handles, points;
	__u32 count, flags;
};
struct syncobj_waited {
	__u64 handles;
	__s64 until_ns;
	__u32 count, flags, first, pad;
};
struct syncobj_transferred {
	__u32 from, to;
	__u64 from_point, to_point;
	__u32 flags, pad;
};
struct syncobj_handle {
	__u32 handle, pad;
};
#define REQUEST_DESTROY      _IOWR('d', 0xc0, struct syncobj_handle)
#define REQUEST_WAIT         _IOWR('d', 0xc3, struct syncobj_waited)
#define REQUEST_RESET        _IOWR('d', 0xc4, struct syncobj_array)
#define REQUEST_SIGNAL       _IOWR('d', 0xc5, struct syncobj_array)
#define REQUEST_QUERY        _IOWR('d', 0xcb, struct syncobj_points)
#define REQUEST_TRANSFER     _IOWR('d', 0xcc, struct syncobj_transferred)
#define REQUEST_SIGNAL_POINT _IOWR('d', 0xcd, struct syncobj_points)

#define MANY 5

static __u64 address(const void *memory)
{
	return (__u64)(uintptr_t)memory;
}

/* A node with timelines, and COUNT sync objects of it. */
static int make_many(struct trial *t, uint32_t *syncobjs, int count)
{
	int drm = trial_syncobj_node(t, DRM_HAS_SYNCOBJ_TIMELINE);

	for (int i = 0; i < count; i++)
		syncobjs[i] = trial_syncobj(t, drm);
	return drm;
}

TEST(arrays, "syncobj.arrays",
     "A request for several sync objects signals, asks and resets each of them.",
     SOURCE("drm_syncobj_signal_ioctl, drm_syncobj_query_ioctl, drm_syncobj_reset_ioctl"))
{
	uint32_t syncobjs[MANY];
	uint64_t points[MANY] = {11, 12, 13, 14, 15}, found[MANY] = {0};
	int drm = make_many(t, syncobjs, MANY);
	struct syncobj_array array = {.handles = address(syncobjs), .count = MANY};
	struct syncobj_points line = {
		.handles = address(syncobjs), .points = address(points), .count = MANY};

	EXPECT_DONE(t, ioctl(drm, REQUEST_SIGNAL, &array));
	for (int i = 0; i < MANY; i++) {
		trial_say(t, "sync object %d of %d", i + 1, MANY);
		EXPECT_OK(t, syncobj_wait(drm, syncobjs[i], 0, 0));
	}
	EXPECT_DONE(t, ioctl(drm, REQUEST_RESET, &array));
	for (int i = 0; i < MANY; i++) {
		trial_say(t, "sync object %d of %d", i + 1, MANY);
		EXPECT_ERROR(t, EINVAL, syncobj_wait(drm, syncobjs[i], 0, 0));
	}
	EXPECT_DONE(t, ioctl(drm, REQUEST_SIGNAL_POINT, &line));
	line.points = address(found);
	EXPECT_DONE(t, ioctl(drm, REQUEST_QUERY, &line));
	for (int i = 0; i < MANY; i++) {
		trial_say(t, "sync object %d of %d", i + 1, MANY);
		EXPECT_NUMBER(t, points[i], found[i]);
	}
}

TEST(array_unknown, "syncobj.array-unknown",
     "A request with an unknown handle among others is refused with ENOENT, and changes none.",
     SOURCE("drm_syncobj_array_find"))
{
	uint32_t syncobjs[MANY];
	int drm = make_many(t, syncobjs, MANY - 1);
	struct syncobj_array array = {.handles = address(syncobjs), .count = MANY};

	syncobjs[MANY - 1] = 12345;
	EXPECT_ERRNO(t, ENOENT, ioctl(drm, REQUEST_SIGNAL, &array));
	EXPECT_ERROR(t, EINVAL, syncobj_wait(drm, syncobjs[0], 0, 0));
}

TEST(count_zero, "syncobj.count-zero",
     "A request for no sync object is refused with EINVAL; a wait for none ends at once.",
     SOURCE("drm_syncobj_reset_ioctl, drm_syncobj_wait_ioctl"),
     .differs = "Linux 6.1 refuses the wait as well.", .since = KERNEL(6, 12, 0))
{
	uint32_t syncobj;
	int drm = make_many(t, &syncobj, 1);
	struct syncobj_array array = {.handles = address(&syncobj)};
	struct syncobj_points points = {.handles = address(&syncobj)};
	struct syncobj_waited wait = {.handles = address(&syncobj), .until_ns = SECONDS(100)};

	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_SIGNAL, &array));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_RESET, &array));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_QUERY, &points));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_SIGNAL_POINT, &points));
	EXPECT_DONE(t, ioctl(drm, REQUEST_WAIT, &wait));
}

TEST(requests_wrong, "syncobj.requests-wrong",
     "Padding and unknown flags are refused with EINVAL, handles that cannot be read with EFAULT.",
     SOURCE("drm_syncobj_signal_ioctl, drm_syncobj_query_ioctl, drm_syncobj_transfer_ioctl"))
{
	uint32_t syncobj;
	uint64_t point = 1;
	int drm = make_many(t, &syncobj, 1);
	struct syncobj_array padded = {.handles = address(&syncobj), .count = 1, .pad = 1};
	struct syncobj_array nowhere = {.handles = 8, .count = 1};
	struct syncobj_points flagged = {.handles = address(&syncobj),
					 .points = address(&point),
					 .count = 1,
					 .flags = 1u << 31};
	struct syncobj_waited wait = {.handles = address(&syncobj), .count = 1, .flags = 1u << 31};
	struct syncobj_transferred transfer = {.from = syncobj, .to = syncobj, .pad = 1};
	struct syncobj_handle handle = {.handle = syncobj, .pad = 1};

	EXPECT_OK(t, syncobj_signal(drm, syncobj));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_SIGNAL, &padded));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_RESET, &padded));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_QUERY, &flagged));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_SIGNAL_POINT, &flagged));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_WAIT, &wait));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_TRANSFER, &transfer));
	EXPECT_ERRNO(t, EINVAL, ioctl(drm, REQUEST_DESTROY, &handle));
	EXPECT_ERRNO(t, EFAULT, ioctl(drm, REQUEST_SIGNAL, &nowhere));
	EXPECT_OK(t, syncobj_wait(drm, syncobj, 0, 0));
}

TEST(transfer_unknown, "syncobj.transfer-unknown",
     "A transfer from or to an unknown handle is refused with ENOENT.",
     SOURCE("drm_syncobj_transfer_ioctl"))
{
	uint32_t syncobj;
	int drm = make_many(t, &syncobj, 1);

	EXPECT_OK(t, syncobj_signal(drm, syncobj));
	EXPECT_ERROR(t, ENOENT, syncobj_transfer(drm, syncobj, 1, 12345, 0));
	EXPECT_ERROR(t, ENOENT, syncobj_transfer(drm, syncobj, 0, 12345, 0));
	EXPECT_ERROR(t, ENOENT, syncobj_transfer(drm, 12345, 1, syncobj, 0));
	EXPECT_ERROR(t, ENOENT, syncobj_transfer(drm, 12345, 0, syncobj, 0));
}

TEST(point_zero, "syncobj.point-zero", "A wait for point 0 of a timeline waits for its last point.",
     "drivers/dma-buf/dma-fence-chain.c, dma_fence_chain_find_seqno")
{
	uint32_t syncobjs[2];
	int drm = make_many(t, syncobjs, 2);
	struct pending pending = pending_fence(t);

	EXPECT_ERROR(t, EINVAL, syncobj_wait_point(drm, syncobjs[0], 0, 0, 0));
	EXPECT_OK(t, syncobj_signal_point(drm, syncobjs[0], 5));
	EXPECT_OK(t, syncobj_wait_point(drm, syncobjs[0], 0, 0, 0));
	EXPECT_OK(t, syncobj_import(drm, syncobjs[1], pending.file));
	EXPECT_OK(t, syncobj_transfer(drm, syncobjs[0], 6, syncobjs[1], 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobjs[0], 0, 0, 0));
	pending_signal(t, &pending);
	EXPECT_OK(t, syncobj_wait_point(drm, syncobjs[0], 0, SECONDS(5), 0));
}

TEST(point_itself, "syncobj.point-itself",
     "A point is not reached when only the points before it are.",
     "drivers/dma-buf/dma-fence-chain.c, dma_fence_chain_find_seqno")
{
	uint32_t syncobjs[2];
	int drm = make_many(t, syncobjs, 2);
	struct pending pending[2];
	uint64_t point = 0;

	for (uint64_t i = 0; i < 2; i++) {
		pending[i] = pending_fence(t);
		EXPECT_OK(t, syncobj_import(drm, syncobjs[1], pending[i].file));
		EXPECT_OK(t, syncobj_transfer(drm, syncobjs[0], i + 1, syncobjs[1], 0));
	}
	pending_signal(t, &pending[0]);
	EXPECT_OK(t, syncobj_wait_point(drm, syncobjs[0], 1, SECONDS(5), 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobjs[0], 2, 0, 0));
	EXPECT_OK(t, syncobj_query(drm, syncobjs[0], &point));
	EXPECT_NUMBER(t, 1, point);
	pending_signal(t, &pending[1]);
	EXPECT_OK(t, syncobj_wait_point(drm, syncobjs[0], 2, SECONDS(5), 0));
}

TEST(points_unordered, "syncobj.points-unordered",
     "A point that is not after the last one does not set the timeline back.",
     "drivers/dma-buf/dma-fence-chain.c, dma_fence_chain_init")
{
	uint32_t syncobj;
	int drm = make_many(t, &syncobj, 1);
	uint64_t point = 0;

	EXPECT_OK(t, syncobj_signal_point(drm, syncobj, 5));
	EXPECT_OK(t, syncobj_signal_point(drm, syncobj, 3));
	EXPECT_OK(t, syncobj_query(drm, syncobj, &point));
	EXPECT_NUMBER(t, 5, point);
	EXPECT_OK(t, syncobj_wait_point(drm, syncobj, 4, 0, 0));
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobj, 6, 0, SYNCOBJ_WAIT_FOR_SUBMIT));
}

TEST(eventfd_binary, "syncobj.eventfd-binary",
     "An eventfd for point 0 fires when the sync object is signalled.",
     SOURCE("drm_syncobj_eventfd_ioctl"), .since = KERNEL(6, 6, 0))
{
	uint32_t syncobj;
	int drm = make_many(t, &syncobj, 1), event = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));

	EXPECT_OK(t, syncobj_eventfd(drm, syncobj, 0, event, 0));
	EXPECT_NUMBER(t, 0, poll_now(t, event, POLLIN));
	EXPECT_OK(t, syncobj_signal(drm, syncobj));
	expect_readable(t, event);
}

TEST(passed_timeline, "syncobj.passed-timeline",
     "A timeline that another process has from a descriptor is signalled there, and waited for "
     "here.",
     SOURCE("drm_syncobj_get_fd"))
{
	uint32_t syncobj, same = 0;
	int drm = make_many(t, &syncobj, 1), fd = EXPECT_OK(t, syncobj_to_fd(drm, syncobj));
	pid_t child = trial_fork(t);

	if (!child) {
		int other = trial_syncobj_node(t, DRM_HAS_SYNCOBJ_TIMELINE);

		EXPECT_OK(t, syncobj_from_fd(other, fd, &same));
		EXPECT_OK(t, syncobj_signal_point(other, same, 7));
		trial_child_done();
	}
	EXPECT_OK(t, syncobj_wait_point(drm, syncobj, 7, SECONDS(10), SYNCOBJ_WAIT_FOR_SUBMIT));
	trial_join(t, child);
	EXPECT_ERROR(t, ETIME, syncobj_wait_point(drm, syncobj, 8, 0, SYNCOBJ_WAIT_FOR_SUBMIT));
}

/* A wait in a thread: not through libdrm, which goes on after a signal. */
struct bare_wait {
	int drm;
	uint32_t syncobj;
	struct waiter *waiter;
};

static int call_wait(void *argument)
{
	struct bare_wait *wait = argument;
	struct syncobj_waited request = {.handles = address(&wait->syncobj),
					 .until_ns = SECONDS(60),
					 .count = 1,
					 .flags = SYNCOBJ_WAIT_FOR_SUBMIT};

	return ioctl(wait->drm, REQUEST_WAIT, &request) ? -errno : 0;
}

static void expect_asleep(struct trial *t, struct bare_wait *wait)
{
	EXPECT_NUMBER(t, WAITER_SLEEPS, waiter_settle(wait->waiter, 5 * SECOND));
}

/* Begins to wait for a sync object that has no fence yet. */
static void wait_for_submit(struct trial *t, struct bare_wait *wait)
{
	*wait = (struct bare_wait){0};
	wait->drm = make_many(t, &wait->syncobj, 1);
	EXPECT_OK(t, waiter_start(call_wait, wait, &wait->waiter));
	expect_asleep(t, wait);
}

static void expect_woken(struct trial *t, struct bare_wait *wait)
{
	int result = 0;

	EXPECT_OK(t, waiter_finish(wait->waiter, 10 * SECOND, &result, NULL));
	EXPECT_NUMBER(t, 0, result);
}

TEST(keeps_waiting, "syncobj.keeps-waiting",
     "A wait lasts until there is a signal, here for three seconds.",
     SOURCE("drm_syncobj_array_wait_timeout"))
{
	struct bare_wait wait;

	wait_for_submit(t, &wait);
	sleep(3);
	expect_asleep(t, &wait);
	EXPECT_OK(t, syncobj_signal(wait.drm, wait.syncobj));
	expect_woken(t, &wait);
}

TEST(wait_interrupted, "syncobj.wait-interrupted", "A signal ends a wait with EINTR.",
     SOURCE("drm_syncobj_array_wait_timeout"))
{
	struct bare_wait wait;
	int result = 0;

	wait_for_submit(t, &wait);
	EXPECT_ERROR(t, ETIMEDOUT, waiter_finish(wait.waiter, 0, &result, NULL));
	EXPECT_NUMBER(t, -EINTR, result);
}

TEST(reset_while_waited, "syncobj.reset-while-waited",
     "A reset does not end a wait for a submit; a signal after it does.",
     SOURCE("drm_syncobj_replace_fence"))
{
	struct bare_wait wait;

	wait_for_submit(t, &wait);
	EXPECT_OK(t, syncobj_reset(wait.drm, wait.syncobj));
	expect_asleep(t, &wait);
	EXPECT_OK(t, syncobj_signal(wait.drm, wait.syncobj));
	expect_woken(t, &wait);
}

SUITE(syncobj_request, "syncobj", 0, arrays, array_unknown, count_zero, requests_wrong,
      transfer_unknown, point_zero, point_itself, points_unordered, eventfd_binary, passed_timeline,
      keeps_waiting, wait_interrupted, reset_while_waited);
