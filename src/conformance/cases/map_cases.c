// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be mapped of a buffer, and how: dma_buf_mmap_internal() and the exporters' mmap. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-buf.c, " function

#define RW (PROT_READ | PROT_WRITE)

static void *map(int fd, size_t size, int protection, int flags, uint64_t offset)
{
	return mmap(NULL, size, protection, flags, fd, (off_t)offset);
}

static void whole(struct trial *t)
{
	int fd = trial_buffer(t, t->large);
	unsigned char *memory = trial_map(t, fd, t->large);

	memset(memory, 0x5a, t->large);
	EXPECT_TRUE(t, holds_only(memory, t->large, 0x5a));
}

static void past_end(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, 2 * t->page, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page + 1, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page << 20, PROT_READ, MAP_SHARED, 0));
}

static void offset_inside(struct trial *t)
{
	int fd = trial_buffer(t, 2 * t->page);
	unsigned char *all = trial_map(t, fd, 2 * t->page);
	unsigned char *second;

	memset(all, 1, t->page);
	memset(all + t->page, 2, t->page);
	second = EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED, t->page));
	EXPECT_TRUE(t, holds_only(second, t->page, 2));
}

static void offset_past_end(struct trial *t)
{
	int fd = trial_buffer(t, 2 * t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, 2 * t->page));
	EXPECT_ERRNO(t, EINVAL, map(fd, 2 * t->page, RW, MAP_SHARED, t->page));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, (uint64_t)t->page << 20));
}

static void offset_unaligned(struct trial *t)
{
	int fd = trial_buffer(t, 2 * t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, 1));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, t->page / 2));
}

static void offset_wraps(struct trial *t)
{
	int fd = trial_buffer(t, t->page);
	uint64_t last = (UINT64_C(1) << 63) - t->page;

	/* its end is beyond what an offset can hold: EOVERFLOW comes first, mm/mmap.c */
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, PROT_READ, MAP_SHARED, last));
}

static void length_zero(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, map(trial_buffer(t, t->page), 0, RW, MAP_SHARED, 0));
}

static void length_rounds(struct trial *t)
{
	unsigned char *memory = EXPECT_DONE(t, map(trial_buffer(t, t->page), 1, RW, MAP_SHARED, 0));

	memset(memory, 3, t->page);
	EXPECT_TRUE(t, holds_only(memory, t->page, 3));
}

static void read_only(struct trial *t)
{
	int fd = trial_allocate(t, t->page, O_RDONLY);
	void *memory = EXPECT_DONE(t, map(fd, t->page, PROT_READ, MAP_SHARED, 0));

	EXPECT_ERRNO(t, EACCES, map(fd, t->page, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES, mprotect(memory, t->page, RW));
}

static void write_only(struct trial *t)
{
	int fd = trial_allocate(t, t->page, O_WRONLY);

	EXPECT_ERRNO(t, EACCES, map(fd, t->page, PROT_WRITE, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES, map(fd, t->page, PROT_READ, MAP_SHARED, 0));
}

static void no_access(struct trial *t)
{
	int fd = trial_allocate(t, t->page, O_ACCMODE);

	EXPECT_ERRNO(t, EACCES, map(fd, t->page, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES, map(fd, t->page, PROT_READ, MAP_SHARED, 0));
}

static void not_executable(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	if (t->kernel < KERNEL(6, 13, 0)) {
		EXPECT_DONE(t, map(fd, t->page, PROT_READ | PROT_EXEC, MAP_SHARED, 0));
		return;
	}
	if (t->kernel < KERNEL(7, 2, 0))
		trial_skip(t, SKIP_NOT_KNOWN, "it changed between 6.12 and 7.2");
	EXPECT_ERRNO(t, EPERM, map(fd, t->page, PROT_READ | PROT_EXEC, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES,
		     mprotect(trial_map(t, fd, t->page), t->page, PROT_READ | PROT_EXEC));
}

static void protection_changes(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	memset(memory, 4, t->page);
	EXPECT_DONE(t, mprotect(memory, t->page, PROT_NONE));
	EXPECT_DONE(t, mprotect(memory, t->page, RW));
	EXPECT_TRUE(t, holds_only(memory, t->page, 4));
}

static void private_page(struct trial *t)
{
	int fd = trial_buffer(t, t->page);
	unsigned char *shared = trial_map(t, fd, t->page);
	unsigned char *own = EXPECT_DONE(t, map(fd, t->page, RW, MAP_PRIVATE, 0));

	memset(own, 5, t->page);
	EXPECT_TRUE(t, holds_only(own, t->page, 5));
	EXPECT_TRUE(t, holds_only(shared, t->page, 0));
}

/* Two pages are two pieces, and a private mapping has to be of one. */
static void private_pieces(struct trial *t)
{
	int fd = trial_buffer(t, 2 * t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, 2 * t->page, RW, MAP_PRIVATE, 0));
	EXPECT_DONE(t, map(fd, t->page, RW, MAP_PRIVATE, 0));
}

static void private_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_PRIVATE, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, PROT_READ, MAP_PRIVATE, 0));
}

