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

#include "base/array.h"
#include "conformance/engine/trial.h"
#include "sys/dmabuf.h"
#include "sys/sync_file.h"

#define SOURCE(function) "drivers/dma-buf/dma-heap.c, " function

TEST(size_zero, "heap.size-zero", "A buffer of 0 bytes is refused with EINVAL.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	EXPECT_ERRNO(t, EINVAL, allocate(t->heap, 0, O_RDWR | O_CLOEXEC));
}

TEST(size_one, "heap.size-one", "A buffer of 1 byte is one page long.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	int fd = trial_buffer(t, 1);

	trial_expect_size(t, fd, t->page);
}

TEST(size_odd, "heap.size-odd",
     "A size is rounded up to whole pages; fstat, lseek and fdinfo agree on it.",
     SOURCE("dma_heap_ioctl_allocate"), .needs = NEED_TWO_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page + t->page / 2);

	trial_expect_size(t, fd, 3 * t->page);
	EXPECT_NUMBER(t, 3 * t->page, lseek(fd, 0, SEEK_END));
	EXPECT_NUMBER(t, 3 * t->page, fd_number(t, fd, "size"));
}

TEST(size_exact, "heap.size-exact", "A buffer of whole pages is exactly as long as was asked for.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	for (size_t size = t->page; size <= t->large; size *= 4) {
		int fd;

		trial_say(t, "%zu bytes", size);
		fd = trial_buffer(t, size);
		trial_expect_size(t, fd, size);
		close(fd);
	}
}

TEST(size_wraps, "heap.size-wraps",
     "Sizes that wrap to 0 when they are rounded up are refused with EINVAL.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	EXPECT_ERRNO(t, EINVAL, allocate(t->heap, UINT64_MAX, O_RDWR | O_CLOEXEC));
	EXPECT_ERRNO(t, EINVAL, allocate(t->heap, UINT64_MAX - t->page + 2, O_RDWR | O_CLOEXEC));
}

TEST(fd_in, "heap.fd-in", "A request whose fd is not 0 is refused with EINVAL.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	struct dma_heap_allocation_data request = {
		.len = t->page, .fd = 1, .fd_flags = O_RDWR | O_CLOEXEC};

	EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, &request));
}

TEST(fd_flags_refused, "heap.fd-flags-refused",
     "Flags of the descriptor other than O_CLOEXEC and the access mode are refused with EINVAL.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	static const struct {
		uint32_t flag;
		const char *name;
	} refused[] = {{O_NONBLOCK, "O_NONBLOCK"}, {O_APPEND, "O_APPEND"}, {O_SYNC, "O_SYNC"},
		       {O_TRUNC, "O_TRUNC"},       {O_PATH, "O_PATH"},     {1u << 31, "bit 31"}};

	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		trial_say(t, "%s", refused[i].name);
		EXPECT_ERRNO(t, EINVAL, allocate(t->heap, t->page, O_RDWR | refused[i].flag));
	}
}

TEST(heap_flags_refused, "heap.heap-flags-refused",
     "No heap flag is defined: each of the 64 is refused with EINVAL.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	for (int bit = 0; bit < 64; bit++) {
		struct dma_heap_allocation_data request = {.len = t->page,
							   .fd_flags = O_RDWR | O_CLOEXEC,
							   .heap_flags = (uint64_t)1 << bit};

		trial_say(t, "heap_flags bit %d", bit);
		EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, &request));
	}
}

TEST(allocates, "heap.allocates", "A buffer of one page can be allocated and closed.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	int fd = trial_any_buffer(t, t->page, O_RDWR | O_CLOEXEC);

	EXPECT_TRUE(t, fd > 2);
	EXPECT_DONE(t, close(fd));
}

TEST(access_mode, "heap.access-mode",
     "The descriptor has the access mode that was asked for, and no other flag.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	static const int modes[] = {O_RDONLY, O_WRONLY, O_RDWR};

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		int fd;

		trial_say(t, "asked for %s", access_name(modes[i]));
		fd = trial_any_buffer(t, t->page, modes[i] | O_CLOEXEC);
		trial_expect_rights(t, fd, modes[i]);
		EXPECT_NUMBER(t, 0, fcntl(fd, F_GETFL) & (O_NONBLOCK | O_APPEND | O_DIRECT));
	}
}

