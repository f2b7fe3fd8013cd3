// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel does with the memory of a mapped buffer (mm/), and how long a mapping lasts. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/engine/trial.h"
#include "sys/uapi.h"

#define SOURCE(function) "mm/" function

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
 * From this kernel on the heap maps bare page frames (VM_PFNMAP), before it struct pages. system:
 * commit 263e38f82cbb, CMA: 1c1914d6e8c6. 0: another driver, which may do either.
 */
static uint32_t frames_since(const struct trial *t)
{
	switch (t->target->kind) {
	case MEMORY_PAGES:
		return KERNEL(5, 11, 0);
	case MEMORY_CMA:
		return KERNEL(6, 8, 0);
	default:
		return 0;
	}
}

#define PAGES_BEFORE "Not before 5.11 (system) and 6.8 (CMA): see map.struct-pages."

/* A mapping of bare page frames; skips where it is of something else. */
static unsigned char *pfn_mapping(struct trial *t, size_t size)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, size), size);
	uint32_t since = frames_since(t);

	if (since && t->kernel && t->kernel < since)
		trial_skip(t, SKIP_KERNEL_VERSION, "the heap maps struct pages");
	if (!since && !strstr(smaps_value(t, memory, "VmFlags:"), " pf"))
		trial_skip(t, SKIP_HEAP_KIND, "its mappings are not of bare page frames");
	return memory;
}

TEST(vma_flags, "map.vma-flags",
     "A mapping consists of bare page frames of a device, cannot grow and is not dumped: VmFlags "
     "has pf, io, de and dd.",
     "drivers/dma-buf/heaps, *_mmap", .differs = PAGES_BEFORE)
{
	const char *flags = smaps_value(t, pfn_mapping(t, t->page), "VmFlags:");

	trial_say(t, "VmFlags:%s", flags);
	EXPECT_TRUE(t, strstr(flags, " pf") != NULL);
	EXPECT_TRUE(t, strstr(flags, " io") != NULL);
	EXPECT_TRUE(t, strstr(flags, " de") != NULL);
	EXPECT_TRUE(t, strstr(flags, " dd") != NULL);
}

TEST(not_resident, "map.not-resident",
     "Mapped memory counts neither as Rss nor as Pss, however much was written.",
     "mm/memory.c, remap_pfn_range", .differs = PAGES_BEFORE)
{
	unsigned char *memory = pfn_mapping(t, t->small);

	memset(memory, 1, t->small);
	EXPECT_NUMBER(t, 0, strtol(smaps_value(t, memory, "Rss:"), NULL, 10));
	EXPECT_NUMBER(t, 0, strtol(smaps_value(t, memory, "Pss:"), NULL, 10));
}

TEST(pagemap_empty, "map.pagemap-empty", "/proc/self/pagemap shows no page frame.",
     "mm/pagewalk.c, walk_page_test", .needs = NEED_PROC, .differs = PAGES_BEFORE)
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

TEST(advice_refused, "map.advice-refused",
     "madvise refuses with EINVAL what would drop, move, wipe or populate the memory.",
     SOURCE("madvise.c"), .differs = PAGES_BEFORE)
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

TEST(struct_pages, "map.struct-pages",
     "A mapping consists of struct pages: it counts as Rss, /proc/self/pagemap shows its page "
     "frames, and it can be dropped, pinned and written through /proc/self/mem.",
     "drivers/dma-buf/heaps, *_vm_fault",
     .differs = "From 5.11 (system) and 6.8 (CMA) on it consists of bare page frames.",
     .until = KERNEL(6, 8, 0), .needs = NEED_PROC)
{
	char byte = 2;
	int pipes[2], file;
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);
	struct iovec piece = {memory, 16};
	uint64_t entry = 0;

	if (!frames_since(t))
		trial_skip(t, SKIP_HEAP_KIND, "its driver may map what it likes");
	if (t->kernel >= frames_since(t))
		trial_skip(t, SKIP_KERNEL_VERSION, "the heap maps bare page frames");
	*memory = 1;
	EXPECT_TRUE(t, !strstr(smaps_value(t, memory, "VmFlags:"), " pf"));
	EXPECT_NUMBER(t, t->page / 1024, strtol(smaps_value(t, memory, "Rss:"), NULL, 10));
	file = EXPECT_DONE(t, open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	EXPECT_NUMBER(t, sizeof(entry),
		      pread(file, &entry, sizeof(entry),
			    (off_t)((uintptr_t)memory / t->page * sizeof(entry))));
	EXPECT_NUMBER(t, 1, entry >> 63);
	EXPECT_DONE(t, madvise(memory, t->page, MADV_DONTNEED));
	EXPECT_NUMBER(t, 1, *memory);
	EXPECT_DONE(t, pipe(pipes));
	EXPECT_NUMBER(t, 16, vmsplice(pipes[1], &piece, 1, 0));
	file = EXPECT_DONE(t, open("/proc/self/mem", O_RDWR | O_CLOEXEC));
	EXPECT_NUMBER(t, 1, pwrite(file, &byte, 1, (off_t)(uintptr_t)memory));
	EXPECT_NUMBER(t, 2, *memory);
}

