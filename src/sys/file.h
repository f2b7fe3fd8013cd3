/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the user names: not below --sysroot, which moves the machine's own files only. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stddef.h>

/*
 * Reads a whole file, or standard input where PATH is "-", of at most LIMIT bytes (else -EFBIG)
 * into memory that the caller frees, with a NUL behind it. Returns 0 or -errno.
 */
int file_read(const char *path, size_t limit, char **data, size_t *size)
	__attribute__((nonnull, warn_unused_result));

/*
 * Writes a file, which is replaced where it is there already. Returns 0 or -errno; a file that
 * could not be written whole is removed, unless it is no regular file.
 */
int file_write(const char *path, const char *data, size_t size)
	__attribute__((nonnull, warn_unused_result));

#endif
