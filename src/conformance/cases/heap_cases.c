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
#include <termios.h>
#include <unistd.h>

#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-heap.c, " function

/* The size of the buffer of a descriptor. */
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
	EXPECT_NUMBER(t, 3 * t->page, fd_number(fd, "size"));
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

static void allocates(struct trial *t)
{
	int fd = EXPECT_DONE(t, allocate(t->heap, t->page, O_RDWR | O_CLOEXEC));

	EXPECT_TRUE(t, fd > 2);
	EXPECT_NUMBER(t, t->page, size_of(fd));
	EXPECT_DONE(t, close(fd));
}

static void access_mode(struct trial *t)
{
	static const int modes[] = {O_RDONLY, O_WRONLY, O_RDWR};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		int fd = trial_allocate(t, t->page, modes[i] | O_CLOEXEC);

		trial_say(t, "access mode %d", modes[i]);
		EXPECT_NUMBER(t, modes[i], fcntl(fd, F_GETFL) & O_ACCMODE);
		EXPECT_NUMBER(t, 0, fcntl(fd, F_GETFL) & (O_NONBLOCK | O_APPEND | O_DIRECT));
	}
}

static void access_mode_three(struct trial *t)
{
	int fd = trial_allocate(t, t->page, O_ACCMODE);

	EXPECT_NUMBER(t, O_ACCMODE, fcntl(fd, F_GETFL) & O_ACCMODE);
}

static void close_on_exec(struct trial *t)
{
	EXPECT_NUMBER(t, FD_CLOEXEC,
		      fcntl(trial_allocate(t, t->page, O_RDWR | O_CLOEXEC), F_GETFD));
	EXPECT_NUMBER(t, 0, fcntl(trial_allocate(t, t->page, O_RDWR), F_GETFD));
}

static void node_modes(struct trial *t)
{
	int read_only = EXPECT_DONE(t, open(t->target->node, O_RDONLY | O_CLOEXEC));
	int write_only = EXPECT_DONE(t, open(t->target->node, O_WRONLY | O_CLOEXEC));

	trial_buffer(t, t->page);
	EXPECT_DONE(t, allocate(read_only, t->page, O_RDWR | O_CLOEXEC));
	EXPECT_DONE(t, allocate(write_only, t->page, O_RDWR | O_CLOEXEC));
}

static void node_path(struct trial *t)
{
	int fd = EXPECT_DONE(t, open(t->target->node, O_PATH | O_CLOEXEC));

	EXPECT_ERRNO(t, EBADF, allocate(fd, t->page, O_RDWR | O_CLOEXEC));
}

static void node_io(struct trial *t)
{
	char byte = 0;

	EXPECT_ERRNO(t, EINVAL, read(t->heap, &byte, 1));
	EXPECT_ERRNO(t, EINVAL, write(t->heap, &byte, 1));
	EXPECT_ERRNO(t, ESPIPE, lseek(t->heap, 0, SEEK_SET));
	EXPECT_ERRNO(t, ENODEV, (long)mmap(NULL, t->page, PROT_READ, MAP_SHARED, t->heap, 0));
}

static void node_closed(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, close(t->heap));
	EXPECT_NUMBER(t, t->page, size_of(fd));
	EXPECT_NUMBER(t, 1, fd_number(fd, "count"));
}

static void lowest_descriptor(struct trial *t)
{
	int lowest = EXPECT_DONE(t, dup(t->heap));

	EXPECT_DONE(t, close(lowest));
	EXPECT_NUMBER(t, lowest, trial_buffer(t, t->page));
}