TEST(advice_remove, "map.advice-remove",
     "madvise refuses MADV_REMOVE with ENODEV, and the data stays.", "fs/open.c, vfs_fallocate")
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	*memory = 1;
	EXPECT_ERRNO(t, ENODEV, madvise(memory, t->page, MADV_REMOVE));
	EXPECT_NUMBER(t, 1, *memory);
}

TEST(advice_taken, "map.advice-taken", "madvise accepts advice that changes nothing.",
     SOURCE("madvise.c"))
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

TEST(advice_fork, "map.advice-fork",
     "A mapping can be kept from children (MADV_DONTFORK), but not given back: MADV_DOFORK is "
     "refused with EINVAL.",
     SOURCE("madvise.c"), .differs = PAGES_BEFORE)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_DONE(t, madvise(memory, t->page, MADV_DONTFORK));
	EXPECT_ERRNO(t, EINVAL, madvise(memory, t->page, MADV_DOFORK));
}

TEST(remap_grow, "map.remap-grow", "A mapping cannot grow: EFAULT.", SOURCE("mremap.c"),
     .differs = PAGES_BEFORE)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_ERRNO(t, EFAULT, (long)mremap(memory, t->page, 2 * t->page, MREMAP_MAYMOVE));
}

/* Touches the page after a buffer; returns only if that is possible. */
static void touch_after(struct trial *t, unsigned char *memory)
{
	memory = mremap(memory, t->page, 2 * t->page, MREMAP_MAYMOVE);
	if (memory == MAP_FAILED)
		trial_child_done();
	memory[t->page] = 1;
}

TEST(remap_past_end, "map.remap-past-end",
     "Memory beyond the buffer cannot be reached by making a mapping longer.",
     "drivers/dma-buf/heaps/cma_heap.c, cma_heap_vm_fault; "
     "drivers/dma-buf/heaps/heap-helpers.c, dma_heap_vm_fault",
     .hazard = HAZARD_PAST_END)
{
	int status;
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);
	pid_t child = trial_fork(t);

	if (!child) {
		touch_after(t, memory);
		trial_fail(t, "mremap is refused, or SIGBUS", "the memory after it was written to");
	}
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	if (WIFSIGNALED(status))
		EXPECT_NUMBER(t, SIGBUS, WTERMSIG(status));
}

TEST(remap_shrink, "map.remap-shrink", "A mapping can shrink.", SOURCE("mremap.c"),
     .needs = NEED_TWO_PAGES)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, 2 * t->page), 2 * t->page);

	memset(memory, 2, 2 * t->page);
	EXPECT_TRUE(t, mremap(memory, 2 * t->page, t->page, 0) == memory);
	EXPECT_BYTES(t, 2, memory, t->page);
}

TEST(remap_move, "map.remap-move", "A mapping can be moved with its data.", SOURCE("mremap.c"))
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->small), t->small);
	unsigned char *place =
		EXPECT_DONE(t, mmap(NULL, t->small, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	memset(memory, 3, t->small);
	EXPECT_TRUE(t, mremap(memory, t->small, t->small, MREMAP_MAYMOVE | MREMAP_FIXED, place) ==
			       place);
	EXPECT_BYTES(t, 3, place, t->small);
}

TEST(remap_copy, "map.remap-copy",
     "A mapping cannot be duplicated: MREMAP_DONTUNMAP is refused with EINVAL, an old size of 0 "
     "with EFAULT.",
     SOURCE("mremap.c"), .differs = PAGES_BEFORE)
{
	unsigned char *memory = pfn_mapping(t, t->page);

	EXPECT_ERRNO(
		t, EINVAL,
		(long)mremap(memory, t->page, t->page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL));
	EXPECT_ERRNO(t, EFAULT, (long)mremap(memory, 0, t->page, MREMAP_MAYMOVE));
}

TEST(synchronise, "map.synchronise",
     "msync has nothing to write back: MS_SYNC is refused with EINVAL.", SOURCE("msync.c"))
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	EXPECT_ERRNO(t, EINVAL, msync(memory, t->page, MS_SYNC));
	EXPECT_DONE(t, msync(memory, t->page, MS_ASYNC));
}

