/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives of tar, plain or compressed with gzip: made in memory as POSIX.1-2001 says for pax, and
 * read also as GNU tar writes them. What is read may be hostile: nothing is believed, and nothing
 * larger than the bounds below is taken.
 */
#ifndef SYS_TAR_H
#define SYS_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* An archive that is read has no more members, and is not longer once it is uncompressed. */
#define TAR_MEMBERS_MAX 200000
#define TAR_MIB_MAX     256

/* An archive that is made. */
struct tar_writer;
/* MADE_AT: seconds since 1970, the time of all members. The caller ends it with tar_end(). */
struct tar_writer *tar_begin(uint64_t made_at) __attribute__((returns_nonnull));
/*
 * Adds a regular file with SIZE bytes of DATA; where DATA is NULL a symbolic link to TARGET; where
 * both are, a directory. PATH is without a / before it.
 */
void tar_add(struct tar_writer *writer, const char *path, const char *data, size_t size,
	     const char *target) __attribute__((nonnull(1, 2)));
/* Frees WRITER and returns the archive, with GZIP a compressed one, which the caller frees. */
char *tar_end(struct tar_writer *writer, bool gzip, size_t *size)
	__attribute__((nonnull, returns_nonnull));

/* A member of an archive that is read. */
struct tar_member {
	char *name;          /* as it is in the archive; good until the next one is read */
	mode_t mode;         /* type and permissions, as st_mode; the type is 0 for a hard link */
	uint64_t size;       /* of a regular file: bytes */
	char *target;        /* of a link; else "" */
	char *owner, *group; /* names, or numbers */
	dev_t device;        /* the number of a device */
};

/* An archive that is read. */
struct tar_reader;
/*
 * Opens FILE, or standard input where that is "-". Returns 0 or -errno, where *reason may say what
 * is wrong with it. Ended with tar_close().
 */
int tar_open(const char *file, struct tar_reader **reader, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/*
 * Reads what the next member is. Returns 1, 0 at the end, or -errno: -EBADMSG for what is no
 * archive or is cut, -E2BIG for more than the bounds; *reason then says it in words, or is NULL.
 */
int tar_next(struct tar_reader *reader, struct tar_member *member, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/* Reads the next at most SIZE bytes of the member. Returns how many, 0 at its end, or -errno as
 * tar_next(). */
ssize_t tar_read(struct tar_reader *reader, char *data, size_t size, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/* Takes NULL. */
void tar_close(struct tar_reader *reader);

#endif