/* The ioctl as an interface: addresses, numbers and sizes of the request. */

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
	{.id = "heap.allocates",
	 .sentence = "A buffer of one page can be allocated and closed.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = allocates},
	{.id = "heap.size-zero",
	 .sentence = "A buffer of 0 bytes is refused with EINVAL.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = size_zero},
	{.id = "heap.size-one",
	 .sentence = "A buffer of 1 byte is one page long.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = size_one},
	{.id = "heap.size-odd",
	 .sentence = "A size is rounded up to whole pages; fstat, lseek and fdinfo agree on it.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .needs = NEED_TWO_PAGES,
	 .run = size_odd},
	{.id = "heap.size-exact",
	 .sentence = "A buffer of whole pages is exactly as long as was asked for.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = size_exact},
	{.id = "heap.size-wraps",
	 .sentence = "Sizes that wrap to 0 when they are rounded up are refused with EINVAL.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = size_wraps},
	{.id = "heap.fd-in",
	 .sentence = "A request whose fd is not 0 is refused with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .run = fd_in},
	{.id = "heap.fd-flags-refused",
	 .sentence = "Flags of the descriptor other than O_CLOEXEC and the access mode are refused "
		     "with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .run = fd_flags_refused},
	{.id = "heap.heap-flags-refused",
	 .sentence = "No heap flag is defined: each of the 64 is refused with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .run = heap_flags_refused},
	{.id = "heap.access-mode",
	 .sentence = "The descriptor has the access mode that was asked for, and no other flag.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = access_mode},
	{.id = "heap.access-mode-three",
	 .sentence = "The access mode 3 is accepted and kept.",
	 .source = SOURCE("dma_heap_ioctl_allocate"),
	 .run = access_mode_three},
	{.id = "heap.close-on-exec",
	 .sentence = "The descriptor is closed on exec if, and only if, O_CLOEXEC was asked for.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = close_on_exec},
	{.id = "heap.node-modes",
	 .sentence = "A node that is open only for reading or only for writing allocates as well.",
	 .source = SOURCE("dma_heap_fops"),
	 .run = node_modes},
	{.id = "heap.node-path",
	 .sentence = "A node that is open with O_PATH does not allocate: EBADF.",
	 .source = "fs/file.c, fget",
	 .run = node_path},
	{.id = "heap.node-io",
	 .sentence = "On the node, read and write are refused with EINVAL, lseek with ESPIPE, mmap "
		     "with ENODEV.",
	 .source = SOURCE("dma_heap_fops"),
	 .run = node_io},
	{.id = "heap.node-closed",
	 .sentence = "A buffer outlives the node's descriptor.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = node_closed},
	{.id = "heap.lowest-descriptor",
	 .sentence = "The descriptor is the lowest that is free.",
	 .source = SOURCE("dma_heap_buffer_alloc"),
	 .run = lowest_descriptor},
	{.id = "heap.argument-null",
	 .sentence = "A request at an address that can't be read is refused with EFAULT.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = argument_null},
	{.id = "heap.argument-read-only",
	 .sentence = "A request at an address that can't be written is refused with EFAULT, and no "
		     "descriptor stays open.",
	 .differs = "Kernels without \"dma-heap: fix descriptor leak\" leave it open.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = argument_read_only},
	{.id = "heap.unknown-command",
	 .sentence = "Unknown ioctls are refused with EINVAL, not with ENOTTY.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = unknown_command},
	{.id = "heap.command-type",
	 .sentence = "Only the last byte of an ioctl's number counts: another type letter "
		     "allocates as well.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = command_type},
	{.id = "heap.struct-short",
	 .sentence = "A shorter request works: what it lacks counts as 0.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = struct_short},
	{.id = "heap.struct-long",
	 .sentence = "A longer request works: the part that the kernel does not know is neither "
		     "read nor changed.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = struct_long},
	{.id = "heap.struct-one-way",
	 .sentence = "A request with the direction bits of a write allocates and does not report "
		     "the descriptor.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = struct_one_way},
	{.id = "heap.struct-empty",
	 .sentence = "A request without a size counts as all 0 and is refused with EINVAL.",
	 .source = SOURCE("dma_heap_ioctl"),
	 .run = struct_empty},
};

SUITE(heap, "heap", NEED_HEAP);
