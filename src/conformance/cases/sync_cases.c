// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA_BUF_IOCTL_SYNC on buffers that no device uses: drivers/dma-buf/dma-buf.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "base/array.h"
#include "conformance/cases/directions.h"
#include "conformance/engine/trial.h"
#include "sys/dmabuf.h"

#define SOURCE(function) "drivers/dma-buf/dma-buf.c, " function

static void expect_pair(struct trial *t, int fd, uint64_t direction)
{
	for (size_t i = 0; i < COUNT_OF(directions); i++) {
		if (directions[i].flags == direction)
			trial_say(t, "for %s", directions[i].name);
	}
	trial_sync(t, fd, DMA_BUF_SYNC_START | direction);
	trial_sync(t, fd, DMA_BUF_SYNC_END | direction);
}

TEST(pairs, "sync.pairs", "CPU access can begin and end for reading, for writing and for both.",
     SOURCE("dma_buf_ioctl"))
{
	int fd = trial_buffer(t, t->page);

	expect_pair(t, fd, DMA_BUF_SYNC_READ);
	expect_pair(t, fd, DMA_BUF_SYNC_WRITE);
	expect_pair(t, fd, DMA_BUF_SYNC_RW);
}

TEST(no_direction, "sync.no-direction",
     "A request with neither direction, reading nor writing, is refused with EINVAL.",
     SOURCE("dma_buf_ioctl"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERROR(t, EINVAL, dmabuf_sync(fd, DMA_BUF_SYNC_START));
	EXPECT_ERROR(t, EINVAL, dmabuf_sync(fd, DMA_BUF_SYNC_END));
}

TEST(unknown_flags, "sync.unknown-flags", "Each of the 61 undefined flags is refused with EINVAL.",
     SOURCE("dma_buf_ioctl"))
{
	int fd = trial_buffer(t, t->page);

	for (int bit = 3; bit < 64; bit++) {
		trial_say(t, "bit %d", bit);
		EXPECT_ERROR(t, EINVAL, dmabuf_sync(fd, DMA_BUF_SYNC_RW | (uint64_t)1 << bit));
	}
}

TEST(argument_null, "sync.argument-null",
     "A request at an address that cannot be read is refused with EFAULT.", SOURCE("dma_buf_ioctl"))
{
	EXPECT_ERRNO(t, EFAULT, ioctl(trial_buffer(t, t->page), DMA_BUF_IOCTL_SYNC, NULL));
}

TEST(command_exact, "sync.command-exact",
     "A request with another direction or size is refused with ENOTTY.", SOURCE("dma_buf_ioctl"))
{
	struct dma_buf_sync request = {.flags = DMA_BUF_SYNC_RW};
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ENOTTY, ioctl(fd, _IOR('b', 0, struct dma_buf_sync), &request));
	EXPECT_ERRNO(t, ENOTTY, ioctl(fd, _IOW('b', 0, uint32_t), &request));
}

TEST(unpaired, "sync.unpaired",
     "The kernel does not count: an end without a start, and either of them twice, is not an "
     "error.",
     SOURCE("dma_buf_end_cpu_access"))
{
	int fd = trial_buffer(t, t->page);

	trial_sync(t, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	trial_sync(t, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
	trial_sync(t, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	trial_sync(t, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	trial_sync(t, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
}

TEST(any_access_mode, "sync.any-access-mode", "The access mode of the descriptor does not matter.",
     SOURCE("dma_buf_ioctl"))
{
	expect_pair(t, trial_allocate(t, t->page, O_RDONLY), DMA_BUF_SYNC_WRITE);
	expect_pair(t, trial_allocate(t, t->page, O_WRONLY), DMA_BUF_SYNC_READ);
	expect_pair(t, trial_allocate(t, t->page, O_ACCMODE), DMA_BUF_SYNC_RW);
}

TEST(non_blocking, "sync.non-blocking",
     "O_NONBLOCK does not matter where there is nothing to wait for.",
     SOURCE("dma_buf_begin_cpu_access"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, fcntl(fd, F_SETFL, O_NONBLOCK));
	expect_pair(t, fd, DMA_BUF_SYNC_RW);
}

TEST(around_access, "sync.around-access",
     "What is written between one start and end of CPU access is read between the next.",
     SOURCE("dma_buf_begin_cpu_access"), .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->small);
	unsigned char *memory = trial_map(t, fd, t->small);

	for (int round = 1; round <= 3; round++) {
		trial_sync(t, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
		memset(memory, round, t->small);
		trial_sync(t, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
		trial_sync(t, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
		EXPECT_BYTES(t, round, memory, t->small);
		trial_sync(t, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	}
}

TEST(after_unmapping, "sync.after-unmapping", "CPU access can end when the mapping is gone.",
     SOURCE("dma_buf_end_cpu_access"), .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->page);
	void *memory = trial_map(t, fd, t->page);

	trial_sync(t, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
	EXPECT_DONE(t, munmap(memory, t->page));
	trial_sync(t, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
}

TEST(end_keeps, "sync.end-keeps",
     "The data stays when CPU access for reading, for writing or for both ends.",
     SOURCE("dma_buf_end_cpu_access"), .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->small);
	unsigned char *memory = trial_map(t, fd, t->small);

	memset(memory, 7, t->small);
	for (size_t i = 0; i < COUNT_OF(directions); i++) {
		expect_pair(t, fd, directions[i].flags);
		EXPECT_BYTES(t, 7, memory, t->small);
	}
}

SUITE(sync, "sync", NEED_HEAP | NEED_IDLE, pairs, no_direction, unknown_flags, argument_null,
      command_exact, unpaired, any_access_mode, non_blocking, around_access, after_unmapping,
      end_keeps);
