// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

int file_read_all(int fd, size_t limit, char **data, size_t *size)
{
	AUTO_FREE char *text = NULL;
	size_t length = 0, room = 4096;
	struct stat status;

	/* what says its size fits at once, and one byte more shows that it ends there */
	if (!fstat(fd, &status) && status.st_size > 0)
		room = (size_t)status.st_size + 1;
	if (room > limit + 1)
		room = limit + 1;
	text = xreallocarray(NULL, room + 1, 1);
	for (;;) {
		ssize_t got = read(fd, text + length, room - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		length += (size_t)got;
		if (length > limit)
			return -EFBIG;
		if (length == room) {
			room = room * 2 > limit + 1 ? limit + 1 : room * 2;
			text = xreallocarray(text, room + 1, 1);
		}
	}
	text[length] = '\0';
	*data = TAKE_POINTER(text);
	*size = length;
	return 0;
}

int file_read(const char *path, size_t limit, char **data, size_t *size)
{
	AUTO_CLOSE int fd = strcmp(path, "-") != 0 ? open(path, O_RDONLY | O_CLOEXEC)
						   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? -errno : file_read_all(fd, limit, data, size);
}

/*
 * What replaces TARGET, which is OLD, is written beside it, so that TARGET is always whole. The
 * owner and the mode are kept as far as we may.
 */
static int open_beside(struct file_output *output, const struct stat *old)
{
	const char *target = output->target;
	int length = (int)(strrchr(target, '/') - target), error;

	if (access(target, W_OK))
		return -errno;
	output->temporary = xasprintf("%.*s/.dmaheap-XXXXXX", length, target);
	output->fd = mkostemp(output->temporary, O_CLOEXEC);
	if (output->fd < 0) {
		error = -errno;
		free(TAKE_POINTER(output->temporary));
		return error;
	}
	if (fchown(output->fd, old->st_uid, old->st_gid) &&
	    fchown(output->fd, (uid_t)-1, old->st_gid))
		errno = 0; /* neither is ours to give, or a user namespace does not have it */
	fchmod(output->fd, old->st_mode & 0777);
	return 0;
}

/* Whether stdout or stderr go to this file, then which, else -1. */
static int own_output(const struct stat *file)
{
	struct stat status;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (!fstat(fd, &status) && status.st_dev == file->st_dev &&
		    status.st_ino == file->st_ino)
			return fd;
	}
	return -1;
}

/* Whether a file may be written where this was the answer to making or renaming one beside it. */
static bool may_write_in_place(int error)
{
	return error == -EACCES || error == -EPERM || error == -EROFS || error == -EBUSY;
}

int file_output_open(const char *path, struct file_output *output)
{
	AUTO_FREE char *target = realpath(path, NULL);
	struct stat status;

	*output = (struct file_output){.target = target, .fd = -1};
	if (!stat(path, &status) && S_ISREG(status.st_mode)) {
		int own = own_output(&status), error = -EBUSY;

		if (own >= 0) { /* opened anew it would have an offset of its own */
			fflush(stdout);
			output->target = NULL;
			output->fd = fcntl(own, F_DUPFD_CLOEXEC, 0);
			return output->fd < 0 ? -errno : 0;
		}
		if (target && status.st_nlink == 1)
			error = open_beside(output, &status);
		if (!error)
			target = NULL; /* it is the output's */
		if (!may_write_in_place(error))
			return error;
	}
	output->target = NULL;
	output->fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC);
	if (output->fd < 0)
		return output->fd;
	if (!target)
		output->target =
			realpath(path, NULL); /* where a link to what was not there leads */
	return 0;
}

int file_output_close(struct file_output *output, int error)
{
	if (output->temporary && !error && fsync(output->fd))
		error = -errno;
	if (close(TAKE_FD(output->fd)) && !error)
		error = -errno;
	if (output->temporary && !error && rename(output->temporary, output->target))
		error = -errno;
	if (error && output->target)
		unlink(output->temporary ? output->temporary : output->target);
	free(TAKE_POINTER(output->temporary));
	free(TAKE_POINTER(output->target));
	return error;
}

