/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The open descriptors and the mappings of other processes, as /proc shows them. Nothing here stops
 * a process or opens one of its files.
 */
#ifndef SYS_DESCRIPTORS_H
#define SYS_DESCRIPTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/known.h"

struct root;

/* What the link of a sync file in /proc/PID/fd says: sync_file_alloc(), drivers/dma-buf/sync_file.c
 */
#define SYNC_FILE_LINK "anon_inode:sync_file"

enum descriptor_kind {
	DESCRIPTOR_BUFFER,    /* a dma-buf, unless a file is called /dmabuf:… */
	DESCRIPTOR_SOCKET,    /* may have descriptors in flight */
	DESCRIPTOR_IO_URING,  /* may have registered files */
	DESCRIPTOR_DRM,       /* may have given buffers to its device */
	DESCRIPTOR_SYNC_FILE, /* has fences */
};

struct descriptor {
	uint64_t number;
	enum descriptor_kind kind;
};

struct descriptors {
	ARRAY_OF(struct descriptor);
};

/*
 * Adds the descriptors of these kinds of PROCESS ("12", or "12/task/13" for a thread with a table
 * of its own). Returns 0 or -errno: EACCES, and ENOENT or ESRCH for a process that has ended. Free
 * with array_free().
 */
int descriptors_read(const struct root *root, const char *process, struct descriptors *descriptors)
	__attribute__((nonnull));

/* What tasks may share: CLONE_FILES and CLONE_VM of clone(2). */
enum task_part {
	TASK_DESCRIPTORS,
	TASK_MEMORY,
};

/*
 * Compares the parts of two tasks of this machine (kcmp(2)): *order is 0 where they share it, else
 * less or more than 0, in an order of all tasks. Returns 0 or -errno: ESRCH (one has ended), EPERM,
 * ENOSYS (a kernel without CONFIG_KCMP).
 */
int tasks_compare(uint64_t a, uint64_t b, enum task_part part, int *order) __attribute__((nonnull));

/* What the kernel says of a descriptor of a dma-buf. */
struct buffer_file {
	uint64_t inode;
	uint64_t device;         /* of the kernel's file system for dma-bufs; 0: captured */
	struct maybe size;       /* bytes */
	struct maybe references; /* struct file's, of all holders */
	char *exporter, *name;   /* or NULL */
	bool path_only;          /* opened with O_PATH: keeps the memory, and is no reference */
};

/*
 * Reads it. Returns 0 or -errno: ENOENT where it is gone or is not a dma-buf. Free with
 * buffer_file_free().
 */
int buffer_file_read(const struct root *root, const char *process, uint64_t descriptor,
		     struct buffer_file *file) __attribute__((nonnull));
void buffer_file_free(struct buffer_file *file);

/*
 * Says whether a DESCRIPTOR_DRM is of a device of DRM, and not of a file that is called like one;
 * captured, that is taken on trust.
 */
bool descriptor_is_drm(const struct root *root, const char *process, uint64_t descriptor)
	__attribute__((nonnull));

/* A mapping that looks like one of a dma-buf. */
struct mapping {
	uint64_t start, end; /* addresses */
	uint64_t offset;     /* of the first byte, in the file */
	uint64_t device, inode;
};

struct mappings {
	ARRAY_OF(struct mapping);
};

/*
 * Adds the mappings of PROCESS whose file is called /dmabuf:… Returns 0 or -errno as
 * descriptors_read(). Memory does not depend on how many other mappings there are.
 */
int mappings_read(const struct root *root, const char *process, struct mappings *mappings)
	__attribute__((nonnull));

/*
 * Says whether a mapping of this machine is of a dma-buf, by the file system behind it
 * (/proc/PID/map_files); UNKNOWN where only root may ask, or the mapping is gone.
 */
enum tristate mapping_is_buffer(const char *process, const struct mapping *mapping)
	__attribute__((nonnull));

/*
 * When the file behind descriptor NUMBER of PROCESS, or behind what it has mapped from START up to
 * END, was made on this machine: nanoseconds of CLOCK_REALTIME. The kernel gives a buffer's inode
 * the time at which it is made (alloc_anon_inode(), fs/libfs.c). Unknown where its times differ,
 * because somebody has set them, and where it may not be asked: mappings need root.
 */
struct maybe descriptor_made_at(const char *process, uint64_t number) __attribute__((nonnull));
struct maybe mapping_made_at(const char *process, uint64_t start, uint64_t end)
	__attribute__((nonnull));

#endif
