// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel does with the memory of a mapped buffer (mm/), and how long a mapping lasts. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/engine/trial.h"

/* Linux 5.14; not in every C library's headers */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

#define SOURCE(function) "mm, " function

/* What follows KEY in the lines of a mapping in /proc/self/smaps; fails where there is none. */
static const char *smaps_value(struct trial *t, const void *address, const char *key)
{
	char *line, *end, *rest = trial_read(t, "/proc/self/smaps");
	bool inside = false;

	while ((line = strsep(&rest, "\n"))) {
		uintptr_t start = (uintptr_t)strtoull(line, &end, 16);

		if (end > line && *end == '-') /* the first line of a mapping */
			inside = start == (uintptr_t)address;
		if (inside && !strncmp(line, key, strlen(key)))
			return line + strlen(key);
	}
	trial_fail(t, key, "no such line in /proc/self/smaps");
}

/*
 * A mapping of bare page frames (VM_PFNMAP), as the kernel's own heaps make them. Another driver
 * may map in another way; then nothing of what follows from it can be said.
 */
static unsigned char *pfn_mapping(struct trial *t, size_t size)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, size), size);

	if (t->target->kind == TARGET_PAGES || t->target->kind == TARGET_CMA)
		return memory;
	if (!strstr(smaps_value(t, memory, "VmFlags:"), " pf"))
		trial_skip(t, SKIP_HEAP_KIND, "its mappings are not of bare page frames");
	return memory;
}

static void vma_flags(struct trial *t)
{
	const char *flags = smaps_value(t, pfn_mapping(t, t->page), "VmFlags:");

	trial_say(t, "VmFlags:%s", flags);
	EXPECT_TRUE(t, strstr(flags, " pf") != NULL);
	EXPECT_TRUE(t, strstr(flags, " io") != NULL);
	EXPECT_TRUE(t, strstr(flags, " de") != NULL);
	EXPECT_TRUE(t, strstr(flags, " dd") != NULL);
}

static void not_resident(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->small);

	memset(memory, 1, t->small);
	EXPECT_NUMBER(t, 0, strtol(smaps_value(t, memory, "Rss:"), NULL, 10));
	EXPECT_NUMBER(t, 0, strtol(smaps_value(t, memory, "Pss:"), NULL, 10));
}

static void pagemap_empty(struct trial *t)
{
	uint64_t entry = 0;
	unsigned char *memory = pfn_mapping(t, t->page);
	int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (file < 0)
		trial_skip(t, SKIP_NO_FEATURE, "no /proc/self/pagemap");
	*memory = 1;
	EXPECT_NUMBER(t, sizeof(entry),
		      pread(file, &entry, sizeof(entry),
			    (off_t)((uintptr_t)memory / t->page * sizeof(entry))));
	EXPECT_NUMBER(t, 0, entry >> 63);
	EXPECT_NUMBER(t, 0, entry & (((uint64_t)1 << 55) - 1));
}

static void advice_refused(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_DONTNEED));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_FREE));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_COLD));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_PAGEOUT));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_WIPEONFORK));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_DODUMP));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_POPULATE_READ));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_POPULATE_WRITE));
}

static void advice_remove(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	*memory = 1;
	EXPECT_ERRNO(t, ENODEV, madvise(memory, t->page, MADV_REMOVE));
	EXPECT_NUMBER(t, 1, *memory);
}

static void advice_taken(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	*memory = 1;
	EXPECT_DONE(t, madvise(memory, t->page, MADV_NORMAL));
	EXPECT_DONE(t, madvise(memory, t->page, MADV_RANDOM));
	EXPECT_DONE(t, madvise(memory, t->page, MADV_SEQUENTIAL));
	EXPECT_DONE(t, madvise(memory, t->page, MADV_WILLNEED));
	EXPECT_DONE(t, madvise(memory, t->page, MADV_DONTDUMP));
	EXPECT_NUMBER(t, 1, *memory);
}

static void advice_fork(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_DONE(t, madvise(memory, t->page, MADV_DONTFORK));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_DOFORK));
}

static void remap_grow(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_ERRNO(t, EFAULT, (long)mremap(memory, t->page, 2 * t->page, MREMAP_MAYMOVE));
}

/* Touches the page after a buffer; returns only if that is possible. */
static void touch_behind(struct trial *t, unsigned char *memory)
{
	memory = mremap(memory, t->page, 2 * t->page, MREMAP_MAYMOVE);
	if (memory == MAP_FAILED)
		trial_child_done();
	memory[t->page] = 1;
}

static void remap_past_end(struct trial *t)
{
	int status;
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);
	pid_t child = trial_fork(t);

	if (!child) {
		touch_behind(t, memory);
		trial_fail(t, "mremap is refused, or SIGBUS", "the memory after it was written to");
	}
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	if (WIFSIGNALED(status))
		EXPECT_NUMBER(t, SIGBUS, WTERMSIG(status));
}

