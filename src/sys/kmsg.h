/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log: /dev/kmsg, Documentation/ABI/testing/dev-kmsg. */
#ifndef SYS_KMSG_H
#define SYS_KMSG_H

#include <stddef.h>

struct root;

/*
 * Reads the records that are in the buffer now, from the first on, and hands the text of each that
 * is the kernel's own, with the line's end, to TAKE with CONTEXT. Never waits. Returns 0 or -errno:
 * -EPERM or -EACCES without the right, -ENOENT below a captured root, which has no log.
 */
int kmsg_read(const struct root *root, void (*take)(void *context, const char *text, size_t size),
	      void *context) __attribute__((nonnull(1, 2)));

#endif
