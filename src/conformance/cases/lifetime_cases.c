// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fences that outlive what made them: each source is taken away under a held sync file, which then
 * is read, polled, merged, exported and closed as if nothing had happened, and the buffer goes at
 * the end (drivers/dma-buf/dma-fence.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/cases/fence_helpers.h"

#define FENCE_SOURCE(function) "drivers/dma-buf/dma-fence.c, " function
#define START_READ             (DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ)
#define NAMES_CHANGED \
	"Before 6.17 it keeps its names; 6.17.0 to 6.17.7 give a pending one's driver for its " \
	"timeline."

/* Put a fence of a source of its own on the buffer, as a write; return the source. */
static int fence_of_vgem(struct trial *t, int buffer)
{
	int vgem = trial_vgem(t);

	fence_on(t, vgem, buffer, true);
	return vgem;
}

static int fence_of_timeline(struct trial *t, int buffer)
{
	int timeline;

	EXPECT_DONE(t, prctl(PR_SET_NAME, "a-timeline"));
	timeline = trial_timeline(t);
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, DMA_BUF_SYNC_WRITE,
					     EXPECT_OK(t, sw_sync_fence(timeline, 1))));
	return timeline;
}

/* What is held while a source goes. */
struct held {
	int buffer; /* with the fence as a write */
	int file;   /* its sync file */
	const char *driver, *timeline;
};

static struct held hold(struct trial *t, int buffer, const char *driver, const char *timeline)
{
	struct held held = {.buffer = buffer, .driver = driver, .timeline = timeline};
	struct sync_file info;

	held.file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ));
	trial_say(t, "pending");
	info = file_info(t, held.file);
	EXPECT_NUMBER(t, 0, info.status);
	expect_names(t, &info.fences.items[0], driver, timeline);
	return held;
}

/* All that can still be done, with a fence that has come to STATUS; at the end the buffer is gone.
 */
static void outlives(struct trial *t, const struct held *held, int status)
{
	struct pending other = pending_fence(t);
	uint64_t inode = inode_of(t, held->buffer);
	struct sync_file info;
	int merged, out;

	trial_say(t, "once the source is gone");
	info = file_info(t, held->file);
	EXPECT_NUMBER(t, status, info.status);
	expect_names(t, &info.fences.items[0], held->driver, held->timeline);
	expect_readable(t, held->file);
	merged = EXPECT_OK(t, sync_file_merge(held->file, other.file, "merged"));
	EXPECT_NUMBER(t, 1, file_info(t, merged).count);
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, held->buffer, POLLIN | POLLOUT));
	out = EXPECT_OK(t, dmabuf_export_sync_file(held->buffer, DMA_BUF_SYNC_WRITE));
	EXPECT_NUMBER(t, 1, file_status(t, out));
	sync_at_once(t, held->buffer, START_READ);
	EXPECT_OK(t, dmabuf_import_sync_file(held->buffer, DMA_BUF_SYNC_WRITE, held->file));
	EXPECT_DONE(t, close(held->file));
	EXPECT_DONE(t, close(merged));
	EXPECT_DONE(t, close(out));
	EXPECT_NUMBER(t, 1, fd_number(t, held->buffer, "count"));
	EXPECT_DONE(t, close(held->buffer));
	EXPECT_TRUE(t, !is_listed(t, inode));
}

TEST(drm_closed, "lifetime.drm-closed",
     "A fence outlives the DRM node it was made with; closing the node signals it.",
     "drivers/gpu/drm/vgem/vgem_fence.c, vgem_fence_close", .differs = NAMES_CHANGED,
     .since = KERNEL(6, 0, 0), .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO)
{
	int buffer = trial_buffer(t, t->page), vgem = fence_of_vgem(t, buffer);
	struct held held = hold(t, buffer, VGEM_DRIVER, "unbound");

	EXPECT_DONE(t, close(vgem));
	outlives(t, &held, 1);
}

TEST(handle_closed, "lifetime.handle-closed",
     "A fence outlives the handle it was put on, and stays pending.",
     "drivers/gpu/drm/drm_gem.c, drm_gem_handle_delete", .differs = NAMES_CHANGED,
     .since = KERNEL(6, 0, 0), .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true); /* which closes the handle */
	struct held held = hold(t, buffer, VGEM_DRIVER, "unbound");

	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
	EXPECT_NUMBER(t, 0, poll_now(t, held.file, POLLIN));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	outlives(t, &held, 1);
}

/* A child that has put a fence of its own source on the buffer, and waits to be killed. */
static pid_t start_fencer(struct trial *t, int buffer, int (*put_fence)(struct trial *, int))
{
	int ready[2];
	pid_t child;

	EXPECT_DONE(t, pipe2(ready, O_CLOEXEC));
	child = trial_fork(t);
	if (child) {
		trial_await(t, ready[0]);
		return child;
	}
	put_fence(t, buffer);
	trial_signal(t, ready[1]);
	for (;;)
		pause();
}

