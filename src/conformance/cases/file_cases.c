// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of a buffer: drivers/dma-buf/dma-buf.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void magic(struct trial *t)
{
	struct statfs status;

	EXPECT_DONE(t, fstatfs(trial_buffer(t, t->page), &status));
	EXPECT_NUMBER(t, DMA_BUF_MAGIC, status.f_type);
}

static void mode(struct trial *t)
{
	EXPECT_NUMBER(t, 0600, status_of(t, trial_buffer(t, t->page)).st_mode);
}

static void status(struct trial *t)
{
	struct stat status = status_of(t, trial_buffer(t, t->small));

	EXPECT_NUMBER(t, t->small, status.st_size);
	EXPECT_NUMBER(t, t->small / 512, status.st_blocks);
	EXPECT_NUMBER(t, 1, status.st_nlink);
	EXPECT_NUMBER(t, geteuid(), status.st_uid);
	EXPECT_NUMBER(t, getegid(), status.st_gid);
	EXPECT_NUMBER(t, 0, status.st_rdev);
}

static void one_device(struct trial *t)
{
	dev_t first = status_of(t, trial_buffer(t, t->page)).st_dev;

	EXPECT_NUMBER(t, first, status_of(t, trial_buffer(t, t->page)).st_dev);
}

static void inode_grows(struct trial *t)
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

static void seek(struct trial *t)
{
	int fd = trial_buffer(t, t->small);

	EXPECT_NUMBER(t, t->small, lseek(fd, 0, SEEK_END));
	EXPECT_NUMBER(t, 0, lseek(fd, 0, SEEK_SET));
}

static void seek_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, lseek(fd, 0, SEEK_CUR));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, 1, SEEK_SET));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, -1, SEEK_END));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, 0, SEEK_DATA));
	EXPECT_ERRNO(t, EINVAL, lseek(fd, 0, SEEK_HOLE));
}

static void read_write(struct trial *t)
{
	char byte = 0;
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, read(fd, &byte, 1));
	EXPECT_ERRNO(t, EINVAL, write(fd, &byte, 1));
	EXPECT_ERRNO(t, EBADF, write(trial_allocate(t, t->page, O_RDONLY), &byte, 1));
	EXPECT_ERRNO(t, EBADF, read(trial_allocate(t, t->page, O_WRONLY), &byte, 1));
}

static void positional(struct trial *t)
{
	char byte = 0;
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ESPIPE, pread(fd, &byte, 1, 0));
	EXPECT_ERRNO(t, ESPIPE, pwrite(fd, &byte, 1, 0));
}

static void truncate_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, ftruncate(fd, 0));
	EXPECT_ERRNO(t, EINVAL, ftruncate(fd, (off_t)t->small * 2));
	EXPECT_NUMBER(t, t->page, status_of(t, fd).st_size);
}

static void allocate_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ENODEV, fallocate(fd, 0, 0, (off_t)t->page));
	EXPECT_ERRNO(t, ENODEV,
		     fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)t->page));
}

static void synchronise_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, fsync(fd));
	EXPECT_ERRNO(t, EINVAL, fdatasync(fd));
}

static void splice_refused(struct trial *t)
{
	int pipes[2], fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, pipe(pipes));
	EXPECT_NUMBER(t, 1, write(pipes[1], "", 1));
	EXPECT_ERRNO(t, EINVAL, splice(fd, NULL, pipes[1], NULL, 1, 0));
	EXPECT_ERRNO(t, EINVAL, splice(pipes[0], NULL, fd, NULL, 1, 0));
}

static void sendfile_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page), file;

	file = EXPECT_DONE(t, memfd_create("test", MFD_CLOEXEC));
	EXPECT_DONE(t, ftruncate(file, (off_t)t->page));
	EXPECT_ERRNO(t, EINVAL, sendfile(file, fd, NULL, 1));
	EXPECT_ERRNO(t, EINVAL, sendfile(fd, file, NULL, 1));
}