TEST(lock, "map.lock", "mlock succeeds and locks nothing.", SOURCE("mlock.c"))
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);

	EXPECT_DONE(t, mlock(memory, t->page));
	EXPECT_DONE(t, munlock(memory, t->page));
}

TEST(pinning, "map.pinning", "The pages cannot be pinned: vmsplice fails with EFAULT.",
     SOURCE("gup.c, check_vma_flags"), .differs = PAGES_BEFORE)
{
	unsigned char *memory = pfn_mapping(t, t->page);
	struct iovec piece = {memory, 16};
	int pipes[2];

	EXPECT_DONE(t, pipe(pipes));
	EXPECT_ERRNO(t, EFAULT, vmsplice(pipes[1], &piece, 1, 0));
}

TEST(other_process, "map.other-process",
     "Other processes cannot copy them: process_vm_readv and process_vm_writev fail with EFAULT.",
     SOURCE("gup.c, check_vma_flags"), .differs = PAGES_BEFORE)
{
	char bytes[16];
	struct iovec other = {bytes, sizeof(bytes)};
	struct iovec piece = {pfn_mapping(t, t->page), sizeof(bytes)};

	if (process_vm_readv(getpid(), &other, 1, &other, 1, 0) < 0 && errno == ENOSYS)
		trial_skip(t, SKIP_NO_FEATURE, "CONFIG_CROSS_MEMORY_ATTACH is off");
	EXPECT_ERRNO(t, EFAULT, process_vm_readv(getpid(), &other, 1, &piece, 1, 0));
	EXPECT_ERRNO(t, EFAULT, process_vm_writev(getpid(), &other, 1, &piece, 1, 0));
}

TEST(through_proc_mem, "map.proc-mem", "/proc/self/mem cannot be read or written there: EIO.",
     SOURCE("memory.c, __access_remote_vm"), .needs = NEED_PROC, .differs = PAGES_BEFORE)
{
	char byte = 1;
	unsigned char *memory = pfn_mapping(t, t->page);
	int file = EXPECT_DONE(t, open("/proc/self/mem", O_RDWR | O_CLOEXEC));

	EXPECT_ERRNO(t, EIO, pread(file, &byte, 1, (off_t)(uintptr_t)memory));
	EXPECT_ERRNO(t, EIO, pwrite(file, &byte, 1, (off_t)(uintptr_t)memory));
}

TEST(copied, "map.copied", "System calls that copy work on the memory: pipes and sockets.",
     "lib/iov_iter.c")
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
	EXPECT_BYTES(t, 'a', back, sizeof(back));
}

TEST(futexes, "map.futexes",
     "A shared futex in the memory is refused with EFAULT; a private one works.",
     "kernel/futex/core.c, get_futex_key", .differs = PAGES_BEFORE)
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

TEST(outlives_descriptor, "map.outlives-descriptor",
     "A mapping stays usable when the descriptor is closed.",
     "drivers/dma-buf/dma-buf.c, dma_buf_mmap_internal")
{
	int fd = trial_buffer(t, t->page);
	unsigned char *memory = trial_map(t, fd, t->page);

	memset(memory, 7, t->page);
	EXPECT_DONE(t, close(fd));
	EXPECT_BYTES(t, 7, memory, t->page);
	memset(memory, 8, t->page);
	EXPECT_BYTES(t, 8, memory, t->page);
}

/* Other buffers, which would get memory that was given back, written to. */
static void make_others(struct trial *t, size_t size)
{
	for (int i = 0; i < 8; i++)
		memset(trial_map(t, trial_buffer(t, size), size), 0xee, size);
}

TEST(untouched_outlives, "map.untouched-outlives",
     "A mapping that was never touched holds its memory when the descriptor is closed.",
     "drivers/dma-buf/heaps, *_mmap")
{
	int fd = trial_buffer(t, t->small);
	unsigned char *memory = trial_map(t, fd, t->small);

	EXPECT_DONE(t, close(fd));
	make_others(t, t->small);
	EXPECT_BYTES(t, 0, memory, t->small);
	memset(memory, 15, t->small);
	EXPECT_BYTES(t, 15, memory, t->small);
}

