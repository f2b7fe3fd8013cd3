/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the heaps of a board are expected to be: a text that people write and read, with sections,
 * and lines "KEY = VALUE" in them.
 *
 *	[board]
 *	compatible = acme,camera
 *	kernel = 7.2.13
 *
 *	[heap video@42000000]
 *	kind = cma
 *	base = 0x42000000
 *	size = 16M
 *	consumer = /codec@9100000
 *
 * A key that is not there is not compared; of those with several values each has a line, and one
 * alone that is empty says that there is none. A line that begins with # is a comment. What cannot
 * be printed in a name is written as \xNN.
 */
#ifndef MODEL_PROFILE_PROFILE_HEAPS_H
#define MODEL_PROFILE_PROFILE_HEAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "model/profile/profile_key.h"

struct inventory;
struct kernel_facts;
struct root;
struct tree;

/* The values of a key: of numbers in decimal, of several sorted; none where a key has several. */
struct profile_fact {
	bool known; /* it is in the profile, or known of the machine */
	struct strings values;
};

struct profile_heap {
	char *name; /* escaped */
	bool open;  /* whether a boot makes it is not known */
	struct profile_fact facts[PROFILE_KEYS];
};

struct profile {
	struct strings compatible; /* of the tree's root, the most specific first */
	char *kernel;              /* its release, or NULL */
	struct {
		ARRAY_OF(struct profile_heap);
	} heaps; /* by name */
};

/* What a profile can have at most. */
#define PROFILE_SIZE_MAX  (1u << 20)
#define PROFILE_HEAPS_MAX 1024

/* What a machine is: ROOT's, of which INVENTORY was read. Free with profile_free(). */
void profile_of_machine(const struct root *root, const struct inventory *inventory,
			struct profile *profile) __attribute__((nonnull));

/*
 * What a boot of a tree makes of it. Where FACTS know no command line, the tree's bootargs are it.
 * A heap of which a boot decides whether it is made has no known facts; those that do not come
 * from a tree are not there. Free with profile_free().
 */
void profile_of_tree(const struct tree *tree, const struct kernel_facts *facts,
		     struct profile *profile) __attribute__((nonnull));
/* Takes off the heaps that do not come from a tree, and what a tree does not say of a heap. */
void profile_keep_tree(struct profile *profile) __attribute__((nonnull));

/* The text of a profile; the caller frees it. */
char *profile_text(const struct profile *profile) __attribute__((nonnull, returns_nonnull));

/*
 * Reads a file, or standard input where PATH is "-". Returns 0, -errno with *reason NULL (-EFBIG:
 * more than PROFILE_SIZE_MAX bytes), or -EBADMSG with the number of the line that is wrong and a
 * constant sentence about it. Free *profile either way.
 */
int profile_load(const char *path, struct profile *profile, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
/*
 * Adds the paths of the profiles below a directory, those of the files *.profile, sorted. Returns 0
 * or -errno (-ENOTDIR: it is no directory).
 */
int profile_list(const char *directory, struct strings *paths)
	__attribute__((nonnull, warn_unused_result));
/* The same as profile_load() of a text, which is changed. */
int profile_parse(char *text, struct profile *profile, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
void profile_free(struct profile *profile) __attribute__((nonnull));
#define AUTO_PROFILE __attribute__((cleanup(profile_free)))

/* The heap of that name, or NULL. */
const struct profile_heap *profile_find(const struct profile *profile, const char *name)
	__attribute__((nonnull));

enum difference_kind {
	DIFFERENCE_LOST,    /* the machine has no heap of the name */
	DIFFERENCE_CHANGED, /* a fact is another */
	DIFFERENCE_UNKNOWN, /* it is not known of the machine */
	DIFFERENCE_NEW,     /* the profile has no heap of the name */
};

struct difference {
	enum difference_kind kind;
	const char *heap;     /* the profile's or the machine's */
	enum profile_key key; /* of CHANGED and UNKNOWN */
	const struct profile_fact *expected, *found;
};
struct differences {
	ARRAY_OF(struct difference);
};

/* Compares; heaps by name, lost ones and changed ones before new ones. Free with array_free(). */
void profile_compare(const struct profile *expected, const struct profile *found,
		     struct differences *differences) __attribute__((nonnull));

/* Whether both are of the same board: they have the first compatible of the one that has fewer. */
bool profile_is_of(const struct profile *profile, const struct profile *machine)
	__attribute__((nonnull));

#endif
