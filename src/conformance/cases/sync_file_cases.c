// SPDX-License-Identifier: GPL-2.0-or-later
/* Sync files: what they report, deadlines, merging, and fences that fail. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "conformance/cases/fence_helpers.h"
#include "sys/uapi.h"

#define SOURCE(function) "drivers/dma-buf/sync_file.c, " function
#define UNWRAP           "drivers/dma-buf/dma-fence-unwrap.c, __dma_fence_unwrap_merge"

TEST(info_pending, "sync_file.info-pending",
     "For a fence that has not signalled it reports status 0, no time, and the names that its "
     "driver gives.",
     SOURCE("sync_fill_fence_info"),
     .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.")
{
	struct pending pending = pending_fence(t);
	struct sync_file info = file_info(t, pending.file);

	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, 1, info.count);
	EXPECT_NUMBER(t, 0, info.fences.items[0].status);
	EXPECT_NUMBER(t, 0, info.fences.items[0].timestamp_ns);
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
}

TEST(info_signalled, "sync_file.info-signalled",
     "For a fence that has signalled it reports status 1, the time of the signal, and names that "
     "no longer need the driver.",
     SOURCE("sync_fill_fence_info"), .differs = "Before 6.17 the names stay the driver's.")
{
	struct pending pending = pending_fence(t);
	uint64_t before = clock_ns();
	struct sync_file info;

	pending_signal(t, &pending);
	info = file_info(t, pending.file);
	EXPECT_NUMBER(t, 1, info.status);
	EXPECT_NUMBER(t, 1, info.fences.items[0].status);
	EXPECT_TRUE(t, info.fences.items[0].timestamp_ns >= before);
	EXPECT_TRUE(t, info.fences.items[0].timestamp_ns <= clock_ns());
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
	if (t->kernel >= KERNEL(6, 17, 0))
		EXPECT_TEXT(t, DETACHED_DRIVER, info.fences.items[0].driver);
}

TEST(name_made, "sync_file.name-made",
     "The name of a file with one fence consists of its driver, timeline, context and number, cut "
     "at 31 bytes.",
     SOURCE("sync_file_get_name"), .differs = "Before 6.17 also when it has signalled.")
{
	struct pending pending = pending_fence(t);
	struct sync_file info = file_info(t, pending.file);
	bool slip = t->kernel >= KERNEL(6, 17, 0) && t->kernel < KERNEL(6, 17, 8);
	unsigned long long context, number;
	int end = 0;

	/* driver, dash, timeline and context in one, dash, sequence number */
	EXPECT_NUMBER(t, 2,
		      sscanf(info.name, slip ? "vgem-vgem%llu-%llu%n" : "vgem-unbound%llu-%llu%n",
			     &context, &number, &end));
	EXPECT_NUMBER(t, strlen(info.name), end);
	EXPECT_NUMBER(t, 1, number);
	pending_signal(t, &pending);
	info = file_info(t, pending.file);
	if (signalled_is_detached(t))
		EXPECT_TEXT(t, "detached-driver-signaled-timeli", info.name);
	else
		EXPECT_TRUE(t, !strncmp(info.name, "vgem-unbound", strlen("vgem-unbound")));
}

TEST(info_without_list, "sync_file.info-without-list",
     "Without room for fences it reports its name, its status and the number of its fences.",
     SOURCE("sync_file_ioctl_fence_info"))
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, "both"));
	struct sync_file info = {0};

	EXPECT_OK(t, sync_file_read(merged, false, &info));
	EXPECT_NUMBER(t, 2, info.count);
	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, 0, info.fences.count);
	EXPECT_TEXT(t, "both", info.name);
}

TEST(info_room, "sync_file.info-room",
     "Room for too few fences is refused with EINVAL; room for too many is left unchanged.",
     SOURCE("sync_file_ioctl_fence_info"))
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));
	struct sync_fence_info fences[8] = {0};
	struct sync_file_info info = {.num_fences = 1,
				      .sync_fence_info = (uint64_t)(uintptr_t)fences};

	EXPECT_ERRNO(t, EINVAL, ioctl(merged, SYNC_IOC_FILE_INFO, &info));
	info.num_fences = 8;
	EXPECT_DONE(t, ioctl(merged, SYNC_IOC_FILE_INFO, &info));
	EXPECT_NUMBER(t, 2, info.num_fences);
	EXPECT_TEXT(t, "", fences[2].driver_name);
}

