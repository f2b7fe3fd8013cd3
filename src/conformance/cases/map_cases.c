// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be mapped of a buffer, and how: dma_buf_mmap_internal() and the exporters' mmap. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "conformance/engine/trial.h"

#define SOURCE(function)  "drivers/dma-buf/dma-buf.c, " function
/* both heaps before 5.11 */
#define HELPERS(function) "drivers/dma-buf/heaps/heap-helpers.c, " function

#define RW (PROT_READ | PROT_WRITE)

static void *map(int fd, size_t size, int protection, int flags, uint64_t offset)
{
	return mmap(NULL, size, protection, flags, fd, (off_t)offset);
}

TEST(whole, "map.whole", "A buffer can be mapped whole, shared, for reading and writing.",
     SOURCE("dma_buf_mmap_internal"))
{
	int fd = trial_buffer(t, t->large);
	unsigned char *memory = trial_map(t, fd, t->large);

	memset(memory, 0x5a, t->large);
	EXPECT_BYTES(t, 0x5a, memory, t->large);
}

TEST(past_end, "map.past-end", "A mapping longer than the buffer is refused with EINVAL.",
     SOURCE("dma_buf_mmap_internal"))
{
	int fd = trial_buffer(t, t->page);

	trial_expect_size(t, fd, t->page);
	EXPECT_ERRNO(t, EINVAL, map(fd, 2 * t->page, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page + 1, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page << 20, PROT_READ, MAP_SHARED, 0));
}

TEST(offset_inside, "map.offset-inside", "A mapping from the second page on shows the second page.",
     "drivers/dma-buf/heaps, *_mmap", .needs = NEED_TWO_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page);
	unsigned char *all = trial_map(t, fd, 2 * t->page);
	unsigned char *second;

	memset(all, 1, t->page);
	memset(all + t->page, 2, t->page);
	second = EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED, t->page));
	EXPECT_BYTES(t, 2, second, t->page);
}

TEST(offset_past_end, "map.offset-past-end",
     "A mapping that begins at or goes beyond the end is refused with EINVAL.",
     SOURCE("dma_buf_mmap_internal"), .needs = NEED_TWO_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page);

	trial_expect_size(t, fd, 2 * t->page);
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, 2 * t->page));
	EXPECT_ERRNO(t, EINVAL, map(fd, 2 * t->page, RW, MAP_SHARED, t->page));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, (uint64_t)t->page << 20));
}

TEST(offset_unaligned, "map.offset-unaligned",
     "An offset that is not at a page is refused with EINVAL.", "mm/mmap.c, ksys_mmap_pgoff",
     .needs = NEED_TWO_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, 1));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED, t->page / 2));
}

TEST(offset_wraps, "map.offset-wraps",
     "An offset whose end does not fit in 64 bits is refused with EINVAL.",
     SOURCE("dma_buf_mmap_internal"))
{
	int fd = trial_buffer(t, t->page);
	uint64_t last = (UINT64_C(1) << 63) - t->page;

	/* its end is beyond what an offset can hold: EOVERFLOW comes first, mm/mmap.c */
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, PROT_READ, MAP_SHARED, last));
}

TEST(length_zero, "map.length-zero", "A mapping of 0 bytes is refused with EINVAL.",
     "mm/mmap.c, do_mmap")
{
	EXPECT_ERRNO(t, EINVAL, map(trial_buffer(t, t->page), 0, RW, MAP_SHARED, 0));
}

TEST(length_rounds, "map.length-rounds", "A mapping of 1 byte is a page long.",
     "mm/mmap.c, do_mmap")
{
	unsigned char *memory = EXPECT_DONE(t, map(trial_buffer(t, t->page), 1, RW, MAP_SHARED, 0));

	memset(memory, 3, t->page);
	EXPECT_BYTES(t, 3, memory, t->page);
}