TEST(outlives_mapping, "map.outlives-mapping", "The data stays when nothing is mapped.",
     "drivers/dma-buf/heaps, *_mmap")
{
	int fd = trial_buffer(t, t->page);
	unsigned char *memory = trial_map(t, fd, t->page);

	memset(memory, 9, t->page);
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_BYTES(t, 9, trial_map(t, fd, t->page), t->page);
}

TEST(counts, "map.counts", "A mapping is counted as a user in fdinfo until it is gone.",
     "drivers/dma-buf/dma-buf.c, dma_buf_show_fdinfo")
{
	int fd = trial_buffer(t, t->page);
	void *memory = trial_map(t, fd, t->page);

	EXPECT_NUMBER(t, 2, fd_number(t, fd, "count"));
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_NUMBER(t, 1, fd_number(t, fd, "count"));
}

TEST(unmap_part, "map.unmap-part", "A part of a mapping can be unmapped; the rest stays.",
     "mm/vma.c, __split_vma; mm/mmap.c, __split_vma", .needs = NEED_TWO_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page);
	unsigned char *memory = trial_map(t, fd, 2 * t->page);

	memset(memory, 10, 2 * t->page);
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_BYTES(t, 10, memory + t->page, t->page);
	EXPECT_NUMBER(t, 2, fd_number(t, fd, "count"));
}

TEST(unmapped_keeps, "map.unmapped-keeps",
     "The memory of a buffer stays its own when nothing maps it: buffers made then do not get it.",
     "drivers/dma-buf/heaps, *_release")
{
	int fd = trial_buffer(t, t->small);
	unsigned char *memory = trial_map(t, fd, t->small);

	memset(memory, 12, t->small);
	EXPECT_DONE(t, munmap(memory, t->small));
	make_others(t, t->small);
	EXPECT_BYTES(t, 12, trial_map(t, fd, t->small), t->small);
}

TEST(rest_keeps, "map.rest-keeps",
     "The memory of a buffer stays its own when a part of it is unmapped.",
     "drivers/dma-buf/heaps, *_release", .needs = NEED_TWO_PAGES)
{
	int fd = trial_buffer(t, 2 * t->page);
	unsigned char *memory = trial_map(t, fd, 2 * t->page);

	memset(memory, 13, 2 * t->page);
	EXPECT_DONE(t, munmap(memory, t->page));
	make_others(t, 2 * t->page);
	EXPECT_BYTES(t, 13, memory + t->page, t->page);
}

TEST(rest_untouched, "map.rest-untouched",
     "A page that was never touched can be used when another part of its mapping is gone.",
     "drivers/dma-buf/heaps, *_mmap", .needs = NEED_TWO_PAGES)
{
	unsigned char *memory = trial_map(t, trial_buffer(t, 2 * t->page), 2 * t->page);

	EXPECT_DONE(t, munmap(memory, t->page));
	memset(memory + t->page, 14, t->page);
	EXPECT_BYTES(t, 14, memory + t->page, t->page);
}

TEST(fork_shares, "map.fork-shares", "A child has the mapping and writes to the same memory.",
     "kernel/fork.c, dup_mmap")
{
	unsigned char *memory = trial_map(t, trial_buffer(t, t->page), t->page);
	pid_t child = trial_fork(t);

	if (!child) {
		memset(memory, 11, t->page);
		trial_child_done();
	}
	trial_join(t, child);
	EXPECT_BYTES(t, 11, memory, t->page);
}

TEST(in_proc, "map.in-proc",
     "/proc/self/maps shows a mapping with the path '/dmabuf:' and the inode of the buffer.",
     "fs/proc/task_mmu.c, show_map_vma")
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

SUITE(map_memory, "map", NEED_HEAP | NEED_MMAP, vma_flags, struct_pages, not_resident,
      pagemap_empty, advice_refused, advice_remove, advice_taken, advice_fork, remap_grow,
      remap_past_end, remap_shrink, remap_move, remap_copy, synchronise, lock, pinning,
      other_process, through_proc_mem, copied, futexes, outlives_descriptor, untouched_outlives,
      outlives_mapping, counts, unmap_part, unmapped_keeps, rest_keeps, rest_untouched, fork_shares,
      in_proc);
