// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/tree_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/kernel_config.h"
#include "model/devicetree/tree.h"
#include "sys/file.h"

static char *set_kernel(void *options, const struct option_row *row, const char *argument)
{
	struct kernel_facts *kernel = option_value(options, row);

	if (kernel_facts_set_release(kernel, argument))
		return option_takes(row, "a version such as 6.19", argument);
	if (kernel->version < KERNEL_OLDEST)
		return option_takes(row, "5.6 (the first with heaps) or later", argument);
	return NULL;
}

static char *set_page_size(void *options, const struct option_row *row, const char *argument)
{
	struct kernel_facts *kernel = option_value(options, row);
	uint64_t size;

	if (parse_size(argument, &size) || !is_page_size(size))
		return option_takes(row, "a power of two from 4K to 256K", argument);
	kernel->page_size = size;
	return NULL;
}

static char *set_cmdline(void *options, const struct option_row *row, const char *argument)
{
	kernel_facts_set_cmdline(option_value(options, row), argument);
	return NULL;
}

/* An address: a number, or one with a suffix as sizes have it. */
static int parse_address(const char *text, uint64_t *address)
{
	return parse_number(text, address) && parse_size(text, address) ? -EINVAL : 0;
}

/* "BASE+SIZE,…" */
static char *set_ranges(void *options, const struct option_row *row, const char *argument)
{
	struct ranges *ranges = option_value(options, row);
	AUTO_FREE char *copy = xstrdup(argument);
	char *rest = NULL;

	array_free(ranges);
	for (char *item = strtok_r(copy, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
		char *plus = strchr(item, '+');
		struct range range;

		if (plus)
			*plus = '\0';
		if (!plus || parse_address(item, &range.base) ||
		    parse_size(plus + 1, &range.size) || range.base + (range.size - 1) < range.base)
			return option_takes(row, "BASE+SIZE, several with commas", argument);
		*array_add(ranges) = range;
	}
	return ranges->count ? NULL : option_takes(row, "BASE+SIZE, several with commas", argument);
}

const struct option_row tree_rows[] = {
	{"overlay", 0, INPUTS_TO(struct tree_options, overlay_paths), "FILE",
	 "Apply this .dtbo to each tree; several in the order given", "Tree and kernel"},
	{"kernel", 0, .kind = KIND_SET, offsetof(struct tree_options, kernel), "VERSION",
	 "The kernel that boots the tree (default: the running one for the machine's own tree, "
	 "else 7.2)",
	 .set = set_kernel},
	{"page-size", 0, .kind = KIND_SET, offsetof(struct tree_options, kernel), "SIZE",
	 "Its page size (default: the running kernel's for the machine's own tree, else 4K)",
	 .set = set_page_size},
	{"cmdline", 0, .kind = KIND_SET, offsetof(struct tree_options, kernel), "WORDS",
	 "Its command line (default: /proc/cmdline, or the bootargs in a file)",
	 .set = set_cmdline},
	{"backport", 0, FLAG_TO(struct tree_options, kernel.per_region),
	 .help = "It has the heap per region of Linux 6.19, although it is older"},
	{"memory", 0, .kind = KIND_SET, offsetof(struct tree_options, memory), "BASE+SIZE,...",
	 "The banks of RAM, where the boot loader says otherwise than a file", .set = set_ranges},
	{"taken", 0, .kind = KIND_SET, offsetof(struct tree_options, taken), "BASE+SIZE,...",
	 "What lies in the RAM at boot: the kernel, an initrd, the device tree", .set = set_ranges},
	{"kconfig", 0, INPUT_TO(struct tree_options, kconfig_path), "FILE",
	 "Its .config, which may be gzipped: page size, CMA areas, heaps that are built"},
	{0},
};

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
		reason = "neither /sys/firmware/fdt nor /proc/device-tree is there";
	if (error)
		*problem = xasprintf("the machine's device tree: %s",
				     reason ? reason : error_words(error));
	return error;
}

static enum exit_code read_kconfig(const struct context *context, struct tree_options *options)
{
	const char *path = options->kconfig_path;
	int error = path ? config_load(path, &options->kconfig) : 0;

	if (!error)
		return EXIT_DONE;
	if (error == -EBADMSG)
		cmd_error(context, "%s: damaged gzip data", path);
	else if (error == -EINVAL)
		cmd_error(context,
			  "%s: not a kernel configuration: it is no text, or no CONFIG_ is in it",
			  path);
	else
		cmd_error(context, "%s: %s", path, cmd_read_words(error, CONFIG_SIZE_MAX));
	return EXIT_OPERATION;
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
	return read_kconfig(context, options);
}

int tree_options_load(const struct tree_options *options, const struct root *root, const char *path,
		      struct tree **tree, char **problem)
{
	AUTO_TREE struct tree *new = NULL;
	int error = path ? read_file(path, &new, problem) : read_machine(root, &new, problem);

	if (error)
		return error;
	array_for_each (&options->overlays, overlay) {
		AUTO_FREE char *reason = NULL;

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

/* What is not said of another kernel on the machine's own tree, as the machine has it. */
static void complete(struct kernel_facts *facts, struct kernel_facts *running)
{
	if (!facts->version)
		facts->version = running->version;
	if (!facts->page_size)
		facts->page_size = running->page_size;
	if (!facts->architecture)
		facts->architecture = TAKE_POINTER(running->architecture);
	if (!facts->cmdline.known)
		facts->cmdline = running->cmdline;
}

void tree_options_facts(const struct tree_options *options, const struct root *root, bool live,
			const char *bootargs, struct kernel_facts *facts)
{
	struct kernel_facts said = options->kernel;
	struct kernel_facts running = {0};

	said.banks = options->memory.count ? &options->memory : NULL;
	said.taken = options->taken.count ? &options->taken : NULL;
	if (live)
		kernel_facts_read(&running, root);
	if (live && !said.version && !said.page_size && !said.per_region && !options->kconfig) {
		*facts = running;
		facts->banks = said.banks;
		facts->taken = said.taken;
		if (said.cmdline.known)
			facts->cmdline = said.cmdline;
		return;
	}
	*facts = said;
	facts->live = live;
	if (options->kconfig)
		kernel_facts_set_config(facts, options->kconfig);
	/* of the running kernel's configuration nothing is sure to stay */
	complete(facts, &running);
	kernel_facts_free(&running);
	if (!live && !facts->cmdline.known && bootargs)
		kernel_facts_set_cmdline(facts, bootargs);
	else
		kernel_facts_add_built_in(facts);
}

bool is_tree_file(const char *path)
{
	const char *dot = strrchr(path, '.');

	/* no name of a heap has a slash, and many files have names as heaps have */
	if (!strchr(path, '/') && (!dot || (strcmp(dot, ".dtb") != 0 && strcmp(dot, ".dtbo") != 0)))
		return false;
	return !file_access(path, R_OK);
}

void tree_options_free(struct tree_options *options)
{
	strings_free(&options->overlay_paths);
	array_free(&options->memory);
	array_free(&options->taken);
	array_for_each (&options->overlays, overlay)
		tree_free(*overlay);
	array_free(&options->overlays);
	kernel_facts_free(&options->kernel);
	free(options->kconfig);
	*options = (struct tree_options){0};
}
