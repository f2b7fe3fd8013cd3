/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source of device trees, read to find the line of a node: .dts and .dtsi files with what they
 * include, as they are (macros are not expanded), or what `dtc -T` writes, which says the place
 * behind each node and property.
 */
#ifndef MODEL_DEVICETREE_SOURCE_H
#define MODEL_DEVICETREE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* The files to look in. */
struct source_files;
struct source_files *source_files_new(void) __attribute__((returns_nonnull));
/* Takes NULL. */
void source_files_free(struct source_files *files);
/* Adds the .dts, .dtso and .dtsi files below a directory. Returns 0 or -errno. */
int source_files_add(struct source_files *files, const char *directory)
	__attribute__((nonnull, warn_unused_result));
/* Adds a file that dtc -T has written, for the trees with its name up to the first dot. */
void source_files_add_map(struct source_files *files, const char *path) __attribute__((nonnull));

/* The nodes and properties of one tree. */
struct source;
/*
 * Reads the source of the tree in the file TREE: BOARD.dts for BOARD.dtb, where several are called
 * so the one in a directory of the same name. Returns NULL where none, or no one alone, is there or
 * can be read, and where there is too much of it: of that *excess says what, else it is NULL.
 */
struct source *source_open(struct source_files *files, const char *tree, const char **excess)
	__attribute__((nonnull, warn_unused_result));
/* Takes NULL. */
void source_free(struct source *source);

/*
 * Finds the node PATH, or one with the LABEL (NULL: none), and in it the last place that sets
 * PROPERTY (NULL: the node itself). Returns the file, which is good as long as the source's files,
 * and its line; where the node cannot be found the board's own file, NULL of a map, and line 0.
 */
const char *source_find(const struct source *source, const char *path, const char *label,
			const char *property, unsigned int *line) __attribute__((nonnull(1, 2, 5)));

#endif
