// SPDX-License-Identifier: GPL-2.0-or-later
/* Full tables, full areas, and that everything comes back. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/" function

#define MOST_BUFFERS 4096
/* With buffers of at least a 32nd of the heap, more than it holds. */
#define ROUNDS       48

static void limit(struct trial *t, int resource, size_t most)
{
	const struct rlimit value = {most, most};

	EXPECT_DONE(t, setrlimit(resource, &value));
}

/* Leaves not one descriptor free; returns one of those it took. */
static int take_descriptors(struct trial *t)
{
	int fd, last = -1;

	limit(t, RLIMIT_NOFILE, 64);
	while ((fd = dup(t->heap)) >= 0)
		last = fd;
	EXPECT_NUMBER(t, EMFILE, errno);
	return last;
}

TEST(descriptors, "limits.descriptors",
     "With no free descriptor, a buffer is refused with EMFILE, and its memory is not lost.",
     SOURCE("dma-heap.c, dma_heap_ioctl_allocate"))
{
	int last;

	EXPECT_DONE(t, close(trial_buffer(t, t->large)));
	last = take_descriptors(t);
	for (int i = 0; i < ROUNDS; i++)
		EXPECT_ERRNO(t, EMFILE, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC));
	EXPECT_DONE(t, close(last));
	trial_say(t, "after %d refusals", ROUNDS);
	EXPECT_DONE(t, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC));
}

TEST(descriptors_counted, "limits.descriptors-counted",
     "A buffer that is refused with EMFILE takes nothing from the CMA area.",
     SOURCE("dma-heap.c, dma_heap_ioctl_allocate"), .needs = NEED_CMA | NEED_CMA_COUNTERS)
{
	long long before;
	int last;

	/* without memory it is skipped, not failed */
	EXPECT_DONE(t, close(trial_buffer(t, t->small)));
	before = cma_in_use(t, trial_area(t));
	last = take_descriptors(t);
	EXPECT_ERRNO(t, EMFILE, allocate(t->heap, t->small, O_RDWR | O_CLOEXEC));
	EXPECT_DONE(t, close(last)); /* reading the counters takes one */
	EXPECT_NUMBER(t, before, cma_in_use(t, t->target->area));
}

/*
 * The buffers of one after the other ROUNDS. The first may be missing, as the heap may be full;
 * then nothing can be said.
 */
static int next_buffer(struct trial *t, int round)
{
	trial_say(t, "buffer %d of %zu bytes", round + 1, t->large);
	if (!round)
		return trial_buffer(t, t->large);
	return EXPECT_DONE(t, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC));
}

TEST(comes_back, "limits.comes-back",
     "The memory of closed buffers is freed: more can be allocated, one after the other, than the "
     "heap holds.",
     SOURCE("heaps, *_release"), .seconds = 60)
{
	for (int round = 0; round < ROUNDS; round++)
		EXPECT_DONE(t, close(next_buffer(t, round)));
}

TEST(comes_back_mapped, "limits.comes-back-mapped",
     "The memory of a buffer is freed when its last mapping is gone, after its descriptor.",
     SOURCE("heaps, *_release"), .needs = NEED_MMAP, .seconds = 60)
{
	for (int round = 0; round < ROUNDS; round++) {
		int fd = next_buffer(t, round);
		unsigned char *memory = trial_map(t, fd, t->large);

		*memory = 1;
		EXPECT_DONE(t, close(fd));
		EXPECT_DONE(t, munmap(memory, t->large));
	}
}

TEST(comes_back_forked, "limits.comes-back-forked",
     "The memory of a buffer is freed when it is gone from a child that had inherited its mapping "
     "as well.",
     SOURCE("heaps, *_release"), .needs = NEED_MMAP, .seconds = 60)
{
	for (int round = 0; round < ROUNDS; round++) {
		int fd = next_buffer(t, round);
		unsigned char *memory = trial_map(t, fd, t->large);
		pid_t child = trial_fork(t);

		if (!child) {
			*memory = 1;
			EXPECT_DONE(t, munmap(memory, t->large));
			trial_child_done();
		}
		trial_join(t, child);
		EXPECT_DONE(t, munmap(memory, t->large));
		EXPECT_DONE(t, close(fd));
	}
}

