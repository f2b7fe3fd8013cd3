/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What regions and lint-names are told of the trees that they read and of the kernel that boots,
 * and the trees as they read them.
 */
#ifndef CLI_KERNEL_OPTIONS_H
#define CLI_KERNEL_OPTIONS_H

#include "base/array.h"
#include "cli/command.h"
#include "model/boot/kernel_facts.h"

struct tree;

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
	struct strings overlay_paths;
	struct {
		ARRAY_OF(struct tree *);
	} overlays;                 /* once tree_options_read() has been called */
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

/*
 * Ends the program where standard input, "-", would be read more than once: as an overlay, as one
 * of TREES, or OTHERWISE, which counts.
 */
void tree_options_check_input(const struct tree_options *options, const struct argp_state *state,
			      const struct strings *trees, size_t otherwise)
	__attribute__((nonnull));

/* Reads the overlays. Returns EXIT_DONE, else it has said what is wrong. */
enum exit_code tree_options_read(const struct context *context, struct tree_options *options)
	__attribute__((nonnull));

/*
 * Reads the file PATH, or where it is NULL the machine's tree below ROOT, and applies the overlays.
 * Returns 0 and *tree, or -errno and *problem, a sentence that names the file; the caller frees
 * either.
 */
int tree_options_load(const struct tree_options *options, const struct root *root, const char *path,
		      struct tree **tree, char **problem) __attribute__((nonnull(1, 2, 4, 5)));

void tree_options_release(struct tree_options *options) __attribute__((nonnull));

#endif
