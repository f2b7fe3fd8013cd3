// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/tree.h"

#include <errno.h>
#include <libfdt.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/devicetree/overlay_check.h"
#include "sys/file.h"
#include "sys/root.h"

struct tree {
	char *blob;
	char *origin; /* NULL: none */
	struct tree_index index;
};

int tree_from_blob(void *data, size_t size, const char *origin, struct tree **tree,
		   const char **reason)
{
	AUTO_FREE char *blob = data;
	struct tree_index index;
	struct tree *new_tree;
	int error;

	error = tree_make_index(blob, size, &index, reason);
	if (error)
		return error;
	new_tree = xcalloc(1, sizeof(*new_tree));
	new_tree->blob = TAKE_POINTER(blob);
	new_tree->origin = xstrdup_maybe(origin);
	new_tree->index = index;
	*tree = new_tree;
	return 0;
}

int tree_load_file(const char *path, struct tree **tree, const char **reason)
{
	AUTO_FREE char *blob = NULL;
	size_t size;
	int error;

	*reason = NULL;
	error = file_read(path, TREE_SIZE_MAX, &blob, &size);
	if (error == -EFBIG) {
		*reason = "more than 64 MiB"; /* TREE_SIZE_MAX */
		error = -EBADMSG;
	}
	return error ? error : tree_from_blob(TAKE_POINTER(blob), size, path, tree, reason);
}

int tree_load_live(const struct root *root, struct tree **tree, const char **reason)
{
	const char *path = "/sys/firmware/fdt";
	char *blob = NULL;
	size_t size;
	int error;

	*reason = NULL;
	error = root_read(root, path, TREE_SIZE_MAX, &blob, &size);
	if (error) {
		path = "/proc/device-tree";
		error = tree_flatten_proc(root, &blob, &size);
		if (error == -EBADMSG)
			*reason = "/proc/device-tree cannot be flattened";
	}
	return error ? error : tree_from_blob(blob, size, path, tree, reason);
}

/* Applies with ROOM bytes beyond both trees; returns a libfdt error. libfdt leaves a damaged tree
 * where it fails, so it works on copies. */
static int apply(const struct tree *tree, const struct tree *overlay, size_t room, char **result)
{
	size_t size = fdt_totalsize(tree->blob) + fdt_totalsize(overlay->blob) + room;
	AUTO_FREE char *merged = xcalloc(size, 1);
	AUTO_FREE char *copy = xmemdup(overlay->blob, fdt_totalsize(overlay->blob));
	int error = fdt_open_into(tree->blob, merged, (int)size);

	if (!error)
		error = fdt_overlay_apply(merged, copy);
	if (!error)
		error = fdt_pack(merged);
	if (!error)
		*result = TAKE_POINTER(merged);
	return error;
}

static int check_work(const struct tree *tree, const struct tree *overlay, char **problem)
{
	const struct tree_index *index = &overlay->index;
	uint64_t items = OVERLAY_SEARCH_WORK * (index->nodes + index->references) +
			 index->properties + OVERLAY_SYMBOL_WORK * index->symbols;
	uint64_t bytes = fdt_totalsize(tree->blob) + fdt_totalsize(overlay->blob);

	if (items * bytes <= OVERLAY_WORK_MAX)
		return 0;
	*problem = xasprintf("too large: (%u * (%zu nodes + %zu references) + %zu properties + "
			     "%u * %zu symbols) * %llu bytes of both trees are more than %llu",
			     OVERLAY_SEARCH_WORK, index->nodes, index->references,
			     index->properties, OVERLAY_SYMBOL_WORK, index->symbols,
			     (unsigned long long)bytes, (unsigned long long)OVERLAY_WORK_MAX);
	return -EBADMSG;
}

int tree_apply_overlay(struct tree *tree, const struct tree *overlay, char **problem)
{
	AUTO_FREE char *merged = NULL;
	struct tree_index index;
	size_t room = 16384;
	const char *reason;
	int error = check_work(tree, overlay, problem);

	if (!error)
		error = overlay_check(overlay->blob, problem);
	if (error)
		return error;
	/* each label of the overlay's __symbols__ grows by the path of its target */
	do {
		error = apply(tree, overlay, room, &merged);
		room *= 4;
	} while (error == -FDT_ERR_NOSPACE && room < TREE_SIZE_MAX);
	if (error == -FDT_ERR_NOTFOUND && fdt_path_offset(tree->blob, "/__symbols__") < 0) {
		*problem = xstrdup(
			"the tree has no __symbols__: compile it with dtc -@ (FDT_ERR_NOTFOUND)");
		return -EBADMSG;
	}
	if (error) {
		*problem = xstrdup(tree_error_name(error));
		return -EBADMSG;
	}
	error = tree_make_index(merged, fdt_totalsize(merged), &index, &reason);
	if (error) {
		*problem = xstrdup(reason);
		return error;
	}
	free(tree->blob);
	tree_index_free(&tree->index);
	tree->blob = TAKE_POINTER(merged);
	tree->index = index;
	return 0;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	tree_index_free(&tree->index);
	free(tree->blob);
	free(tree->origin);
	free(tree);
}

const void *tree_blob(const struct tree *tree)
{
	return tree->blob;
}

const char *tree_origin(const struct tree *tree)
{
	return tree->origin;
}

const struct tree_index *tree_index(const struct tree *tree)
{
	return &tree->index;
}
