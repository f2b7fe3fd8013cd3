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

/* A buffer of SIZE bytes, mapped; nothing but the mapping keeps it. */
static unsigned char *mapped_buffer(struct trial *t, size_t size)
{
	int fd = trial_buffer(t, size);
	unsigned char *memory = trial_map(t, fd, size);

	close(fd);
	return memory;
}

TEST(fresh, "zero.fresh", "All bytes of a buffer are 0 when it is first mapped, at all sizes.",
     SOURCE("*_allocate"))
{
	for (size_t size = t->page; size <= t->large; size *= 2) {
		unsigned char *memory = mapped_buffer(t, size);

		EXPECT_BYTES(t, 0, memory, size);
		munmap(memory, size);
	}
}

TEST(rounded_up, "zero.rounded-up", "The bytes added by rounding are 0 as well.",
     SOURCE("*_allocate"), .needs = NEED_TWO_PAGES)
{
	EXPECT_BYTES(t, 0, mapped_buffer(t, t->page + 1), 2 * t->page);
}

/* Writes to all of a buffer and gives it back. */
static void leave_dirt(struct trial *t, size_t size)
{
	unsigned char *memory = mapped_buffer(t, size);

	memset(memory, DIRT, size);
	munmap(memory, size);
}

TEST(reused, "zero.reused", "A buffer made after one that was written to and closed is 0.",
     SOURCE("*_allocate"), .seconds = 60)
{
	for (int i = 0; i < 16; i++) {
		unsigned char *memory;

		leave_dirt(t, t->large);
		memory = mapped_buffer(t, t->large);
		EXPECT_BYTES(t, 0, memory, t->large);
		munmap(memory, t->large);
	}
}

TEST(reused_in_pieces, "zero.reused-in-pieces",
     "Small buffers made after a large one that was written to and closed are 0.",
     SOURCE("*_allocate"), .seconds = 60)
{
	size_t pieces = t->large / t->page;

	leave_dirt(t, t->large);
	for (size_t i = 0; i < pieces && i < 256; i++) {
		unsigned char *memory = mapped_buffer(t, t->page);

		EXPECT_BYTES(t, 0, memory, t->page);
		memset(memory, DIRT, t->page); /* it stays mapped: the next piece is another */
	}
}

TEST(reused_joined, "zero.reused-joined",
     "A large buffer made after small ones that were written to and closed is 0.",
     SOURCE("*_allocate"), .seconds = 60)
{
	size_t pieces = t->large / t->page;

	for (size_t i = 0; i < pieces && i < 256; i++)
		leave_dirt(t, t->page);
	EXPECT_BYTES(t, 0, mapped_buffer(t, t->large), t->large);
}

TEST(after_a_kill, "zero.after-a-kill", "A buffer made after its writer was killed is 0.",
     SOURCE("*_release"), .seconds = 60)
{
	int status;
	pid_t child = trial_fork(t);

	if (!child) {
		memset(mapped_buffer(t, t->large), DIRT, t->large);
		raise(SIGKILL);
	}
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	if (!WIFSIGNALED(status))
		_exit(1); /* it has said why */
	EXPECT_BYTES(t, 0, mapped_buffer(t, t->large), t->large);
}

TEST(largest, "zero.largest", "The largest buffer is 0 when it was written to and made again.",
     SOURCE("*_allocate"), .dangers = DANGER_NOISE, .seconds = 60)
{
	size_t size;
	int fd = trial_largest(t, &size);
	unsigned char *memory = trial_map(t, fd, size);

	memset(memory, DIRT, size);
	munmap(memory, size);
	close(fd);
	EXPECT_BYTES(t, 0, mapped_buffer(t, size), size);
}

SUITE(zero, "zero", NEED_HEAP | NEED_MMAP, fresh, rounded_up, reused, reused_in_pieces,
      reused_joined, after_a_kill, largest);
