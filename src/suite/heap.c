// SPDX-License-Identifier: GPL-2.0-or-later
/* The allocation ioctl and the heap's node: drivers/dma-buf/dma-heap.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite/suites.h"
#include "suite/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-heap.c, " function

/* The size of the buffer behind a descriptor. */
static long long size_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) ? -1 : (long long)status.st_size;
}

static void size_zero(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, allocate(t->heap, 0, O_RDWR | O_CLOEXEC));
}

static void size_one(struct trial *t)
{
	int fd = trial_buffer(t, 1);

	EXPECT_NUMBER(t, t->page, size_of(fd));
}

static void size_odd(struct trial *t)
{
	int fd = trial_buffer(t, 2 * t->page + t->page / 2);

	EXPECT_NUMBER(t, 3 * t->page, size_of(fd));
	EXPECT_NUMBER(t, 3 * t->page, lseek(fd, 0, SEEK_END));
	EXPECT_NUMBER(t, 3 * t->page, fdinfo_number(fd, "size:\t"));
}

static void size_exact(struct trial *t)
{
	for (size_t size = t->page; size <= t->large; size *= 4) {
		int fd;

		trial_say(t, "%zu bytes", size);
		fd = trial_buffer(t, size);
		EXPECT_NUMBER(t, size, size_of(fd));
		close(fd);
	}
}

static void size_wraps(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, allocate(t->heap, UINT64_MAX, O_RDWR | O_CLOEXEC));
	EXPECT_ERRNO(t, EINVAL, allocate(t->heap, UINT64_MAX - t->page + 2, O_RDWR | O_CLOEXEC));
}

static void fd_in(struct trial *t)
{
	struct dma_heap_allocation_data request = {
		.len = t->page, .fd = 1, .fd_flags = O_RDWR | O_CLOEXEC};

	EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, &request));
}

static void fd_flags_refused(struct trial *t)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} refused[] = {{O_NONBLOCK, "O_NONBLOCK"}, {O_APPEND, "O_APPEND"}, {O_SYNC, "O_SYNC"},
		       {O_TRUNC, "O_TRUNC"},       {O_PATH, "O_PATH"},     {1u << 31, "bit 31"}};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		trial_say(t, "%s", refused[i].name);
		EXPECT_ERRNO(t, EINVAL, allocate(t->heap, t->page, O_RDWR | refused[i].flag));
	}
}

static void heap_flags_refused(struct trial *t)
{
	for (int bit = 0; bit < 64; bit++) {
		struct dma_heap_allocation_data request = {.len = t->page,
							   .fd_flags = O_RDWR | O_CLOEXEC,
							   .heap_flags = (uint64_t)1 << bit};

		trial_say(t, "heap_flags bit %d", bit);
		EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, &request));
	}
}

static void argument_null(struct trial *t)
{
	EXPECT_ERRNO(t, EFAULT, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, NULL));
}

static void allocates(struct trial *t)
{
	int fd = EXPECT_DONE(t, allocate(t->heap, t->page, O_RDWR | O_CLOEXEC));

	EXPECT_TRUE(t, fd > 2);
	EXPECT_NUMBER(t, t->page, size_of(fd));
	EXPECT_DONE(t, close(fd));
}

static const struct statement statements[] = {
	{.id = "heap.allocates",
	 .sentence = "A buffer of one page can be allocated and closed.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_HEAP,
	 .run = allocates},
	{.id = "heap.size-zero",
	 .sentence = "A buffer of 0 bytes is refused with EINVAL.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_HEAP,
	 .run = size_zero},
	{.id = "heap.size-one",
	 .sentence = "A buffer of 1 byte is one page long.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_HEAP,
	 .run = size_one},
	{.id = "heap.size-odd",
	 .sentence = "A size is rounded up to whole pages; fstat, lseek and fdinfo agree on it.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_HEAP | NEED_TWO_PAGES,
	 .run = size_odd},
	{.id = "heap.size-exact",
	 .sentence = "A buffer of whole pages is exactly as long as was asked for.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_HEAP,
	 .run = size_exact},
	{.id = "heap.size-wraps",
	 .sentence = "Sizes that wrap to 0 when they are rounded up are refused with EINVAL.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_HEAP,
	 .run = size_wraps},
	{.id = "heap.fd-in",
	 .sentence = "A request whose fd is not 0 is refused with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .needs = NEED_HEAP,
	 .run = fd_in},
	{.id = "heap.fd-flags-refused",
	 .sentence = "Flags of the descriptor other than O_CLOEXEC and the access mode are refused "
		     "with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .needs = NEED_HEAP,
	 .run = fd_flags_refused},
	{.id = "heap.heap-flags-refused",
	 .sentence = "No heap flag is defined: each of the 64 is refused with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .needs = NEED_HEAP,
	 .run = heap_flags_refused},
	{.id = "heap.argument-null",
	 .sentence = "A request at an address that can't be read is refused with EFAULT.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = argument_null},
};

SUITE(heap, "the allocation ioctl and the heap's node");