static void kill_fencer(struct trial *t, pid_t child)
{
	int status;

	EXPECT_DONE(t, kill(child, SIGKILL));
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
}

TEST(process_killed, "lifetime.process-killed",
     "A fence outlives the process that made it; the death of the process signals it.",
     "drivers/gpu/drm/vgem/vgem_fence.c, vgem_fence_close", .differs = NAMES_CHANGED,
     .since = KERNEL(6, 0, 0), .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO)
{
	int buffer = trial_buffer(t, t->page);
	struct held held;
	pid_t child;

	close(trial_vgem(t)); /* skips where there is none */
	child = start_fencer(t, buffer, fence_of_vgem);
	held = hold(t, buffer, VGEM_DRIVER, "unbound");
	kill_fencer(t, child);
	outlives(t, &held, 1);
}

TEST(killed_wakes, "lifetime.killed-wakes",
     "A process that waits for CPU access is woken when the process with the fence is killed.",
     "drivers/gpu/drm/vgem/vgem_fence.c, vgem_fence_close", .needs = NEED_HEAP | NEED_IDLE)
{
	int buffer = trial_buffer(t, t->page);
	struct sync_wait wait;
	pid_t child;

	close(trial_vgem(t));
	child = start_fencer(t, buffer, fence_of_vgem);
	sync_sleeps(t, &wait, buffer, START_READ);
	kill_fencer(t, child);
	sync_returns(t, &wait);
}

TEST(timeline_closed, "lifetime.timeline-closed", "A fence outlives its timeline, with an error.",
     "drivers/dma-buf/sw_sync.c, sw_sync_debugfs_release", .differs = NAMES_CHANGED,
     .since = KERNEL(6, 0, 0), .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO,
     .dangers = DANGER_TAINT)
{
	int buffer = trial_buffer(t, t->page), timeline = fence_of_timeline(t, buffer);
	struct held held = hold(t, buffer, "sw_sync", "a-timeline");

	EXPECT_DONE(t, close(timeline));
	outlives(t, &held, -ENOENT);
}

TEST(timeline_process_killed, "lifetime.timeline-process-killed",
     "A fence outlives the process with its timeline, with an error.",
     "drivers/dma-buf/sw_sync.c, sw_sync_debugfs_release", .differs = NAMES_CHANGED,
     .since = KERNEL(6, 0, 0), .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO,
     .dangers = DANGER_TAINT)
{
	int buffer = trial_buffer(t, t->page);
	struct held held;
	pid_t child;

	close(trial_timeline(t));
	child = start_fencer(t, buffer, fence_of_timeline);
	held = hold(t, buffer, "sw_sync", "a-timeline");
	kill_fencer(t, child);
	outlives(t, &held, -ENOENT);
}

TEST(buffer_closed_polled, "lifetime.buffer-closed-polled",
     "A buffer that was polled is kept after its close until the fence signals.",
     "drivers/dma-buf/dma-buf.c, dma_buf_poll", .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	uint64_t inode = inode_of(t, buffer);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ)), merged;

	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN | POLLOUT));
	EXPECT_DONE(t, close(buffer));
	EXPECT_TRUE(t, is_listed(t, inode));
	EXPECT_NUMBER(t, 0, file_status(t, file));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_TRUE(t, !is_listed(t, inode));
	EXPECT_NUMBER(t, 1, file_status(t, file));
	expect_readable(t, file);
	merged = EXPECT_OK(t, sync_file_merge(file, file, ""));
	EXPECT_DONE(t, close(file));
	EXPECT_NUMBER(t, 1, file_status(t, merged));
}

TEST(buffer_closed_fenced, "lifetime.buffer-closed-fenced",
     "A pending fence alone does not keep a buffer; the fence's sync file outlives the buffer.",
     "drivers/dma-buf/dma-buf.c, dma_buf_release", .since = KERNEL(6, 0, 0),
     .needs = NEED_HEAP | NEED_IDLE | NEED_BUFINFO)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), file;
	uint32_t fence = fence_on(t, vgem, buffer, true);
	uint64_t inode = inode_of(t, buffer);

	file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ));
	EXPECT_DONE(t, close(buffer));
	EXPECT_TRUE(t, !is_listed(t, inode));
	EXPECT_NUMBER(t, 0, file_status(t, file));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, file_status(t, file));
	expect_readable(t, file);
}

