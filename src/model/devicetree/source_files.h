/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of which source.c reads the source of trees. */
#ifndef MODEL_DEVICETREE_SOURCE_FILES_H
#define MODEL_DEVICETREE_SOURCE_FILES_H

#include "base/array.h"
#include "base/set.h"

struct source_files {
	struct strings paths; /* of .dts, .dtso and .dtsi files, sorted by_end() */
	struct strings maps;  /* that dtc has written */
	struct strings named; /* files that others name: they have to stay */
	struct set known;     /* those of named */
};

struct source_files *source_files_new(void) __attribute__((returns_nonnull));
/* Takes NULL. */
void source_files_free(struct source_files *files);
/* Adds the .dts, .dtso and .dtsi files below a directory. Returns 0 or -errno. */
int source_files_add(struct source_files *files, const char *directory)
	__attribute__((nonnull, warn_unused_result));
/* Adds a file that dtc -T has written, for the trees with its name up to the first dot. */
void source_files_add_map(struct source_files *files, const char *path) __attribute__((nonnull));

/* The file whose path ends as WANTED does, with most parts in common; NULL: none, or several. */
const char *source_files_nearest(const struct source_files *files, const char *wanted)
	__attribute__((nonnull));
/* The map of the tree in the file TREE; NULL: there is none. */
const char *source_files_map(const struct source_files *files, const char *tree)
	__attribute__((nonnull));
/* LENGTH bytes of NAME, which others may point to as long as FILES is there. */
const char *source_files_keep(struct source_files *files, const char *name, size_t length)
	__attribute__((nonnull, returns_nonnull));

#endif
