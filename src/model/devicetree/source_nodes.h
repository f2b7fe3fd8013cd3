/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nodes, properties and labels of one tree, which source.c reads. */
#ifndef MODEL_DEVICETREE_SOURCE_NODES_H
#define MODEL_DEVICETREE_SOURCE_NODES_H

#include <stdbool.h>

struct source_place {
	const char *file;
	unsigned int line;
};

/* What the trees of tsearch(3) have begins with a pointer to its name, which is behind it. */
struct source_property {
	char *name;
	struct source_place place;
};

struct source_node {
	char *name;
	struct source_node *parent, *next; /* next: of all, also those that were deleted */
	void *children, *properties;       /* trees by name */
	struct source_place place;
	unsigned short length; /* of its path */
	enum {
		NAMED_ONLY,
		REFERRED,
		DEFINED
	} how;         /* &label { … } refers to it */
	bool attached; /* its parent has it */
};

struct source_label {
	char *name;
	struct source_node *node;
};

struct source {
	const char *file; /* the board's; NULL: a map was read */
	struct source_node *nodes, *root;
	struct source_node *unknown; /* parent of those that a reference to no known label opens */
	void *labels;                /* a tree by name */
};

/* A source with no node but the root: free it with source_free(). */
struct source *source_new(void) __attribute__((returns_nonnull));

/*
 * The child of that name. It is made where SOURCE is not NULL; NULL: it is not there, or its path
 * would be too long.
 */
struct source_node *source_child(struct source *source, struct source_node *parent,
				 const char *name) __attribute__((nonnull(2, 3)));
/* A node, or what is in its place if it was deleted; with SOURCE as above. */
struct source_node *source_now(struct source *source, struct source_node *node)
	__attribute__((nonnull(2)));
/* The node at a path below ROOT; with SOURCE as above. */
struct source_node *source_node_at(struct source *source, struct source_node *root,
				   const char *path) __attribute__((nonnull(2, 3)));
/* Forgets a node with all below it. Labels may still lead to any of these. */
void source_delete(struct source_node *node) __attribute__((nonnull));
/* Notes the place that sets a property, instead of those before. */
void source_set_property(struct source_node *node, const char *name, struct source_place place)
	__attribute__((nonnull));

/* The node with a label, or NULL. */
struct source_node *source_labelled(const struct source *source, const char *label)
	__attribute__((nonnull));
/* Gives a node a label, which another node may have had. */
void source_set_label(struct source *source, const char *label, struct source_node *node)
	__attribute__((nonnull));

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