int file_write(const char *path, const char *data, size_t size)
{
	struct file_output output;
	int error = file_output_open(path, &output);
	ssize_t put;

	if (error)
		return error;
	put = file_put(output.fd, data, size);
	return file_output_close(&output, put < 0 ? (int)put : 0);
}

int file_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0666);

	return fd < 0 ? -errno : fd;
}

static int open_unnamed(const char *directory)
{
	AUTO_FREE char *name = xasprintf("%s/.dmaheap-XXXXXX", directory);
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	/* not all file systems have such files */
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd < 0 ? -errno : fd;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(name);
	return fd;
}

/* st_dev is not asked: an overlay gives its files those of the layers. */
static bool are_on_one_file_system(int a, int b)
{
	struct statfs first, second;

	return !fstatfs(a, &first) && !fstatfs(b, &second) && first.f_type == second.f_type &&
	       !memcmp(&first.f_fsid, &second.f_fsid, sizeof(first.f_fsid));
}

int file_open_unnamed_beside(int file)
{
	AUTO_FREE char *link = xasprintf("/proc/self/fd/%d", file);
	char path[PATH_MAX];
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	char *slash;
	int fd;

	if (length < 0)
		return -errno;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return -EXDEV; /* "pipe:[123]" is in no directory */
	slash[slash == path] = '\0';
	fd = open_unnamed(path);
	if (fd < 0 || are_on_one_file_system(fd, file))
		return fd;
	close(fd);
	return -EXDEV;
}

int file_access(const char *path, int mode)
{
	return access(path, mode) ? -errno : 0;
}

bool file_is_regular(const char *path, struct file_identity *identity)
{
	struct stat status;

	if (stat(path, &status) || !S_ISREG(status.st_mode))
		return false;
	*identity = (struct file_identity){status.st_dev, status.st_ino};
	return true;
}

bool file_is_directory(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

ssize_t file_get(int fd, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(fd, (char *)data + done, size - done);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (!got)
			break;
		if (got > 0)
			done += (size_t)got;
	}
	return (ssize_t)done;
}

ssize_t file_put(int fd, const void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t put = write(fd, (const char *)data + done, size - done);

		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0)
			done += (size_t)put;
	}
	return (ssize_t)done;
}

bool file_is_mounted(const char *directory, long magic)
{
	struct statfs status;

	return !statfs(directory, &status) && (long)status.f_type == magic;
}

static bool ends_so(const char *name, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t length = strlen(name), ending = strlen(*endings);

		if (length > ending && !strcmp(name + length - ending, *endings))
			return true;
	}
	return false;
}

/* Adds what is in one directory, and its directories to those that are still to be read. */
static int find_in(const char *directory, const char *const *endings, struct strings *paths,
		   struct strings *directories)
{
	struct dirent *entry;
	DIR *stream = opendir(directory);

	if (!stream)
		return -errno;
	while ((entry = readdir(stream))) {
		AUTO_FREE char *path = NULL;
		struct stat status;

		if (*entry->d_name == '.' ||
		    fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
			continue;
		path = xasprintf("%s/%s", directory, entry->d_name);
		if (S_ISDIR(status.st_mode))
			strings_add(directories, path);
		else if (S_ISREG(status.st_mode) && ends_so(entry->d_name, endings))
			strings_add(paths, path);
	}
	closedir(stream);
	return 0;
}

int file_find(const char *directory, const char *const *endings, struct strings *paths)
{
	AUTO_STRINGS struct strings directories = {0};
	int error = find_in(directory, endings, paths, &directories);

	while (directories.count) {
		AUTO_FREE char *next = directories.items[--directories.count];

		/* what may not be read below it is not there */
		(void)find_in(next, endings, paths, &directories);
	}
	return error;
}
