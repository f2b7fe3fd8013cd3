// SPDX-License-Identifier: GPL-2.0-or-later
/* The virtual GEM driver as an importer of heap buffers, and its fences. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "conformance/cases/directions.h"
#include "conformance/cases/fence_helpers.h"
#include "model/buffer/bufinfo.h"

#define SOURCE(function) "drivers/gpu/drm/vgem/vgem_fence.c, " function
#define PRIME(function)  "drivers/gpu/drm/drm_prime.c, " function

TEST(imports, "vgem.imports", "vgem imports the heap's buffers; the same buffer has one handle.",
     PRIME("drm_gem_prime_fd_to_handle"), .needs = NEED_HEAP)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t first = 0, second = 0;

	EXPECT_OK(t, drm_import(vgem, buffer, &first));
	EXPECT_OK(t, drm_import(vgem, buffer, &second));
	EXPECT_TRUE(t, first && first == second);
	EXPECT_OK(t, drm_gem_close(vgem, first));
	EXPECT_ERROR(t, EINVAL, drm_gem_close(vgem, first));
}

TEST(import_references, "vgem.import-references",
     "An import holds the buffer until its handle is closed.", PRIME("drm_gem_prime_import_dev"),
     .needs = NEED_HEAP)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t handle;

	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
	handle = imported(t, vgem, buffer);
	EXPECT_TRUE(t, fd_number(t, buffer, "count") > 1);
	EXPECT_OK(t, drm_gem_close(vgem, handle));
	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
}

/* How many devices named after vgem the listing has for the buffer. */
static unsigned int listed_devices(struct trial *t, int buffer)
{
	struct bufinfo info;
	unsigned int count = 0;

	trial_expect_done(t, NULL, plain_result(bufinfo_read(inode_of(t, buffer), &info)));
	array_for_each (&info.devices, name)
		count += !strncmp(*name, VGEM_DRIVER, strlen(VGEM_DRIVER));
	bufinfo_free(&info);
	return count;
}

TEST(attachment_listed, "vgem.attachment-listed",
     "The kernel's listing shows vgem among the devices of an imported buffer.",
     "drivers/dma-buf/dma-buf.c, dma_buf_debug_show", .needs = NEED_HEAP | NEED_BUFINFO)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t handle;

	EXPECT_NUMBER(t, 0, listed_devices(t, buffer));
	handle = imported(t, vgem, buffer);
	EXPECT_NUMBER(t, 1, listed_devices(t, buffer));
	EXPECT_OK(t, drm_gem_close(vgem, handle));
	EXPECT_NUMBER(t, 0, listed_devices(t, buffer));
}

TEST(sync_while_imported, "vgem.sync-while-imported",
     "CPU access begins and ends while another device has imported the buffer.",
     "drivers/dma-buf/dma-buf.c, dma_buf_begin_cpu_access", .needs = NEED_HEAP | NEED_IDLE)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t handle = imported(t, vgem, buffer);

	for (size_t i = 0; i < COUNT_OF(directions); i++) {
		sync_at_once(t, buffer, DMA_BUF_SYNC_START | directions[i].flags);
		sync_at_once(t, buffer, DMA_BUF_SYNC_END | directions[i].flags);
	}
	EXPECT_OK(t, drm_gem_close(vgem, handle));
}

TEST(exports_the_same, "vgem.exports-the-same",
     "An imported buffer that is exported again is the heap's buffer.",
     PRIME("drm_gem_prime_handle_to_fd"), .needs = NEED_HEAP)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t handle = imported(t, vgem, buffer);
	int again = EXPECT_OK(t, drm_export(vgem, handle));

	EXPECT_NUMBER(t, inode_of(t, buffer), inode_of(t, again));
}

TEST(import_other_files, "vgem.import-other-files",
     "An invalid descriptor is refused with EBADF, one of another kind with EINVAL.",
     PRIME("drm_gem_prime_fd_to_handle"))
{
	int vgem = trial_vgem(t);
	uint32_t handle;

	EXPECT_ERROR(t, EBADF, drm_import(vgem, -1, &handle));
	EXPECT_ERROR(t, EINVAL, drm_import(vgem, vgem, &handle));
}

TEST(fences_the_buffer, "vgem.fences-the-buffer",
     "A fence on the handle is a fence of the heap's buffer.", SOURCE("vgem_fence_attach_ioctl"),
     .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
     .since = KERNEL(6, 0, 0), .needs = NEED_HEAP | NEED_IDLE)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_file info =
		file_info(t, EXPECT_OK(t, dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_READ)));

	EXPECT_NUMBER(t, 0, info.status);
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
}

TEST(two_clients, "vgem.two-clients",
     "Fences of one client block another (EBUSY), which cannot signal them (ENOENT).",
     SOURCE("vgem_fence_attach_ioctl"), .needs = NEED_HEAP | NEED_IDLE)
{
	int first = trial_vgem(t), second = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, first, buffer, true), handle, other;

	handle = imported(t, second, buffer);
	EXPECT_ERROR(t, EBUSY, vgem_fence_attach(second, handle, VGEM_FENCE_WRITE, &other));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(second, fence));
	EXPECT_OK(t, vgem_fence_signal(first, fence));
	EXPECT_OK(t, vgem_fence_attach(second, handle, VGEM_FENCE_WRITE, &other));
}

