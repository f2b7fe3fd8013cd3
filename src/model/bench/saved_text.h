/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a saved run: lines, of which the first names the format. */
#ifndef MODEL_BENCH_SAVED_TEXT_H
#define MODEL_BENCH_SAVED_TEXT_H

#include <stddef.h>

/* More than a saved run has. */
#define SAVED_TEXT_SIZE_MAX (4u << 20)
/* Of a kernel, a machine or a heap; these have at most 64, 64 and 255 bytes. */
#define SAVED_NAME_MAX      1024

/*
 * Reads a file, or standard input where PATH is "-", of at most LIMIT bytes (else -EFBIG), into
 * text that the caller frees. Returns 0, -errno with *reason NULL, or -EBADMSG with the number of
 * the line that is wrong and a constant sentence about it.
 */
int saved_text_read(const char *path, size_t limit, char **text, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));

/* Takes the next line off *TEXT, without its end, and counts it; NULL: there is none. */
char *saved_text_line(char **text, size_t *number) __attribute__((nonnull));

/* The value of a line "NAME<tab>VALUE", or NULL; LINE may be NULL. */
const char *saved_text_value(const char *line, const char *name) __attribute__((nonnull(2)));

#endif
