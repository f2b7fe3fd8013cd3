// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/cases/fence_helpers.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/engine/needs.h"
#include "model/buffer/bufinfo.h"
#include "sys/dmabuf.h"

#define SECOND UINT64_C(1000000000)

/*
 * For what these functions do on behalf of a statement: the evidence keeps the statement's own
 * words.
 */
static void must(struct trial *trial, int result)
{
	trial_expect_done(trial, NULL, plain_result(result));
}

/* A source that can't be opened says nothing about the kernel's promises. */
static int open_or_skip(struct trial *trial, int fd, const char *what)
{
	if (fd >= 0)
		return fd;
	if (fd == -EACCES || fd == -EPERM)
		trial_skip(trial, SKIP_NO_ACCESS, "%s: may not be opened", what);
	if (fd == -ENOSYS)
		trial_skip(trial, SKIP_NO_DRIVER, "%s: this dmaheap was built without libdrm",
			   what);
	trial_skip(trial, SKIP_NO_DRIVER, "%s: not here", what);
}

int trial_vgem(struct trial *trial)
{
	return open_or_skip(trial, drm_open_driver(VGEM_DRIVER), "a DRM node of vgem");
}

int trial_syncobj_node(struct trial *trial, enum drm_ability ability)
{
	char *driver;

	return open_or_skip(trial, drm_open_able(ability, &driver),
			    ability == DRM_HAS_SYNCOBJ ? "a DRM node with sync objects"
						       : "a DRM node with timeline sync objects");
}

uint32_t trial_syncobj(struct trial *trial, int drm)
{
	uint32_t syncobj = 0;

	EXPECT_OK(trial, syncobj_create(drm, 0, &syncobj));
	return syncobj;
}

int trial_timeline(struct trial *trial)
{
	int fd = sw_sync_open();

	if (fd == -ENOENT)
		trial_skip(trial, needs_reason(SW_SYNC_PATH, fd, SKIP_NO_DRIVER), "%s: not here",
			   SW_SYNC_PATH);
	return open_or_skip(trial, fd, SW_SYNC_PATH);
}

uint32_t imported(struct trial *trial, int vgem, int dmabuf)
{
	uint32_t handle = 0;

	trial_prepare(true);
	EXPECT_OK(trial, drm_import(vgem, dmabuf, &handle));
	trial_prepare(false);
	return handle;
}

uint32_t fence_on(struct trial *trial, int vgem, int dmabuf, bool write)
{
	uint32_t handle = imported(trial, vgem, dmabuf), number = 0;

	trial_prepare(true);
	EXPECT_OK(trial, vgem_fence_attach(vgem, handle, write ? VGEM_FENCE_WRITE : 0, &number));
	EXPECT_OK(trial, drm_gem_close(vgem, handle));
	trial_prepare(false);
	return number;
}

struct pending pending_fence(struct trial *trial)
{
	struct pending pending = {0};

	pending.vgem = open_or_skip(trial, drm_open_card(VGEM_DRIVER), "a card node of vgem");
	trial_prepare(true);
	EXPECT_OK(trial, drm_dumb(pending.vgem, 4096, &pending.handle));
	pending.buffer = EXPECT_OK(trial, drm_export(pending.vgem, pending.handle));
	EXPECT_OK(trial, vgem_fence_attach(pending.vgem, pending.handle, VGEM_FENCE_WRITE,
					   &pending.number));
	pending.file = dmabuf_export_sync_file(pending.buffer, DMA_BUF_SYNC_READ);
	if (pending.file == -ENOTTY)
		trial_skip(trial, SKIP_NO_FEATURE, "no sync file of a buffer before Linux 6.0");
	must(trial, pending.file);
	trial_prepare(false);
	return pending;
}

void pending_signal(struct trial *trial, const struct pending *pending)
{
	EXPECT_OK(trial, vgem_fence_signal(pending->vgem, pending->number));
}

