// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/file.h"
#include "sys/tar.h"
#include "sys/uapi.h"

/* Directories inside each other: of a device tree there are fewer. */
#define DEPTH_MAX 64

struct unpacked {
	char *directory;
	int alive; /* the remover waits until nobody has this end of a pipe */
	pid_t remover;
};

/* An archive on its way to files. */
struct work {
	int fd; /* of the directory */
	struct tar_reader *reader;
	struct tar_member member;
	unsigned int directories;
	char **reason;
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status, (void)type, (void)place;
	return remove(path) && errno != ENOENT;
}

static void remove_all(const char *directory)
{
	nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* In a child: no signal but SIGKILL ends it, and it keeps no output open that others wait for. */
__attribute__((noreturn)) static void remove_later(const char *directory, int alive)
{
	sigset_t all;
	char nothing;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	while (read(alive, &nothing, 1) < 0 && errno == EINTR)
		;
	remove_all(directory);
	_exit(0);
}

static int start_remover(struct unpacked *unpacked)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	unpacked->remover = fork();
	if (!unpacked->remover) {
		close(ends[1]);
		remove_later(unpacked->directory, ends[0]);
	}
	close(ends[0]);
	unpacked->alive = ends[1];
	if (unpacked->remover < 0) {
		int error = -errno;

		close(ends[1]);
		return error;
	}
	return 0;
}

/* Opens below FD, through no link and not upwards. Returns a descriptor or -errno. */
static int open_below(int fd, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(unsigned int)flags | O_CLOEXEC,
			       .mode = flags & O_CREAT ? 0600 : 0,
			       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
	long opened = syscall(SYS_openat2, fd, path, &how, sizeof(how));

	return opened < 0 ? -errno : (int)opened;
}

__attribute__((format(printf, 2, 3))) static int refuse(struct work *work, const char *format, ...)
{
	AUTO_FREE char *what = NULL;
	va_list arguments;

	va_start(arguments, format);
	what = xvasprintf(format, arguments);
	va_end(arguments);
	*work->reason = xasprintf("'%.200s' %s", work->member.name, what);
	return -EBADMSG;
}

/* The name as a path from the directory on, "" for itself; the caller frees it. NULL: it is bad. */
static char *path_of(struct work *work)
{
	const char *name = work->member.name;
	AUTO_FREE char *path = xcalloc(strlen(name) + 1, 1);
	size_t length = 0, depth = 0;

	if (*name == '/') {
		refuse(work, "in the archive has an absolute name");
		return NULL;
	}
	while (*name) {
		size_t part = strcspn(name, "/");

		if (part == 2 && !memcmp(name, "..", 2)) {
			refuse(work, "in the archive leads out of it");
			return NULL;
		}
		if (part && !(part == 1 && *name == '.')) {
			if (length)
				path[length++] = '/';
			memcpy(path + length, name, part);
			length += part;
			depth++;
		}
		name += part;
		name += *name == '/';
	}
	if (depth > DEPTH_MAX) {
		refuse(work, "in the archive is too deep");
		return NULL;
	}
	return TAKE_POINTER(path);
}

/* Makes the directory PATH where it is not there yet. */
static int make_directory(struct work *work, const char *path)
{
	AUTO_CLOSE int parent = -1;
	AUTO_FREE char *above = xstrdup(path);
	char *slash = strrchr(above, '/');
	int there = open_below(work->fd, path, O_PATH | O_DIRECTORY);

	if (there >= 0) {
		close(there);
		return 0;
	}
	if (there != -ENOENT)
		return there;
	if (++work->directories > TAR_MEMBERS_MAX)
		return -E2BIG;
	if (slash) {
		int error;

		*slash = '\0';
		error = make_directory(work, above);
		if (error)
			return error;
	}
	parent = open_below(work->fd, slash ? above : ".", O_PATH | O_DIRECTORY);
	if (parent < 0)
		return parent;
	return mkdirat(parent, slash ? slash + 1 : path, 0700) ? -errno : 0;
}

static int write_file(struct work *work, int parent, const char *name)
{
	AUTO_CLOSE int fd = open_below(parent, name, O_WRONLY | O_CREAT | O_EXCL);
	const char *reason;
	char data[16384];
	ssize_t got;

	if (fd < 0)
		return fd;
	while ((got = tar_read(work->reader, data, sizeof(data), &reason)) > 0) {
		ssize_t put = file_put(fd, data, (size_t)got);

		if (put < 0)
			return (int)put;
	}
	if (got < 0 && reason)
		*work->reason = xstrdup(reason);
	return (int)got;
}

/* "char 660 root video 250:0": what a capture has of a node */
static int write_device(struct work *work, int parent, const char *name)
{
	const struct tar_member *member = &work->member;
	AUTO_CLOSE int fd = open_below(parent, name, O_WRONLY | O_CREAT | O_EXCL);
	AUTO_FREE char *line =
		xasprintf("char %o %s %s %u:%u\n", member->mode & 07777U, member->owner,
			  member->group, major(member->device), minor(member->device));
	ssize_t put;

	if (fd < 0)
		return fd;
	put = file_put(fd, line, strlen(line));
	return put < 0 ? (int)put : 0;
}

