// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "sys/uapi.h"

/* Those that linux/magic.h does not have, from the file systems' own sources. */
#define MAGIC_XFS     0x58465342
#define MAGIC_VFAT    0x4d44
#define MAGIC_EXFAT   0x2011bab0
#define MAGIC_EROFS   0xe0f5e1e2
#define MAGIC_F2FS    0xf2f52010
#define MAGIC_OVERLAY 0x794c7630
#define MAGIC_UBIFS   0x24051905

static const struct {
	const char *name;
	uint32_t magic;
	bool memory_only;
} filesystems[] = {
	{"ext4", EXT4_SUPER_MAGIC, false},   {"xfs", MAGIC_XFS, false},
	{"btrfs", BTRFS_SUPER_MAGIC, false}, {"f2fs", MAGIC_F2FS, false},
	{"tmpfs", TMPFS_MAGIC, true},        {"ramfs", RAMFS_MAGIC, true},
	{"9p", V9FS_MAGIC, false},           {"nfs", NFS_SUPER_MAGIC, false},
	{"overlay", MAGIC_OVERLAY, false},   {"squashfs", SQUASHFS_MAGIC, false},
	{"vfat", MAGIC_VFAT, false},         {"exfat", MAGIC_EXFAT, false},
	{"erofs", MAGIC_EROFS, false},       {"ubifs", MAGIC_UBIFS, false},
	{"proc", PROC_SUPER_MAGIC, false},   {"sysfs", SYSFS_MAGIC, false},
};

static void read_filesystem(int fd, struct file_facts *facts)
{
	struct statfs status;

	if (fstatfs(fd, &status))
		return;
	for (size_t i = 0; i < COUNT_OF(filesystems); i++) {
		if (filesystems[i].magic == (uint32_t)status.f_type) {
			facts->filesystem = filesystems[i].name;
			facts->memory_only = filesystems[i].memory_only;
		}
	}
}

/* The kernel leaves the bit out where a file system does not tell. */
static void read_alignment(int fd, struct file_facts *facts)
{
	struct statx_dio status = {0};

	facts->offset_align = 4096;
	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) ||
	    !(status.mask & STATX_DIOALIGN))
		return;
	facts->direct = status.offset_align ? YES : NO;
	if (status.offset_align)
		facts->offset_align = status.offset_align;
}

int file_facts(int fd, struct file_facts *facts)
{
	struct file_facts new = {.kind = FILE_STREAM, .page = (size_t)sysconf(_SC_PAGESIZE)};
	struct stat status;
	off_t offset, end;

	if (fstat(fd, &status))
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (S_ISCHR(status.st_mode))
		new.kind = FILE_DEVICE;
	/* where a file is appended to, pwrite(2) writes at its end, whatever the offset is */
	if ((S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)) &&
	    !(fcntl(fd, F_GETFL) & O_APPEND)) {
		new.kind = S_ISREG(status.st_mode) ? FILE_REGULAR : FILE_BLOCK;
		offset = lseek(fd, 0, SEEK_CUR);
		end = S_ISREG(status.st_mode) ? status.st_size : lseek(fd, 0, SEEK_END);
		if (offset < 0 || end < 0 || lseek(fd, offset, SEEK_SET) < 0)
			return -errno;
		new.offset = (uint64_t)offset;
		new.size = end > offset ? (uint64_t)(end - offset) : 0;
		read_filesystem(fd, &new);
	}
	read_alignment(fd, &new);
	*facts = new;
	return 0;
}

/* A call that moves bytes, again where a signal that stops nothing came before the first of them.
 */
#define MOVE(call) \
	({ \
		ssize_t moved_; \
		do \
			moved_ = (call); \
		while (moved_ < 0 && errno == EINTR && !stop_signal()); \
		moved_ < 0 ? -errno : moved_; \
	})

/* Waits until a stream has data or room. Returns whether it is to be tried again. */
static bool wait_for(int fd, short events)
{
	struct pollfd wait = {.fd = fd, .events = events};

	return poll(&wait, 1, -1) > 0 || (errno == EINTR && !stop_signal());
}

/* The same of a stream, which may be open with O_NONBLOCK, as another process has set it. */
#define MOVE_STREAM(call, fd, events) \
	({ \
		ssize_t tried_; \
		do \
			tried_ = MOVE(call); \
		while (tried_ == -EAGAIN && wait_for(fd, events)); \
		tried_ == -EAGAIN ? -EINTR : tried_; \
	})

ssize_t file_get_at(int fd, bool stream, void *data, size_t size, uint64_t offset)
{
	return stream ? MOVE_STREAM(read(fd, data, size), fd, POLLIN)
		      : MOVE(pread(fd, data, size, (off_t)offset));
}

ssize_t file_put_at(int fd, bool stream, const void *data, size_t size, uint64_t offset)
{
	return stream ? MOVE_STREAM(write(fd, data, size), fd, POLLOUT)
		      : MOVE(pwrite(fd, data, size, (off_t)offset));
}

