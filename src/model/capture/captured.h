/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the commands read of a machine, in memory, so that they can read it again elsewhere
 * (--sysroot): a file for each file, a line for each node of a heap. Of processes there is only
 * what concerns their buffers.
 */
#ifndef MODEL_CAPTURE_CAPTURED_H
#define MODEL_CAPTURE_CAPTURED_H

#include <stddef.h>

#include "base/array.h"

struct root;

/* In the archive, beside what was captured. */
#define CAPTURE_MANIFEST "dmaheap-capture.json"

struct captured {
	char *path;   /* absolute */
	char *data;   /* of a file, with a NUL after it; else NULL */
	size_t size;  /* bytes */
	char *target; /* of a symbolic link; both NULL: a directory with nothing in it */
};

/* What could not be read. */
struct uncaptured {
	char *path;
	int error; /* -errno */
};

/* The access control list of a node, which its line does not have. */
struct captured_acl {
	char *path;
	struct strings entries; /* "user:1000:rw-" */
};

struct capture {
	ARRAY_OF(struct captured); /* by path, without one twice, once it is read */
	struct {
		ARRAY_OF(struct uncaptured);
	} missing;
	struct {
		ARRAY_OF(struct captured_acl);
	} acls;
	size_t unread_processes; /* of which it is not known what they hold */
};

/* Reads it. What cannot be read is in the list of what is missing. Free with capture_free(). */
void capture_read(const struct root *root, struct capture *capture) __attribute__((nonnull));
void capture_free(struct capture *capture) __attribute__((nonnull));

/*
 * For what is captured elsewhere: adds a file (DATA is the capture's then, with a NUL after it), a
 * link (TARGET is its own then) or, where both are NULL, a directory.
 */
void capture_add(struct capture *capture, const char *path, char *data, size_t size, char *target)
	__attribute__((nonnull(1, 2)));
/* Adds the file PATH as it is, or to what is missing. */
void capture_file(struct capture *capture, const struct root *root, const char *path)
	__attribute__((nonnull));
/* Adds what the link PATH says, or to what is missing. */
void capture_link(struct capture *capture, const struct root *root, const char *path)
	__attribute__((nonnull));
void capture_miss(struct capture *capture, const char *path, int error) __attribute__((nonnull));

/* capture_processes.c: the processes that hold buffers. */
void capture_processes(struct capture *capture, const struct root *root) __attribute__((nonnull));

#endif
