// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "sys/file.h"
#include "sys/uapi.h"

struct root {
	int fd;                  /* AT_FDCWD: the live machine */
	struct strings *refused; /* of a captured one */
};

const struct root *root_live(void)
{
	static const struct root live = {.fd = AT_FDCWD};

	return &live;
}

int root_open(const char *dir, struct root **root)
{
	struct root *new_root;
	int fd = AT_FDCWD, itself = 0;

	if (dir) {
		fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
	}
	new_root = xcalloc(1, sizeof(*new_root));
	new_root->fd = fd;
	new_root->refused = xcalloc(1, sizeof(*new_root->refused));
	if (dir)
		itself = root_open_file(new_root, "/", O_PATH);
	if (itself < 0) {
		root_free(new_root);
		/* EPERM: a filter of system calls that does not know it */
		return itself == -EPERM ? -ENOSYS : itself;
	}
	if (dir)
		close(itself);
	*root = new_root;
	return 0;
}

void root_free(struct root *root)
{
	if (!root)
		return;
	if (root->fd != AT_FDCWD)
		close(root->fd);
	strings_free(root->refused);
	free(root->refused);
	free(root);
}

bool root_is_live(const struct root *root)
{
	return root->fd == AT_FDCWD;
}

int root_open_file(const struct root *root, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(unsigned int)flags | O_CLOEXEC,
			       .resolve = RESOLVE_IN_ROOT};
	long fd;

	if (root_is_live(root))
		fd = open(path, flags | O_CLOEXEC);
	else
		fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

int root_lstat(const struct root *root, const char *path, struct stat *status)
{
	AUTO_CLOSE int fd = -1;

	if (root_is_live(root))
		return lstat(path, status) ? -errno : 0;
	fd = root_open_file(root, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	return fstat(fd, status) ? -errno : 0;
}

int root_readlink(const struct root *root, const char *path, char **target)
{
	enum {
		MOST = 4096
	};
	AUTO_FREE char *text = NULL;
	AUTO_CLOSE int fd = root_open_file(root, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	if (fd < 0)
		return fd;
	text = xcalloc(MOST + 1, 1);
	length = readlinkat(fd, "", text, MOST);
	if (length < 0)
		return errno == ENOENT ? -EINVAL : -errno; /* ENOENT: not a link */
	*target = TAKE_POINTER(text);
	return 0;
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		return "character device";
	case S_IFBLK:
		return "block device";
	case S_IFIFO:
		return "FIFO";
	case S_IFSOCK:
		return "socket";
	default:
		return "special file";
	}
}

static void refuse(const struct root *root, const char *path, mode_t mode)
{
	enum {
		MOST = 20
	};
	AUTO_FREE char *text = xasprintf("%s: a %s, not read", path, type_name(mode));

	if (root->refused->count > MOST || strings_have(root->refused, text))
		return;
	strings_add(root->refused, root->refused->count < MOST
					   ? text
					   : "other files that are not regular, not read");
}

/* To open a device can have effects, and a FIFO can wait: what is no regular file stays closed. */
static int open_regular(const struct root *root, const char *path)
{
	AUTO_CLOSE int fd = root_open_file(root, path, O_PATH);
	char same[sizeof("/proc/self/fd/") + 12];
	struct stat status;
	int file;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status))
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode)) {
		refuse(root, path, status.st_mode);
		return -ENODEV;
	}
	snprintf(same, sizeof(same), "/proc/self/fd/%d", fd);
	file = open(same, O_RDONLY | O_CLOEXEC);
	if (file < 0 && errno == ENOENT) /* /proc is not mounted: only who races can replace it */
		return root_open_file(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	return file < 0 ? -errno : file;
}

const struct strings *root_refused(const struct root *root)
{
	return root->refused;
}

/* Opens a file that is read; a device of this machine does not make it wait. */
static int open_to_read(const struct root *root, const char *path)
{
	return root_is_live(root) ? root_open_file(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
				  : open_regular(root, path);
}

int root_stream(const struct root *root, const char *path, FILE **stream)
{
	enum {
		BUFFER = 65536 /* files of /proc ask for 1024 */
	};
	int fd = open_to_read(root, path);
	FILE *opened;

	if (fd < 0)
		return fd;
	opened = MUST_HAVE(fdopen(fd, "r"));
	setvbuf(opened, NULL, _IOFBF, BUFFER);
	*stream = opened;
	return 0;
}

int root_read(const struct root *root, const char *path, size_t limit, char **data, size_t *size)
{
	AUTO_CLOSE int fd = open_to_read(root, path);
	size_t length;

	return fd < 0 ? fd : file_read_all(fd, limit, data, size ? size : &length);
}

int root_read_line(const struct root *root, const char *path, char **line)
{
	enum {
		MOST = 65536
	};
	char *text;
	int error = root_read(root, path, MOST, &text, NULL);

	if (error)
		return error;
	text[strcspn(text, "\n")] = '\0';
	*line = text;
	return 0;
}

int root_read_number(const struct root *root, const char *path, uint64_t *number)
{
	AUTO_FREE char *line = NULL;
	int error = root_read_line(root, path, &line);

	return error ? error : parse_number(line, number);
}

int root_open_directory(const struct root *root, const char *path, DIR **directory)
{
	int fd = root_open_file(root, path, O_RDONLY | O_DIRECTORY);
	DIR *opened;

	if (fd < 0)
		return fd;
	opened = fdopendir(fd);
	if (!opened) {
		int error = -errno;

		close(fd);
		if (error == -ENOMEM)
			out_of_memory();
		return error;
	}
	*directory = opened;
	return 0;
}

int root_list(const struct root *root, const char *path, struct strings *names)
{
	struct dirent *entry;
	AUTO_CLOSEDIR DIR *directory = NULL;
	int error = root_open_directory(root, path, &directory);

	if (!directory)
		return error;
	while (errno = 0, (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strings_add(names, entry->d_name);
	}
	if (errno)
		return -errno;
	strings_sort(names);
	return 0;
}

uint64_t root_page_size(const struct root *root)
{
	static const char key[] = "\nKernelPageSize:";
	AUTO_FREE char *text = NULL;
	const char *line;
	uint64_t kilobytes;

	if (root_is_live(root))
		return (uint64_t)sysconf(_SC_PAGESIZE);
	if (root_read(root, "/proc/self/smaps", 1 << 20, &text, NULL) || !text)
		return 0;
	line = strstr(text, key);
	kilobytes = line ? strtoull(line + strlen(key), NULL, 10) : 0;
	return kilobytes <= UINT32_MAX && is_page_size(kilobytes * 1024) ? kilobytes * 1024 : 0;
}