static void flags(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED_VALIDATE, 0));
	EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED | MAP_POPULATE, 0));
	EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED | MAP_NORESERVE, 0));
	EXPECT_ERRNO(t, EOPNOTSUPP, map(fd, t->page, RW, MAP_SHARED_VALIDATE | MAP_SYNC, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED | MAP_HUGETLB, 0));
}

static void twice(struct trial *t)
{
	int fd = trial_buffer(t, t->page);
	unsigned char *first = trial_map(t, fd, t->page), *second = trial_map(t, fd, t->page);

	EXPECT_TRUE(t, first != second);
	memset(first, 6, t->page);
	EXPECT_TRUE(t, holds_only(second, t->page, 6));
}

/* Each page gets a number of its own; a second mapping has to show the same numbers. */
static void every_page(struct trial *t)
{
	int fd = trial_buffer(t, t->large);
	size_t words = t->page / sizeof(uint64_t);
	volatile uint64_t *first = trial_map(t, fd, t->large);
	const volatile uint64_t *second = trial_map(t, fd, t->large);

	for (size_t page = 0; page < t->large / t->page; page++)
		first[page * words] = first[(page + 1) * words - 1] = ~(uint64_t)page;
	for (size_t page = 0; page < t->large / t->page; page++) {
		trial_say(t, "page %zu", page);
		EXPECT_TRUE(t, second[page * words] == ~(uint64_t)page);
		EXPECT_TRUE(t, second[(page + 1) * words - 1] == ~(uint64_t)page);
	}
}

static void buffers_apart(struct trial *t)
{
	unsigned char *memory[4];

	for (int i = 0; i < 4; i++)
		memory[i] = trial_map(t, trial_buffer(t, t->small), t->small);
	for (int i = 0; i < 4; i++)
		memset(memory[i], i + 1, t->small);
	for (int i = 0; i < 4; i++)
		EXPECT_TRUE(t, holds_only(memory[i], t->small, (unsigned char)(i + 1)));
}

