/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory below /tmp for the files that an input becomes. It is removed at the end. */
#ifndef FUZZ_SCRATCH_H
#define FUZZ_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ends the program where HOLDS is false. */
void must(bool holds);

const char *scratch_directory(void);
/* The path of NAME in it; the caller frees it. */
char *scratch_path(const char *name);
/* Makes a symbolic link to TARGET, or where that is NULL a directory. */
void scratch_make(const char *name, const char *target);
/* Writes the parts of an input, which are separated by NUL, to files of these names. */
void scratch_put(const char *const *names, size_t count, const uint8_t *data, size_t size);

#endif