TEST(comes_back_torn, "limits.comes-back-torn",
     "The memory of a buffer is freed when its process ends with a part of it unmapped.",
     SOURCE("heaps, *_release"), .needs = NEED_MMAP | NEED_TWO_PAGES, .seconds = 60)
{
	for (int round = 0; round < ROUNDS; round++) {
		int fd = next_buffer(t, round);
		pid_t child = trial_fork(t);

		if (!child) {
			unsigned char *memory = trial_map(t, fd, t->large);

			EXPECT_DONE(t, munmap(memory + t->page, t->page));
			*memory = 1;
			trial_child_done();
		}
		EXPECT_DONE(t, close(fd));
		trial_join(t, child);
	}
}

/* KiB that the machine could give: what it only keeps of files counts as well. */
static long long available_kib(struct trial *t)
{
	const char *value = after_key(trial_read(t, "/proc/meminfo"), "MemAvailable:");

	if (!value)
		trial_skip(t, SKIP_NO_COUNTERS, "/proc/meminfo has no MemAvailable");
	return strtoll(value, NULL, 10);
}

/* Others take memory as well: what they take in the same time counts for them, and not each time.
 */
TEST(pages_come_back, "limits.pages-come-back",
     "The machine has as much memory available after buffers are closed as before.",
     SOURCE("heaps/system_heap.c, system_heap_dma_buf_release"), .needs = NEED_PAGES | NEED_PROC,
     .seconds = 60)
{
	const int rounds = 16, attempts = 8;
	const long long much = (long long)t->large / 1024 / 2;
	long long lost = 0;

	if (t->large < (size_t)256 * 1024)
		trial_skip(t, SKIP_TOO_SMALL, "%zu KiB can't be told from what others take",
			   t->large / 1024);
	close(trial_buffer(t, t->large));
	for (int attempt = 0; attempt < attempts; attempt++) {
		long long before = available_kib(t), after;
		uint64_t begun = clock_ns(), taken;

		for (int round = 0; round < rounds; round++)
			EXPECT_DONE(t, close(next_buffer(t, round)));
		taken = clock_ns() - begun;
		after = available_kib(t);
		usleep((useconds_t)(taken / 1000));
		lost = before - after;
		if (lost - (after - available_kib(t)) < much)
			return;
	}
	trial_say(t, "/proc/meminfo, MemAvailable, after %d buffers of %zu KiB, %d times", rounds,
		  t->large / 1024, attempts);
	trial_call(t, NULL);
	trial_fail(t, "as much as before", "%lld KiB less", lost);
}

TEST(many, "limits.many", "Many buffers can be open at once, each with its own inode.",
     SOURCE("dma-buf.c, dma_buf_export"))
{
	int most = (int)(t->large / t->page);
	ino_t inodes[256];

	if (most > 256)
		most = 256;
	limit(t, RLIMIT_NOFILE, 512);
	for (int i = 0; i < most; i++) {
		struct stat status;

		trial_say(t, "buffer %d of %d", i + 1, most);
		EXPECT_DONE(t, fstat(trial_buffer(t, t->page), &status));
		inodes[i] = status.st_ino;
		EXPECT_TRUE(t, !i || inodes[i] > inodes[i - 1]);
	}
}

static long status_kib(struct trial *t, const char *key)
{
	const char *value = after_key(trial_read(t, "/proc/self/status"), key);

	return value ? strtol(value, NULL, 10) : -1;
}

