// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of a buffer: drivers/dma-buf/dma-buf.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-buf.c, " function

static struct stat status_of(struct trial *t, int fd)
{
	struct stat status = {0};

	EXPECT_DONE(t, fstat(fd, &status));
	return status;
}

TEST(magic, "file.magic", "fstatfs identifies a buffer: its file system type is DMA_BUF_MAGIC.",
     SOURCE("dma_buf_fs_init_context"))
{
	struct statfs status;

	EXPECT_DONE(t, fstatfs(trial_buffer(t, t->page), &status));
	EXPECT_NUMBER(t, DMA_BUF_MAGIC, status.f_type);
}

TEST(mode, "file.mode", "The file has permissions but no type: its mode is 0600.",
     SOURCE("dma_buf_getfile"))
{
	EXPECT_NUMBER(t, 0600, status_of(t, trial_buffer(t, t->page)).st_mode);
}

TEST(status_fields, "file.status",
     "fstat returns the size, in blocks as well, one link, and the creator's user and group.",
     SOURCE("dma_buf_getfile"))
{
	int fd = trial_buffer(t, t->small);
	struct stat status = status_of(t, fd);

	trial_expect_size(t, fd, t->small);
	EXPECT_NUMBER(t, t->small / 512, status.st_blocks);
	EXPECT_NUMBER(t, 1, status.st_nlink);
	EXPECT_NUMBER(t, geteuid(), status.st_uid);
	EXPECT_NUMBER(t, getegid(), status.st_gid);
	EXPECT_NUMBER(t, 0, status.st_rdev);
}

TEST(one_device, "file.one-device", "All buffers are on the same device.", SOURCE("dma_buf_init"))
{
	dev_t first = status_of(t, trial_buffer(t, t->page)).st_dev;

	EXPECT_NUMBER(t, first, status_of(t, trial_buffer(t, t->page)).st_dev);
}

TEST(inode_grows, "file.inode-grows",
     "Each of 200 buffers has a higher inode number than the one before: no number is used again.",
     SOURCE("dma_buf_getfile"))
{
	ino_t last = 0;

	for (int i = 0; i < 200; i++) {
		int fd = trial_buffer(t, t->page);
		ino_t inode = status_of(t, fd).st_ino;

		EXPECT_TRUE(t, inode > last);
		last = inode;
		close(fd);
	}
}

TEST(seek, "file.seek", "lseek returns the size at the end and goes back to the start.",
     SOURCE("dma_buf_llseek"))
{
	int fd = trial_buffer(t, t->small);

	trial_expect_size(t, fd, t->small);
	EXPECT_NUMBER(t, t->small, lseek(fd, 0, SEEK_END));
	EXPECT_NUMBER(t, 0, lseek(fd, 0, SEEK_SET));
}

TEST(seek_refused, "file.seek-refused", "Seeking to any other place is refused with EINVAL.",
     SOURCE("dma_buf_llseek"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, lseek(fd, 0, SEEK_CUR));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, 1, SEEK_SET));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, -1, SEEK_END));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, 0, SEEK_DATA));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, 0, SEEK_HOLE));
}

TEST(read_write, "file.read-write",
     "read and write are refused with EINVAL, or with EBADF where the access mode forbids them.",
     "fs/read_write.c, vfs_read, vfs_write")
{
	char byte = 0;
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, read(fd, &byte, 1));
	EXPECT_ERRNO(t, EINVAL, write(fd, &byte, 1));
	EXPECT_ERRNO(t, EBADF, write(trial_allocate(t, t->page, O_RDONLY), &byte, 1));
	EXPECT_ERRNO(t, EBADF, read(trial_allocate(t, t->page, O_WRONLY), &byte, 1));
}

TEST(positional, "file.positional", "pread and pwrite are refused with ESPIPE.",
     "fs/read_write.c, ksys_pread64")
{
	char byte = 0;
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ESPIPE, pread(fd, &byte, 1, 0));
	EXPECT_ERRNO(t, ESPIPE, pwrite(fd, &byte, 1, 0));
}

TEST(truncate_refused, "file.truncate", "ftruncate is refused with EINVAL, and the size stays.",
     "fs/open.c, do_ftruncate, do_sys_ftruncate")
{
	int fd = trial_buffer(t, t->page);

	trial_expect_size(t, fd, t->page);
	EXPECT_ERRNO(t, EINVAL, ftruncate(fd, 0));
	EXPECT_ERRNO(t, EINVAL, ftruncate(fd, (off_t)t->small * 2));
	EXPECT_NUMBER(t, t->page, status_of(t, fd).st_size);
}

TEST(allocate_refused, "file.allocate", "fallocate is refused with ENODEV.",
     "fs/open.c, vfs_fallocate")
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ENODEV, fallocate(fd, 0, 0, (off_t)t->page));
	EXPECT_ERRNO(t, ENODEV,
		     fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)t->page));
}

TEST(synchronise_refused, "file.synchronise", "fsync and fdatasync are refused with EINVAL.",
     "fs/sync.c, vfs_fsync_range")
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, fsync(fd));
	EXPECT_ERRNO(t, EINVAL, fdatasync(fd));
}

TEST(splice_refused, "file.splice", "splice from and to a buffer is refused with EINVAL.",
     "fs/splice.c, do_splice")
{
	int pipes[2], fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, pipe(pipes));
	EXPECT_NUMBER(t, 1, write(pipes[1], "", 1));
	EXPECT_ERRNO(t, EINVAL, splice(fd, NULL, pipes[1], NULL, 1, 0));
	EXPECT_ERRNO(t, EINVAL, splice(pipes[0], NULL, fd, NULL, 1, 0));
}