TEST(info_wrong, "sync_file.info-wrong",
     "Flags and padding are refused with EINVAL, addresses that cannot be used with EFAULT.",
     SOURCE("sync_file_ioctl_fence_info"))
{
	struct pending pending = pending_fence(t);
	struct sync_file_info flags = {.flags = 1}, pad = {.pad = 1},
			      nowhere = {.num_fences = 1, .sync_fence_info = 8};

	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_FILE_INFO, &flags));
	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_FILE_INFO, &pad));
	EXPECT_ERRNO(t, EFAULT, ioctl(pending.file, SYNC_IOC_FILE_INFO, &nowhere));
	EXPECT_ERRNO(t, EFAULT, ioctl(pending.file, SYNC_IOC_FILE_INFO, NULL));
}

TEST(polls, "sync_file.polls",
     "poll() reports POLLIN once it has signalled, and never anything else.",
     SOURCE("sync_file_poll"))
{
	const short all = POLLIN | POLLOUT | POLLPRI;
	struct pending pending = pending_fence(t);

	EXPECT_NUMBER(t, 0, poll_now(t, pending.file, all));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, POLLIN, poll_now(t, pending.file, all));
	EXPECT_NUMBER(t, 0, poll_now(t, pending.file, POLLOUT));
}

TEST(poll_wakes, "sync_file.poll-wakes",
     "A process that sleeps in poll() is woken when another one signals the fence.",
     SOURCE("sync_file_poll"))
{
	struct pending pending = pending_fence(t);
	int ready[2];
	pid_t child;

	EXPECT_DONE(t, pipe2(ready, O_CLOEXEC));
	child = trial_fork(t);
	if (!child) {
		trial_signal(t, ready[1]);
		expect_readable(t, pending.file);
		trial_child_done();
	}
	trial_await(t, ready[0]);
	pending_signal(t, &pending);
	trial_join(t, child);
}

TEST(deadline, "sync_file.deadline",
     "Any deadline can be set, also after the signal, and does not signal the fence; padding is "
     "refused with EINVAL, a null request with EFAULT.",
     SOURCE("sync_file_ioctl_set_deadline"), .since = KERNEL(6, 6, 0))
{
	struct sync_set_deadline pad = {.deadline_ns = 1, .pad = 1};
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, sync_file_set_deadline(pending.file, clock_ns()));
	EXPECT_OK(t, sync_file_set_deadline(pending.file, 0));
	EXPECT_NUMBER(t, 0, file_status(t, pending.file));
	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_SET_DEADLINE, &pad));
	EXPECT_ERRNO(t, EFAULT, ioctl(pending.file, SYNC_IOC_SET_DEADLINE, NULL));
	pending_signal(t, &pending);
	EXPECT_OK(t, sync_file_set_deadline(pending.file, clock_ns()));
}

TEST(other_calls, "sync_file.other-calls",
     "Unknown requests are refused with ENOTTY, read with EINVAL, lseek with ESPIPE.",
     SOURCE("sync_file_ioctl"))
{
	struct pending pending = pending_fence(t);
	char byte;

	EXPECT_ERRNO(t, ENOTTY, ioctl(pending.file, _IO('>', 99)));
	EXPECT_ERRNO(t, ENOTTY, ioctl(pending.file, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, NULL));
	EXPECT_ERRNO(t, EINVAL, read(pending.file, &byte, 1));
	EXPECT_ERRNO(t, ESPIPE, lseek(pending.file, 0, SEEK_SET));
}

TEST(what_it_is, "sync_file.what-it-is",
     "Its link reads anon_inode:sync_file; all sync files share one inode, which identifies none "
     "of them.",
     SOURCE("sync_file_alloc"))
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	struct stat status;

	EXPECT_TEXT(t, "anon_inode:sync_file", trial_link(t, first.file));
	EXPECT_DONE(t, fstat(first.file, &status));
	EXPECT_NUMBER(t, 0600, status.st_mode & 07777);
	EXPECT_NUMBER(t, inode_of(t, first.file), inode_of(t, second.file));
}

/* Merging. */

TEST(merge_with_itself, "sync_file.merge-with-itself",
     "A file merged with itself has its one fence.", UNWRAP)
{
	struct pending pending = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(pending.file, pending.file, ""));

	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_NUMBER(t, 0, file_status(t, merged));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 1, file_status(t, merged));
}

TEST(merge_two, "sync_file.merge-two", "A merged file signals when both of its fences have.",
     UNWRAP)
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

TEST(merge_nested, "sync_file.merge-nested",
     "When merged files are merged, each fence is there once.", UNWRAP)
{
	struct pending one = pending_fence(t), two = pending_fence(t), three = pending_fence(t);
	int pair = EXPECT_OK(t, sync_file_merge(one.file, two.file, ""));
	int other = EXPECT_OK(t, sync_file_merge(two.file, three.file, ""));
	int all = EXPECT_OK(t, sync_file_merge(pair, other, ""));

	EXPECT_NUMBER(t, 3, file_info(t, all).count);
}

