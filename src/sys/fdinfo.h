/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/fdinfo/FD: what the kernel says of an open file, in lines "key:\tvalue". For a buffer:
 * pos, flags, mnt_id, ino (fs/proc/fd.c, seq_show()), then size, count, exp_name and, where it has
 * one, name (drivers/dma-buf/dma-buf.c, dma_buf_show_fdinfo()).
 */
#ifndef SYS_FDINFO_H
#define SYS_FDINFO_H

#include <stdint.h>

#include "sys/root.h"

/*
 * Reads the fdinfo of descriptor FD of PROCESS, both as numbers in text, into text that the caller
 * frees. Returns 0 or -errno.
 */
int fdinfo_read(const struct root *root, const char *process, const char *fd, char **text)
	__attribute__((nonnull, warn_unused_result));
/* The same of a descriptor of this process. */
int fdinfo_read_own(int fd, char **text) __attribute__((nonnull, warn_unused_result));

/*
 * The first value of KEY ("count"), which the caller frees; NULL where there is none. The name
 * comes last and is text that a process chose, with line ends and false keys of its own: it is all
 * of the rest, and nothing after its key is another line.
 */
char *fdinfo_value(const char *text, const char *key) __attribute__((nonnull));

/* The same as a number. Returns 0, -ENOENT where there is none, -EINVAL or -ERANGE. */
int fdinfo_number(const char *text, const char *key, uint64_t *number)
	__attribute__((nonnull, warn_unused_result));

#endif
