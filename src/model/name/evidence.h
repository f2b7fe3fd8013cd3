/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of heaps with what is known of them: of a machine, and of what a device tree will make. */
#ifndef MODEL_NAME_EVIDENCE_H
#define MODEL_NAME_EVIDENCE_H

#include "base/array.h"
#include "model/name/rule.h"

struct inventory;
struct kernel_facts;
struct tree;

/* Region of what the page allocator gives, in evidence. */
#define REGION_OF_PAGES "pages"

struct named_heap {
	char *name;
	char *region; /* what evidence.region points to, or NULL */
	struct name_evidence evidence;
};
struct named_heaps {
	ARRAY_OF(struct named_heap);
};

/* Adds the heaps of a machine. */
void named_heaps_of_machine(struct named_heaps *heaps, const struct inventory *inventory)
	__attribute__((nonnull));
/*
 * Adds the heaps that a boot of the tree makes, also those for which a fact is open. Where FACTS
 * know no command line, the tree's bootargs are it.
 */
void named_heaps_of_tree(struct named_heaps *heaps, const struct tree *tree,
			 const struct kernel_facts *facts) __attribute__((nonnull));
void named_heaps_free(struct named_heaps *heaps);
#define AUTO_NAMED_HEAPS __attribute__((cleanup(named_heaps_free)))

#endif
