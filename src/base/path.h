/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths as text: nothing is looked up. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

/*
 * PATH without "." and ".." and doubled slashes, from DIRECTORY (absolute) on where it is relative.
 * The caller frees it.
 */
char *path_normal(const char *directory, const char *path)
	__attribute__((nonnull, returns_nonnull, malloc));

/* What follows DIRECTORY in PATH, both as of path_normal(): "" for itself, NULL: not below it. */
const char *path_below(const char *directory, const char *path) __attribute__((nonnull));

/* Cuts DIRECTORY, as of path_normal(), to what it has in common with the directory of PATH. */
void path_common(char *directory, const char *path) __attribute__((nonnull));

/* The last part of a path. */
const char *path_name(const char *path) __attribute__((nonnull, returns_nonnull));

#endif
