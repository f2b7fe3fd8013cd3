// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/kernel_options.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"

static char *set_kernel(struct kernel_facts *kernel, const char *argument)
{
	if (kernel_facts_set_release(kernel, argument))
		return xasprintf(OPTION_TAKES, "kernel", "a version such as 6.19", argument);
	if (kernel->version < KERNEL_OLDEST)
		return xasprintf(OPTION_TAKES, "kernel", "5.6, the first with heaps, and later",
				 argument);
	return NULL;
}

static char *set_page_size(struct kernel_facts *kernel, const char *argument)
{
	uint64_t size;

	if (parse_size(argument, &size) || !is_page_size(size))
		return xasprintf(OPTION_TAKES, "page-size", "a power of two from 4K to 256K",
				 argument);
	kernel->page_size = size;
	return NULL;
}

char *tree_options_set(struct tree_options *options, int key, const char *argument)
{
	switch (key) {
	case TREE_OVERLAY:
		strings_add(&options->overlay_paths, argument);
		return NULL;
	case TREE_KERNEL:
		return set_kernel(&options->kernel, argument);
	case TREE_PAGE_SIZE:
		return set_page_size(&options->kernel, argument);
	default:
		kernel_facts_set_cmdline(&options->kernel, argument);
		return NULL;
	}
}

static size_t count_input(const struct strings *paths)
{
	size_t count = 0;

	array_for_each (paths, path)
		count += !strcmp(*path, "-");
	return count;
}

void tree_options_check_input(const struct tree_options *options, const struct argp_state *state,
			      const struct strings *trees, size_t otherwise)
{
	if (count_input(&options->overlay_paths) + count_input(trees) + otherwise > 1)
		option_error(state, "'-', standard input, can be read for one thing only");
}

static int read_file(const char *path, struct tree **tree, char **problem)
{
	const char *reason;
	int error = tree_load_file(path, tree, &reason);

	if (error)
		*problem = xasprintf("%s: %s", path, reason ? reason : error_words(error));
	return error;
}

static int read_machine(const struct root *root, struct tree **tree, char **problem)
{
	const char *reason;
	int error = tree_load_live(root, tree, &reason);

	if (error == -ENOENT)
		reason = "there is none: neither /sys/firmware/fdt nor /proc/device-tree";
	if (error)
		*problem = xasprintf("the machine's device tree: %s",
				     reason ? reason : error_words(error));
	return error;
}

enum exit_code tree_options_read(const struct context *context, struct tree_options *options)
{
	array_for_each (&options->overlay_paths, path) {
		AUTO_FREE char *problem = NULL;
		struct tree *overlay;

		if (read_file(*path, &overlay, &problem)) {
			cmd_error(context, "%s", problem);
			return EXIT_OPERATION;
		}
		*array_add(&options->overlays) = overlay;
	}
	return EXIT_DONE;
}

int tree_options_load(const struct tree_options *options, const struct root *root, const char *path,
		      struct tree **tree, char **problem)
{
	AUTO_TREE struct tree *new = NULL;
	const char *reason;
	int error = path ? read_file(path, &new, problem) : read_machine(root, &new, problem);

	if (error)
		return error;
	array_for_each (&options->overlays, overlay) {
		error = tree_apply_overlay(new, *overlay, &reason);
		if (error) {
			*problem = xasprintf("%s: %s does not apply: %s", tree_origin(new),
					     tree_origin(*overlay), reason);
			return error;
		}
	}
	*tree = TAKE_POINTER(new);
	return 0;
}

void tree_options_release(struct tree_options *options)
{
	strings_free(&options->overlay_paths);
	array_for_each (&options->overlays, overlay)
		tree_free(*overlay);
	array_free(&options->overlays);
	kernel_facts_free(&options->kernel);
}
