/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's calls that move the contents of an open file. Each function returns bytes, or 0, or
 * -errno; -EINTR only where a stop signal has come (base/signals.h).
 */
#ifndef SYS_FILE_IO_H
#define SYS_FILE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/known.h"

enum file_kind {
	FILE_REGULAR,
	FILE_BLOCK, /* a block device */
	/* it has an end, but no offsets: a pipe, a socket, a file that is open to append */
	FILE_STREAM,
	FILE_DEVICE, /* a character device: it may have no end */
};

struct file_facts {
	enum file_kind kind;
	uint64_t offset;        /* where it is; of regular files and block devices, else 0 */
	uint64_t size;          /* bytes from there on; the same */
	const char *filesystem; /* "ext4": constant; NULL: not known */
	bool memory_only;       /* its file system is the page cache: tmpfs, ramfs */
	/* whether the kernel says that O_DIRECT is direct I/O here (statx, since 6.1) */
	enum tristate direct;
	uint32_t offset_align; /* of offsets and sizes for that; 4096 where it is not told */
	size_t page;           /* of this machine, in bytes */
};

/* Says whether it has no offsets. */
static inline bool file_is_stream(const struct file_facts *facts)
{
	return facts->kind == FILE_STREAM || facts->kind == FILE_DEVICE;
}

/* open(2) to read, but a FIFO's other end is not waited for. Returns a descriptor or -errno. */
int file_open_at_once(const char *path) __attribute__((nonnull));

/* Returns 0 or -errno (EISDIR: a directory). */
int file_facts(int fd, struct file_facts *facts) __attribute__((nonnull));

/*
 * One call that reads or writes up to SIZE bytes at OFFSET; without offsets (STREAM) where the file
 * is. 0: the end.
 */
ssize_t file_get_at(int fd, bool stream, void *data, size_t size, uint64_t offset)
	__attribute__((nonnull));
ssize_t file_put_at(int fd, bool stream, const void *data, size_t size, uint64_t offset)
	__attribute__((nonnull));

/*
 * Sets or clears O_DIRECT, for all who have this file open through the same open(2). Returns 0 or
 * -errno (EINVAL: its file system has no direct I/O).
 */
int file_set_direct(int fd, bool direct);

/* Moves the offset of a file. Returns 0 or -errno. */
int file_seek(int fd, uint64_t offset);

/* fdatasync(2); 0 as well for what cannot be synchronised. */
int file_flush(int fd);

/*
 * How many of 100 bytes of a file, of SIZE bytes from OFFSET on, are in the page cache (mincore(2),
 * which says 100 of a file that this user neither owns nor may write); unknown where it cannot be
 * mapped.
 */
struct maybe file_cached(int fd, uint64_t offset, uint64_t size);

/* Whether mincore(2) tells this user of this file: its owner, or who may write it. */
bool file_cached_is_told(int fd);

/*
 * Asks the kernel to drop what the page cache has of the first SIZE bytes of this one file, once
 * they are on the disk: fdatasync(2), posix_fadvise(2). What others have mapped, and all of a
 * tmpfs, stays. Returns 0 or -errno.
 */
int file_forget(int fd, uint64_t size);

/* Changes the size of a file. Returns 0 or -errno. */
int file_resize(int fd, uint64_t size);

/* Bytes that this user can still write to the file system of a file; unknown where it does not
 * tell. */
struct maybe file_room(int fd);

/* Maps a part of the file for reading, from a multiple of the page size on. POPULATE: with all its
 * pages. Returns 0 or -errno; unmap with file_unmap(). */
int file_map(int fd, uint64_t offset, size_t size, bool populate, void **memory)
	__attribute__((nonnull));
void file_unmap(void *memory, size_t size);

/*
 * memcpy() from such a mapping. Returns 0, or -EFAULT where the file has no such bytes any more, or
 * they cannot be read (SIGBUS).
 */
int file_copy_mapped(void *to, const void *from, size_t size) __attribute__((nonnull));

/* Moves up to SIZE bytes between descriptors, at *offset of those with offsets (else NULL), which
 * it moves on. 0: the end. */
ssize_t file_copy_range(int from, uint64_t *from_offset, int to, uint64_t *to_offset, size_t size);
ssize_t file_send(int from, uint64_t *from_offset, int to, size_t size);
ssize_t file_splice(int from, uint64_t *from_offset, int to, uint64_t *to_offset, size_t size);
/* vmsplice(2): the pipe's data to memory (IN), or memory to the pipe. */
ssize_t file_splice_memory(int pipe, void *memory, size_t size);

/* A pipe that takes SIZE bytes, or as many as this user may have. Returns 0 or -errno. */
int file_pipe(int ends[2], size_t size) __attribute__((nonnull));

#endif
