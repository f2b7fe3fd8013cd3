// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/heaps.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/dmabuf.h"
#include "sys/root.h"

enum exit_code cmd_read_inventory(const struct context *context, struct inventory *inventory)
{
	return cmd_read_wanted(context, WANT_USUAL, inventory);
}

enum exit_code cmd_read_wanted(const struct context *context, unsigned int wanted,
			       struct inventory *inventory)
{
	int error = inventory_read(context->root, wanted, inventory);

	cmd_note_strange(context, inventory);
	return error ? cmd_heaps_error(context, error) : EXIT_DONE;
}

void cmd_note_strange(const struct context *context, const struct inventory *inventory)
{
	array_for_each (&inventory->heaps.strange, name)
		cmd_note(context, "%s/%s: not a heap device, ignored", HEAP_DIRECTORY, *name);
	array_for_each (&inventory->registered, name) {
		if (inventory_lacks_node(inventory, *name))
			cmd_note(context,
				 "%s: the kernel has this heap (%s), but there is no device node: "
				 "udev did not make it, or this container was not given it",
				 *name, HEAP_CLASS);
	}
}

void cmd_note_empty(const struct context *context, const struct inventory *inventory)
{
	if (!inventory->heaps.count && !inventory->registered.count)
		cmd_note(context, "%s is empty: no driver has registered a heap", HEAP_DIRECTORY);
}

/* The heaps that the kernel has: "a, b"; NULL: none, or unknown. The caller frees it. */
static char *registered_heaps(const struct context *context)
{
	AUTO_STRINGS struct strings names = {0};
	char *all = NULL;

	if (root_list(context->root, HEAP_CLASS, &names))
		return NULL;
	array_for_each (&names, name) {
		AUTO_FREE char *before = all;

		all = xasprintf("%s%s%s", before ? before : "", before ? ", " : "", *name);
	}
	return all;
}

enum exit_code cmd_heaps_error(const struct context *context, int error)
{
	AUTO_FREE char *names = error == -ENOENT ? registered_heaps(context) : NULL;

	if (names)
		cmd_error(context,
			  "%s: no such directory, but the kernel has heaps (%s: %s): udev did not "
			  "make the device nodes, or this container was not given them",
			  HEAP_DIRECTORY, HEAP_CLASS, names);
	else if (error == -ENOENT)
		cmd_error(context,
			  "%s: no such directory: the kernel was built without "
			  "CONFIG_DMABUF_HEAPS, the driver of the heaps is not loaded, or this "
			  "container was not given the device nodes",
			  HEAP_DIRECTORY);
	else
		cmd_error(context, "%s: %s", HEAP_DIRECTORY, error_words(error));
	return cmd_status(error);
}

const struct memory *cmd_find_heap(const struct context *context, const struct inventory *inventory,
				   const char *name)
{
	const struct memory *memory = inventory_find(inventory, name);
	AUTO_FREE char *nearest = NULL;

	if (memory)
		return memory;
	nearest = heaps_nearest(&inventory->heaps, name);
	if (nearest)
		cmd_error(context, "%s: no such heap; did you mean %s?", name, nearest);
	else
		cmd_error(context, "%s: no such heap; 'dmaheap list' shows the heaps", name);
	return NULL;
}

int cmd_open_heap(const struct context *context, const struct heap *heap)
{
	AUTO_FREE char *mode = heap_mode_text(heap);
	bool group_may = heap->mode & S_IRGRP;
	int fd = heap_open(heap->node);

	if (fd == -EACCES)
		cmd_error(context,
			  "%s: %s (%s %s %s; %s %s); a udev rule gives a group access: "
			  "SUBSYSTEM==\"dma_heap\", GROUP=\"video\", MODE=\"0660\"",
			  heap->node, error_words(fd), mode, heap->owner, heap->group,
			  group_may ? "you are not in group" : "may be opened by",
			  group_may ? heap->group : heap->owner);
	else if (fd == -EPERM)
		cmd_error(context,
			  "%s: %s (%s %s %s; a container's device rules or a security module "
			  "forbid it)",
			  heap->node, error_words(fd), mode, heap->owner, heap->group);
	else if (fd < 0)
		cmd_error(context, "%s: %s", heap->node, error_words(fd));
	return fd;
}