TEST(locked_memory, "limits.locked-memory",
     "Mapped buffers count neither as locked nor as pinned memory, and RLIMIT_MEMLOCK does not "
     "limit them.",
     "mm/mlock.c", .needs = NEED_MMAP)
{
	int fd;
	unsigned char *memory;

	limit(t, RLIMIT_MEMLOCK, 0);
	if (!geteuid()) /* root is above the limit */
		EXPECT_DONE(t, seteuid(65534));
	fd = trial_buffer(t, t->large);
	memory = trial_map(t, fd, t->large);
	memset(memory, 1, t->large);
	EXPECT_NUMBER(t, 0, status_kib(t, "VmLck:"));
	EXPECT_NUMBER(t, 0, status_kib(t, "VmPin:"));
}

TEST(address_space, "limits.address-space",
     "RLIMIT_AS limits what is mapped (ENOMEM), not what is allocated.",
     "mm/vma.c, may_expand_vm; mm/mmap.c, may_expand_vm", .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->large);

	trial_expect_size(t, fd, t->large);
	limit(t, RLIMIT_AS, t->page);
	EXPECT_ERRNO(t, ENOMEM,
		     (long)mmap(NULL, t->large, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	EXPECT_NUMBER(t, t->large, lseek(fd, 0, SEEK_END));
}

TEST(beyond, "limits.beyond",
     "A buffer larger than the heap's memory is refused with ENOMEM, and nothing is lost.",
     "mm/cma.c, cma_alloc", .dangers = DANGER_NOISE)
{
	if (!t->target->capacity)
		trial_skip(t, SKIP_NOT_KNOWN, "its size is unknown");
	EXPECT_DONE(t, close(trial_buffer(t, t->page)));
	EXPECT_ERRNO(t, ENOMEM,
		     allocate(t->heap, t->target->capacity + t->page, O_RDWR | O_CLOEXEC));
	/* that their lower 32 bits would be small is no excuse */
	for (uint64_t size = (uint64_t)4 << 30; size <= (uint64_t)8 << 30; size *= 2) {
		if (size > t->target->capacity)
			EXPECT_ERRNO(t, ENOMEM,
				     allocate(t->heap, size + t->page, O_RDWR | O_CLOEXEC));
	}
	EXPECT_ERRNO(t, ENOMEM, allocate(t->heap, (uint64_t)1 << 40, O_RDWR | O_CLOEXEC));
	EXPECT_DONE(t, allocate(t->heap, t->page, O_RDWR | O_CLOEXEC));
}

TEST(beyond_counted, "limits.beyond-counted",
     "The pages of a refused buffer are counted in alloc_pages_fail.", "mm/cma.c, cma_alloc",
     .differs = "Up to 6.12 a request that is larger than the whole area does not count.",
     .needs = NEED_CMA | NEED_CMA_COUNTERS, .dangers = DANGER_NOISE)
{
	const char *area = trial_area(t);
	uint64_t size = t->target->capacity;
	long long before;

	if (!size)
		trial_skip(t, SKIP_NOT_KNOWN, "its size is unknown");
	trial_buffer(t, t->page);
	before = cma_counter(t, area, "alloc_pages_fail");
	trial_say(t, "all %llu bytes of the area, of which one page is taken",
		  (unsigned long long)size);
	EXPECT_ERRNO(t, ENOMEM, allocate(t->heap, size, O_RDWR | O_CLOEXEC));
	EXPECT_NUMBER(t, before + (long long)(size / t->page),
		      cma_counter(t, area, "alloc_pages_fail"));
}

/* Allocates until refused; returns how many. */
static int fill(struct trial *t, int buffers[MOST_BUFFERS])
{
	int count = 0;

	if (!t->target->capacity)
		trial_skip(t, SKIP_NOT_KNOWN, "its size is unknown: it may have no limit");
	limit(t, RLIMIT_NOFILE, MOST_BUFFERS + 64);
	while (count < MOST_BUFFERS && (uint64_t)count * t->large <= t->target->capacity) {
		buffers[count] = allocate(t->heap, t->large, O_RDWR | O_CLOEXEC);
		if (buffers[count] < 0)
			break;
		count++;
	}
	EXPECT_NUMBER(t, ENOMEM, errno);
	if (!count)
		trial_skip(t, SKIP_NO_MEMORY, "%zu bytes: ENOMEM", t->large);
	EXPECT_TRUE(t, (uint64_t)count * t->large <= t->target->capacity);
	return count;
}

TEST(filled, "limits.filled",
     "A heap can be filled until it returns ENOMEM, emptied, and filled again as far.",
     "mm/cma.c, cma_alloc", .dangers = DANGER_NOISE, .seconds = 60)
{
	static int buffers[MOST_BUFFERS];
	int first = fill(t, buffers), second;

	for (int i = 0; i < first; i++)
		EXPECT_DONE(t, close(buffers[i]));
	second = fill(t, buffers);
	trial_say(t, "fill it with buffers of %zu bytes, twice", t->large);
	/* others may use a CMA area between the two, and pin pages of it */
	if (t->target->kind != MEMORY_CMA)
		EXPECT_NUMBER(t, first, second);
	else
		EXPECT_TRUE(t, second >= first - 1 - first / 8);
}

TEST(filled_counted, "limits.filled-counted",
     "A full area counts the pages of its buffers, and none once they are closed.",
     "mm/cma_sysfs.c", .needs = NEED_CMA | NEED_CMA_COUNTERS, .dangers = DANGER_NOISE,
     .seconds = 60)
{
	static int buffers[MOST_BUFFERS];
	long long before = cma_in_use(t, trial_area(t));
	int count = fill(t, buffers);

	EXPECT_NUMBER(t, before + count * (long long)(t->large / t->page),
		      cma_in_use(t, t->target->area));
	for (int i = 0; i < count; i++)
		EXPECT_DONE(t, close(buffers[i]));
	EXPECT_NUMBER(t, before, cma_in_use(t, t->target->area));
}

TEST(fragmented, "limits.fragmented",
     "A buffer of CMA is in one piece: an area with holes gives only what fits into a hole.",
     "mm/cma.c, cma_alloc", .needs = NEED_CMA, .dangers = DANGER_NOISE, .seconds = 60)
{
	static int buffers[MOST_BUFFERS];
	int count = fill(t, buffers);

	if (count < 4)
		trial_skip(t, SKIP_TOO_SMALL, "%d buffers fit", count);
	for (int i = 0; i < count; i += 2)
		EXPECT_DONE(t, close(buffers[i]));
	trial_say(t, "of %d buffers every second one closed", count);
	EXPECT_ERRNO(t, ENOMEM, allocate(t->heap, 2 * t->large, O_RDWR | O_CLOEXEC));
	EXPECT_DONE(t, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC));
}

