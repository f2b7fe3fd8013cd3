/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regions and lint-names are told of the trees that they read and of the kernel that boots. */
#ifndef CMD_TREE_OPTIONS_H
#define CMD_TREE_OPTIONS_H

#include "base/array.h"
#include "model/kernel_facts.h"

/* Keys for a table of options: their help is the command's. */
enum {
	TREE_OVERLAY = 0x3000,
	TREE_KERNEL,
	TREE_PAGE_SIZE,
	TREE_CMDLINE,
	TREE_KEYS_END,
};

/* All zero: nothing was said. */
struct tree_options {
	struct strings overlays;
	struct kernel_facts kernel; /* version, page size and what the command line says */
};

/* Says whether KEY is one of the above. */
static inline bool tree_options_have(int key)
{
	return key >= TREE_OVERLAY && key < TREE_KEYS_END;
}

/* Takes the argument of one of the above. Returns NULL, or a message that the caller frees. */
char *tree_options_set(struct tree_options *options, int key, const char *argument)
	__attribute__((nonnull));
void tree_options_release(struct tree_options *options) __attribute__((nonnull));

#endif