static void copy_refused(struct trial *t)
{
	int fd = trial_buffer(t, t->page), other = trial_buffer(t, t->page), file;

	file = EXPECT_DONE(t, memfd_create("test", MFD_CLOEXEC));
	EXPECT_DONE(t, ftruncate(file, (off_t)t->page));
	EXPECT_ERRNO(t, EINVAL, copy_file_range(fd, NULL, file, NULL, 1, 0));
	EXPECT_ERRNO(t, EINVAL, copy_file_range(file, NULL, fd, NULL, 1, 0));
	EXPECT_ERRNO(t, EINVAL, copy_file_range(fd, NULL, other, NULL, 1, 0));
}

static void reopen_refused(struct trial *t)
{
	char path[64];
	int fd = trial_buffer(t, t->page);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	EXPECT_ERRNO(t, ENXIO, open(path, O_RDWR));
	EXPECT_ERRNO(t, ENXIO, open(path, O_RDONLY));
}

static void unknown_command(struct trial *t)
{
	uint64_t argument[8] = {0};
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, ENOTTY, ioctl(fd, _IOWR('b', 77, argument), argument));
	EXPECT_ERRNO(t, ENOTTY, ioctl(fd, _IOW('x', 0, struct dma_buf_sync), argument));
}

static void status_flags(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EINVAL, fcntl(fd, F_SETFL, O_DIRECT));
	EXPECT_DONE(t, fcntl(fd, F_SETFL, O_NONBLOCK));
	EXPECT_NUMBER(t, O_NONBLOCK, fcntl(fd, F_GETFL) & O_NONBLOCK);
}

static void no_seals(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, fcntl(trial_buffer(t, t->page), F_GET_SEALS));
}

static void lockable(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, syscall(SYS_flock, fd, LOCK_EX | LOCK_NB));
	EXPECT_DONE(t, syscall(SYS_flock, fd, LOCK_UN));
}

static void fdinfo(struct trial *t)
{
	int fd = trial_buffer(t, t->small);

	EXPECT_NUMBER(t, t->small, fd_number(fd, "size"));
	EXPECT_NUMBER(t, 1, fd_number(fd, "count"));
	EXPECT_NUMBER(t, status_of(t, fd).st_ino, fd_number(fd, "ino"));
	EXPECT_TRUE(t, fd_value(fd, "exp_name") != NULL);
}

static void count_descriptors(struct trial *t)
{
	int fd = trial_buffer(t, t->page), second;

	second = EXPECT_DONE(t, dup(fd));
	EXPECT_NUMBER(t, 2, fd_number(fd, "count"));
	EXPECT_DONE(t, close(second));
	EXPECT_NUMBER(t, 1, fd_number(fd, "count"));
}

static void proc_link(struct trial *t)
{
	EXPECT_TEXT(t, "/dmabuf:", trial_link(t, trial_buffer(t, t->page)));
}

static void idle_poll(struct trial *t)
{
	struct pollfd poll_for = {.fd = trial_buffer(t, t->page), .events = POLLIN | POLLOUT};

	EXPECT_NUMBER(t, 1, poll(&poll_for, 1, 0));
	EXPECT_NUMBER(t, POLLIN | POLLOUT, poll_for.revents);
}

