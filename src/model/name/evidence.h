/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of heaps with what is known of them: of a machine, and of what a device tree will make. */
#ifndef MODEL_NAME_EVIDENCE_H
#define MODEL_NAME_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/known.h"

struct inventory;
struct kernel_facts;
struct measured;
struct tree;

/* In evidence, the region of what the page allocator gives. */
#define REGION_OF_PAGES "pages"

/* What is known of a heap beside its name; all zero where nothing is. */
struct name_evidence {
	const char *region;  /* identifies the memory: its node's path or the like; NULL: unknown */
	bool dynamic;        /* the kernel chooses the place at each boot */
	bool placed;         /* base and size are known */
	uint64_t base, size; /* bytes */
	enum tristate contiguous, cacheable, protected, mappable; /* of the heap's buffers */
};

/* Says whether NAME is that of the region's node in a device tree, whose author chose it. */
bool name_is_of_node(const struct name_evidence *evidence, const char *name)
	__attribute__((nonnull));

struct named_heap {
	char *name;
	char *region; /* what evidence.region points to, or NULL */
	struct name_evidence evidence;
};
struct named_heaps {
	ARRAY_OF(struct named_heap);
};

enum {
	NAMES_SIZE_MOST = 64 << 20 /* bytes: far more than any list of heaps has */
};

/* Adds a heap, with a copy of its name. Takes REGION, which may be NULL. Returns what is known of
 * it, to be filled in; it is good until the next one is added. */
struct name_evidence *named_heaps_add(struct named_heaps *heaps, const char *name, char *region)
	__attribute__((nonnull(1, 2)));
/*
 * Adds the names that are lines of standard input, without empty ones; a line with a NUL is
 * escaped. Returns 0, -EFBIG (more than NAMES_SIZE_MOST) or -errno.
 */
int named_heaps_of_input(struct named_heaps *heaps) __attribute__((nonnull, warn_unused_result));
/* Adds the heaps of a machine. */
void named_heaps_of_machine(struct named_heaps *heaps, const struct inventory *inventory)
	__attribute__((nonnull));
/*
 * Adds the heaps that a boot of the tree makes, also those for which a fact is open. Where FACTS
 * know no command line, the tree's bootargs are it.
 */
void named_heaps_of_tree(struct named_heaps *heaps, const struct tree *tree,
			 const struct kernel_facts *facts) __attribute__((nonnull));
/* Adds what was measured: whether the buffers of a heap are cached, and contiguous. */
void named_heaps_measured(struct named_heaps *heaps, const struct measured *measured)
	__attribute__((nonnull));
void named_heaps_free(struct named_heaps *heaps);
#define AUTO_NAMED_HEAPS __attribute__((cleanup(named_heaps_free)))

#endif