int poll_now(struct trial *trial, int fd, short events)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};

	trial_expect_done(trial, NULL, poll(&poll_fd, 1, 0));
	return poll_fd.revents;
}

void expect_readable(struct trial *trial, int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	EXPECT_NUMBER(trial, 1, poll(&poll_fd, 1, 5000));
	EXPECT_NUMBER(trial, POLLIN, poll_fd.revents);
}

struct sync_file file_info(struct trial *trial, int file)
{
	struct sync_file info = {0};

	must(trial, sync_file_read(file, true, &info));
	return info;
}

int file_status(struct trial *trial, int file)
{
	struct sync_file info = file_info(trial, file);
	int status = info.status;

	sync_file_free(&info);
	return status;
}

bool signalled_is_detached(struct trial *trial)
{
	struct pending pending = pending_fence(trial);
	struct sync_file info;
	bool detached;

	pending_signal(trial, &pending);
	info = file_info(trial, pending.file);
	detached = info.fences.count && !strcmp(info.fences.items[0].driver, DETACHED_DRIVER);
	sync_file_free(&info);
	close(pending.file);
	close(pending.buffer);
	close(pending.vgem);
	return detached;
}

void expect_names(struct trial *trial, const struct sync_fence *fence, const char *driver,
		  const char *timeline)
{
	if (fence->status && signalled_is_detached(trial)) {
		driver = DETACHED_DRIVER;
		timeline = DETACHED_TIMELINE;
	} else if (!fence->status && trial->kernel >= KERNEL(6, 17, 0) &&
		   trial->kernel < KERNEL(6, 17, 8)) {
		timeline = driver;
	}
	EXPECT_TEXT(trial, driver, fence->driver);
	EXPECT_TEXT(trial, timeline, fence->timeline);
}

static int call_sync(void *argument)
{
	struct sync_wait *wait = argument;

	return dmabuf_sync(wait->dmabuf, wait->flags);
}

void sync_sleeps(struct trial *trial, struct sync_wait *wait, int dmabuf, uint64_t flags)
{
	int result = 0;

	*wait = (struct sync_wait){.dmabuf = dmabuf, .flags = flags};
	EXPECT_OK(trial, waiter_start(call_sync, wait, &wait->waiter));
	trial_call(trial, "DMA_BUF_IOCTL_SYNC, watched from outside");
	if (waiter_settle(wait->waiter, 5 * SECOND) == WAITER_SLEEPS)
		return;
	if (!waiter_finish(wait->waiter, 5 * SECOND, &result, NULL))
		trial_sync_done(trial, flags, result);
	trial_fail(trial, "it waits", "it returned");
}

void sync_returns(struct trial *trial, struct sync_wait *wait)
{
	int result = 0;

	EXPECT_OK(trial, waiter_finish(wait->waiter, 5 * SECOND, &result, NULL));
	trial_sync_done(trial, wait->flags, result);
}

void sync_at_once(struct trial *trial, int dmabuf, uint64_t flags)
{
	struct sync_wait wait = {.dmabuf = dmabuf, .flags = flags};

	EXPECT_OK(trial, waiter_start(call_sync, &wait, &wait.waiter));
	sync_returns(trial, &wait);
}

struct listed listed_fences(struct trial *trial, int dmabuf)
{
	struct listed listed = {0};
	struct bufinfo info;

	must(trial, bufinfo_read(inode_of(trial, dmabuf), &info));
	array_for_each (&info.fences, fence) {
		listed.fences++;
		listed.pending += !fence->signalled;
	}
	bufinfo_free(&info);
	return listed;
}

bool is_listed(struct trial *trial, uint64_t inode)
{
	struct bufinfo info = {0};
	int error = bufinfo_read(inode, &info);

	bufinfo_free(&info);
	if (error != -ENOENT)
		must(trial, error);
	return !error;
}

uint64_t inode_of(struct trial *trial, int fd)
{
	struct stat status;

	trial_expect_done(trial, NULL, fstat(fd, &status));
	return status.st_ino;
}