static const struct statement statements[] = {
	{.id = "map.whole",
	 .sentence = "A buffer can be mapped whole, shared, for reading and writing.",
	 .source = SOURCE("dma_buf_mmap_internal"),
	 .run = whole},
	{.id = "map.past-end",
	 .sentence = "A mapping longer than the buffer is refused with EINVAL.",
	 .source = SOURCE("dma_buf_mmap_internal"),
	 .run = past_end},
	{.id = "map.offset-inside",
	 .sentence = "A mapping from the second page on shows the second page.",
	 .source = "drivers/dma-buf/heaps, *_mmap",
	 .needs = NEED_TWO_PAGES,
	 .run = offset_inside},
	{.id = "map.offset-past-end",
	 .sentence = "A mapping that begins at or goes beyond the end is refused with EINVAL.",
	 .source = SOURCE("dma_buf_mmap_internal"),
	 .needs = NEED_TWO_PAGES,
	 .run = offset_past_end},
	{.id = "map.offset-unaligned",
	 .sentence = "An offset that is not at a page is refused with EINVAL.",
	 .source = "mm/mmap.c, ksys_mmap_pgoff",
	 .needs = NEED_TWO_PAGES,
	 .run = offset_unaligned},
	{.id = "map.offset-wraps",
	 .sentence = "An offset whose end does not fit in 64 bits is refused with EINVAL.",
	 .source = SOURCE("dma_buf_mmap_internal"),
	 .run = offset_wraps},
	{.id = "map.length-zero",
	 .sentence = "A mapping of 0 bytes is refused with EINVAL.",
	 .source = "mm/mmap.c, do_mmap",
	 .run = length_zero},
	{.id = "map.length-rounds",
	 .sentence = "A mapping of 1 byte is a page long.",
	 .source = "mm/mmap.c, do_mmap",
	 .run = length_rounds},
	{.id = "map.read-only",
	 .sentence = "A descriptor for reading maps for reading only, now and later: EACCES.",
	 .source = "mm/mmap.c, do_mmap",
	 .run = read_only},
	{.id = "map.write-only",
	 .sentence = "A descriptor for writing only maps nothing: EACCES.",
	 .source = "mm/mmap.c, do_mmap",
	 .run = write_only},
	{.id = "map.no-access",
	 .sentence = "A descriptor with access mode 3 maps nothing: EACCES.",
	 .source = "mm/mmap.c, do_mmap",
	 .run = no_access},
	{.id = "map.not-executable",
	 .sentence =
		 "A buffer can't be executed: mmap is refused with EPERM, mprotect with EACCES.",
	 .differs = "Up to 6.12 it can.",
	 .source = "mm/mmap.c, do_mmap; fs/libfs.c, init_pseudo",
	 .run = not_executable},
	{.id = "map.protection-changes",
	 .sentence = "Rights can be taken from a mapping and given back; the data stays.",
	 .source = "mm/mprotect.c",
	 .run = protection_changes},
	{.id = "map.private-page",
	 .sentence = "One page can be mapped privately; what is written there does not reach the "
		     "buffer.",
	 .source = "drivers/dma-buf/heaps/system_heap.c, system_heap_mmap",
	 .needs = NEED_PAGES,
	 .run = private_page},
	{.id = "map.private-pieces",
	 .sentence = "A private mapping of two pages, which are two pieces of memory, is refused "
		     "with EINVAL.",
	 .source = "mm/memory.c, remap_pfn_range",
	 .needs = NEED_TWO_PAGES | NEED_PAGES,
	 .run = private_pieces},
	{.id = "map.private-refused",
	 .sentence = "A private mapping is refused with EINVAL.",
	 .source = "drivers/dma-buf/heaps/cma_heap.c, cma_heap_mmap",
	 .needs = NEED_CMA,
	 .run = private_refused},
	{.id = "map.flags",
	 .sentence = "MAP_SHARED_VALIDATE, MAP_POPULATE and MAP_NORESERVE work; MAP_SYNC is "
		     "refused with EOPNOTSUPP, MAP_HUGETLB with EINVAL.",
	 .source = "mm/mmap.c, do_mmap, ksys_mmap_pgoff",
	 .run = flags},
	{.id = "map.twice",
	 .sentence = "Two mappings show the same memory.",
	 .source = "drivers/dma-buf/heaps, *_mmap",
	 .run = twice},
	{.id = "map.every-page",
	 .sentence = "Every page of a large buffer is a separate page, the same in each mapping.",
	 .source = "drivers/dma-buf/heaps, *_mmap",
	 .run = every_page},
	{.id = "map.buffers-apart",
	 .sentence = "Buffers do not share memory.",
	 .source = "drivers/dma-buf/heaps, *_allocate",
	 .run = buffers_apart},
};

SUITE(map, "map", NEED_HEAP | NEED_MMAP);
