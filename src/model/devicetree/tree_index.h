/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass over a blob that checks it as fdt_check_full() does, with a depth limit, and on the way
 * notes where the things are that a reader of regions looks for. libfdt's functions begin at the
 * front for every question; over a thousand trees that would cost ten times as much.
 */
#ifndef MODEL_DEVICETREE_TREE_INDEX_H
#define MODEL_DEVICETREE_TREE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"

/* A node that has a memory-region property. Offsets are those of libfdt, -1: not there. */
struct tree_consumer {
	int offset;
	char *path;
	int memory_region, memory_region_names; /* offsets of the properties */
	bool enabled; /* no status, its own or of a node above, says otherwise */
};

struct tree_label {
	const char *label, *node; /* "video_mem" for /reserved-memory/NODE; both in the blob */
};

struct tree_index {
	/* first child of the root with this name, a unit address allowed as in fdt_path_offset() */
	int reserved_memory, chosen;
	bool is_overlay; /* a fragment has an __overlay__ */
	struct {
		ARRAY_OF(int);
	} memory; /* children of the root that are called memory or memory@… */
	struct {
		ARRAY_OF(struct tree_consumer);
	} consumers;
	struct {
		ARRAY_OF(struct tree_label);
	} labels; /* of /__symbols__, those for children of /reserved-memory */
	struct {
		ARRAY_OF(uint32_t);
	} phandles; /* every phandle of the tree */
};

/*
 * Walks SIZE bytes of BLOB. Returns 0, or -EBADMSG with a constant sentence in *reason. Release the
 * index with tree_index_release().
 */
int tree_walk(const void *blob, size_t size, struct tree_index *index, const char **reason)
	__attribute__((nonnull, warn_unused_result));
void tree_index_release(struct tree_index *index) __attribute__((nonnull));

/* What a libfdt error means, with libfdt's name for it: constant. */
const char *tree_error_words(int fdt_error) __attribute__((returns_nonnull));

/* The index of a loaded tree. */
struct tree;
const struct tree_index *tree_index(const struct tree *tree) __attribute__((nonnull));

#endif
