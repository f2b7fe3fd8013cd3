// SPDX-License-Identifier: GPL-2.0-or-later
/* Suite fence, second part: fences that leave and enter a buffer as sync files. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include "conformance/cases/fence_helpers.h"
#include "conformance/engine/suites.h"

#define EXPORT_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_export_sync_file"
#define IMPORT_SOURCE "drivers/dma-buf/dma-buf.c, dma_buf_import_sync_file"
#define RESV_SOURCE   "drivers/dma-buf/dma-resv.c, dma_resv_add_fence"

#define READ  DMA_BUF_SYNC_READ
#define WRITE DMA_BUF_SYNC_WRITE
#define BOTH  DMA_BUF_SYNC_RW

static void export_idle(struct trial *t)
{
	static const uint32_t flags[] = {READ, WRITE, BOTH};
	const char *driver = t->kernel >= KERNEL(6, 17, 0) ? "detached-driver" : "stub";
	const char *timeline = t->kernel >= KERNEL(6, 17, 0) ? "signaled-timeline" : "stub";
	int buffer = trial_buffer(t, t->page);

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, flags[i]));
		struct sync_file info = file_info(t, file);

		EXPECT_NUMBER(t, POLLIN, poll_now(t, file, POLLIN));
		EXPECT_NUMBER(t, 1, info.status);
		EXPECT_NUMBER(t, 1, info.count);
		EXPECT_TEXT(t, driver, info.fences.items[0].driver);
		EXPECT_TEXT(t, timeline, info.fences.items[0].timeline);
		EXPECT_TRUE(t, info.fences.items[0].timestamp_ns > 0);
		sync_file_free(&info);
	}
}

static void export_flags(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);

	EXPECT_ERROR(t, EINVAL, dmabuf_export_sync_file(buffer, 0));
	for (int bit = 2; bit < 32; bit++) {
		trial_say(t, "bit %d", bit);
		EXPECT_ERROR(t, EINVAL, dmabuf_export_sync_file(buffer, READ | 1u << bit));
	}
	trial_say(t, "no request");
	EXPECT_ERRNO(t, EFAULT, ioctl(buffer, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, NULL));
}

static void export_descriptor(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	const struct rlimit none = {.rlim_cur = (rlim_t)file + 1, .rlim_max = (rlim_t)file + 1};

	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(file, F_GETFD));
	EXPECT_NUMBER(t, O_RDONLY, fcntl(file, F_GETFL) & O_ACCMODE);
	EXPECT_DONE(t, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERROR(t, EMFILE, dmabuf_export_sync_file(buffer, READ));
}

static void export_write(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), reader, writer;
	uint32_t fence = fence_on(t, vgem, buffer, true);
	struct sync_file info;

	reader = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	writer = EXPECT_OK(t, dmabuf_export_sync_file(buffer, WRITE));
	info = file_info(t, reader);
	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, 1, info.count);
	expect_names(t, &info.fences.items[0], VGEM_DRIVER, "unbound");
	EXPECT_NUMBER(t, 0, file_status(t, writer));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, file_status(t, reader));
	EXPECT_NUMBER(t, 1, file_status(t, writer));
}

static void export_reads(struct trial *t)
{
	enum {
		READERS = 3
	};
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), writer;
	struct sync_file info;

	for (int i = 0; i < READERS; i++)
		fence_on(t, vgem, buffer, false);
	EXPECT_NUMBER(t, 1, file_status(t, EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ))));
	writer = EXPECT_OK(t, dmabuf_export_sync_file(buffer, WRITE));
	info = file_info(t, writer);
	EXPECT_NUMBER(t, 0, info.status);
	EXPECT_NUMBER(t, READERS, info.count);
	for (unsigned int i = 0; i < info.count; i++)
		expect_names(t, &info.fences.items[i], VGEM_DRIVER, "unbound");
}

static void export_is_snapshot(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	int before = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ)), after;

	fence_on(t, vgem, buffer, true);
	after = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	EXPECT_NUMBER(t, 1, file_status(t, before));
	EXPECT_NUMBER(t, 0, file_status(t, after));
}

static void import_flags(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));

	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, 0, file));
	for (int bit = 2; bit < 32; bit++) {
		trial_say(t, "bit %d", bit);
		EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, READ | 1u << bit, file));
	}
	trial_say(t, "no request");
	EXPECT_ERRNO(t, EFAULT, ioctl(buffer, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, NULL));
}

static void import_other_files(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int null = EXPECT_DONE(t, open("/dev/null", O_RDWR | O_CLOEXEC));

	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, -1));
	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, buffer));
	EXPECT_ERROR(t, EINVAL, dmabuf_import_sync_file(buffer, WRITE, null));
}

static void import_signalled(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	int file = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, BOTH, file));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_at_once(t, buffer, DMA_BUF_SYNC_START | BOTH);
}

static void import_write(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);
	struct sync_wait wait;

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_sleeps(t, &wait, buffer, DMA_BUF_SYNC_START | READ);
	pending_signal(t, &pending);
	sync_returns(t, &wait);
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

static void import_read(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN | POLLOUT));
	sync_at_once(t, buffer, DMA_BUF_SYNC_START | READ);
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, POLLOUT, poll_now(t, buffer, POLLOUT));
}

static void import_of_any_access(struct trial *t)
{
	int buffer = trial_allocate(t, t->page, O_RDONLY | O_CLOEXEC);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

static void import_adds_each(struct trial *t)
{
	int buffer = trial_buffer(t, t->page), merged, out;
	struct pending first = pending_fence(t), second = pending_fence(t);

	merged = EXPECT_OK(t, sync_file_merge(first.file, second.file, ""));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, merged));
	out = EXPECT_OK(t, dmabuf_export_sync_file(buffer, READ));
	EXPECT_NUMBER(t, 2, file_info(t, out).count);
	pending_signal(t, &first);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	pending_signal(t, &second);
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
}

static void listed(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint32_t fence;

	EXPECT_NUMBER(t, 0, listed_fences(t, buffer).fences);
	fence = fence_on(t, vgem, buffer, true);
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).pending);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
	EXPECT_NUMBER(t, 0, listed_fences(t, buffer).pending);
}

static void signalled_is_replaced(struct trial *t)
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);

	for (int round = 0; round < 5; round++) {
		uint32_t fence = fence_on(t, vgem, buffer, round % 2);

		trial_say(t, "round %d", round);
		EXPECT_NUMBER(t, 1, listed_fences(t, buffer).fences);
		EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	}
}

static void write_then_read(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, 2, listed_fences(t, buffer).pending);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

static void read_then_write(struct trial *t)
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, READ, pending.file));
	EXPECT_NUMBER(t, POLLIN, poll_now(t, buffer, POLLIN));
	EXPECT_OK(t, dmabuf_import_sync_file(buffer, WRITE, pending.file));
	EXPECT_NUMBER(t, 1, listed_fences(t, buffer).pending);
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
}

static const struct statement statements[] = {
	{.id = "fence.export-idle",
	 .sentence = "The sync file of an idle buffer holds one fence, which has signalled.",
	 .differs = "Its driver and timeline are called stub before 6.17.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = export_idle},
	{.id = "fence.export-flags",
	 .sentence = "Neither reading nor writing, and each flag that is not defined, are refused "
		     "with EINVAL, no request with EFAULT.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = export_flags},
	{.id = "fence.export-descriptor",
	 .sentence =
		 "An exported sync file is read-only and closed on exec; with no descriptor free "
		 "there is none (EMFILE).",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = export_descriptor},
	{.id = "fence.export-write",
	 .sentence = "Readers and writers get the pending write itself, with its driver's names.",
	 .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = export_write},
	{.id = "fence.export-reads",
	 .sentence = "Readers get none of the pending reads, writers all of them.",
	 .differs = "6.17.0 to 6.17.7 give the driver's name for the timeline's.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = export_reads},
	{.id = "fence.export-is-snapshot",
	 .sentence = "A sync file stays what it was when a fence is added to the buffer.",
	 .source = EXPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = export_is_snapshot},
	{.id = "fence.import-flags",
	 .sentence = "Neither reading nor writing, and each flag that is not defined, are refused "
		     "with EINVAL, no request with EFAULT.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_flags},
	{.id = "fence.import-other-files",
	 .sentence = "What is no sync file is refused with EINVAL, also no descriptor at all.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_other_files},
	{.id = "fence.import-signalled",
	 .sentence = "A fence that has signalled can be imported and stops nobody.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_signalled},
	{.id = "fence.import-write",
	 .sentence = "A fence that was imported as a write stops readers and writers until it "
		     "signals.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_write},
	{.id = "fence.import-read",
	 .sentence = "A fence that was imported as a read stops writers only.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_read},
	{.id = "fence.import-of-any-access",
	 .sentence = "Who may only read the buffer may stop all others with a write fence.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_of_any_access},
	{.id = "fence.import-adds-each",
	 .sentence = "Of a merged sync file each fence is added, and each is waited for.",
	 .source = IMPORT_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP,
	 .run = import_adds_each},
	{.id = "fence.listed",
	 .sentence = "The kernel's listing shows the fence, and whether it has signalled.",
	 .source = "drivers/dma-buf/dma-resv.c, dma_resv_describe",
	 .needs = NEED_HEAP | NEED_BUFINFO,
	 .run = listed},
	{.id = "fence.signalled-is-replaced",
	 .sentence = "A new fence takes the place of one that has signalled.",
	 .source = RESV_SOURCE,
	 .needs = NEED_HEAP | NEED_BUFINFO,
	 .run = signalled_is_replaced},
	{.id = "fence.write-then-read",
	 .sentence = "A fence that is there as a write and is added as a read is there twice.",
	 .source = RESV_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP | NEED_BUFINFO,
	 .run = write_then_read},
	{.id = "fence.read-then-write",
	 .sentence = "A fence that is there as a read and is added as a write becomes a write.",
	 .source = RESV_SOURCE,
	 .since = KERNEL(6, 0, 0),
	 .needs = NEED_HEAP | NEED_BUFINFO,
	 .run = read_then_write},
};

SUITE(fence_files, "fence");
