/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole files. Those that are opened here are named by the user: not below --sysroot, which moves
 * the machine's own files only.
 */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/array.h"

/*
 * Reads what is left of an open file, at most LIMIT bytes (below SIZE_MAX - 1; else -EFBIG), into
 * memory that the caller frees, with a NUL after it. Returns 0 or -errno.
 */
int file_read_all(int fd, size_t limit, char **data, size_t *size)
	__attribute__((nonnull, warn_unused_result));

/*
 * Reads a whole file, or standard input where PATH is "-", of at most LIMIT bytes (else -EFBIG)
 * into memory that the caller frees, with a NUL after it. Returns 0 or -errno.
 */
int file_read(const char *path, size_t limit, char **data, size_t *size)
	__attribute__((nonnull, warn_unused_result));

/*
 * A file that is being written. A regular one that is there, also through symbolic links, is
 * replaced at once by a new one of its mode. Written to are devices and the like, what has other
 * names, what can't be replaced where it is, and, after what is there, the file that is stdout or
 * stderr.
 */
struct file_output {
	int fd;                   /* to write to */
	char *temporary, *target; /* what is to replace the target; alone the target is new */
};
/* Returns 0 or -errno; then there is nothing to close. */
int file_output_open(const char *path, struct file_output *output)
	__attribute__((nonnull, warn_unused_result));
/*
 * Ends it. Where ERROR, of a write to it, is not 0, or on an error here, a file that would be
 * replaced is as it was, and none is where there was none. Returns that error, or 0.
 */
int file_output_close(struct file_output *output, int error)
	__attribute__((nonnull, warn_unused_result));
/* Writes all of a file so. Returns 0 or -errno. */
int file_write(const char *path, const char *data, size_t size)
	__attribute__((nonnull, warn_unused_result));

/*
 * Adds the paths of the regular files below a directory whose names have one of the ENDINGS (NULL
 * ends them). Hidden directories and symbolic links are not followed. Returns 0, or -errno where
 * the directory itself cannot be read.
 */
int file_find(const char *directory, const char *const *endings, struct strings *paths)
	__attribute__((nonnull, warn_unused_result));

/* open(2) with O_CLOEXEC, and mode 0666 less the umask. Returns a descriptor or -errno. */
int file_open(const char *path, int flags) __attribute__((nonnull));

/*
 * A new file without a name, to read and to write, in the directory of an open file: it is gone
 * when it is closed, or when this process ends. Returns a descriptor or -errno (EXDEV: the
 * directory is on another file system, as that of a file which is mounted alone).
 */
int file_open_unnamed_beside(int file);

/* access(2): says whether the file may be used with MODE (R_OK …). Returns 0 or -errno. */
int file_access(const char *path, int mode) __attribute__((nonnull));

/* Which file it is, whatever path leads to it. */
struct file_identity {
	uint64_t device, inode;
};
/*
 * stat(2): says whether a regular file is there, one that can be read to its end without waiting,
 * and which.
 */
bool file_is_regular(const char *path, struct file_identity *identity) __attribute__((nonnull));

/* stat(2): says whether a directory is there. */
bool file_is_directory(const char *path) __attribute__((nonnull));

/* statfs(2): says whether a file system of that magic number (linux/magic.h) is on DIRECTORY. */
bool file_is_mounted(const char *directory, long magic) __attribute__((nonnull));

/*
 * Read SIZE bytes, or as many as there are up to the end; write all SIZE bytes. Return how many, or
 * -errno.
 */
ssize_t file_get(int fd, void *data, size_t size) __attribute__((nonnull));
ssize_t file_put(int fd, const void *data, size_t size) __attribute__((nonnull));

#endif
