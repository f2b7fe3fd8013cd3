// SPDX-License-Identifier: GPL-2.0-or-later
/* Suite sync_file, second part: merging, and fences that fail. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conformance/cases/fence_helpers.h"
#include "conformance/engine/suites.h"

#define SOURCE(function) "drivers/dma-buf/sync_file.c, " function
#define UNWRAP           "drivers/dma-buf/dma-fence-unwrap.c, __dma_fence_unwrap_merge"

static void merge_with_itself(struct trial *t)
{
	struct pending pending = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(pending.file, pending.file, ""));

	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_NUMBER(t, 0, file_status(t, merged));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 1, file_status(t, merged));
}

static void merge_two(struct trial *t)
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));

	EXPECT_NUMBER(t, 2, file_info(t, merged).count);
	pending_signal(t, &second);
	EXPECT_NUMBER(t, 0, file_status(t, merged));
	EXPECT_NUMBER(t, 0, poll_now(t, merged, POLLIN));
	pending_signal(t, &first);
	EXPECT_NUMBER(t, 1, file_status(t, merged));
	expect_readable(t, merged);
}

static void merge_nested(struct trial *t)
{
	struct pending one = pending_fence(t), two = pending_fence(t), three = pending_fence(t);
	int pair = EXPECT_OK(t, sync_file_merge(one.file, two.file, ""));
	int other = EXPECT_OK(t, sync_file_merge(two.file, three.file, ""));
	int all = EXPECT_OK(t, sync_file_merge(pair, other, ""));

	EXPECT_NUMBER(t, 3, file_info(t, all).count);
}

static void merge_drops_signalled(struct trial *t)
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	int merged;

	pending_signal(t, &first);
	merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));
	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_NUMBER(t, 0, file_status(t, merged));
}

static void merge_signalled(struct trial *t)
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	struct sync_file info, later;
	int merged;

	pending_signal(t, &first);
	pending_signal(t, &second);
	merged = EXPECT_OK(t, sync_file_merge(second.file, first.file, ""));
	info = file_info(t, merged);
	later = file_info(t, second.file);
	EXPECT_NUMBER(t, 1, info.status);
	EXPECT_NUMBER(t, 1, info.count);
	EXPECT_NUMBER(t, later.fences.items[0].timestamp_ns, info.fences.items[0].timestamp_ns);
}

static void merge_name(struct trial *t)
{
	struct pending pending = pending_fence(t);
	struct sync_merge_data merge = {.fd2 = pending.file};

	EXPECT_TEXT(t, "name",
		    file_info(t, EXPECT_OK(t, sync_file_merge(pending.file, pending.file, "name")))
			    .name);
	/* no NUL: the kernel puts one in the place of the last byte */
	memset(merge.name, 'x', sizeof(merge.name));
	EXPECT_DONE(t, ioctl(pending.file, SYNC_IOC_MERGE, &merge));
	EXPECT_TEXT(t, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", file_info(t, merge.fence).name);
}

static void merge_wrong(struct trial *t)
{
	struct pending pending = pending_fence(t);
	struct sync_merge_data flags = {.fd2 = pending.file, .flags = 1},
			       pad = {.fd2 = pending.file, .pad = 1};

	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_MERGE, &flags));
	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_MERGE, &pad));
	EXPECT_ERRNO(t, EFAULT, ioctl(pending.file, SYNC_IOC_MERGE, NULL));
	EXPECT_ERROR(t, ENOENT, sync_file_merge(pending.file, -1, ""));
	EXPECT_ERROR(t, ENOENT, sync_file_merge(pending.file, pending.buffer, ""));
}

static void merge_descriptor(struct trial *t)
{
	struct pending pending = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(pending.file, pending.file, ""));
	const struct rlimit none = {.rlim_cur = (rlim_t)merged + 1, .rlim_max = (rlim_t)merged + 1};

	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(merged, F_GETFD));
	EXPECT_DONE(t, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERROR(t, EMFILE, sync_file_merge(pending.file, pending.file, ""));
}

/* Fences that fail: only sw_sync makes them. */

/* A sync file whose fence will fail when *timeline is closed. */
static int failing_fence(struct trial *t, int *timeline)
{
	*timeline = trial_timeline(t);
	return EXPECT_OK(t, sw_sync_fence(*timeline, 1));
}

static void error_told(struct trial *t)
{
	int timeline, file = failing_fence(t, &timeline);
	struct sync_file info = {0};

	EXPECT_DONE(t, close(timeline));
	EXPECT_NUMBER(t, -ENOENT, file_status(t, file));
	EXPECT_OK(t, sync_file_read(file, false, &info));
	EXPECT_NUMBER(t, -ENOENT, info.status);
	EXPECT_NUMBER(t, POLLIN, poll_now(t, file, POLLIN | POLLERR));
}

static void error_lost(struct trial *t)
{
	int timeline, file = failing_fence(t, &timeline), merged;
	struct pending pending = pending_fence(t);

	EXPECT_DONE(t, close(timeline));
	merged = EXPECT_OK(t, sync_file_merge(file, pending.file, ""));
	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_NUMBER(t, 0, file_status(t, merged));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 1, file_status(t, merged));
	merged = EXPECT_OK(t, sync_file_merge(file, pending.file, ""));
	EXPECT_NUMBER(t, 1, file_status(t, merged));
}

static void error_kept(struct trial *t)
{
	int timeline, file = failing_fence(t, &timeline), merged;
	struct pending pending = pending_fence(t);

	merged = EXPECT_OK(t, sync_file_merge(file, pending.file, ""));
	EXPECT_DONE(t, close(timeline));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 2, file_info(t, merged).count);
	EXPECT_NUMBER(t, -ENOENT, file_status(t, merged));
}

