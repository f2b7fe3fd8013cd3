// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffers whose memory is that of memfds: drivers/dma-buf/udmabuf.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/udmabuf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance/engine/trial.h"
#include "sys/dmabuf.h"

#define SOURCE(function) "drivers/dma-buf/udmabuf.c, " function

static int open_device(struct trial *t)
{
	return EXPECT_DONE(t, open("/dev/udmabuf", O_RDWR | O_CLOEXEC));
}

/* A memfd of PAGES pages, each filled with its number + 1, with these seals. */
static int make_memfd(struct trial *t, size_t pages, int seals)
{
	int fd = EXPECT_DONE(t, memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	unsigned char *memory;

	EXPECT_DONE(t, ftruncate(fd, (off_t)(pages * t->page)));
	memory = trial_map(t, fd, pages * t->page);
	for (size_t page = 0; page < pages; page++)
		memset(memory + page * t->page, (int)page + 1, t->page);
	EXPECT_DONE(t, munmap(memory, pages * t->page));
	EXPECT_DONE(t, fcntl(fd, F_ADD_SEALS, seals));
	return fd;
}

static int create(int device, int memfd, uint64_t offset, uint64_t size, uint32_t flags)
{
	struct udmabuf_create request = {
		.memfd = (uint32_t)memfd, .flags = flags, .offset = offset, .size = size};

	return ioctl(device, UDMABUF_CREATE, &request);
}

/* A good buffer of PAGES pages. */
static int make_buffer(struct trial *t, size_t pages, int *memfd)
{
	*memfd = make_memfd(t, pages, F_SEAL_SHRINK);
	return EXPECT_DONE(
		t, create(open_device(t), *memfd, 0, pages * t->page, UDMABUF_FLAGS_CLOEXEC));
}

TEST(creates, "udmabuf.creates",
     "A buffer is made from a memfd: its size, for reading and writing, exported by 'udmabuf'.",
     SOURCE("udmabuf_create"))
{
	int memfd, fd = make_buffer(t, 3, &memfd);
	char *name = fd_value(t, fd, "exp_name");

	EXPECT_NUMBER(t, 3 * t->page, lseek(fd, 0, SEEK_END));
	EXPECT_ACCESS(t, O_RDWR, fd);
	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_TRUE(t, name && !strcmp(name, "udmabuf"));
}

TEST(shares_memory, "udmabuf.shares-memory", "Buffer and memfd are the same memory.",
     SOURCE("mmap_udmabuf"))
{
	int memfd, fd = make_buffer(t, 2, &memfd);
	unsigned char *of_file = trial_map(t, memfd, 2 * t->page);
	unsigned char *of_buffer = trial_map(t, fd, 2 * t->page);

	EXPECT_BYTES(t, 1, of_buffer, t->page);
	EXPECT_BYTES(t, 2, of_buffer + t->page, t->page);
	memset(of_buffer, 77, t->page);
	EXPECT_BYTES(t, 77, of_file, t->page);
	memset(of_file, 78, t->page);
	EXPECT_BYTES(t, 78, of_buffer, t->page);
}

TEST(outlives_memfd, "udmabuf.outlives-memfd", "The buffer stays when the memfd is closed.",
     SOURCE("release_udmabuf"))
{
	int memfd, fd = make_buffer(t, 1, &memfd);

	EXPECT_DONE(t, close(memfd));
	EXPECT_BYTES(t, 1, trial_map(t, fd, t->page), t->page);
}

TEST(part, "udmabuf.part", "A buffer can be made from a part of a memfd.", SOURCE("udmabuf_create"))
{
	int memfd = make_memfd(t, 3, F_SEAL_SHRINK), fd;

	fd = EXPECT_DONE(t, create(open_device(t), memfd, t->page, t->page, 0));
	EXPECT_NUMBER(t, t->page, lseek(fd, 0, SEEK_END));
	EXPECT_BYTES(t, 2, trial_map(t, fd, t->page), t->page);
}

TEST(needs_shrink_seal, "udmabuf.needs-shrink-seal",
     "A memfd that can shrink is refused with EINVAL.", SOURCE("check_memfd_seals, udmabuf_create"))
{
	int device = open_device(t);

	EXPECT_ERRNO(t, EINVAL, create(device, make_memfd(t, 1, F_SEAL_GROW), 0, t->page, 0));
}

TEST(refuses_write_seal, "udmabuf.refuses-write-seal",
     "A memfd that cannot be written to is refused with EINVAL.",
     SOURCE("check_memfd_seals, udmabuf_create"))
{
	int device = open_device(t);

	EXPECT_ERRNO(t, EINVAL,
		     create(device, make_memfd(t, 1, F_SEAL_SHRINK | F_SEAL_WRITE), 0, t->page, 0));
}

TEST(needs_memfd, "udmabuf.needs-memfd", "A file that is not a memfd is refused with EBADFD.",
     SOURCE("check_memfd_seals, udmabuf_create"))
{
	int device = open_device(t);

	EXPECT_ERRNO(t, EBADFD, create(device, -1, 0, t->page, 0));
	EXPECT_ERRNO(t, EBADFD, create(device, device, 0, t->page, 0));
}

TEST(sizes_refused, "udmabuf.sizes-refused",
     "A size of 0, of parts of a page, or beyond the end is refused with EINVAL.",
     SOURCE("udmabuf_create"))
{
	int device = open_device(t), memfd = make_memfd(t, 2, F_SEAL_SHRINK);

	EXPECT_ERRNO(t, EINVAL, create(device, memfd, 0, 0, 0));
	EXPECT_ERRNO(t, EINVAL, create(device, memfd, 0, t->page + 1, 0));
	EXPECT_ERRNO(t, EINVAL, create(device, memfd, 1, t->page, 0));
	EXPECT_ERRNO(t, EINVAL, create(device, memfd, 0, 3 * t->page, 0));
	EXPECT_ERRNO(t, EINVAL, create(device, memfd, 2 * t->page, t->page, 0));
}

TEST(size_limit, "udmabuf.size-limit",
     "A size above the parameter size_limit_mb is refused with EINVAL.", SOURCE("udmabuf_create"))
{
	int device = open_device(t);
	int memfd = EXPECT_DONE(t, memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	long long megabytes = file_number("/sys/module/udmabuf/parameters/size_limit_mb");

	if (megabytes < 0)
		trial_skip(t, SKIP_NOT_KNOWN, "the parameter size_limit_mb cannot be read");
	/* the file has holes only: no memory is taken */
	EXPECT_DONE(t, ftruncate(memfd, (megabytes + 1) << 20));
	EXPECT_DONE(t, fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK));
	EXPECT_ERRNO(t, EINVAL, create(device, memfd, 0, (uint64_t)(megabytes + 1) << 20, 0));
}

TEST(unknown_flags, "udmabuf.unknown-flags", "Undefined flags are ignored.",
     SOURCE("udmabuf_create"))
{
	int memfd = make_memfd(t, 1, F_SEAL_SHRINK);

	EXPECT_DONE(t, create(open_device(t), memfd, 0, t->page, 1u << 31));
}

/* UDMABUF_CREATE_LIST with COUNT items, of which the first PAGES say a page each, the last first.
 */
static int create_list(struct trial *t, int device, int memfd, uint32_t count, uint32_t pages)
{
	struct udmabuf_create_list *list;
	int fd;

	list = calloc(1, sizeof(*list) + 2048 * sizeof(list->list[0]));
	if (!list)
		trial_skip(t, SKIP_NO_MEMORY, "the list");
	list->count = count;
	for (uint32_t i = 0; i < pages; i++)
		list->list[i] = (struct udmabuf_create_item){.memfd = (uint32_t)memfd,
							     .offset = (pages - 1 - i) * t->page,
							     .size = t->page};
	fd = ioctl(device, UDMABUF_CREATE_LIST, list);
	free(list);
	return fd;
}

/* A buffer made from a list of so many pages. */
static void expect_list(struct trial *t, uint32_t pages)
{
	int memfd = make_memfd(t, pages, F_SEAL_SHRINK), fd;
	unsigned char *memory;

	fd = EXPECT_DONE(t, create_list(t, open_device(t), memfd, pages, pages));
	memory = trial_map(t, fd, pages * t->page);
	for (uint32_t i = 0; i < pages; i++) {
		trial_say(t, "piece %u of %u", i + 1, pages);
		EXPECT_BYTES(t, pages - i, memory + i * t->page, t->page);
	}
}

TEST(list_order, "udmabuf.list-order",
     "A buffer made from a list has its pages in the order of the list.", SOURCE("udmabuf_create"))
{
	expect_list(t, 2);
}

TEST(list_long, "udmabuf.list-long", "A list may have 100 pieces, each with an offset of its own.",
     SOURCE("udmabuf_create"))
{
	long long most = file_number("/sys/module/udmabuf/parameters/list_limit");

	if (most >= 0 && most < 100)
		trial_skip(t, SKIP_TOO_SMALL, "the parameter list_limit is %lld", most);
	expect_list(t, 100);
}

TEST(list_counts, "udmabuf.list-counts",
     "An empty list, and one longer than the parameter list_limit, are refused with EINVAL.",
     SOURCE("udmabuf_ioctl_create_list"))
{
	int device = open_device(t), memfd = make_memfd(t, 2, F_SEAL_SHRINK);
	long long most = file_number("/sys/module/udmabuf/parameters/list_limit");

	EXPECT_ERRNO(t, EINVAL, create_list(t, device, memfd, 0, 2));
	if (most < 0 || most >= 2048)
		trial_skip(t, SKIP_NOT_KNOWN, "the parameter list_limit cannot be read");
	EXPECT_ERRNO(t, EINVAL, create_list(t, device, memfd, (uint32_t)most + 1, 2));
}

TEST(write_seal_busy, "udmabuf.write-seal-busy",
     "A memfd cannot be sealed against writing while a buffer made from it exists: EBUSY.",
     "mm/memfd.c, memfd_wait_for_pins")
{
	int memfd, fd = make_buffer(t, 1, &memfd);

	trial_map(t, fd, t->page);
	EXPECT_ERRNO(t, EBUSY, fcntl(memfd, F_ADD_SEALS, F_SEAL_WRITE));
}

TEST(private_refused, "udmabuf.private-refused", "A private mapping is refused with EINVAL.",
     SOURCE("mmap_udmabuf"))
{
	int memfd, fd = make_buffer(t, 1, &memfd);

	EXPECT_ERRNO(t, EINVAL, (long)mmap(NULL, t->page, PROT_READ, MAP_PRIVATE, fd, 0));
}

TEST(past_end, "udmabuf.past-end", "Mappings beyond the end are refused with EINVAL.",
     "drivers/dma-buf/dma-buf.c, dma_buf_mmap_internal")
{
	int memfd, fd = make_buffer(t, 1, &memfd);

	EXPECT_ERRNO(t, EINVAL, (long)mmap(NULL, 2 * t->page, PROT_READ, MAP_SHARED, fd, 0));
	EXPECT_ERRNO(t, EINVAL,
		     (long)mmap(NULL, t->page, PROT_READ, MAP_SHARED, fd, (off_t)t->page));
}

TEST(sync_order, "udmabuf.sync-order", "CPU access cannot end before it has begun once: EINVAL.",
     SOURCE("end_cpu_udmabuf"))
{
	int memfd, fd = make_buffer(t, 1, &memfd);

	EXPECT_ERROR(t, EINVAL, dmabuf_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW));
	EXPECT_OK(t, dmabuf_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW));
	EXPECT_OK(t, dmabuf_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW));
}

SUITE(udmabuf, "udmabuf", NEED_UDMABUF, creates, shares_memory, outlives_memfd, part,
      needs_shrink_seal, refuses_write_seal, needs_memfd, sizes_refused, size_limit, unknown_flags,
      list_order, list_long, list_counts, write_seal_busy, private_refused, past_end, sync_order);
