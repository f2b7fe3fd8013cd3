/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of regions and lint-names about the trees that they read and the kernel that boots
 * these, and the trees as read.
 */
#ifndef CLI_TREE_OPTIONS_H
#define CLI_TREE_OPTIONS_H

#include "base/array.h"
#include "cli/command.h"
#include "model/boot/kernel_facts.h"

struct tree;

/* All zero: nothing was said. */
struct tree_options {
	struct strings overlay_paths;
	struct {
		ARRAY_OF(struct tree *);
	} overlays;                  /* once tree_options_read() has been called */
	struct kernel_facts kernel;  /* version, page size and what the command line says */
	struct ranges memory, taken; /* the banks of RAM, and what lies in them; empty: not said */
	const char *kconfig_path;
	char *kconfig; /* its text, once read */
};

/* Rows of a table, for a struct tree_options. */
extern const struct option_row tree_rows[];

/* Reads the overlays and the configuration. Returns EXIT_DONE, else it has said what is wrong. */
enum exit_code tree_options_read(const struct context *context, struct tree_options *options)
	__attribute__((nonnull));

/*
 * Reads the file PATH, or where it is NULL the machine's tree below ROOT, and applies the overlays.
 * Returns 0 and *tree, or -errno and *problem, a sentence that names the file; the caller frees
 * either.
 */
int tree_options_load(const struct tree_options *options, const struct root *root, const char *path,
		      struct tree **tree, char **problem) __attribute__((nonnull(1, 2, 4, 5)));

/*
 * The kernel for a tree with these bootargs (NULL: none). LIVE: the running one (or the captured
 * one), as far as the options do not say otherwise. Release with kernel_facts_free().
 */
void tree_options_facts(const struct tree_options *options, const struct root *root, bool live,
			const char *bootargs, struct kernel_facts *facts)
	__attribute__((nonnull(1, 2, 5)));

/* Says whether what was given as something else is a tree: a file with a name such as board.dtb. */
bool is_tree_file(const char *path) __attribute__((nonnull));

void tree_options_free(struct tree_options *options) __attribute__((nonnull));

#endif
