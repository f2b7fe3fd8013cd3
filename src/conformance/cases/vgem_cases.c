// SPDX-License-Identifier: GPL-2.0-or-later
/* The virtual GEM driver as an importer of heap buffers, and its fences. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "conformance/cases/fence_helpers.h"
#include "model/buffer/bufinfo.h"

#define SOURCE(function) "drivers/gpu/drm/vgem/vgem_fence.c, " function
#define PRIME(function)  "drivers/gpu/drm/drm_prime.c, " function

static void imports(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t first = 0, second = 0;

	EXPECT_OK(t, drm_import(vgem, buffer, &first));
	EXPECT_OK(t, drm_import(vgem, buffer, &second));
	EXPECT_TRUE(t, first && first == second);
	EXPECT_OK(t, drm_gem_close(vgem, first));
	EXPECT_ERROR(t, EINVAL, drm_gem_close(vgem, first));
}

static void import_references(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t handle;

	EXPECT_NUMBER(t, 1, fd_number(buffer, "count"));
	EXPECT_OK(t, drm_import(vgem, buffer, &handle));
	EXPECT_TRUE(t, fd_number(buffer, "count") > 1);
	EXPECT_OK(t, drm_gem_close(vgem, handle));
	EXPECT_NUMBER(t, 1, fd_number(buffer, "count"));
}

/* How many devices named after vgem the listing has for the buffer. */
static unsigned int listed_devices(struct trial *t, int buffer)
{
	struct bufinfo info;
	unsigned int count = 0;

	trial_expect_done(t, plain_result(bufinfo_read(inode_of(t, buffer), &info)));
	array_for_each (&info.devices, name)
		count += !strncmp(*name, VGEM_DRIVER, strlen(VGEM_DRIVER));
	bufinfo_free(&info);
	return count;
}

static void attachment_listed(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t handle;

	EXPECT_NUMBER(t, 0, listed_devices(t, buffer));
	EXPECT_OK(t, drm_import(vgem, buffer, &handle));
	EXPECT_NUMBER(t, 1, listed_devices(t, buffer));
	EXPECT_OK(t, drm_gem_close(vgem, handle));
	EXPECT_NUMBER(t, 0, listed_devices(t, buffer));
}

static void exports_the_same(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), again;
	uint32_t handle;

	EXPECT_OK(t, drm_import(vgem, buffer, &handle));
	again = EXPECT_OK(t, drm_export(vgem, handle));
	EXPECT_NUMBER(t, inode_of(t, buffer), inode_of(t, again));
}

static void import_other_files(struct trial *t)
{
	int vgem = trial_vgem(t);
	uint32_t handle;

	EXPECT_ERROR(t, EBADF, drm_import(vgem, -1, &handle));
	EXPECT_ERROR(t, EINVAL, drm_import(vgem, vgem, &handle));
}

static void fences_the_buffer(struct trial *t)
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

static void two_clients(struct trial *t)
{
	int first = trial_vgem(t), second = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence = fence_on(t, first, buffer, true), handle, other;

	EXPECT_OK(t, drm_import(second, buffer, &handle));
	EXPECT_ERROR(t, EBUSY, vgem_fence_attach(second, handle, VGEM_FENCE_WRITE, &other));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(second, fence));
	EXPECT_OK(t, vgem_fence_signal(first, fence));
	EXPECT_OK(t, vgem_fence_attach(second, handle, VGEM_FENCE_WRITE, &other));
}

static void write_excludes(struct trial *t)
{
	struct pending pending = pending_fence(t);
	uint32_t other;

	EXPECT_ERROR(t, EBUSY, vgem_fence_attach(pending.vgem, pending.handle, 0, &other));
	EXPECT_ERROR(t, EBUSY,
		     vgem_fence_attach(pending.vgem, pending.handle, VGEM_FENCE_WRITE, &other));
	pending_signal(t, &pending);
	EXPECT_OK(t, vgem_fence_attach(pending.vgem, pending.handle, VGEM_FENCE_WRITE, &other));
}

static void reads_share(struct trial *t)
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

static void attach_wrong(struct trial *t)
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

static void signals_once(struct trial *t)
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

static void expires(struct trial *t)
{
	uint64_t begun = clock_ns(), taken;
	struct pending pending = pending_fence(t);
	struct pollfd file = {.fd = pending.file, .events = POLLIN};

	EXPECT_NUMBER(t, 1, poll(&file, 1, 15000));
	taken = clock_ns() - begun;
	EXPECT_TRUE(t, taken > VGEM_TIMEOUT_NS * 95 / 100);
	EXPECT_TRUE(t, taken < VGEM_TIMEOUT_NS * 130 / 100);
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
	EXPECT_ERROR(t, ETIMEDOUT, vgem_fence_signal(pending.vgem, pending.number));
	EXPECT_ERROR(t, ENOENT, vgem_fence_signal(pending.vgem, pending.number));
}