TEST(idle, "heap.idle", "No fence is pending on a new buffer.",
     "drivers/dma-buf/dma-buf.c, dma_buf_export", .since = KERNEL(6, 0, 0), .needs = NEED_IDLE)
{
	int file = EXPECT_OK(t, dmabuf_export_sync_file(trial_buffer(t, t->page), DMA_BUF_SYNC_RW));
	struct sync_file info = {0};

	EXPECT_OK(t, sync_file_read(file, false, &info));
	EXPECT_NUMBER(t, 1, info.status);
}

TEST(access_mode_three, "heap.access-mode-three", "The access mode 3 is accepted and kept.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	int fd = trial_allocate(t, t->page, O_ACCMODE);

	EXPECT_ACCESS(t, O_ACCMODE, fd);
}

TEST(close_on_exec, "heap.close-on-exec",
     "The descriptor is closed on exec if, and only if, O_CLOEXEC was asked for.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	EXPECT_NUMBER(t, FD_CLOEXEC,
		      fcntl(trial_allocate(t, t->page, O_RDWR | O_CLOEXEC), F_GETFD));
	EXPECT_NUMBER(t, 0, fcntl(trial_allocate(t, t->page, O_RDWR), F_GETFD));
}

TEST(node_modes, "heap.node-modes",
     "A node that is open only for reading or only for writing allocates as well.",
     SOURCE("dma_heap_fops"))
{
	int read_only = EXPECT_DONE(t, open(t->target->node, O_RDONLY | O_CLOEXEC));
	int write_only = EXPECT_DONE(t, open(t->target->node, O_WRONLY | O_CLOEXEC));

	trial_buffer(t, t->page);
	EXPECT_DONE(t, allocate(read_only, t->page, O_RDWR | O_CLOEXEC));
	EXPECT_DONE(t, allocate(write_only, t->page, O_RDWR | O_CLOEXEC));
}

TEST(node_path, "heap.node-path", "A node that is open with O_PATH does not allocate: EBADF.",
     "fs/file.c, fget")
{
	int fd = EXPECT_DONE(t, open(t->target->node, O_PATH | O_CLOEXEC));

	EXPECT_ERRNO(t, EBADF, allocate(fd, t->page, O_RDWR | O_CLOEXEC));
}

TEST(node_io, "heap.node-io",
     "On the node, read and write are refused with EINVAL, lseek with ESPIPE, mmap with ENODEV.",
     SOURCE("dma_heap_fops"))
{
	char byte = 0;

	EXPECT_ERRNO(t, EINVAL, read(t->heap, &byte, 1));
	EXPECT_ERRNO(t, EINVAL, write(t->heap, &byte, 1));
	EXPECT_ERRNO(t, ESPIPE, lseek(t->heap, 0, SEEK_SET));
	EXPECT_ERRNO(t, ENODEV, (long)mmap(NULL, t->page, PROT_READ, MAP_SHARED, t->heap, 0));
}

TEST(node_closed, "heap.node-closed", "A buffer outlives the node's descriptor.",
     SOURCE("dma_heap_ioctl_allocate"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, close(t->heap));
	trial_expect_size(t, fd, t->page);
	EXPECT_NUMBER(t, 1, fd_number(t, fd, "count"));
}

TEST(lowest_descriptor, "heap.lowest-descriptor", "The descriptor is the lowest that is free.",
     SOURCE("dma_heap_ioctl_allocate"))
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

TEST(argument_null, "heap.argument-null",
     "A request at an address that cannot be read is refused with EFAULT.",
     SOURCE("dma_heap_ioctl"))
{
	EXPECT_ERRNO(t, EFAULT, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, NULL));
}

