// SPDX-License-Identifier: GPL-2.0-or-later
/* The allocation ioctl as an interface: addresses, numbers and sizes of the request. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "conformance/engine/suites.h"
#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-heap.c, " function

/* The size of the buffer behind a descriptor. */
static long long size_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) ? -1 : (long long)status.st_size;
}

/* How many descriptors are open. */
static int open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 64; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void argument_null(struct trial *t)
{
	EXPECT_ERRNO(t, EFAULT, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, NULL));
}

static void argument_read_only(struct trial *t)
{
	const struct dma_heap_allocation_data request = {.len = t->page, .fd_flags = O_RDWR};
	void *page = EXPECT_DONE(
		t, mmap(NULL, t->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	int before = open_descriptors();

	memcpy(page, &request, sizeof(request));
	EXPECT_DONE(t, mprotect(page, t->page, PROT_READ));
	EXPECT_ERRNO(t, EFAULT, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, page));
	EXPECT_NUMBER(t, before, open_descriptors());
}

static void unknown_command(struct trial *t)
{
	unsigned char argument[256] = {0};

	EXPECT_ERRNO(t, EINVAL,
		     ioctl(t->heap, _IOWR('H', 1, struct dma_heap_allocation_data), argument));
	EXPECT_ERRNO(t, EINVAL,
		     ioctl(t->heap, _IOWR('H', 255, struct dma_heap_allocation_data), argument));
	EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, TCGETS, argument));
}

static void command_type(struct trial *t)
{
	struct dma_heap_allocation_data request = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC};

	trial_buffer(t, t->page);
	EXPECT_DONE(t, ioctl(t->heap, _IOWR('x', 0, struct dma_heap_allocation_data), &request));
	EXPECT_NUMBER(t, t->page, size_of((int)request.fd));
}

static void struct_short(struct trial *t)
{
	struct {
		uint64_t len;
		uint32_t fd, fd_flags;
	} request = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC};

	trial_buffer(t, t->page);
	EXPECT_DONE(t, ioctl(t->heap, _IOWR('H', 0, request), &request));
	EXPECT_NUMBER(t, t->page, size_of((int)request.fd));
}

static void struct_long(struct trial *t)
{
	struct {
		struct dma_heap_allocation_data known;
		unsigned char unknown[240];
	} request = {.known = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC}};

	memset(request.unknown, 0xa5, sizeof(request.unknown));
	trial_buffer(t, t->page);
	EXPECT_DONE(t, ioctl(t->heap, _IOWR('H', 0, request), &request));
	EXPECT_NUMBER(t, t->page, size_of((int)request.known.fd));
	EXPECT_TRUE(t, holds_only(request.unknown, sizeof(request.unknown), 0xa5));
}

static void struct_one_way(struct trial *t)
{
	struct dma_heap_allocation_data request = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC};
	int before;

	trial_buffer(t, t->page);
	before = open_descriptors();
	EXPECT_DONE(t, ioctl(t->heap, _IOW('H', 0, struct dma_heap_allocation_data), &request));
	EXPECT_NUMBER(t, 0, request.fd);
	EXPECT_NUMBER(t, before + 1, open_descriptors());
}

static void struct_empty(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, _IO('H', 0), NULL));
}

static const struct statement statements[] = {
	{.id = "heap.argument-null",
	 .sentence = "A request at an address that can't be read is refused with EFAULT.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = argument_null},
	{.id = "heap.argument-read-only",
	 .sentence = "A request at an address that can't be written is refused with EFAULT, and no "
		     "descriptor stays open.",
	 .differs = "Kernels without \"dma-heap: fix descriptor leak\" leave it open.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = argument_read_only},
	{.id = "heap.unknown-command",
	 .sentence = "Unknown ioctls are refused with EINVAL, not with ENOTTY.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = unknown_command},
	{.id = "heap.command-type",
	 .sentence = "Of an ioctl's number only the last byte counts: another type letter "
		     "allocates as well.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = command_type},
	{.id = "heap.struct-short",
	 .sentence = "A shorter request works: what it lacks counts as 0.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = struct_short},
	{.id = "heap.struct-long",
	 .sentence = "A longer request works: what the kernel does not know is neither looked at "
		     "nor changed.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = struct_long},
	{.id = "heap.struct-one-way",
	 .sentence = "A request with the direction bits of a write allocates and does not report "
		     "the descriptor.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = struct_one_way},
	{.id = "heap.struct-empty",
	 .sentence = "A request without a size counts as all 0 and is refused with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .needs = NEED_HEAP,
	 .run = struct_empty},
};

SUITE(heap_request, "heap");