static void error_hidden(struct trial *t)
{
	int timeline, file = failing_fence(t, &timeline), merged;
	struct pending pending = pending_fence(t);
	struct sync_file info = {0};

	merged = EXPECT_OK(t, sync_file_merge(file, pending.file, ""));
	EXPECT_DONE(t, close(timeline));
	pending_signal(t, &pending);
	trial_say(t, "never polled");
	EXPECT_OK(t, sync_file_read(merged, false, &info));
	EXPECT_NUMBER(t, 1, info.status);
	EXPECT_NUMBER(t, -ENOENT, file_status(t, merged));
}

static void error_after_poll(struct trial *t)
{
	int timeline, file = failing_fence(t, &timeline), merged;
	struct pending pending = pending_fence(t);
	struct sync_file info = {0};

	merged = EXPECT_OK(t, sync_file_merge(file, pending.file, ""));
	EXPECT_NUMBER(t, 0, poll_now(t, merged, POLLIN));
	EXPECT_DONE(t, close(timeline));
	pending_signal(t, &pending);
	expect_readable(t, merged);
	EXPECT_OK(t, sync_file_read(merged, false, &info));
	EXPECT_NUMBER(t, -ENOENT, info.status);
	EXPECT_NUMBER(t, -ENOENT, file_status(t, merged));
}

static void same_timeline(struct trial *t)
{
	int timeline = trial_timeline(t), third, fifth, merged;

	third = EXPECT_OK(t, sw_sync_fence(timeline, 3));
	fifth = EXPECT_OK(t, sw_sync_fence(timeline, 5));
	merged = EXPECT_OK(t, sync_file_merge(fifth, third, ""));
	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_OK(t, sw_sync_advance(timeline, 3));
	EXPECT_NUMBER(t, 1, file_status(t, third));
	EXPECT_NUMBER(t, 0, file_status(t, merged));
	EXPECT_OK(t, sw_sync_advance(timeline, 2));
	EXPECT_NUMBER(t, 1, file_status(t, merged));
}

static const struct statement statements[] = {
	{.id = "sync_file.merge-with-itself",
	 .sentence = "A file merged with itself has its one fence.",
	 .source = UNWRAP,
	 .run = merge_with_itself},
	{.id = "sync_file.merge-two",
	 .sentence = "A merged file signals when both of its fences have.",
	 .source = UNWRAP,
	 .run = merge_two},
	{.id = "sync_file.merge-nested",
	 .sentence = "Merged files that are merged have each fence once.",
	 .source = UNWRAP,
	 .run = merge_nested},
	{.id = "sync_file.merge-drops-signalled",
	 .sentence = "Merging leaves out what has signalled.",
	 .source = UNWRAP,
	 .run = merge_drops_signalled},
	{.id = "sync_file.merge-signalled",
	 .sentence = "Two files that have signalled make one that has, at the later of the two "
		     "times.",
	 .differs = "Before 6.5 it is the time of the merging.",
	 .source = UNWRAP,
	 .since = KERNEL(6, 5, 0),
	 .run = merge_signalled},
	{.id = "sync_file.merge-name",
	 .sentence = "A merged file has the name that was given, cut at 31 bytes.",
	 .source = SOURCE("sync_file_ioctl_merge"),
	 .run = merge_name},
	{.id = "sync_file.merge-wrong",
	 .sentence =
		 "Flags and padding are refused with EINVAL, no request with EFAULT, what is no "
		 "sync file with ENOENT.",
	 .source = SOURCE("sync_file_ioctl_merge"),
	 .run = merge_wrong},
	{.id = "sync_file.merge-descriptor",
	 .sentence = "A merged file is closed on exec; with no descriptor free there is none "
		     "(EMFILE).",
	 .source = SOURCE("sync_file_ioctl_merge"),
	 .run = merge_descriptor},
	{.id = "sync_file.error-told",
	 .sentence = "A fence that failed has its error for status, and poll() gives POLLIN.",
	 .source = SOURCE("sync_file_ioctl_fence_info"),
	 .dangers = DANGER_TAINT,
	 .run = error_told},
	{.id = "sync_file.error-lost",
	 .sentence = "Merging leaves out what has failed, with its error.",
	 .source = UNWRAP,
	 .dangers = DANGER_TAINT,
	 .run = error_lost},
	{.id = "sync_file.error-kept",
	 .sentence = "A fence that fails after it was merged is told with its error.",
	 .source = SOURCE("sync_file_ioctl_fence_info"),
	 .dangers = DANGER_TAINT,
	 .run = error_kept},
	{.id = "sync_file.error-hidden",
	 .sentence = "A merged file that nobody waited for tells the error of a fence in its list "
		     "only.",
	 .source = "drivers/dma-buf/dma-fence-array.c, dma_fence_array_signaled",
	 .dangers = DANGER_TAINT,
	 .run = error_hidden},
	{.id = "sync_file.error-after-poll",
	 .sentence =
		 "A merged file that was waited for tells the error of a fence with and without "
		 "the list.",
	 .source = "drivers/dma-buf/dma-fence-array.c, dma_fence_array_cb_func",
	 .dangers = DANGER_TAINT,
	 .run = error_after_poll},
	{.id = "sync_file.same-timeline",
	 .sentence = "Of two fences of one timeline merging keeps the later.",
	 .source = UNWRAP,
	 .dangers = DANGER_TAINT,
	 .run = same_timeline},
};

SUITE(sync_file_merge, "sync_file");