static void remap_shrink(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, 2 * t->page), 2 * t->page);

	memset(memory, 2, 2 * t->page);
	EXPECT_TRUE(t, mremap(memory, 2 * t->page, t->page, 0) == memory);
	EXPECT_TRUE(t, holds_only(memory, t->page, 2));
}

static void remap_move(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->small), t->small);
	unsigned char *place =
		EXPECT_DONE(t, mmap(NULL, t->small, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	memset(memory, 3, t->small);
	EXPECT_TRUE(t, mremap(memory, t->small, t->small, MREMAP_MAYMOVE | MREMAP_FIXED, place) ==
			       place);
	EXPECT_TRUE(t, holds_only(place, t->small, 3));
}

static void remap_copy(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_ERRNO(
		t, EINVAL,
		(long)mremap(memory, t->page, t->page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL));
	EXPECT_ERRNO(t, EFAULT, (long)mremap(memory, 0, t->page, MREMAP_MAYMOVE));
}

static void synchronise(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	EXPECT_ERRNO(t, EINVAL, msync(memory, t->page, MS_SYNC));
	EXPECT_DONE(t, msync(memory, t->page, MS_ASYNC));
}

static void lock(struct trial *t)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	EXPECT_DONE(t, mlock(memory, t->page));
	EXPECT_DONE(t, munlock(memory, t->page));
}

static void pinning(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->page);
	struct iovec piece = {memory, 16};
	int pipes[2];

	EXPECT_DONE(t, pipe(pipes));
	EXPECT_ERRNO(t, EFAULT, vmsplice(pipes[1], &piece, 1, 0));
}

static void other_process(struct trial *t)
{
	char bytes[16];
	struct iovec other = {bytes, sizeof(bytes)};
	struct iovec piece = {pfn_mapping(t, t->page), sizeof(bytes)};

	if (process_vm_readv(getpid(), &other, 1, &other, 1, 0) < 0 && errno == ENOSYS)
		trial_skip(t, SKIP_NO_FEATURE, "CONFIG_CROSS_MEMORY_ATTACH is off");
	EXPECT_ERRNO(t, EFAULT, process_vm_readv(getpid(), &other, 1, &piece, 1, 0));
	EXPECT_ERRNO(t, EFAULT, process_vm_writev(getpid(), &other, 1, &piece, 1, 0));
}

static void through_proc_mem(struct trial *t)
{
	char byte = 1;
	unsigned char *memory = pfn_mapping(t, t->page);
	int file = EXPECT_DONE(t, open("/proc/self/mem", O_RDWR | O_CLOEXEC));

	EXPECT_ERRNO(t, EIO, pread(file, &byte, 1, (off_t)(uintptr_t)memory));
	EXPECT_ERRNO(t, EIO, pwrite(file, &byte, 1, (off_t)(uintptr_t)memory));
}

