// SPDX-License-Identifier: GPL-2.0-or-later
/* No buffer shows what was in memory before: __GFP_ZERO in system_heap.c, clear_pages() in
 * cma_heap.c. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/heaps, " function

#define DIRT 0xa5

/* A buffer of SIZE bytes, mapped, whose descriptor goes to *fd; give it back with release(). */
static unsigned char *mapped_buffer(struct trial *t, size_t size, int *fd)
{
	*fd = trial_buffer(t, size);
	return trial_map(t, *fd, size);
}

static void release(unsigned char *memory, size_t size, int fd)
{
	munmap(memory, size);
	close(fd);
}

TEST(fresh, "zero.fresh", "All bytes of a buffer are 0 when it is first mapped, at all sizes.",
     SOURCE("*_allocate"))
{
	for (size_t size = t->page; size <= t->large; size *= 2) {
		int fd;
		unsigned char *memory = mapped_buffer(t, size, &fd);

		EXPECT_BYTES(t, 0, memory, size);
		release(memory, size, fd);
	}
}

TEST(rounded_up, "zero.rounded-up", "The bytes added by rounding are 0 as well.",
     SOURCE("*_allocate"), .needs = NEED_TWO_PAGES)
{
	int fd;

	EXPECT_BYTES(t, 0, mapped_buffer(t, t->page + 1, &fd), 2 * t->page);
}

/* Writes to all of a buffer and gives it back. */
static void leave_dirt(struct trial *t, size_t size)
{
	int fd;
	unsigned char *memory = mapped_buffer(t, size, &fd);

	memset(memory, DIRT, size);
	release(memory, size, fd);
}

TEST(reused, "zero.reused", "A buffer made after one that was written to and closed is 0.",
     SOURCE("*_allocate"), .seconds = 60)
{
	for (int i = 0; i < 16; i++) {
		unsigned char *memory;
		int fd;

		leave_dirt(t, t->large);
		memory = mapped_buffer(t, t->large, &fd);
		EXPECT_BYTES(t, 0, memory, t->large);
		release(memory, t->large, fd);
	}
}

TEST(reused_in_pieces, "zero.reused-in-pieces",
     "Small buffers made after a large one that was written to and closed are 0.",
     SOURCE("*_allocate"), .seconds = 60)
{
	size_t pieces = t->large / t->page;

	leave_dirt(t, t->large);
	for (size_t i = 0; i < pieces && i < 256; i++) {
		int fd;
		unsigned char *memory = mapped_buffer(t, t->page, &fd);

		EXPECT_BYTES(t, 0, memory, t->page);
		memset(memory, DIRT, t->page); /* it stays mapped: the next piece is another */
		close(fd);
	}
}

TEST(reused_joined, "zero.reused-joined",
     "A large buffer made after small ones that were written to and closed is 0.",
     SOURCE("*_allocate"), .seconds = 60)
{
	size_t pieces = t->large / t->page;
	int fd;

	for (size_t i = 0; i < pieces && i < 256; i++)
		leave_dirt(t, t->page);
	EXPECT_BYTES(t, 0, mapped_buffer(t, t->large, &fd), t->large);
}

TEST(after_a_kill, "zero.after-a-kill", "A buffer made after its writer was killed is 0.",
     SOURCE("*_release"), .seconds = 60)
{
	int status, fd;
	pid_t child = trial_fork(t);

	if (!child) {
		memset(mapped_buffer(t, t->large, &fd), DIRT, t->large);
		raise(SIGKILL);
	}
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	if (!WIFSIGNALED(status))
		_exit(1); /* it has said why */
	EXPECT_BYTES(t, 0, mapped_buffer(t, t->large, &fd), t->large);
}

TEST(largest, "zero.largest", "The largest buffer is 0 when it was written to and made again.",
     SOURCE("*_allocate"), .dangers = DANGER_NOISE, .seconds = 60)
{
	size_t size;
	int fd = trial_largest(t, &size);
	unsigned char *memory = trial_map(t, fd, size);

	memset(memory, DIRT, size);
	release(memory, size, fd);
	EXPECT_BYTES(t, 0, mapped_buffer(t, size, &fd), size);
}

SUITE(zero, "zero", NEED_HEAP | NEED_MMAP, fresh, rounded_up, reused, reused_in_pieces,
      reused_joined, after_a_kill, largest);