int file_set_direct(int fd, bool direct)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	flags = direct ? flags | O_DIRECT : flags & ~O_DIRECT;
	return fcntl(fd, F_SETFL, flags) ? -errno : 0;
}

int file_open_at_once(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	/* which would change what io_uring does */
	if (!fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK))
		return fd;
	error = -errno;
	close(fd);
	return error;
}

int file_seek(int fd, uint64_t offset)
{
	return lseek(fd, (off_t)offset, SEEK_SET) < 0 ? -errno : 0;
}

int file_flush(int fd)
{
	return fdatasync(fd) && errno != EINVAL && errno != EROFS ? -errno : 0;
}

struct maybe file_cached(int fd, uint64_t offset, uint64_t size)
{
	const size_t window = (size_t)64 << 20;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *there = xcalloc(window / page, 1);
	uint64_t pages = 0, cached = 0, end = offset + size;
	bool known = size > 0;

	for (uint64_t at = offset / page * page; at < end && known; at += window) {
		size_t part = end - at < window ? (size_t)(end - at) : window;
		void *memory = NULL;

		known = !file_map(fd, at, part, false, &memory);
		if (!known)
			break;
		known = !mincore(memory, part, there);
		for (size_t i = 0; known && i < (part + page - 1) / page; i++) {
			pages++;
			cached += there[i] & 1U;
		}
		file_unmap(memory, part);
	}
	free(there);
	return known && pages ? (struct maybe){true, (cached * 100 + pages / 2) / pages}
			      : (struct maybe){0};
}

bool file_cached_is_told(int fd)
{
	AUTO_FREE char *path = xasprintf("/proc/self/fd/%d", fd);
	struct stat status;

	/* can_do_mincore(), mm/mincore.c */
	return !fstat(fd, &status) &&
	       (status.st_uid == geteuid() || !faccessat(AT_FDCWD, path, W_OK, AT_EACCESS));
}

int file_forget(int fd, uint64_t size)
{
	/* a folio that reaches further is kept: MAX_PAGECACHE_ORDER, linux/pagemap.h, is 11 at most
	 */
	const uint64_t whole = (uint64_t)sysconf(_SC_PAGESIZE) << 11;
	int error = file_flush(fd);

	return error ? error
		     : -posix_fadvise(fd, 0, (off_t)round_up(size, whole), POSIX_FADV_DONTNEED);
}

int file_resize(int fd, uint64_t size)
{
	return ftruncate(fd, (off_t)size) ? -errno : 0;
}

struct maybe file_room(int fd)
{
	struct statvfs status;

	if (fstatvfs(fd, &status) || !status.f_blocks)
		return (struct maybe){0};
	return (struct maybe){true, (uint64_t)status.f_bavail * status.f_frsize};
}

int file_map(int fd, uint64_t offset, size_t size, bool populate, void **memory)
{
	void *place = mmap(NULL, size, PROT_READ, MAP_SHARED | (populate ? MAP_POPULATE : 0), fd,
			   (off_t)offset);

	if (place == MAP_FAILED)
		return -errno;
	*memory = place;
	return 0;
}

void file_unmap(void *memory, size_t size)
{
	munmap(memory, size);
}

static sigjmp_buf bus_error;

static void on_bus_error(int number)
{
	(void)number;
	siglongjmp(bus_error, 1);
}

int file_copy_mapped(void *to, const void *from, size_t size)
{
	struct sigaction action = {.sa_handler = on_bus_error}, before;
	volatile int error = 0;

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, &before);
	if (sigsetjmp(bus_error, 1))
		error = -EFAULT;
	else
		memcpy(to, from, size);
	sigaction(SIGBUS, &before, NULL);
	return error;
}

ssize_t file_copy_range(int from, uint64_t *from_offset, int to, uint64_t *to_offset, size_t size)
{
	loff_t *in = (loff_t *)from_offset, *out = (loff_t *)to_offset;

	return MOVE(syscall(SYS_copy_file_range, from, in, to, out, size, 0));
}

ssize_t file_send(int from, uint64_t *from_offset, int to, size_t size)
{
	return MOVE(sendfile(to, from, (off_t *)from_offset, size));
}

ssize_t file_splice(int from, uint64_t *from_offset, int to, uint64_t *to_offset, size_t size)
{
	return MOVE(splice(from, (loff_t *)from_offset, to, (loff_t *)to_offset, size, 0));
}

ssize_t file_splice_memory(int pipe, void *memory, size_t size)
{
	const struct iovec part = {memory, size};

	return MOVE(vmsplice(pipe, &part, 1, 0));
}

int file_pipe(int ends[2], size_t size)
{
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	/* what is refused leaves it as it is: 64 KiB */
	fcntl(ends[0], F_SETPIPE_SZ, (int)size);
	return 0;
}
