/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of heaps with their regions, saved to be compared with those of another time, kernel or
 * tree. The file is sorted text, one heap a line: NAME, PLACE, SIZE between tabs; PLACE is an
 * address, "dynamic", "pages" or "-", SIZE bytes in hexadecimal or "-". The names of a tree are in
 * its section, [vendor/board.dtb], which is the tree's key: its path below a directory that others
 * have elsewhere. What can't be printed in a name is written as \xNN; so
 * are, at its beginning, a # (\x23), which would make a comment of the line, and the backslash
 * (\x5c) of a name that has these four characters itself.
 */
#ifndef MODEL_NAME_BASELINE_H
#define MODEL_NAME_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/name/lint.h"

struct baseline;

struct baseline *baseline_new(void) __attribute__((returns_nonnull));
/* Takes NULL. */
void baseline_free(struct baseline *baseline);

/* Adds a tree, which may turn out to have no heaps. */
void baseline_add_tree(struct baseline *baseline, const char *key) __attribute__((nonnull));
/* Adds a heap of the tree KEY, NULL: of a machine or a list. EVIDENCE may be NULL. */
void baseline_add(struct baseline *baseline, const char *key, const char *name,
		  const struct name_evidence *evidence) __attribute__((nonnull(1, 3)));

/* Sorts it and writes it to a file. Returns 0 or -errno. */
int baseline_save(struct baseline *baseline, const char *path)
	__attribute__((nonnull, warn_unused_result));

#define BASELINE_SIZE_MAX (64u << 20)
/*
 * Reads a file, or standard input where PATH is "-", of at most this many bytes (else -EFBIG).
 * Returns 0, -errno, or -EBADMSG as baseline_parse(), with *reason; *reason is NULL where errno
 * says it all.
 */
int baseline_load(const char *path, struct baseline **baseline, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/*
 * The same of SIZE bytes of TEXT, which has room for a NUL after them and is changed. Returns
 * NULL, with its number in *line and a constant sentence in *reason, where a line is wrong.
 */
struct baseline *baseline_parse(char *text, size_t size, size_t *line, const char **reason)
	__attribute__((nonnull));

/* Writes findings about SUBJECT, a heap of the tree KEY (NULL: none) or, alone, the key itself. */
typedef void baseline_report(void *data, const char *subject, const char *key,
			     struct findings *findings);

/*
 * Says what is to be compared: the trees with these keys, or with none a machine's or a list's
 * names. One tree or machine is compared with the only one that is saved, whatever they are called.
 * Calls REPORT with a finding, of the rule "baseline", for each tree that is not on the other side,
 * and returns false, with one finding alone, where none is.
 */
bool baseline_begin(struct baseline *baseline, const struct strings *keys,
		    const struct name_settings *settings, baseline_report *report, void *data)
	__attribute__((nonnull(1, 2, 3, 4)));

/*
 * Compares a heap and remembers that it was there. Adds a finding to FINDINGS where it is new or
 * has moved. Trees that the baseline does not have are not compared.
 */
void baseline_compare(struct baseline *baseline, const struct name_settings *settings,
		      const char *key, const char *name, const struct name_evidence *evidence,
		      struct findings *findings) __attribute__((nonnull(1, 2, 4, 6)));

/*
 * After all heaps were compared: calls REPORT for each saved one that was not there, with a finding
 * that says whether it was renamed or has disappeared, if its tree was given.
 */
void baseline_missing(struct baseline *baseline, const struct name_settings *settings,
		      baseline_report *report, void *data) __attribute__((nonnull(1, 2, 3)));

#endif
