/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One flattened device tree, wherever it came from. A tree that was loaded is whole: its structure
 * was walked to the end, so that libfdt's read functions may be used on tree_blob().
 */
#ifndef MODEL_DEVICETREE_TREE_H
#define MODEL_DEVICETREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct root;
struct tree;

/* Larger files, and nodes nested deeper (FDT_MAX_DEPTH, drivers/of/fdt.c), are refused. */
#define TREE_SIZE_MAX  (64u << 20)
#define TREE_DEPTH_MAX 64

/*
 * Makes a tree of SIZE bytes of DATA, which the tree then owns, also where it fails: DATA is freed
 * in any case. ORIGIN is what tree_origin() will say. Returns 0, or -EBADMSG with a constant
 * sentence in *reason that says what is wrong with the blob. The caller frees *tree with
 * tree_free().
 */
int tree_from_blob(void *data, size_t size, const char *origin, struct tree **tree,
		   const char **reason) __attribute__((nonnull(1, 4, 5), warn_unused_result));

/*
 * Reads a file, or standard input where PATH is "-". Returns 0, -errno of reading it, or -EBADMSG
 * and *reason as above; *reason is NULL where errno says it all.
 */
int tree_load_file(const char *path, struct tree **tree, const char **reason)
	__attribute__((nonnull, warn_unused_result));

/*
 * Reads the tree of the machine: /sys/firmware/fdt, and where that may not be read
 * /proc/device-tree, flattened (property by property, the same content without /memreserve/).
 * Returns 0, -ENOENT where the machine has none, another -errno, or -EBADMSG and *reason.
 */
int tree_load_live(const struct root *root, struct tree **tree, const char **reason)
	__attribute__((nonnull, warn_unused_result));

/*
 * The second of the two sources above alone, for who wants to compare them.
 */
int tree_load_folder(const struct root *root, struct tree **tree, const char **reason)
	__attribute__((nonnull, warn_unused_result));

/*
 * Applies an overlay with libfdt. Returns 0, or -EBADMSG and *reason with TREE as it was.
 * OVERLAY stays as it is.
 */
int tree_apply_overlay(struct tree *tree, const struct tree *overlay, const char **reason)
	__attribute__((nonnull, warn_unused_result));

/* Takes NULL. */
void tree_free(struct tree *tree);

/* The blob, aligned to 8 bytes, good as long as the tree. */
const void *tree_blob(const struct tree *tree) __attribute__((nonnull));

/* Where it was read: "/sys/firmware/fdt", "/proc/device-tree" or the file's path; NULL: a blob. */
const char *tree_origin(const struct tree *tree) __attribute__((nonnull));

static inline void tree_cleanup(struct tree **tree)
{
	tree_free(*tree);
}
#define AUTO_TREE __attribute__((cleanup(tree_cleanup)))

#endif
