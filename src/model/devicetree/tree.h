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

#include "base/array.h"

struct root;
struct tree;

/*
 * Larger files, and nodes nested deeper (FDT_MAX_DEPTH, drivers/of/fdt.c), are refused. So are
 * trees that have more of what is kept, or repeated in what is shown, than any board has: a small
 * file must not take much time or memory. Of 1649 arm64 boards in Linux 7.2 the longest name has 47
 * characters (the specification allows 31), the longest path 117.
 */
#define TREE_SIZE_MAX       (64u << 20)
#define TREE_DEPTH_MAX      64
#define TREE_NAME_MAX       255 /* of a node or property; NAME_MAX of /proc/device-tree */
#define TREE_PATH_MAX       1023
#define TREE_LINKS_MAX      65536   /* entries of all memory-region */
#define TREE_LABELS_MAX     65536   /* labels of regions */
#define TREE_RESERVES_MAX   65536   /* entries of /memreserve/ */
#define TREE_RANGES_MAX     1048576 /* bytes of all memory ranges: reg */
#define TREE_ALLOC_MAX      16384   /* bytes of all alloc-ranges: each is tried on all RAM */
#define TREE_DMA_RANGES_MAX 32768   /* bytes of all dma-ranges */
#define TREE_STRAYS_MAX     4096    /* nodes that are nearly called reserved-memory */

/* The properties that are noted of a node with memory-region. */
enum tree_property {
	TREE_MEMORY_REGION,
	TREE_MEMORY_REGION_NAMES,
	TREE_QCOM_HEAP_NAME, /* of vendors' bindings: vendor_bindings.c */
	TREE_SAMSUNG_HEAP_NAME,
	TREE_SAMSUNG_HEAP_SECURE,
	TREE_SAMSUNG_HEAP_NAME_2, /* of newer kernels */
	TREE_SAMSUNG_HEAP_SECURE_2,
	TREE_SAMSUNG_HEAP_UNCACHED_2,
	TREE_PROPERTIES
};

/* A node that has a memory-region property. Offsets are those of libfdt, -1: not there. */
struct tree_consumer {
	char *path;
	int properties[TREE_PROPERTIES];
	bool enabled; /* no status, its own or of a node above, says otherwise */
};

struct tree_label {
	const char *label, *node; /* "video_mem" for /reserved-memory/NODE; both in the blob */
};

/* A node called reserved-memory, or nearly so, other than the one that the kernel reads. */
struct tree_stray {
	int offset;
	char *path;
};

struct tree_index {
	/* first child of the root with this name, a unit address allowed as in fdt_path_offset() */
	int reserved_memory, chosen, cpus;
	bool is_overlay;   /* a fragment has an __overlay__ */
	uint64_t dma_last; /* the lowest end of dma-ranges of enabled nodes; UINT64_MAX: none */
	struct {
		ARRAY_OF(int);
	} memory; /* children of the root that are called memory or memory@… */
	struct {
		ARRAY_OF(struct tree_consumer);
	} consumers;
	struct {
		ARRAY_OF(struct tree_label);
	} labels; /* of /__symbols__, those for children of /reserved-memory; sorted by node */
	struct {
		ARRAY_OF(struct tree_stray);
	} strays;
	struct {
		ARRAY_OF(uint32_t);
	} phandles; /* every phandle of the tree */
	/* how many there are, entries of __fixups__ and __local_fixups__, and of __symbols__ */
	size_t nodes, properties, references, symbols;
};

/*
 * Makes a tree of SIZE bytes of DATA, which the tree then owns, also where it fails: DATA is freed
 * in any case. ORIGIN is what tree_origin() returns. Returns 0, or -EBADMSG with a constant
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
 * Reads the tree as the kernel has it now, /proc/device-tree, which overlays may have changed since
 * the boot. Returns as above.
 */
int tree_load_current(const struct root *root, struct tree **tree, const char **reason)
	__attribute__((nonnull, warn_unused_result));

/*
 * Lists the children of NODE, a path below the root, in /proc/device-tree. The caller frees NAMES
 * with strings_free(). Returns 0 or -errno.
 */
int tree_list_current(const struct root *root, const char *node, struct strings *names)
	__attribute__((nonnull, warn_unused_result));

/*
 * Applies an overlay with libfdt. Returns 0, or -EBADMSG with TREE as it was and a sentence in
 * *problem, which the caller frees. OVERLAY stays as it is.
 */
int tree_apply_overlay(struct tree *tree, const struct tree *overlay, char **problem)
	__attribute__((nonnull, warn_unused_result));

/* Takes NULL. */
void tree_free(struct tree *tree);

/* The blob, aligned to 8 bytes, good as long as the tree. */
const void *tree_blob(const struct tree *tree) __attribute__((nonnull));

/* What was noted when it was checked; good as long as the tree. */
const struct tree_index *tree_index(const struct tree *tree) __attribute__((nonnull));

/* Where it was read: "/sys/firmware/fdt", "/proc/device-tree" or the file's path; NULL: a blob. */
const char *tree_origin(const struct tree *tree) __attribute__((nonnull));

/*
 * Parts of the above. Checks SIZE bytes of BLOB and makes the index. Returns 0, or -EBADMSG with a
 * constant sentence in *reason. The caller frees what the index owns with tree_index_free().
 */
int tree_make_index(const void *blob, size_t size, struct tree_index *index, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/* The first label of /reserved-memory/NODE, or NULL. */
const char *tree_index_label(const struct tree_index *index, const char *node)
	__attribute__((nonnull));
void tree_index_free(struct tree_index *index) __attribute__((nonnull));

/* What a libfdt error means, with libfdt's name for it: constant. */
const char *tree_error_name(int fdt_error) __attribute__((returns_nonnull));

/*
 * Flattens /proc/device-tree, whose files are properties and whose directories are nodes, into
 * *blob, which the caller frees. Returns 0, -errno, or -EBADMSG where libfdt does not take it.
 */
int tree_flatten_proc(const struct root *root, char **blob, size_t *size)
	__attribute__((nonnull, warn_unused_result));

static inline void tree_cleanup(struct tree **tree)
{
	tree_free(*tree);
}
#define AUTO_TREE __attribute__((cleanup(tree_cleanup)))

#endif