static const struct statement statements[] = {
	{.id = "file.magic",
	 .sentence = "fstatfs identifies a buffer: its file system type is DMA_BUF_MAGIC.",
	 .source = SOURCE("dma_buf_fs_init_context"),
	 .run = magic},
	{.id = "file.mode",
	 .sentence = "The file has permissions but no type: its mode is 0600.",
	 .source = SOURCE("dma_buf_getfile"),
	 .run = mode},
	{.id = "file.status",
	 .sentence = "fstat returns the size, in blocks as well, one link, and the creator's user "
		     "and group.",
	 .source = SOURCE("dma_buf_getfile"),
	 .run = status},
	{.id = "file.one-device",
	 .sentence = "All buffers are on the same device.",
	 .source = SOURCE("dma_buf_init"),
	 .run = one_device},
	{.id = "file.inode-grows",
	 .sentence = "Each of 200 buffers has a higher inode number than the one before: no number "
		     "is used again.",
	 .source = SOURCE("dma_buf_getfile"),
	 .run = inode_grows},
	{.id = "file.seek",
	 .sentence = "lseek returns the size at the end and goes back to the start.",
	 .source = SOURCE("dma_buf_llseek"),
	 .run = seek},
	{.id = "file.seek-refused",
	 .sentence = "Seeking to any other place is refused with EINVAL.",
	 .source = SOURCE("dma_buf_llseek"),
	 .run = seek_refused},
	{.id = "file.read-write",
	 .sentence = "read and write are refused with EINVAL, or with EBADF where the access mode "
		     "forbids them.",
	 .source = "fs/read_write.c, vfs_read, vfs_write",
	 .run = read_write},
	{.id = "file.positional",
	 .sentence = "pread and pwrite are refused with ESPIPE.",
	 .source = "fs/read_write.c, ksys_pread64",
	 .run = positional},
	{.id = "file.truncate",
	 .sentence = "ftruncate is refused with EINVAL, and the size stays.",
	 .source = "fs/open.c, do_ftruncate",
	 .run = truncate_refused},
	{.id = "file.allocate",
	 .sentence = "fallocate is refused with ENODEV.",
	 .source = "fs/open.c, vfs_fallocate",
	 .run = allocate_refused},
	{.id = "file.synchronise",
	 .sentence = "fsync and fdatasync are refused with EINVAL.",
	 .source = "fs/sync.c, vfs_fsync_range",
	 .run = synchronise_refused},
	{.id = "file.splice",
	 .sentence = "splice from and to a buffer is refused with EINVAL.",
	 .source = "fs/splice.c, do_splice",
	 .run = splice_refused},
	{.id = "file.sendfile",
	 .sentence = "sendfile from and to a buffer is refused with EINVAL.",
	 .source = "fs/read_write.c, do_sendfile",
	 .run = sendfile_refused},
	{.id = "file.copy",
	 .sentence = "copy_file_range from, to and between buffers is refused with EINVAL.",
	 .source = "fs/read_write.c, generic_file_rw_checks",
	 .run = copy_refused},
	{.id = "file.reopen",
	 .sentence = "A buffer can't be opened again through /proc: ENXIO.",
	 .source = "fs/inode.c, no_open",
	 .run = reopen_refused},
	{.id = "file.unknown-command",
	 .sentence = "Unknown ioctls are refused with ENOTTY.",
	 .source = SOURCE("dma_buf_ioctl"),
	 .run = unknown_command},
	{.id = "file.status-flags",
	 .sentence = "O_NONBLOCK can be set, O_DIRECT can't (EINVAL).",
	 .source = "fs/fcntl.c, setfl",
	 .run = status_flags},
	{.id = "file.no-seals",
	 .sentence = "A buffer has no seals: EINVAL.",
	 .source = "mm/memfd.c, memfd_fcntl",
	 .run = no_seals},
	{.id = "file.lock",
	 .sentence = "A buffer can be locked with flock.",
	 .source = "fs/locks.c, flock",
	 .run = lockable},
	{.id = "file.fdinfo",
	 .sentence = "fdinfo shows the size, one user, the inode number and the exporter.",
	 .source = SOURCE("dma_buf_show_fdinfo"),
	 .run = fdinfo},
	{.id = "file.count-descriptors",
	 .sentence = "A second descriptor is counted in fdinfo until it is closed.",
	 .source = SOURCE("dma_buf_show_fdinfo"),
	 .run = count_descriptors},
	{.id = "file.proc-link",
	 .sentence = "The link in /proc/self/fd of a buffer without a name is '/dmabuf:'.",
	 .source = SOURCE("dmabuffs_dname"),
	 .run = proc_link},
	{.id = "file.idle-poll",
	 .sentence = "A buffer without fences is ready for reading and writing.",
	 .source = SOURCE("dma_buf_poll"),
	 .run = idle_poll},
};

SUITE(file, "file", NEED_HEAP);
