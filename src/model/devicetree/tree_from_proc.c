// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/device-tree, flattened: for who may not read /sys/firmware/fdt. */
#include <errno.h>
#include <libfdt.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"
#include "sys/root.h"

struct writer {
	const struct root *root;
	char *blob;
	size_t size;
	int depth;
};

/* Repeats CALL, which returns a libfdt error, with more room until it has enough. */
#define WITH_ROOM(writer, call) \
	({ \
		int result_; \
		do { \
			result_ = (call); \
		} while (result_ == -FDT_ERR_NOSPACE && !grow(writer)); \
		result_ ? (result_ == -FDT_ERR_NOSPACE ? -EFBIG : -EBADMSG) : 0; \
	})

static int grow(struct writer *writer)
{
	size_t size = writer->size * 2;
	char *blob;

	if (size > TREE_SIZE_MAX)
		return -EFBIG;
	blob = xcalloc(size, 1);
	if (fdt_resize(writer->blob, blob, (int)size)) {
		free(blob);
		return -EFBIG;
	}
	free(writer->blob);
	writer->blob = blob;
	writer->size = size;
	return 0;
}

static int write_property(struct writer *writer, const char *path, const char *name)
{
	AUTO_FREE char *data = NULL;
	size_t size;
	int error;

	if (!strcmp(name, "name"))
		return 0; /* the kernel adds it to every node */
	error = root_read(writer->root, path, TREE_SIZE_MAX, &data, &size);
	if (error == -EACCES || error == -EPERM)
		return 0; /* security-* properties are for root only */
	if (error)
		return error;
	return WITH_ROOM(writer, fdt_property(writer->blob, name, data, (int)size));
}

static int write_node(struct writer *writer, const char *path, const char *name);

/* The properties of the directory, or its subdirectories: properties must come first. */
static int write_children(struct writer *writer, const char *path, const struct strings *names,
			  bool directories)
{
	array_for_each (names, name) {
		AUTO_FREE char *child = xasprintf("%s/%s", path, *name);
		struct stat status;
		int error = root_lstat(writer->root, child, &status);

		if (error == -ENOENT)
			continue; /* gone since, with an overlay */
		if (!error && S_ISDIR(status.st_mode) && directories)
			error = write_node(writer, child, *name);
		else if (!error && S_ISREG(status.st_mode) && !directories)
			error = write_property(writer, child, *name);
		if (error)
			return error;
	}
	return 0;
}

static int write_node(struct writer *writer, const char *path, const char *name)
{
	AUTO_STRINGS struct strings names = {0};
	int error = root_list(writer->root, path, &names);

	if (error)
		return error;
	if (++writer->depth > TREE_DEPTH_MAX)
		return -ELOOP;
	error = WITH_ROOM(writer, fdt_begin_node(writer->blob, name));
	if (!error)
		error = write_children(writer, path, &names, false);
	if (!error)
		error = write_children(writer, path, &names, true);
	if (!error)
		error = WITH_ROOM(writer, fdt_end_node(writer->blob));
	writer->depth--;
	return error;
}

static const char *top_directory(const struct root *root)
{
	static const char usual[] = "/proc/device-tree";
	struct stat status;

	/* a captured root may have lost the symbolic link that it is */
	return root_lstat(root, usual, &status) || S_ISREG(status.st_mode)
		       ? "/sys/firmware/devicetree/base"
		       : usual;
}

int tree_list_current(const struct root *root, const char *node, struct strings *names)
{
	AUTO_FREE char *path = xasprintf("%s/%s", top_directory(root), node);
	AUTO_STRINGS struct strings entries = {0};
	int error = root_list(root, path, &entries);

	if (error)
		return error;
	*names = (struct strings){0};
	array_for_each (&entries, name) {
		AUTO_FREE char *child = xasprintf("%s/%s", path, *name);
		struct stat status;

		if (!root_lstat(root, child, &status) && S_ISDIR(status.st_mode))
			strings_add(names, *name);
	}
	return 0;
}

int tree_flatten_proc(const struct root *root, char **blob, size_t *size)
{
	struct writer writer = {.root = root, .size = 65536};
	int error;

	writer.blob = xcalloc(writer.size, 1);
	/* libfdt looks for each name among all that there are, unless it is told not to */
	error = WITH_ROOM(&writer, fdt_create_with_flags(writer.blob, (int)writer.size,
							 FDT_CREATE_FLAG_NO_NAME_DEDUP));
	if (!error)
		error = WITH_ROOM(&writer, fdt_finish_reservemap(writer.blob));
	if (!error)
		error = write_node(&writer, top_directory(root), "");
	if (!error)
		error = WITH_ROOM(&writer, fdt_finish(writer.blob));
	if (error) {
		free(writer.blob);
		return error;
	}
	*blob = writer.blob;
	*size = writer.size;
	return 0;
}

int tree_load_current(const struct root *root, struct tree **tree, const char **reason)
{
	char *blob;
	size_t size;
	int error = tree_flatten_proc(root, &blob, &size);

	*reason = NULL;
	return error ? error : tree_from_blob(blob, size, "/proc/device-tree", tree, reason);
}
