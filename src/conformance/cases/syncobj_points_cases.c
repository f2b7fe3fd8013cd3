// SPDX-License-Identifier: GPL-2.0-or-later
/* Suite syncobj, second part: timelines and their points. */
#include <errno.h>
#include <sys/eventfd.h>

#include "conformance/cases/fence_helpers.h"
#include "conformance/engine/suites.h"
#include "sys/clock.h"

#define SOURCE(function) "drivers/gpu/drm/drm_syncobj.c, " function
#define FOR_SUBMIT       SYNCOBJ_WAIT_FOR_SUBMIT
#define SECONDS(n)       ((int64_t)clock_ns() + INT64_C(1000000000) * (n))

static int timeline_node(struct trial *t)
{
	return trial_syncobj_node(t, DRM_HAS_SYNCOBJ_TIMELINE);
}

static void points(struct trial *t)
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

static void transfers(struct trial *t)
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

static void points_in_order(struct trial *t)
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

static void available(struct trial *t)
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

static void eventfd_fires(struct trial *t)
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

static void eventfd_of_fence(struct trial *t)
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

static void eventfd_wrong(struct trial *t)
{
	int drm = timeline_node(t), fd = EXPECT_DONE(t, eventfd(0, EFD_CLOEXEC));
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_ERROR(t, EINVAL, syncobj_eventfd(drm, syncobj, 1, fd, SYNCOBJ_WAIT_ALL));
	EXPECT_ERROR(t, EBADF, syncobj_eventfd(drm, syncobj, 1, -1, 0));
	EXPECT_ERROR(t, ENOENT, syncobj_eventfd(drm, 12345, 1, fd, 0));
}

static const struct statement statements[] = {
	{.id = "syncobj.points",
	 .sentence = "A timeline that is at point 5 has passed those before; the next has no fence "
		     "yet.",
	 .source = SOURCE("drm_syncobj_timeline_signal_ioctl"),
	 .run = points},
	{.id = "syncobj.transfers",
	 .sentence = "A fence goes from a binary sync object to a point, and back to another.",
	 .source = SOURCE("drm_syncobj_transfer_ioctl"),
	 .run = transfers},
	{.id = "syncobj.points-in-order",
	 .sentence = "A point is reached when those before it are.",
	 .source = "drivers/dma-buf/dma-fence-chain.c, dma_fence_chain_signaled",
	 .run = points_in_order},
	{.id = "syncobj.available",
	 .sentence = "To wait for a point to be available ends when it has a fence, signalled or "
		     "not.",
	 .source = SOURCE("drm_syncobj_array_wait_timeout"),
	 .run = available},
	{.id = "syncobj.eventfd-fires",
	 .sentence = "An eventfd becomes readable at its point, not at the one before.",
	 .source = SOURCE("drm_syncobj_eventfd_ioctl"),
	 .since = KERNEL(6, 6, 0),
	 .run = eventfd_fires},
	{.id = "syncobj.eventfd-of-fence",
	 .sentence = "An eventfd for a point without a fence fires when one is there, or when it "
		     "signals, as was asked.",
	 .source = SOURCE("drm_syncobj_eventfd_ioctl"),
	 .since = KERNEL(6, 6, 0),
	 .run = eventfd_of_fence},
	{.id = "syncobj.eventfd-wrong",
	 .sentence =
		 "Unknown flags are refused with EINVAL, no eventfd with EBADF, an unknown handle "
		 "with ENOENT.",
	 .source = SOURCE("drm_syncobj_eventfd_ioctl"),
	 .since = KERNEL(6, 6, 0),
	 .run = eventfd_wrong},
};

SUITE(syncobj_points, "syncobj");
