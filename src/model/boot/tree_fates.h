/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot makes of a tree alone. */
#ifndef MODEL_BOOT_TREE_FATES_H
#define MODEL_BOOT_TREE_FATES_H

#include "model/boot/fate.h"

struct kernel_facts;
struct tree;

/*
 * Reads the regions of a tree and decides their fates. Where FACTS know no command line, the tree's
 * bootargs are it. Free with regions_free(), good as long as the tree, and fates_free().
 */
void tree_fates_decide(const struct tree *tree, const struct kernel_facts *facts,
		       struct regions *regions, struct fates *fates) __attribute__((nonnull));

#endif
