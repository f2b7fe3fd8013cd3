// SPDX-License-Identifier: GPL-2.0-or-later
/* Sync files: what they tell, merging, deadlines. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/cases/fence_helpers.h"
#include "conformance/engine/suites.h"
#include "sys/clock.h"

#define SOURCE(function) "drivers/dma-buf/sync_file.c, " function

static void info_pending(struct trial *t)
{
	struct pending pending = pending_fence(t);
	struct sync_file info = file_info(t, pending.file);

	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, 1, info.count);
	EXPECT_NUMBER(t, 0, info.fences.items[0].status);
	EXPECT_NUMBER(t, 0, info.fences.items[0].timestamp_ns);
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
}

static void info_signalled(struct trial *t)
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
}

static void name_made(struct trial *t)
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
	if (t->kernel >= KERNEL(6, 17, 0))
		EXPECT_TEXT(t, "detached-driver-signaled-timeli", info.name);
	else
		EXPECT_TRUE(t, !strncmp(info.name, "vgem-unbound", strlen("vgem-unbound")));
}

static void info_without_list(struct trial *t)
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

static void info_room(struct trial *t)
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

static void info_wrong(struct trial *t)
{
	struct pending pending = pending_fence(t);
	struct sync_file_info flags = {.flags = 1}, pad = {.pad = 1},
			      nowhere = {.num_fences = 1, .sync_fence_info = 8};

	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_FILE_INFO, &flags));
	EXPECT_ERRNO(t, EINVAL, ioctl(pending.file, SYNC_IOC_FILE_INFO, &pad));
	EXPECT_ERRNO(t, EFAULT, ioctl(pending.file, SYNC_IOC_FILE_INFO, &nowhere));
	EXPECT_ERRNO(t, EFAULT, ioctl(pending.file, SYNC_IOC_FILE_INFO, NULL));
}

static void polls(struct trial *t)
{
	const short all = POLLIN | POLLOUT | POLLPRI;
	struct pending pending = pending_fence(t);

	EXPECT_NUMBER(t, 0, poll_now(t, pending.file, all));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, POLLIN, poll_now(t, pending.file, all));
	EXPECT_NUMBER(t, 0, poll_now(t, pending.file, POLLOUT));
}

static void poll_wakes(struct trial *t)
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

static void deadline(struct trial *t)
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

static void other_calls(struct trial *t)
{
	struct pending pending = pending_fence(t);
	char byte;

	EXPECT_ERRNO(t, ENOTTY, ioctl(pending.file, _IO('>', 99)));
	EXPECT_ERRNO(t, ENOTTY, ioctl(pending.file, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, NULL));
	EXPECT_ERRNO(t, EINVAL, read(pending.file, &byte, 1));
	EXPECT_ERRNO(t, ESPIPE, lseek(pending.file, 0, SEEK_SET));
}

static void what_it_is(struct trial *t)
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	char path[64], target[64] = "";
	struct stat status;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", first.file);
	EXPECT_DONE(t, readlink(path, target, sizeof(target) - 1));
	EXPECT_TEXT(t, "anon_inode:sync_file", target);
	EXPECT_DONE(t, fstat(first.file, &status));
	EXPECT_NUMBER(t, 0600, status.st_mode & 07777);
	EXPECT_NUMBER(t, inode_of(t, first.file), inode_of(t, second.file));
}

static const struct statement statements[] = {
	{.id = "sync_file.info-pending",
	 .sentence = "Of a fence that has not signalled it tells status 0, no time, and the names "
		     "that its driver gives.",
	 .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
	 .source = SOURCE("sync_fill_fence_info"),
	 .run = info_pending},
	{.id = "sync_file.info-signalled",
	 .sentence = "Of a fence that has signalled it tells status 1, when that was, and names "
		     "that no longer need the driver.",
	 .differs = "Before 6.17 the names stay the driver's.",
	 .source = SOURCE("sync_fill_fence_info"),
	 .run = info_signalled},
	{.id = "sync_file.name-made",
	 .sentence =
		 "The name of a file with one fence is made of its driver, timeline, context and "
		 "number, cut at 31 bytes.",
	 .differs = "Before 6.17 also when it has signalled.",
	 .source = SOURCE("sync_file_get_name"),
	 .run = name_made},
	{.id = "sync_file.info-without-list",
	 .sentence = "Without room for fences it tells its name, status and their number.",
	 .source = SOURCE("sync_file_ioctl_fence_info"),
	 .run = info_without_list},
	{.id = "sync_file.info-room",
	 .sentence = "Room for too few fences is refused with EINVAL, too much room is left as it "
		     "was.",
	 .source = SOURCE("sync_file_ioctl_fence_info"),
	 .run = info_room},
	{.id = "sync_file.info-wrong",
	 .sentence = "Flags and padding are refused with EINVAL, addresses that can't be used with "
		     "EFAULT.",
	 .source = SOURCE("sync_file_ioctl_fence_info"),
	 .run = info_wrong},
	{.id = "sync_file.polls",
	 .sentence = "poll() gives POLLIN once it has signalled, and never anything else.",
	 .source = SOURCE("sync_file_poll"),
	 .run = polls},
	{.id = "sync_file.poll-wakes",
	 .sentence = "A process that sleeps in poll() goes on when another signals.",
	 .source = SOURCE("sync_file_poll"),
	 .run = poll_wakes},
	{.id = "sync_file.deadline",
	 .sentence = "Any deadline can be set, also when it has signalled, and does not signal it; "
		     "padding is refused with EINVAL, no request with EFAULT.",
	 .source = SOURCE("sync_file_ioctl_set_deadline"),
	 .since = KERNEL(6, 6, 0),
	 .run = deadline},
	{.id = "sync_file.other-calls",
	 .sentence = "Unknown requests are refused with ENOTTY; nothing can be read (EINVAL) or "
		     "sought (ESPIPE).",
	 .source = SOURCE("sync_file_ioctl"),
	 .run = other_calls},
	{.id = "sync_file.what-it-is",
	 .sentence =
		 "Its link reads anon_inode:sync_file; all share one inode, which tells nothing.",
	 .source = SOURCE("sync_file_alloc"),
	 .run = what_it_is},
};

SUITE(sync_file, "sync_file");
