// SPDX-License-Identifier: GPL-2.0-or-later
/* Who uses a mapping, how long it lasts, and where it shows. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/engine/suites.h"
#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-buf.c, " function

/* The inode in a line of /proc/self/maps, "START-END RIGHTS OFFSET DEVICE INODE PATH". */
static unsigned long long maps_inode(const char *line)
{
	for (int field = 0; line && field < 4; field++) {
		line = strchr(line, ' ');
		line += line != NULL;
	}
	return line ? strtoull(line, NULL, 10) : 0;
}

static void outlives_descriptor(struct trial *t)
{
	int fd = trial_buffer(t, t->page);
	unsigned char *memory = trial_map(t, fd, t->page);

	memset(memory, 7, t->page);
	EXPECT_DONE(t, close(fd));
	EXPECT_TRUE(t, holds_only(memory, t->page, 7));
	memset(memory, 8, t->page);
	EXPECT_TRUE(t, holds_only(memory, t->page, 8));
}

static void outlives_mapping(struct trial *t)
{
	int fd = trial_buffer(t, t->page);
	unsigned char *memory = trial_map(t, fd, t->page);

	memset(memory, 9, t->page);
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_TRUE(t, holds_only(trial_map(t, fd, t->page), t->page, 9));
}

static void counts(struct trial *t)
{
	int fd = trial_buffer(t, t->page);
	void *memory = trial_map(t, fd, t->page);

	EXPECT_NUMBER(t, 2, fd_number(fd, "count"));
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_NUMBER(t, 1, fd_number(fd, "count"));
}

static void unmap_part(struct trial *t)
{
	int fd = trial_buffer(t, 2 * t->page);
	unsigned char *memory = trial_map(t, fd, 2 * t->page);

	memset(memory, 10, 2 * t->page);
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_TRUE(t, holds_only(memory + t->page, t->page, 10));
	EXPECT_NUMBER(t, 2, fd_number(fd, "count"));
}

static void fork_shares(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);
	pid_t child = trial_fork(t);

	if (!child) {
		memset(memory, 11, t->page);
		trial_child_done();
	}
	trial_join(t, child);
	EXPECT_TRUE(t, holds_only(memory, t->page, 11));
}

static void in_proc(struct trial *t)
{
	char line[512];
	struct stat status;
	int fd = trial_buffer(t, t->page);
	uintptr_t wanted = (uintptr_t)trial_map(t, fd, t->page);
	FILE *maps = fopen("/proc/self/maps", "re");

	EXPECT_DONE(t, fstat(fd, &status));
	EXPECT_TRUE(t, maps != NULL);
	while (fgets(line, sizeof(line), maps)) {
		if (strtoull(line, NULL, 16) != wanted)
			continue;
		EXPECT_NUMBER(t, status.st_ino, maps_inode(line));
		EXPECT_TRUE(t, strstr(line, " /dmabuf:") != NULL);
		return;
	}
	trial_fail(t, "a line in /proc/self/maps", "none");
}

static const struct statement statements[] = {
	{.id = "map.outlives-descriptor",
	 .sentence = "A mapping stays usable when the descriptor is closed.",
	 .source = SOURCE("dma_buf_mmap_internal"),
	 .needs = NEED_HEAP | NEED_MMAP,
	 .run = outlives_descriptor},
	{.id = "map.outlives-mapping",
	 .sentence = "The contents stay when nothing is mapped.",
	 .source = "drivers/dma-buf/heaps, *_mmap",
	 .needs = NEED_HEAP | NEED_MMAP,
	 .run = outlives_mapping},
	{.id = "map.counts",
	 .sentence = "A mapping counts as a user in fdinfo, until it is gone.",
	 .source = SOURCE("dma_buf_show_fdinfo"),
	 .needs = NEED_HEAP | NEED_MMAP,
	 .run = counts},
	{.id = "map.unmap-part",
	 .sentence = "A part can be unmapped; the rest stays.",
	 .source = "mm/vma.c",
	 .needs = NEED_HEAP | NEED_MMAP | NEED_TWO_PAGES,
	 .run = unmap_part},
	{.id = "map.fork-shares",
	 .sentence = "A child has the mapping and writes to the same memory.",
	 .source = "kernel/fork.c, dup_mmap",
	 .needs = NEED_HEAP | NEED_MMAP,
	 .run = fork_shares},
	{.id = "map.in-proc",
	 .sentence = "/proc/self/maps shows a mapping with the path '/dmabuf:' and the inode of "
		     "the buffer.",
	 .source = "fs/proc/task_mmu.c, show_map_vma",
	 .needs = NEED_HEAP | NEED_MMAP,
	 .run = in_proc},
};

SUITE(map_lifetime, "map");
