/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The heaps of a machine: the character devices below /dev/dma_heap (drivers/dma-buf/dma-heap.c),
 * with their nodes, and what udev says of them. The inventory knows their memory.
 */
#ifndef MODEL_HEAP_HEAP_H
#define MODEL_HEAP_HEAP_H

#include <sys/types.h>

#include "base/array.h"
#include "base/known.h"

struct root;

#define HEAP_DIRECTORY "/dev/dma_heap"

/* What is read beside the names: each costs time, or opens files that a caller may not want opened.
 */
enum wanted {
	WANT_OWNERS = 1 << 0, /* names of users and groups */
	WANT_ACCESS = 1 << 1, /* opens each heap */
	WANT_LINKS = 1 << 2,  /* links outside /dev/dma_heap: asks udev */
	WANT_MEMORY = 1 << 3, /* the inventory's: CMA areas, the device tree */
	WANT_USUAL = WANT_OWNERS | WANT_ACCESS | WANT_MEMORY,
};

struct heap {
	char *name;       /* the kernel's */
	char *node;       /* path below the root */
	dev_t device;     /* major and minor number */
	dev_t filesystem; /* on which the node is, and which it is there */
	ino_t inode;
	mode_t mode;          /* permission bits */
	char *owner, *group;  /* names, or numbers where there is no name; NULL: not wanted */
	enum tristate access; /* whether this process may open it; unknown for a captured root */
	int access_error;     /* why not: -errno, else 0 */
	struct strings
		symlinks; /* to the node: those in its directory, and with WANT_LINKS others */
};

struct heaps {
	ARRAY_OF(struct heap);
	struct strings strange;  /* names in the directory that are not heaps */
	const struct root *root; /* where they were read */
};

/*
 * Reads the heaps, by name, with what is wanted of enum wanted. ROOT has to stay open as long as
 * heaps_find() is called. Entries of the directory that are not heap devices go to heaps->strange;
 * with nothing wanted and one major number in all of them, that number is believed and
 * /proc/devices not read. In a captured root an entry may be a file of one line, "char MODE OWNER
 * GROUP MAJOR:MINOR". Returns 0 or -errno (-ENOENT: there is no /dev/dma_heap; -E2BIG: it has more
 * than HEAP_ENTRIES_MAX entries). The caller frees them with heaps_free().
 */
int heaps_read(const struct root *root, unsigned int wanted, struct heaps *heaps)
	__attribute__((nonnull, warn_unused_result));
void heaps_free(struct heaps *heaps);

/*
 * The heap that a user means: by its name, a path of its node or a symbolic link to it, wherever
 * that lies. NULL: none.
 */
const struct heap *heaps_find(const struct heaps *heaps, const char *name) __attribute__((nonnull));

/*
 * The nearest names of heaps, three at most, for a suggestion: "system or linux,cma"; NULL where
 * none is near. The caller frees it.
 */
char *heaps_nearest(const struct heaps *heaps, const char *name) __attribute__((nonnull));

/*
 * Adds the udev properties ("KEY=VALUE"; of a captured root: the uevent file's); *source, which the
 * caller frees, says where they were read. Returns 0 or -errno.
 */
int heap_properties(const struct root *root, const struct heap *heap, struct strings *properties,
		    char **source) __attribute__((nonnull));

/* Its name, or its number where it has none; the caller frees it. */
char *heap_user_name(uid_t uid) __attribute__((returns_nonnull, malloc));
char *heap_group_name(gid_t gid) __attribute__((returns_nonnull, malloc));

/* "crw-rw----"; the caller frees it. */
char *heap_mode_text(const struct heap *heap) __attribute__((nonnull, returns_nonnull, malloc));

#endif
