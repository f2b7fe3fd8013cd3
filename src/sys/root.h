/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root below which /dev, /sys and /proc are read: this machine's, or a captured one's
 * (--sysroot). Paths are absolute; below a captured root symbolic links stay inside it.
 */
#ifndef SYS_ROOT_H
#define SYS_ROOT_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/array.h"

struct root;

/*
 * Opens DIR, or this machine's root where DIR is NULL. Returns 0 or -errno (ENOSYS: a captured root
 * needs openat2(2), Linux 5.6). The caller frees *root.
 */
int root_open(const char *dir, struct root **root) __attribute__((nonnull(2), warn_unused_result));
/* This machine's root, which nobody frees. */
const struct root *root_live(void) __attribute__((returns_nonnull));
/* Takes NULL. */
void root_free(struct root *root);

/* Says whether it is the running machine, whose devices can be opened. */
bool root_is_live(const struct root *root) __attribute__((nonnull));

/* open(2) with O_CLOEXEC. Returns a descriptor or -errno. */
int root_open_file(const struct root *root, const char *path, int flags) __attribute__((nonnull));

/* lstat(2). Returns 0 or -errno. */
int root_lstat(const struct root *root, const char *path, struct stat *status)
	__attribute__((nonnull));

/* readlink(2) into a string that the caller frees. Returns 0 or -errno. */
int root_readlink(const struct root *root, const char *path, char **target)
	__attribute__((nonnull));

/*
 * Reads a whole file of at most LIMIT bytes (else -EFBIG) into memory that the caller frees, with a
 * NUL after it. SIZE may be NULL. Below a captured root only a regular file is opened: -ENODEV for
 * a device, FIFO or socket, which root_refused() then has. Returns 0 or -errno.
 */
int root_read(const struct root *root, const char *path, size_t limit, char **data, size_t *size)
	__attribute__((nonnull(1, 2, 4), warn_unused_result));

/*
 * Opens a file of any length to be read line by line, as root_read() does; the caller closes
 * *stream. Returns 0 or -errno.
 */
int root_stream(const struct root *root, const char *path, FILE **stream)
	__attribute__((nonnull, warn_unused_result));

/*
 * "PATH: a FIFO, not read" for each such file, 20 at most and a line for the others; as long as the
 * root, which is one from root_open().
 */
const struct strings *root_refused(const struct root *root) __attribute__((nonnull));

/* Reads a file of one line of text without the line's end; the caller frees it. Returns 0 or
 * -errno. */
int root_read_line(const struct root *root, const char *path, char **line)
	__attribute__((nonnull, warn_unused_result));

/* Reads a file that holds one unsigned number. Returns 0 or -errno (EINVAL: not a number). */
int root_read_number(const struct root *root, const char *path, uint64_t *number)
	__attribute__((nonnull, warn_unused_result));

/* Opens a directory, which the caller closes. Returns 0 or -errno. */
int root_open_directory(const struct root *root, const char *path, DIR **directory)
	__attribute__((nonnull, warn_unused_result));

/* Adds the names in a directory, but . and .., to NAMES, sorted by byte value. Returns 0 or -errno.
 */
int root_list(const struct root *root, const char *path, struct strings *names)
	__attribute__((nonnull, warn_unused_result));

/*
 * The page size in bytes: the running kernel's, or what /proc/self/smaps of a captured root says; 0
 * where that is unknown, or is_page_size() denies it.
 */
uint64_t root_page_size(const struct root *root) __attribute__((nonnull));

#endif