TEST(read_only, "map.read-only",
     "A descriptor for reading maps for reading only, now and later: EACCES.", "mm/mmap.c, do_mmap")
{
	int fd = trial_allocate(t, t->page, O_RDONLY);
	void *memory = EXPECT_DONE(t, map(fd, t->page, PROT_READ, MAP_SHARED, 0));

	EXPECT_ERRNO(t, EACCES, map(fd, t->page, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES, mprotect(memory, t->page, RW));
}

TEST(write_only, "map.write-only", "A descriptor for writing only maps nothing: EACCES.",
     "mm/mmap.c, do_mmap")
{
	int fd = trial_allocate(t, t->page, O_WRONLY);

	EXPECT_ERRNO(t, EACCES, map(fd, t->page, PROT_WRITE, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES, map(fd, t->page, PROT_READ, MAP_SHARED, 0));
}

TEST(no_access, "map.no-access", "A descriptor with access mode 3 maps nothing: EACCES.",
     "mm/mmap.c, do_mmap")
{
	int fd = trial_allocate(t, t->page, O_ACCMODE);

	EXPECT_ERRNO(t, EACCES, map(fd, t->page, RW, MAP_SHARED, 0));
	EXPECT_ERRNO(t, EACCES, map(fd, t->page, PROT_READ, MAP_SHARED, 0));
}

TEST(not_executable, "map.not-executable",
     "A buffer cannot be executed: mmap is refused with EPERM, mprotect with EACCES.",
     "mm/mmap.c, do_mmap; fs/libfs.c, init_pseudo", .differs = "Up to 6.12 it can.")
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

TEST(protection_changes, "map.protection-changes",
     "Rights can be taken from a mapping and given back; the data stays.", "mm/mprotect.c")
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	memset(memory, 4, t->page);
	EXPECT_DONE(t, mprotect(memory, t->page, PROT_NONE));
	EXPECT_DONE(t, mprotect(memory, t->page, RW));
	EXPECT_BYTES(t, 4, memory, t->page);
}

TEST(private_page, "map.private-page",
     "One page can be mapped privately; what is written there does not reach the buffer.",
     "drivers/dma-buf/heaps/system_heap.c, system_heap_mmap; " HELPERS("dma_heap_mmap"),
     .differs = "Before 5.11 it is refused with EINVAL.", .needs = NEED_PAGES)
{
	int fd = trial_buffer(t, t->page);
	unsigned char *shared = trial_map(t, fd, t->page), *own;

	if (t->kernel < KERNEL(5, 11, 0)) {
		EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_PRIVATE, 0));
		return;
	}
	own = EXPECT_DONE(t, map(fd, t->page, RW, MAP_PRIVATE, 0));
	memset(own, 5, t->page);
	EXPECT_BYTES(t, 5, own, t->page);
	EXPECT_BYTES(t, 0, shared, t->page);
}

TEST(private_own, "map.private-own",
     "A private mapping is refused with EINVAL, or what is written there does not reach the "
     "buffer.",
     "drivers/dma-buf/heaps, *_mmap")
{
	int fd = trial_buffer(t, t->page);
	unsigned char *shared = trial_map(t, fd, t->page);
	unsigned char *own = map(fd, t->page, RW, MAP_PRIVATE, 0);

	if (own == MAP_FAILED) {
		EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_PRIVATE, 0));
		return;
	}
	memset(own, 5, t->page);
	EXPECT_BYTES(t, 0, shared, t->page);
}

/* Two pages are two pieces, and a private mapping has to be of one. */
TEST(private_pieces, "map.private-pieces",
     "A private mapping of two pages, which are two pieces of memory, is refused with EINVAL.",
     "mm/memory.c, remap_pfn_range", .since = KERNEL(5, 11, 0),
     .needs = NEED_TWO_PAGES | NEED_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, 2 * t->page, RW, MAP_PRIVATE, 0));
	EXPECT_DONE(t, map(fd, t->page, RW, MAP_PRIVATE, 0));
}

TEST(private_refused, "map.private-refused", "A private mapping is refused with EINVAL.",
     "drivers/dma-buf/heaps/cma_heap.c, cma_heap_mmap; " HELPERS("dma_heap_mmap"),
     .needs = NEED_CMA)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_PRIVATE, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, PROT_READ, MAP_PRIVATE, 0));
}

TEST(flags, "map.flags",
     "MAP_SHARED_VALIDATE, MAP_POPULATE and MAP_NORESERVE work; MAP_SYNC is refused with "
     "EOPNOTSUPP, MAP_HUGETLB with EINVAL.",
     "mm/mmap.c, do_mmap, ksys_mmap_pgoff")
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED_VALIDATE, 0));
	EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED | MAP_POPULATE, 0));
	EXPECT_DONE(t, map(fd, t->page, RW, MAP_SHARED | MAP_NORESERVE, 0));
	EXPECT_ERRNO(t, EOPNOTSUPP, map(fd, t->page, RW, MAP_SHARED_VALIDATE | MAP_SYNC, 0));
	EXPECT_ERRNO(t, EINVAL, map(fd, t->page, RW, MAP_SHARED | MAP_HUGETLB, 0));
}

TEST(twice, "map.twice", "Two mappings show the same memory.", "drivers/dma-buf/heaps, *_mmap")
{
	int fd = trial_buffer(t, t->page);
	unsigned char *first = trial_map(t, fd, t->page), *second = trial_map(t, fd, t->page);

	EXPECT_TRUE(t, first != second);
	memset(first, 6, t->page);
	EXPECT_BYTES(t, 6, second, t->page);
}

