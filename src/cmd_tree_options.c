// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd_tree_options.h"

#include "base/number.h"
#include "base/xalloc.h"

static char *set_kernel(struct kernel_facts *kernel, const char *argument)
{
	if (kernel_facts_set_release(kernel, argument))
		return xasprintf("--kernel takes a version such as 6.19, not '%s'", argument);
	if (kernel->version < KERNEL_OLDEST)
		return xasprintf("Linux %s has no heaps; the first was 5.6", argument);
	return NULL;
}

static char *set_page_size(struct kernel_facts *kernel, const char *argument)
{
	uint64_t size;

	if (parse_size(argument, &size) || size < 4096 || size > 262144 || size & (size - 1))
		return xasprintf("--page-size takes 4K, 16K, 64K …, not '%s'", argument);
	kernel->page_size = size;
	return NULL;
}

char *tree_options_set(struct tree_options *options, int key, const char *argument)
{
	switch (key) {
	case TREE_OVERLAY:
		strings_add(&options->overlays, argument);
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

void tree_options_release(struct tree_options *options)
{
	strings_free(&options->overlays);
	kernel_facts_release(&options->kernel);
}
