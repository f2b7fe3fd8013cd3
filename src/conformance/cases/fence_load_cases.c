// SPDX-License-Identifier: GPL-2.0-or-later
/* More of a buffer's fences: many at once, both directions at once, long waits, several clients. */
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "conformance/cases/fence_helpers.h"
#include "sys/dmabuf.h"
#include "sys/uapi.h"

#define READ  DMA_BUF_SYNC_READ
#define WRITE DMA_BUF_SYNC_WRITE
#define BOTH  DMA_BUF_SYNC_RW

#define SECOND  UINT64_C(1000000000)
/* The kernel's list begins with room for four and is made anew when it is full. */
#define READERS 32

/* vgem ends a fence by itself after ten seconds: what is seen then says nothing. */
static void must_be_early(struct trial *t, uint64_t begun)
{
	if (clock_ns() - begun > 8 * SECOND)
		trial_skip(t, SKIP_NOT_KNOWN,
			   "this machine is too slow for fences that last ten seconds");
}

TEST(many_readers, "fence.many-readers", "A writer waits for each of 32 pending reads.",
     "drivers/dma-buf/dma-resv.c, dma_resv_reserve_fences", .since = KERNEL(6, 0, 0))
{
	static const int last[] = {3, 20, READERS - 1}; /* of those that signal */
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint64_t begun = clock_ns();
	uint32_t fences[READERS];
	struct sync_wait writer;
	size_t count;

	for (int i = 0; i < READERS; i++)
		fences[i] = fence_on(t, vgem, buffer, false);
	count = file_info(t, EXPECT_OK(t, dmabuf_export_sync_file(buffer, WRITE))).count;
	must_be_early(t, begun);
	EXPECT_NUMBER(t, READERS, count);
	sync_sleeps(t, &writer, buffer, DMA_BUF_SYNC_START | WRITE);
	must_be_early(t, begun);
	for (int i = 0; i < READERS; i++) {
		if (i != last[0] && i != last[1] && i != last[2])
			EXPECT_OK(t, vgem_fence_signal(vgem, fences[i]));
	}
	for (size_t i = 0; i < COUNT_OF(last); i++) {
		int events = poll_now(t, buffer, POLLOUT);
		enum waiter_state state = waiter_settle(writer.waiter, 5 * SECOND);

		must_be_early(t, begun);
		trial_say(t, "all but %zu reads have signalled", COUNT_OF(last) - i);
		EXPECT_NUMBER(t, 0, events);
		EXPECT_NUMBER(t, WAITER_SLEEPS, state);
		EXPECT_OK(t, vgem_fence_signal(vgem, fences[last[i]]));
	}
	sync_returns(t, &writer);
}

TEST(export_both, "fence.export-both",
     "A sync file exported for both directions has all reads and the write before them.",
     "drivers/dma-buf/dma-buf.c, dma_buf_export_sync_file", .since = KERNEL(6, 0, 0))
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page), both;
	uint32_t fence = fence_on(t, vgem, buffer, false);

	trial_say(t, "with a read pending");
	both = EXPECT_OK(t, dmabuf_export_sync_file(buffer, BOTH));
	EXPECT_NUMBER(t, 0, file_status(t, both));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, file_status(t, both));
	fence = fence_on(t, vgem, buffer, true);
	trial_say(t, "with a write pending");
	both = EXPECT_OK(t, dmabuf_export_sync_file(buffer, BOTH));
	EXPECT_NUMBER(t, 0, file_status(t, both));
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	EXPECT_NUMBER(t, 1, file_status(t, both));
}

TEST(import_both, "fence.import-both",
     "A fence that was imported for both directions blocks readers and writers.",
     "drivers/dma-buf/dma-buf.c, dma_buf_import_sync_file", .since = KERNEL(6, 0, 0))
{
	int buffer = trial_buffer(t, t->page);
	struct pending pending = pending_fence(t);

	EXPECT_OK(t, dmabuf_import_sync_file(buffer, BOTH, pending.file));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLIN));
	EXPECT_NUMBER(t, 0, poll_now(t, buffer, POLLOUT));
	pending_signal(t, &pending);
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_now(t, buffer, POLLIN | POLLOUT));
}

TEST(sync_keeps_waiting, "fence.sync-keeps-waiting",
     "The wait for CPU access lasts until the fence signals, here for three seconds.",
     "drivers/dma-buf/dma-buf.c, __dma_buf_begin_cpu_access")
{
	int vgem = trial_vgem(t), buffer = trial_buffer(t, t->page);
	uint64_t begun = clock_ns();
	uint32_t fence = fence_on(t, vgem, buffer, true);
	enum waiter_state state;
	struct sync_wait wait;

	sync_sleeps(t, &wait, buffer, DMA_BUF_SYNC_START | READ);
	sleep(3);
	state = waiter_settle(wait.waiter, 5 * SECOND);
	must_be_early(t, begun);
	trial_say(t, "after three seconds");
	EXPECT_NUMBER(t, WAITER_SLEEPS, state);
	EXPECT_OK(t, vgem_fence_signal(vgem, fence));
	sync_returns(t, &wait);
}

SUITE(fence_load, "fence", NEED_HEAP | NEED_IDLE, many_readers, export_both, import_both,
      sync_keeps_waiting);