/* Makes what is no directory. */
static int make_entry(struct work *work, int parent, const char *name)
{
	switch (work->member.mode & S_IFMT) {
	case S_IFREG:
		return write_file(work, parent, name);
	case S_IFCHR:
		return write_device(work, parent, name);
	case S_IFLNK:
		return symlinkat(work->member.target, parent, name) ? -errno : 0;
	case 0:
		return refuse(work, "is a hard link, which no capture has");
	default:
		return refuse(work, "is a FIFO or a block device, which no capture has");
	}
}

static int unpack_member(struct work *work)
{
	AUTO_FREE char *path = path_of(work);
	AUTO_CLOSE int parent = -1;
	char *slash;
	int error = 0;

	if (!path)
		return -EBADMSG;
	if (S_ISDIR(work->member.mode) && *path)
		error = make_directory(work, path);
	if (S_ISDIR(work->member.mode) || error)
		return error;
	slash = strrchr(path, '/');
	if (slash) {
		*slash = '\0';
		error = make_directory(work, path);
		if (error)
			return error;
	}
	parent = open_below(work->fd, slash ? path : ".", O_PATH | O_DIRECTORY);
	if (parent < 0)
		return parent;
	error = make_entry(work, parent, slash ? slash + 1 : path);
	return error;
}

/* Says why a member could not be made, where that is the archive's fault. */
static int explain(struct work *work, int error)
{
	if (*work->reason)
		return error;
	switch (error) {
	case -EEXIST:
		return refuse(work, "is in the archive twice");
	case -ELOOP:
	case -ENOTDIR:
	case -ENAMETOOLONG:
	case -ENOENT: /* the text of a link, or a name, is empty */
	case -EISDIR:
		return refuse(work, "in the archive is no path of a capture");
	case -E2BIG:
		return refuse(work, "in the archive is one directory too many");
	case -ENOSPC:
	case -EDQUOT:
		return refuse(work, "in the archive finds no room in TMPDIR: %s",
			      error_words(error));
	default:
		return error;
	}
}

static int unpack_all(struct work *work)
{
	const char *reason;
	int answer;

	while ((answer = tar_next(work->reader, &work->member, &reason)) == 1) {
		int error = unpack_member(work);

		if (error)
			return explain(work, error);
	}
	if (answer < 0 && reason)
		*work->reason = xstrdup(reason);
	return answer;
}

/* Makes the directory, and starts who removes it. */
static int make_place(struct unpacked *unpacked)
{
	const char *where = getenv("TMPDIR");
	int error;

	unpacked->directory = xasprintf("%s/dmaheap-XXXXXX", where && *where ? where : "/tmp");
	if (!mkdtemp(unpacked->directory))
		return -errno;
	error = start_remover(unpacked);
	if (error)
		rmdir(unpacked->directory);
	return error;
}

static int unpack_reader(struct tar_reader *reader, const char *directory, char **reason)
{
	struct work work = {.fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
			    .reader = reader,
			    .reason = reason};
	int error = work.fd < 0 ? -errno : unpack_all(&work);

	if (work.fd >= 0)
		close(work.fd);
	/* EPERM: a filter of system calls that does not know openat2(2) */
	return error == -EPERM ? -ENOSYS : error;
}

static int open_archive(const char *file, struct tar_reader **reader, char **reason)
{
	const char *words;
	int error = tar_open(file, reader, &words);

	*reason = error && words ? xstrdup(words) : NULL;
	return error;
}

int unpack_into(const char *file, const char *directory, char **reason)
{
	struct tar_reader *reader;
	int error = open_archive(file, &reader, reason);

	if (error)
		return error;
	error = unpack_reader(reader, directory, reason);
	tar_close(reader);
	return error;
}

int unpack(const char *file, struct unpacked **unpacked, char **reason)
{
	struct unpacked *new;
	struct tar_reader *reader;
	int error = open_archive(file, &reader, reason);

	if (error)
		return error;
	new = xcalloc(1, sizeof(*new));
	error = make_place(new);
	if (error) {
		*reason = xasprintf("%s: %s", new->directory, error_words(error));
		free(new->directory);
		free(new);
		tar_close(reader);
		return error;
	}
	error = unpack_reader(reader, new->directory, reason);
	tar_close(reader);
	if (error)
		unpacked_remove(new);
	else
		*unpacked = new;
	return error;
}

const char *unpacked_directory(const struct unpacked *unpacked)
{
	return unpacked->directory;
}

void unpacked_remove(struct unpacked *unpacked)
{
	if (!unpacked)
		return;
	remove_all(unpacked->directory);
	close(unpacked->alive);
	while (waitpid(unpacked->remover, NULL, 0) < 0 && errno == EINTR)
		;
	free(unpacked->directory);
	free(unpacked);
}