/* As the first to be killed: the kernel looks for memory in processes, and buffers are in none. */
static void be_the_victim(void)
{
	int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (file < 0 || write(file, "1000", 4) != 4)
		_exit(1);
	close(file);
}

TEST(beyond_memory, "limits.beyond-memory",
     "A buffer larger than the machine's memory fails with ENOMEM or kills its process, and the "
     "memory is freed.",
     "drivers/dma-buf/heaps/system_heap.c, system_heap_allocate", .needs = NEED_PAGES | NEED_PROC,
     .dangers = DANGER_OOM | DANGER_NOISE, .seconds = 120)
{
	int status;
	pid_t child = trial_fork(t);

	if (!child) {
		be_the_victim();
		EXPECT_ERRNO(t, ENOMEM, allocate(t->heap, (uint64_t)1 << 40, O_RDWR | O_CLOEXEC));
		trial_child_done();
	}
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	trial_say(t, "ask for 1 TiB");
	EXPECT_TRUE(t, (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
			       (WIFEXITED(status) && !WEXITSTATUS(status)));
	EXPECT_DONE(t, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC));
}

SUITE(limits, "limits", NEED_HEAP, comes_back, comes_back_mapped, comes_back_forked,
      comes_back_torn, pages_come_back, descriptors, descriptors_counted, many, locked_memory,
      address_space, beyond, beyond_counted, filled, filled_counted, fragmented, beyond_memory);