/* Gives each page of a mapping a number of its own, in its first and its last word. */
static void number_pages(const struct trial *t, void *memory, size_t size)
{
	size_t words = t->page / sizeof(uint64_t);
	volatile uint64_t *word = memory;

	for (size_t page = 0; page < size / t->page; page++)
		word[page * words] = word[(page + 1) * words - 1] = page + 1;
}

/* A mapping from page FIRST on has to show these numbers. */
static void expect_numbers(struct trial *t, const void *memory, size_t size, size_t first)
{
	size_t words = t->page / sizeof(uint64_t);
	const volatile uint64_t *word = memory;

	for (size_t page = 0; page < size / t->page; page++) {
		trial_say(t, "page %zu of a mapping from page %zu on", page + 1, first + 1);
		EXPECT_NUMBER(t, first + page + 1, word[page * words]);
		EXPECT_NUMBER(t, first + page + 1, word[(page + 1) * words - 1]);
	}
}

/* Numbers the pages of a buffer, and looks at them from page FIRST on through another mapping. */
static void look_from(struct trial *t, int fd, size_t size, size_t first)
{
	size_t rest = size - first * t->page;
	void *memory = EXPECT_DONE(t, map(fd, rest, PROT_READ, MAP_SHARED, first * t->page));

	expect_numbers(t, memory, rest, first);
}

TEST(every_page, "map.every-page",
     "Every page of a large buffer is a separate page, the same in each mapping.",
     "drivers/dma-buf/heaps, *_mmap")
{
	int fd = trial_buffer(t, t->large);

	number_pages(t, trial_map(t, fd, t->large), t->large);
	look_from(t, fd, t->large, 0);
}

/* Where pieces of 64 KiB and 1 MiB begin with pages of 4 KiB, and in them. */
TEST(offset_pieces, "map.offset-pieces",
     "A mapping from any page on shows the pages from there to the end.",
     "drivers/dma-buf/heaps, *_mmap", .needs = NEED_TWO_PAGES)
{
	static const size_t firsts[] = {1, 15, 16, 17, 100, 255, 256, 257};
	int fd = trial_buffer(t, t->large);

	number_pages(t, trial_map(t, fd, t->large), t->large);
	for (size_t i = 0; i < COUNT_OF(firsts) && firsts[i] < t->large / t->page; i++)
		look_from(t, fd, t->large, firsts[i]);
	look_from(t, fd, t->large, t->large / t->page - 1);
}

TEST(largest, "map.largest",
     "Every page of the largest buffer is a separate page, the same in each mapping.",
     "drivers/dma-buf/heaps, *_mmap", .dangers = DANGER_NOISE, .seconds = 60)
{
	size_t size;
	int fd = trial_largest(t, &size);

	number_pages(t, trial_map(t, fd, size), size);
	look_from(t, fd, size, 0);
	look_from(t, fd, size, size / t->page / 3);
}

TEST(buffers_apart, "map.buffers-apart", "Buffers do not share memory.",
     "drivers/dma-buf/heaps, *_allocate")
{
	unsigned char *memory[4];

	for (int i = 0; i < 4; i++)
		memory[i] = trial_map(t, trial_buffer(t, t->small), t->small);
	for (int i = 0; i < 4; i++)
		memset(memory[i], i + 1, t->small);
	for (int i = 0; i < 4; i++)
		EXPECT_BYTES(t, i + 1, memory[i], t->small);
}

TEST(many_apart, "map.many-apart", "256 buffers that exist at once do not share memory.",
     "drivers/dma-buf/heaps, *_allocate")
{
	enum {
		MANY = 256
	};
	unsigned char *memory[MANY];

	if (t->large / t->page < MANY)
		trial_skip(t, SKIP_TOO_SMALL,
			   "%zu KiB are needed, and %zu KiB are what a test takes here",
			   MANY * t->page / 1024, t->large / 1024);
	for (int i = 0; i < MANY; i++) {
		int fd;

		trial_say(t, "buffer %d", i + 1);
		fd = trial_buffer(t, t->page);
		memory[i] = trial_map(t, fd, t->page);
		memset(memory[i], i, t->page);
		close(fd);
	}
	for (int i = 0; i < MANY; i++) {
		trial_say(t, "buffer %d of %d", i + 1, MANY);
		EXPECT_BYTES(t, i, memory[i], t->page);
	}
}

SUITE(map, "map", NEED_HEAP | NEED_MMAP, whole, past_end, offset_inside, offset_past_end,
      offset_unaligned, offset_wraps, length_zero, length_rounds, read_only, write_only, no_access,
      not_executable, protection_changes, private_page, private_pieces, private_refused,
      private_own, flags, twice, every_page, offset_pieces, largest, buffers_apart, many_apart);
