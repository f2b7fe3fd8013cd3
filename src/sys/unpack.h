/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A captured machine that is an archive (tar.h), unpacked into a directory of its own, which is
 * removed however this program ends, also by SIGKILL: a process of its own waits for that.
 */
#ifndef SYS_UNPACK_H
#define SYS_UNPACK_H

struct unpacked;

/*
 * Unpacks the archive FILE ("-": standard input) into a new directory in $TMPDIR, or /tmp, that
 * only this user can read; of an archive nothing is written outside it. A character device becomes
 * a file of one line, "char MODE OWNER GROUP MAJOR:MINOR". Returns 0 or -errno, with nothing left
 * behind; *reason is NULL, or says what is wrong with the archive (the caller frees it): a name
 * that is absolute or has "..", that leads through a link or is there twice, a hard link, a FIFO or
 * the like, or more than the bounds of tar.h. -ENOSYS: openat2(2), as root_open(). Free with
 * unpacked_remove().
 */
int unpack(const char *file, struct unpacked **unpacked, char **reason)
	__attribute__((nonnull, warn_unused_result));

/* The same into a directory that is there, and in which all that was unpacked stays. */
int unpack_into(const char *file, const char *directory, char **reason)
	__attribute__((nonnull, warn_unused_result));

/* The directory. */
const char *unpacked_directory(const struct unpacked *unpacked)
	__attribute__((nonnull, returns_nonnull));

/* Removes it. Takes NULL. */
void unpacked_remove(struct unpacked *unpacked);

#endif