static void close_signals(struct trial *t)
{
	struct pending pending = pending_fence(t);

	EXPECT_NUMBER(t, 0, poll_now(t, pending.buffer, POLLIN));
	EXPECT_DONE(t, close(pending.vgem));
	EXPECT_NUMBER(t, 1, file_status(t, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, pending.buffer, POLLIN));
}

static void no_syncobj(struct trial *t)
{
	int vgem = trial_vgem(t);
	uint32_t syncobj;

	EXPECT_TRUE(t, !drm_is_able(vgem, DRM_HAS_SYNCOBJ));
	EXPECT_ERROR(t, EOPNOTSUPP, syncobj_create(vgem, 0, &syncobj));
}

static const struct statement statements[] = {
	{.id = "vgem.imports",
	 .sentence = "vgem imports the heap's buffers; the same buffer has one handle.",
	 .source = PRIME("drm_gem_prime_fd_to_handle"),
	 .needs = NEED_HEAP,
	 .run = imports},
	{.id = "vgem.import-references",
	 .sentence = "An import holds the buffer until its handle is closed.",
	 .source = PRIME("drm_gem_prime_import_dev"),
	 .needs = NEED_HEAP,
	 .run = import_references},
	{.id = "vgem.attachment-listed",
	 .sentence = "The kernel's listing shows vgem among the devices of an imported buffer.",
	 .source = "drivers/dma-buf/dma-buf.c, dma_buf_debug_show",
	 .needs = NEED_HEAP | NEED_BUFINFO,
	 .run = attachment_listed},
	{.id = "vgem.exports-the-same",
	 .sentence = "An imported buffer that is exported again is the heap's buffer.",
	 .source = PRIME("drm_gem_prime_handle_to_fd"),
	 .needs = NEED_HEAP,
	 .run = exports_the_same},
	{.id = "vgem.import-other-files",
	 .sentence =
		 "An invalid descriptor is refused with EBADF, one of another kind with EINVAL.",
	 .source = PRIME("drm_gem_prime_fd_to_handle"),
	 .run = import_other_files},
	{.id = "vgem.fences-the-buffer",
	 .sentence = "A fence on the handle is a fence of the heap's buffer.",
	 .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
	 .source = SOURCE("vgem_fence_attach_ioctl"),
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = fences_the_buffer},
	{.id = "vgem.two-clients",
	 .sentence =
		 "Fences of one client block another (EBUSY), which can't signal them (ENOENT).",
	 .source = SOURCE("vgem_fence_attach_ioctl"),
	 .needs = NEED_HEAP,
	 .run = two_clients},
	{.id = "vgem.write-excludes",
	 .sentence = "While a write is pending, reads and writes are refused with EBUSY.",
	 .source = SOURCE("vgem_fence_attach_ioctl"),
	 .run = write_excludes},
	{.id = "vgem.reads-share",
	 .sentence = "While a read is pending, more reads are accepted and writes are refused with "
		     "EBUSY.",
	 .source = SOURCE("vgem_fence_attach_ioctl"),
	 .run = reads_share},
	{.id = "vgem.attach-wrong",
	 .sentence = "Unknown flags and padding are refused with EINVAL, unknown handles with "
		     "ENOENT.",
	 .source = SOURCE("vgem_fence_attach_ioctl"),
	 .run = attach_wrong},
	{.id = "vgem.signals-once",
	 .sentence = "A fence is signalled once: a second time, as for an unknown number, ENOENT "
		     "is returned.",
	 .source = SOURCE("vgem_fence_signal_ioctl"),
	 .run = signals_once},
	{.id = "vgem.expires",
	 .sentence = "A fence that nobody signals signals by itself after 10 s, without an error; "
		     "a later signal fails with ETIMEDOUT.",
	 .source = SOURCE("vgem_fence_timeout"),
	 .run = expires},
	{.id = "vgem.close-signals",
	 .sentence = "Closing the node signals its fences, without an error.",
	 .source = SOURCE("vgem_fence_close"),
	 .run = close_signals},
	{.id = "vgem.no-syncobj",
	 .sentence = "vgem has no sync objects: EOPNOTSUPP.",
	 .source = "drivers/gpu/drm/drm_syncobj.c, drm_syncobj_create_ioctl",
	 .run = no_syncobj},
};

SUITE(vgem, "vgem", 0);