TEST(write_excludes, "vgem.write-excludes",
     "While a write is pending, reads and writes are refused with EBUSY.",
     SOURCE("vgem_fence_attach_ioctl"))
{
	struct pending pending = pending_fence(t);
	uint32_t other;

	EXPECT_ERROR(t, EBUSY, vgem_fence_attach(pending.vgem, pending.handle, 0, &other));
	EXPECT_ERROR(t, EBUSY,
		     vgem_fence_attach(pending.vgem, pending.handle, VGEM_FENCE_WRITE, &other));
	pending_signal(t, &pending);
	EXPECT_OK(t, vgem_fence_attach(pending.vgem, pending.handle, VGEM_FENCE_WRITE, &other));
}

TEST(reads_share, "vgem.reads-share",
     "While a read is pending, more reads are accepted and writes are refused with EBUSY.",
     SOURCE("vgem_fence_attach_ioctl"))
{
	struct pending pending = pending_fence(t);
	uint32_t first, second, other;

	pending_signal(t, &pending);
	EXPECT_OK(t, vgem_fence_attach(pending.vgem, pending.handle, 0, &first));
	EXPECT_OK(t, vgem_fence_attach(pending.vgem, pending.handle, 0, &second));
	EXPECT_TRUE(t, first != second);
	EXPECT_ERROR(t, EBUSY,
		     vgem_fence_attach(pending.vgem, pending.handle, VGEM_FENCE_WRITE, &other));
}

TEST(attach_wrong, "vgem.attach-wrong",
     "Unknown flags and padding are refused with EINVAL, unknown handles with ENOENT.",
     SOURCE("vgem_fence_attach_ioctl"))
{
	struct pending pending = pending_fence(t);
	struct drm_vgem_fence_attach padded = {.handle = pending.handle, .pad = 1};
	uint32_t fence;

	pending_signal(t, &pending);
	EXPECT_ERROR(t, EINVAL, vgem_fence_attach(pending.vgem, pending.handle, 2, &fence));
	EXPECT_ERRNO(t, EINVAL, ioctl(pending.vgem, DRM_IOCTL_VGEM_FENCE_ATTACH, &padded));
	EXPECT_ERROR(t, ENOENT, vgem_fence_attach(pending.vgem, 12345, 0, &fence));
	EXPECT_ERROR(t, ENOENT, vgem_fence_attach(pending.vgem, 0, 0, &fence));
}

TEST(signals_once, "vgem.signals-once",
     "A fence is signalled once: a second time, as for an unknown number, ENOENT is returned.",
     SOURCE("vgem_fence_signal_ioctl"))
{
	struct pending pending = pending_fence(t);
	struct drm_vgem_fence_signal flagged = {.fence = pending.number, .flags = 1};

	EXPECT_ERRNO(t, EINVAL, ioctl(pending.vgem, DRM_IOCTL_VGEM_FENCE_SIGNAL, &flagged));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(pending.vgem, 0));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(pending.vgem, pending.number + 1));
	EXPECT_NUMBER(t, 0, file_status(t, pending.file));
	EXPECT_OK(t, vgem_fence_signal(pending.vgem, pending.number));
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(pending.vgem, pending.number));
}

TEST(expires, "vgem.expires",
     "A fence that nobody signals signals by itself after 10 s, without an error; a later signal "
     "fails with ETIMEDOUT.",
     SOURCE("vgem_fence_timeout"), .seconds = 60)
{
	uint64_t begun = clock_ns(), taken;
	struct pending pending = pending_fence(t);
	struct pollfd file = {.fd = pending.file, .events = POLLIN};

	EXPECT_NUMBER(t, 1, poll(&file, 1, 40000));
	taken = clock_ns() - begun;
	EXPECT_TRUE(t, taken > VGEM_TIMEOUT_NS * 95 / 100);
	EXPECT_TRUE(t, taken < VGEM_TIMEOUT_NS * 3); /* a busy machine is late */
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
	EXPECT_ERROR(t, ETIMEDOUT, vgem_fence_signal(pending.vgem, pending.number));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(pending.vgem, pending.number));
}

TEST(close_signals, "vgem.close-signals", "Closing the node signals its fences, without an error.",
     SOURCE("vgem_fence_close"))
{
	struct pending pending = pending_fence(t);

	EXPECT_NUMBER(t, 0, poll_now(t, pending.buffer, POLLIN));
	EXPECT_DONE(t, close(pending.vgem));
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, pending.buffer, POLLIN));
}

TEST(no_syncobj, "vgem.no-syncobj", "vgem has no sync objects: EOPNOTSUPP.",
     "drivers/gpu/drm/drm_syncobj.c, drm_syncobj_create_ioctl")
{
	int vgem = trial_vgem(t);
	uint32_t syncobj;

	EXPECT_TRUE(t, !drm_is_able(vgem, DRM_HAS_SYNCOBJ));
	EXPECT_ERROR(t, EOPNOTSUPP, syncobj_create(vgem, 0, &syncobj));
}

SUITE(vgem, "vgem", 0, imports, import_references, attachment_listed, sync_while_imported,
      exports_the_same, import_other_files, fences_the_buffer, two_clients, write_excludes,
      reads_share, attach_wrong, signals_once, expires, close_signals, no_syncobj);