TEST(merge_many, "sync_file.merge-many",
     "Twelve fences that are merged one after the other are all in the file, and all have to "
     "signal.",
     UNWRAP)
{
	enum {
		MANY = 12
	};
	struct pending pending[MANY];
	int merged;

	for (int i = 0; i < MANY; i++)
		pending[i] = pending_fence(t);
	merged = pending[0].file;
	for (int i = 1; i < MANY; i++) {
		merged = EXPECT_OK(t, sync_file_merge(merged, pending[i].file, ""));
		EXPECT_NUMBER(t, i + 1, file_info(t, merged).count);
	}
	for (int i = 0; i < MANY; i++) {
		EXPECT_NUMBER(t, 0, file_status(t, merged));
		pending_signal(t, &pending[i]);
	}
	EXPECT_NUMBER(t, 1, file_status(t, merged));
}

TEST(merge_drops_signalled, "sync_file.merge-drops-signalled",
     "Merging drops fences that have signalled.", UNWRAP)
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	int merged;

	pending_signal(t, &first);
	merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));
	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_NUMBER(t, 0, file_status(t, merged));
}

TEST(merge_signalled, "sync_file.merge-signalled",
     "Two files that have signalled make one that has signalled, at the later of the two times.",
     UNWRAP, .differs = "Before 6.5 it is the time of the merging.", .since = KERNEL(6, 5, 0))
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

TEST(merge_name, "sync_file.merge-name",
     "A merged file has the name that was given, cut at 31 bytes.", SOURCE("sync_file_ioctl_merge"))
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

TEST(merge_wrong, "sync_file.merge-wrong",
     "Flags and padding are refused with EINVAL, a null request with EFAULT, a file that is not a "
     "sync file with ENOENT.",
     SOURCE("sync_file_ioctl_merge"))
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

TEST(merge_descriptor, "sync_file.merge-descriptor",
     "A merged file is closed on exec; with no free descriptor the merge fails with EMFILE.",
     SOURCE("sync_file_ioctl_merge"))
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

TEST(error_told, "sync_file.error-told",
     "A fence that failed has its error as status, and poll() reports POLLIN.",
     SOURCE("sync_file_ioctl_fence_info"), .dangers = DANGER_TAINT)
{
	int timeline, file = failing_fence(t, &timeline);
	struct sync_file info = {0};

	EXPECT_DONE(t, close(timeline));
	EXPECT_NUMBER(t, -ENOENT, file_status(t, file));
	EXPECT_OK(t, sync_file_read(file, false, &info));
	EXPECT_NUMBER(t, -ENOENT, info.status);
	EXPECT_NUMBER(t, POLLIN, poll_now(t, file, POLLIN | POLLERR));
}

TEST(error_lost, "sync_file.error-lost", "Merging drops fences that have failed, and their errors.",
     UNWRAP, .dangers = DANGER_TAINT)
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

TEST(error_kept, "sync_file.error-kept",
     "A fence that fails after it was merged is reported with its error.",
     SOURCE("sync_file_ioctl_fence_info"), .dangers = DANGER_TAINT)
{
	int timeline, file = failing_fence(t, &timeline), merged;
	struct pending pending = pending_fence(t);

	merged = EXPECT_OK(t, sync_file_merge(file, pending.file, ""));
	EXPECT_DONE(t, close(timeline));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 2, file_info(t, merged).count);
	EXPECT_NUMBER(t, -ENOENT, file_status(t, merged));
}

TEST(error_hidden, "sync_file.error-hidden",
     "A merged file that nobody waited for reports the error of a fence only in its list.",
     "drivers/dma-buf/dma-fence-array.c, dma_fence_array_signaled", .dangers = DANGER_TAINT)
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

TEST(error_after_poll, "sync_file.error-after-poll",
     "A merged file that was waited for reports the error of a fence with and without the list.",
     "drivers/dma-buf/dma-fence-array.c, dma_fence_array_cb_func", .dangers = DANGER_TAINT)
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

TEST(same_timeline, "sync_file.same-timeline",
     "Merging keeps the later of two fences of one timeline.",
     UNWRAP "; " SOURCE("sync_file_merge"), .dangers = DANGER_TAINT)
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

SUITE(sync_file, "sync_file", 0, info_pending, info_signalled, name_made, info_without_list,
      info_room, info_wrong, polls, poll_wakes, deadline, other_calls, what_it_is,
      merge_with_itself, merge_two, merge_nested, merge_many, merge_drops_signalled,
      merge_signalled, merge_name, merge_wrong, merge_descriptor, error_told, error_lost,
      error_kept, error_hidden, error_after_poll, same_timeline);
