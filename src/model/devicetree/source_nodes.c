// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/source_nodes.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"

/* Allocates SIZE bytes that begin with a pointer to the name, which is behind them. */
static void *new_named(size_t size, const char *name)
{
	size_t length = strlen(name) + 1;
	char *item = xcalloc(1, size + length);

	*(char **)item = memcpy(item + size, name, length);
	return item;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a tree has by a name, or NULL. */
static void *find_named(void *const *tree, const char *name)
{
	void *const *found = tfind(&name, tree, by_name);

	return found ? *found : NULL;
}

static void add_named(void **tree, void *item)
{
	must_have(tsearch(item, tree, by_name));
}

static struct source_node *new_node(struct source *source, struct source_node *parent,
				    const char *name)
{
	struct source_node *node = new_named(sizeof(*node), name);

	node->parent = parent;
	node->attached = true;
	node->next = source->nodes;
	source->nodes = node;
	return node;
}

struct source_node *source_child(struct source *source, struct source_node *parent,
				 const char *name)
{
	size_t length = parent->length + 1 + strlen(name);
	struct source_node *node = find_named(&parent->children, name);

	if (node || !source || length > TREE_PATH_MAX)
		return node;
	node = new_node(source, parent, name);
	node->length = (unsigned short)length;
	add_named(&parent->children, node);
	return node;
}

struct source_node *source_now(struct source *source, struct source_node *node)
{
	struct source_node *parent;

	if (node->attached)
		return node;
	parent = source_now(source, node->parent);
	return parent ? source_child(source, parent, node->name) : NULL;
}

static void forget(void *item);

/* Forgets what a node is and all below it. Labels may still lead to any of these. */
static void clear_node(struct source_node *node)
{
	node->how = NAMED_ONLY;
	tdestroy(node->properties, free);
	tdestroy(node->children, forget);
	node->properties = node->children = NULL;
}

static void forget(void *item)
{
	struct source_node *node = item;

	node->attached = false;
	clear_node(node);
}

struct source *source_new(void)
{
	struct source *source = xcalloc(1, sizeof(*source));

	source->root = new_node(source, NULL, "");
	source->unknown = new_node(source, NULL, "");
	return source;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	/* not below the root alone: something may be in a node that was deleted while it was open
	 */
	for (struct source_node *node = source->nodes; node; node = node->next)
		clear_node(node);
	while (source->nodes) {
		struct source_node *node = source->nodes;

		source->nodes = node->next;
		free(node);
	}
	tdestroy(source->labels, free);
	free(source);
}

struct source_node *source_node_at(struct source *source, struct source_node *root,
				   const char *path)
{
	AUTO_FREE char *copy = xstrdup(path);
	struct source_node *node = root;
	char *rest = copy, *name;

	while (node && (name = strsep(&rest, "/"))) {
		if (*name)
			node = source_child(source, node, name);
	}
	return node;
}

struct source_node *source_labelled(const struct source *source, const char *label)
{
	const struct source_label *found = find_named(&source->labels, label);

	return found ? found->node : NULL;
}

void source_delete(struct source_node *node)
{
	if (node->parent)
		tdelete(node, &node->parent->children, by_name);
	node->attached = !node->parent;
	clear_node(node);
}

void source_set_property(struct source_node *node, const char *name, struct source_place place)
{
	struct source_property *property = find_named(&node->properties, name);

	if (!property) {
		property = new_named(sizeof(*property), name);
		add_named(&node->properties, property);
	}
	property->place = place;
}

void source_set_label(struct source *source, const char *label, struct source_node *node)
{
	struct source_label *item = find_named(&source->labels, label);

	if (!item) {
		item = new_named(sizeof(*item), label);
		add_named(&source->labels, item);
	}
	item->node = node;
}

const char *source_find(const struct source *source, const char *path, const char *label,
			const char *property, unsigned int *line)
{
	const struct source_node *node = source_node_at(NULL, source->root, path);
	const struct source_property *found;

	if ((!node || node->how == NAMED_ONLY) && label) {
		/* a macro makes its name */
		struct source_node *labelled = source_labelled(source, label);

		node = labelled ? source_now(NULL, labelled) : NULL;
	}
	if (node && node->how == NAMED_ONLY)
		node = NULL;
	found = node && property ? find_named(&node->properties, property) : NULL;
	if (found) {
		*line = found->place.line;
		return found->place.file;
	}
	if (!node || !node->place.file) {
		*line = 0;
		return source->file;
	}
	*line = node->place.line;
	return node->place.file;
}