static void copied(struct trial *t)
{
	char back[64];
	int pipes[2], sockets[2];
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	memset(memory, 'a', sizeof(back));
	EXPECT_DONE(t, pipe(pipes));
	EXPECT_NUMBER(t, sizeof(back), write(pipes[1], memory, sizeof(back)));
	EXPECT_NUMBER(t, sizeof(back), read(pipes[0], memory + sizeof(back), sizeof(back)));
	EXPECT_DONE(t, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	EXPECT_NUMBER(t, sizeof(back), send(sockets[0], memory + sizeof(back), sizeof(back), 0));
	EXPECT_NUMBER(t, sizeof(back), recv(sockets[1], back, sizeof(back), 0));
	EXPECT_TRUE(t, holds_only(back, sizeof(back), 'a'));
}

static void futexes(struct trial *t)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_ERRNO(t, EFAULT, syscall(SYS_futex, memory, FUTEX_WAKE, 1, NULL, NULL, 0));
	EXPECT_NUMBER(t, 0, syscall(SYS_futex, memory, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
}

/* How long a mapping lasts, who shares it, and where it shows. */

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
	struct stat status;
	int fd = trial_buffer(t, t->page);
	uintptr_t wanted = (uintptr_t)trial_map(t, fd, t->page);
	char *line, *rest = trial_read(t, "/proc/self/maps");

	EXPECT_DONE(t, fstat(fd, &status));
	while ((line = strsep(&rest, "\n"))) {
		if (strtoull(line, NULL, 16) != wanted)
			continue;
		EXPECT_NUMBER(t, status.st_ino, maps_inode(line));
		EXPECT_TRUE(t, strstr(line, " /dmabuf:") != NULL);
		return;
	}
	trial_fail(t, "a line in /proc/self/maps", "none");
}

static const struct statement statements[] = {
	{.id = "map.vma-flags",
	 .sentence = "A mapping consists of bare page frames of a device, can't grow and is not "
		     "dumped: VmFlags has pf, io, de and dd.",
	 .source = "drivers/dma-buf/heaps, *_mmap",
	 .run = vma_flags},
	{.id = "map.not-resident",
	 .sentence = "Mapped memory counts neither as Rss nor as Pss, however much was written.",
	 .source = "mm/memory.c, remap_pfn_range",
	 .run = not_resident},
	{.id = "map.pagemap-empty",
	 .sentence = "/proc/self/pagemap shows no page frame.",
	 .source = "mm/pagewalk.c, walk_page_test",
	 .run = pagemap_empty},
	{.id = "map.advice-refused",
	 .sentence =
		 "madvise refuses with EINVAL what would drop, move, wipe or populate the memory.",
	 .source = SOURCE("madvise.c"),
	 .run = advice_refused},
	{.id = "map.advice-remove",
	 .sentence = "madvise refuses MADV_REMOVE with ENODEV, and the data stays.",
	 .source = "fs/open.c, vfs_fallocate",
	 .run = advice_remove},
	{.id = "map.advice-taken",
	 .sentence = "madvise accepts advice that changes nothing.",
	 .source = SOURCE("madvise.c"),
	 .run = advice_taken},
	{.id = "map.advice-fork",
	 .sentence = "A mapping can be kept from children (MADV_DONTFORK), but not given back: "
		     "MADV_DOFORK is refused with EINVAL.",
	 .source = SOURCE("madvise.c"),
	 .run = advice_fork},
	{.id = "map.remap-grow",
	 .sentence = "A mapping can't grow: EFAULT.",
	 .source = SOURCE("mremap.c"),
	 .run = remap_grow},
	{.id = "map.remap-past-end",
	 .sentence = "Memory beyond the buffer can't be reached by making a mapping longer.",
	 .source = SOURCE("mremap.c"),
	 .run = remap_past_end},
	{.id = "map.remap-shrink",
	 .sentence = "A mapping can shrink.",
	 .source = SOURCE("mremap.c"),
	 .needs = NEED_TWO_PAGES,
	 .run = remap_shrink},
	{.id = "map.remap-move",
	 .sentence = "A mapping can be moved with its data.",
	 .source = SOURCE("mremap.c"),
	 .run = remap_move},
	{.id = "map.remap-copy",
	 .sentence = "A mapping can't be duplicated: MREMAP_DONTUNMAP is refused with EINVAL, an "
		     "old size of 0 with EFAULT.",
	 .source = SOURCE("mremap.c"),
	 .run = remap_copy},
	{.id = "map.synchronise",
	 .sentence = "msync has nothing to write back: MS_SYNC is refused with EINVAL.",
	 .source = SOURCE("msync.c"),
	 .run = synchronise},
	{.id = "map.lock",
	 .sentence = "mlock succeeds and locks nothing.",
	 .source = SOURCE("mlock.c"),
	 .run = lock},
	{.id = "map.pinning",
	 .sentence = "The pages can't be pinned: vmsplice fails with EFAULT.",
	 .source = SOURCE("gup.c, check_vma_flags"),
	 .run = pinning},
	{.id = "map.other-process",
	 .sentence = "Other processes can't copy them: process_vm_readv and process_vm_writev fail "
		     "with EFAULT.",
	 .source = SOURCE("gup.c, check_vma_flags"),
	 .run = other_process},
	{.id = "map.proc-mem",
	 .sentence = "/proc/self/mem can't be read or written there: EIO.",
	 .source = SOURCE("memory.c, __access_remote_vm"),
	 .run = through_proc_mem},
	{.id = "map.copied",
	 .sentence = "System calls that copy work on the memory: pipes and sockets.",
	 .source = "lib/iov_iter.c",
	 .run = copied},
	{.id = "map.futexes",
	 .sentence = "A shared futex in the memory is refused with EFAULT; a private one works.",
	 .source = "kernel/futex/core.c, get_futex_key",
	 .run = futexes},
	{.id = "map.outlives-descriptor",
	 .sentence = "A mapping stays usable when the descriptor is closed.",
	 .source = "drivers/dma-buf/dma-buf.c, dma_buf_mmap_internal",
	 .run = outlives_descriptor},
	{.id = "map.outlives-mapping",
	 .sentence = "The data stays when nothing is mapped.",
	 .source = "drivers/dma-buf/heaps, *_mmap",
	 .run = outlives_mapping},
	{.id = "map.counts",
	 .sentence = "A mapping is counted as a user in fdinfo until it is gone.",
	 .source = "drivers/dma-buf/dma-buf.c, dma_buf_show_fdinfo",
	 .run = counts},
	{.id = "map.unmap-part",
	 .sentence = "A part of a mapping can be unmapped; the rest stays.",
	 .source = "mm/vma.c",
	 .needs = NEED_TWO_PAGES,
	 .run = unmap_part},
	{.id = "map.fork-shares",
	 .sentence = "A child has the mapping and writes to the same memory.",
	 .source = "kernel/fork.c, dup_mmap",
	 .run = fork_shares},
	{.id = "map.in-proc",
	 .sentence = "/proc/self/maps shows a mapping with the path '/dmabuf:' and the inode of "
		     "the buffer.",
	 .source = "fs/proc/task_mmu.c, show_map_vma",
	 .run = in_proc},
};

SUITE(map_memory, "map", NEED_HEAP | NEED_MMAP);