TEST(argument_read_only, "heap.argument-read-only",
     "A request at an address that cannot be written is refused with EFAULT, and no descriptor "
     "stays open.",
     SOURCE("dma_heap_ioctl"),
     .differs = "Kernels without commit 30d0aff2c65a leave it open: 5.10, 6.1 before 6.1.191.")
{
	const struct dma_heap_allocation_data request = {.len = t->page, .fd_flags = O_RDWR};
	void *page = EXPECT_DONE(
		t, mmap(NULL, t->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	int before, left;

	trial_buffer(t, t->page); /* without memory it is skipped, not failed */
	before = open_descriptors();
	memcpy(page, &request, sizeof(request));
	EXPECT_DONE(t, mprotect(page, t->page, PROT_READ));
	EXPECT_ERRNO(t, EFAULT, ioctl(t->heap, DMA_HEAP_IOCTL_ALLOC, page));
	left = open_descriptors() - before;
	if (left == 1 && t->kernel < KERNEL(7, 2, 0))
		trial_skip(t, SKIP_KERNEL_VERSION, "commit 30d0aff2c65a is missing");
	EXPECT_NUMBER(t, 0, left);
}

TEST(unknown_command, "heap.unknown-command",
     "Unknown ioctls are refused with EINVAL, not with ENOTTY.", SOURCE("dma_heap_ioctl"))
{
	unsigned char argument[256] = {0};

	EXPECT_ERRNO(t, EINVAL,
		     ioctl(t->heap, _IOWR('H', 1, struct dma_heap_allocation_data), argument));
	EXPECT_ERRNO(t, EINVAL,
		     ioctl(t->heap, _IOWR('H', 255, struct dma_heap_allocation_data), argument));
	EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, TCGETS, argument));
}

TEST(command_type, "heap.command-type",
     "Only the last byte of an ioctl's number counts: another type letter allocates as well.",
     SOURCE("dma_heap_ioctl"))
{
	struct dma_heap_allocation_data request = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC};

	trial_buffer(t, t->page);
	EXPECT_DONE(t, ioctl(t->heap, _IOWR('x', 0, struct dma_heap_allocation_data), &request));
	trial_expect_size(t, (int)request.fd, t->page);
}

TEST(struct_short, "heap.struct-short", "A shorter request works: what it lacks counts as 0.",
     SOURCE("dma_heap_ioctl"))
{
	struct {
		uint64_t len;
		uint32_t fd, fd_flags;
	} request = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC};

	trial_buffer(t, t->page);
	EXPECT_DONE(t, ioctl(t->heap, _IOWR('H', 0, request), &request));
	trial_expect_size(t, (int)request.fd, t->page);
}

TEST(struct_long, "heap.struct-long",
     "A longer request works: the part that the kernel does not know is neither read nor changed.",
     SOURCE("dma_heap_ioctl"))
{
	struct {
		struct dma_heap_allocation_data known;
		unsigned char unknown[240];
	} request = {.known = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC}};

	memset(request.unknown, 0xa5, sizeof(request.unknown));
	trial_buffer(t, t->page);
	EXPECT_DONE(t, ioctl(t->heap, _IOWR('H', 0, request), &request));
	trial_expect_size(t, (int)request.known.fd, t->page);
	EXPECT_BYTES(t, 0xa5, request.unknown, sizeof(request.unknown));
}

TEST(struct_one_way, "heap.struct-one-way",
     "A request with the direction bits of a write allocates and does not report the descriptor.",
     SOURCE("dma_heap_ioctl"))
{
	struct dma_heap_allocation_data request = {.len = t->page, .fd_flags = O_RDWR | O_CLOEXEC};
	int before;

	trial_buffer(t, t->page);
	before = open_descriptors();
	EXPECT_DONE(t, ioctl(t->heap, _IOW('H', 0, struct dma_heap_allocation_data), &request));
	EXPECT_NUMBER(t, 0, request.fd);
	EXPECT_NUMBER(t, before + 1, open_descriptors());
}

TEST(struct_empty, "heap.struct-empty",
     "A request without a size counts as all 0 and is refused with EINVAL.",
     SOURCE("dma_heap_ioctl"))
{
	EXPECT_ERRNO(t, EINVAL, ioctl(t->heap, _IO('H', 0), NULL));
}

/* First what would fail many others in its own way, so that it is the one that fails. */
SUITE(heap, "heap", NEED_HEAP, allocates, access_mode, size_exact, idle, size_zero, size_one,
      size_odd, size_wraps, fd_in, fd_flags_refused, heap_flags_refused, access_mode_three,
      close_on_exec, node_modes, node_path, node_io, node_closed, lowest_descriptor, argument_null,
      argument_read_only, unknown_command, command_type, struct_short, struct_long, struct_one_way,
      struct_empty);