TEST(merged_outlives, "lifetime.merged-outlives",
     "A merged file outlives the files and the nodes of its fences.",
     FENCE_SOURCE("dma_fence_driver_name") "; drivers/dma-buf/sync_file.c, sync_fill_fence_info",
     .differs = "Before 6.17 they keep their names.")
{
	struct pending first = pending_fence(t), second = pending_fence(t);
	int merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));
	struct sync_file info;

	EXPECT_DONE(t, close(first.file));
	EXPECT_DONE(t, close(second.file));
	EXPECT_DONE(t, close(first.vgem));
	EXPECT_NUMBER(t, 0, file_status(t, merged));
	EXPECT_DONE(t, close(second.vgem));
	info = file_info(t, merged);
	EXPECT_NUMBER(t, 1, info.status);
	for (unsigned int i = 0; i < info.count; i++)
		expect_names(t, &info.fences.items[i], VGEM_DRIVER, "unbound");
	expect_readable(t, merged);
	EXPECT_DONE(t, close(merged));
}

TEST(syncobj_outlives, "lifetime.syncobj-outlives",
     "The fence in a sync object outlives the node it was made with.",
     "drivers/gpu/drm/drm_syncobj.c, drm_syncobj_replace_fence")
{
	int drm = trial_syncobj_node(t, DRM_HAS_SYNCOBJ), file;
	struct pending pending = pending_fence(t);
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_OK(t, syncobj_import(drm, syncobj, pending.file));
	file = EXPECT_OK(t, syncobj_export(drm, syncobj));
	EXPECT_DONE(t, close(pending.vgem));
	EXPECT_OK(t, syncobj_wait(drm, syncobj, 0, 0));
	EXPECT_DONE(t, close(drm));
	EXPECT_NUMBER(t, 1, file_status(t, file));
}

TEST(syncobj_node_closed, "lifetime.syncobj-node-closed",
     "The fence of a sync object outlives it and its node, and stays pending.",
     "drivers/gpu/drm/drm_syncobj.c, drm_syncobj_release")
{
	int drm = trial_syncobj_node(t, DRM_HAS_SYNCOBJ), file;
	struct pending pending = pending_fence(t);
	uint32_t syncobj = trial_syncobj(t, drm);

	EXPECT_OK(t, syncobj_import(drm, syncobj, pending.file));
	file = EXPECT_OK(t, syncobj_export(drm, syncobj));
	EXPECT_DONE(t, close(drm));
	EXPECT_NUMBER(t, 0, file_status(t, file));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, 1, file_status(t, file));
}

/* Unloads vgem if nothing uses it, and says what the kernel answered: 0 or an errno. */
static int unload_vgem(struct trial *t)
{
	trial_call(t, "delete_module(\"vgem\", O_NONBLOCK)");
	if (!syscall(SYS_delete_module, "vgem", O_NONBLOCK))
		return 0;
	if (errno == EPERM)
		trial_skip(t, SKIP_NO_ACCESS, "modules cannot be unloaded");
	if (errno == ENOENT || errno == ENOSYS)
		trial_skip(t, SKIP_NO_FEATURE, "vgem is not a module here");
	return errno;
}

TEST(module_node_open, "lifetime.module-node-open",
     "vgem cannot be unloaded while a node of it is open (EAGAIN).",
     "kernel/module/main.c, try_stop_module", .needs = NEED_ROOT)
{
	struct pending pending = pending_fence(t);

	EXPECT_DONE(t, close(pending.buffer));
	EXPECT_NUMBER(t, EAGAIN, unload_vgem(t));
	EXPECT_NUMBER(t, 0, file_status(t, pending.file));
}

TEST(module_buffer_open, "lifetime.module-buffer-open",
     "vgem cannot be unloaded while a buffer of it exists (EAGAIN), even when its node is closed.",
     "kernel/module/main.c, try_stop_module", .needs = NEED_ROOT)
{
	struct pending pending = pending_fence(t);

	EXPECT_DONE(t, close(pending.vgem));
	EXPECT_NUMBER(t, EAGAIN, unload_vgem(t));
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
}

TEST(module_gone, "lifetime.module-gone",
     "A fence outlives the module of its driver: a sync file of it can be read and closed.",
     FENCE_SOURCE("dma_fence_release"), .needs = NEED_ROOT, .hazard = HAZARD_MODULE)
{
	struct pending pending = pending_fence(t);

	pending_signal(t, &pending);
	EXPECT_DONE(t, close(pending.buffer));
	EXPECT_DONE(t, close(pending.vgem));
	if (unload_vgem(t))
		trial_skip(t, SKIP_NOT_KNOWN, "vgem is in use by others");
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
	EXPECT_DONE(t, close(pending.file));
}

SUITE(lifetime, "lifetime", 0, drm_closed, handle_closed, process_killed, killed_wakes,
      timeline_closed, timeline_process_killed, buffer_closed_polled, buffer_closed_fenced,
      merged_outlives, syncobj_outlives, syncobj_node_closed, module_node_open, module_buffer_open,
      module_gone);
