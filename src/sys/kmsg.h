/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log: /dev/kmsg, Documentation/ABI/testing/dev-kmsg. */
#ifndef SYS_KMSG_H
#define SYS_KMSG_H

#include <stddef.h>

struct root;

#define KMSG_PATH "/dev/kmsg"

/*
 * Reads the records that are in the buffer now, from the first on, and hands each that is the
 * kernel's own to TAKE with CONTEXT: "PRIORITY,SEQUENCE,TIME,FLAGS[,…];TEXT\n" and lines that begin
 * with a blank, about the device. Never waits. Below a captured root they are in a file. Returns 0
 * or -errno: -EPERM or -EACCES without the right, -ENOENT where a captured root has no log.
 */
int kmsg_records(const struct root *root,
		 void (*take)(void *context, const char *record, size_t size), void *context)
	__attribute__((nonnull(1, 2)));

/* The same for the text of each, with the line's end. */
int kmsg_read(const struct root *root, void (*take)(void *context, const char *text, size_t size),
	      void *context) __attribute__((nonnull(1, 2)));

#endif