TEST(sendfile_refused, "file.sendfile", "sendfile from and to a buffer is refused with EINVAL.",
     "fs/read_write.c, do_sendfile")
{
	int fd = trial_buffer(t, t->page), file;

	file = EXPECT_DONE(t, memfd_create("test", MFD_CLOEXEC));
	EXPECT_DONE(t, ftruncate(file, (off_t)t->page));
	EXPECT_ERRNO(t, EINVAL, sendfile(file, fd, NULL, 1));
	EXPECT_ERRNO(t, EINVAL, sendfile(fd, file, NULL, 1));
}

TEST(copy_refused, "file.copy",
     "copy_file_range from, to and between buffers is refused with EINVAL.",
     "fs/read_write.c, generic_file_rw_checks")
{
	int fd = trial_buffer(t, t->page), other = trial_buffer(t, t->page), file;

	file = EXPECT_DONE(t, memfd_create("test", MFD_CLOEXEC));
	EXPECT_DONE(t, ftruncate(file, (off_t)t->page));
	EXPECT_ERRNO(t, EINVAL, copy_file_range(fd, NULL, file, NULL, 1, 0));
	EXPECT_ERRNO(t, EINVAL, copy_file_range(file, NULL, fd, NULL, 1, 0));
	EXPECT_ERRNO(t, EINVAL, copy_file_range(fd, NULL, other, NULL, 1, 0));
}

TEST(reopen_refused, "file.reopen", "A buffer cannot be opened again through /proc: ENXIO.",
     "fs/inode.c, no_open", .needs = NEED_PROC)
{
	char path[64];
	int fd = trial_buffer(t, t->page);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	EXPECT_ERRNO(t, ENXIO, open(path, O_RDWR));
	EXPECT_ERRNO(t, ENXIO, open(path, O_RDONLY));
}

TEST(unknown_command, "file.unknown-command", "Unknown ioctls are refused with ENOTTY.",
     SOURCE("dma_buf_ioctl"))
{
	uint64_t argument[8] = {0};
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ENOTTY, ioctl(fd, _IOWR('b', 77, argument), argument));
	EXPECT_ERRNO(t, ENOTTY, ioctl(fd, _IOW('x', 0, struct dma_buf_sync), argument));
}

TEST(status_flags, "file.status-flags", "O_NONBLOCK can be set, O_DIRECT cannot (EINVAL).",
     "fs/fcntl.c, setfl")
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, fcntl(fd, F_SETFL, O_DIRECT));
	EXPECT_DONE(t, fcntl(fd, F_SETFL, O_NONBLOCK));
	EXPECT_NUMBER(t, O_NONBLOCK, fcntl(fd, F_GETFL) & O_NONBLOCK);
}

TEST(no_seals, "file.no-seals", "A buffer has no seals: EINVAL.", "mm/memfd.c, memfd_fcntl")
{
	EXPECT_ERRNO(t, EINVAL, fcntl(trial_buffer(t, t->page), F_GET_SEALS));
}

TEST(lockable, "file.lock", "A buffer can be locked with flock.", "fs/locks.c, flock")
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, syscall(SYS_flock, fd, LOCK_EX | LOCK_NB));
	EXPECT_DONE(t, syscall(SYS_flock, fd, LOCK_UN));
}

TEST(fdinfo, "file.fdinfo", "fdinfo shows the size, one user, the inode number and the exporter.",
     SOURCE("dma_buf_show_fdinfo"), .differs = "Before 5.14 without the inode number.")
{
	int fd = trial_buffer(t, t->small);

	trial_expect_size(t, fd, t->small);
	EXPECT_NUMBER(t, t->small, fd_number(t, fd, "size"));
	EXPECT_NUMBER(t, 1, fd_number(t, fd, "count"));
	if (t->kernel >= KERNEL(5, 14, 0))
		EXPECT_NUMBER(t, status_of(t, fd).st_ino, fd_number(t, fd, "ino"));
	EXPECT_TRUE(t, fd_value(t, fd, "exp_name") != NULL);
}

TEST(count_descriptors, "file.count-descriptors",
     "A second descriptor is counted in fdinfo until it is closed.", SOURCE("dma_buf_show_fdinfo"))
{
	int fd = trial_buffer(t, t->page), second;

	second = EXPECT_DONE(t, dup(fd));
	EXPECT_NUMBER(t, 2, fd_number(t, fd, "count"));
	EXPECT_DONE(t, close(second));
	EXPECT_NUMBER(t, 1, fd_number(t, fd, "count"));
}

TEST(proc_link, "file.proc-link",
     "The link in /proc/self/fd of a buffer without a name is '/dmabuf:'.",
     SOURCE("dmabuffs_dname"))
{
	EXPECT_TEXT(t, "/dmabuf:", trial_link(t, trial_buffer(t, t->page)));
}

TEST(idle_poll, "file.idle-poll", "A buffer without fences is ready for reading and writing.",
     SOURCE("dma_buf_poll"), .needs = NEED_IDLE)
{
	struct pollfd poll_for = {.fd = trial_buffer(t, t->page), .events = POLLIN | POLLOUT};

	EXPECT_NUMBER(t, 1, poll(&poll_for, 1, 0));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_for.revents);
}

SUITE(file, "file", NEED_HEAP, magic, mode, status_fields, one_device, inode_grows, seek,
      seek_refused, read_write, positional, truncate_refused, allocate_refused, synchronise_refused,
      splice_refused, sendfile_refused, copy_refused, reopen_refused, unknown_command, status_flags,
      no_seals, lockable, fdinfo, count_descriptors, proc_link, idle_poll);
