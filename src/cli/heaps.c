// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/heaps.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/absent_heap.h"
#include "model/boot/known_names.h"
#include "model/heap/permission.h"
#include "sys/dmabuf.h"
#include "sys/root.h"

#define ROCKCHIP_DIRECTORY "/dev/rk_dma_heap"

enum exit_code cmd_read_inventory(const struct context *context, struct inventory *inventory)
{
	return cmd_read_wanted(context, WANT_USUAL, inventory);
}

enum exit_code cmd_read_wanted(const struct context *context, unsigned int wanted,
			       struct inventory *inventory)
{
	int error = inventory_read(context->root, wanted, inventory);

	cmd_note_strange(context, inventory);
	if (error)
		return cmd_heaps_error(context, error);
	if (wanted & WANT_MEMORY) {
		cmd_note_other_interface(context);
		cmd_note_dead(context, inventory);
	}
	return EXIT_DONE;
}

void cmd_note_strange(const struct context *context, const struct inventory *inventory)
{
	AUTO_STRINGS struct strings lacking = {0};
	AUTO_FREE char *names = NULL;

	if (inventory->excess)
		cmd_note(context, "%s: more than " TEXT_OF(HEAP_ENTRIES_MAX) " entries, not read",
			 inventory->excess);
	array_for_each (&inventory->heaps.strange, name)
		cmd_note(context, "%s/%s: not a heap device, ignored", HEAP_DIRECTORY, *name);
	array_for_each (&inventory->registered, name) {
		if (inventory_lacks_node(inventory, *name))
			strings_add(&lacking, *name);
	}
	names = strings_join(&lacking, ", ");
	if (names)
		cmd_note(context,
			 "the kernel has %s (%s), but not as a device node: udev did not make it, "
			 "or this container was not given it",
			 names, HEAP_CLASS);
}

void cmd_note_dead(const struct context *context, const struct inventory *inventory)
{
	array_for_each (&inventory->memories, memory) {
		if (memory->dead)
			cmd_note(context,
				 "%s: every allocation fails: the kernel has not activated its CMA "
				 "area (it shows no pages of it)",
				 memory->heap->name);
	}
}

void cmd_note_empty(const struct context *context, const struct inventory *inventory)
{
	if (!inventory->heaps.count && !inventory->registered.count)
		cmd_note(context, "%s is empty: no driver has registered a heap", HEAP_DIRECTORY);
}

/* What is in a directory: "a, b"; NULL: nothing, or unknown. The caller frees it. */
static char *names_in(const struct context *context, const char *directory)
{
	AUTO_STRINGS struct strings names = {0};

	if (root_list(context->root, directory, &names))
		return NULL;
	return strings_join(&names, ", ");
}

/*
 * Other interfaces to memory of this kind, which this program does not use: Rockchip's class
 * rk_dma_heap (kernels 5.10 for small chips), and ION (drivers/staging/android/ion, before 5.11).
 * A sentence that the caller frees, or NULL.
 */
static char *other_interface(const struct context *context)
{
	static const char parameter[] = "rk_dma_heap_cma=";
	AUTO_FREE char *names = names_in(context, ROCKCHIP_DIRECTORY);
	AUTO_FREE char *cmdline = NULL;
	const char *given = NULL;
	struct stat status;

	if (!names)
		return root_lstat(context->root, "/dev/ion", &status)
			       ? NULL
			       : xstrdup("/dev/ion is ION, which heaps replaced in Linux 5.6, and "
					 "which dmaheap does not read");
	if (!root_read_line(context->root, "/proc/cmdline", &cmdline))
		given = strstr(cmdline, parameter);
	if (given && (given == cmdline || given[-1] == ' '))
		return xasprintf("heaps of Rockchip's own class are in " ROCKCHIP_DIRECTORY
				 " (%s; %.*s is on the kernel's command line), which dmaheap does "
				 "not read",
				 names, (int)strcspn(given, " "), given);
	return xasprintf("heaps of Rockchip's own class are in " ROCKCHIP_DIRECTORY
			 " (%s), which dmaheap does not read",
			 names);
}

void cmd_note_other_interface(const struct context *context)
{
	AUTO_FREE char *other = other_interface(context);

	if (other)
		cmd_note(context, "%s", other);
}

enum exit_code cmd_heaps_error(const struct context *context, int error)
{
	AUTO_FREE char *names = error == -ENOENT ? names_in(context, HEAP_CLASS) : NULL;
	AUTO_FREE char *other = error == -ENOENT ? other_interface(context) : NULL;
	AUTO_FREE char *unit = names && root_is_live(context->root) ? permission_unit() : NULL;

	if (unit)
		cmd_error(context,
			  "%s: no such directory, but the kernel has heaps (%s: %s): "
			  "PrivateDevices=yes in %s hides the device nodes, or udev did not make "
			  "them",
			  HEAP_DIRECTORY, HEAP_CLASS, names, unit);
	else if (names)
		cmd_error(context,
			  "%s: no such directory, but the kernel has heaps (%s: %s): udev did not "
			  "make the device nodes, or this container was not given them",
			  HEAP_DIRECTORY, HEAP_CLASS, names);
	else if (other)
		cmd_error(context, "%s: no such directory; %s", HEAP_DIRECTORY, other);
	else if (error == -ENOENT)
		cmd_error(context,
			  "%s: no such directory: the kernel was built without "
			  "CONFIG_DMABUF_HEAPS, the driver of the heaps is not loaded, or this "
			  "container was not given the device nodes",
			  HEAP_DIRECTORY);
	else if (error == -E2BIG)
		cmd_error(context,
			  "%s: more than " TEXT_OF(HEAP_ENTRIES_MAX) " entries, not read; Linux "
								     "makes at most 128 heaps",
			  HEAP_DIRECTORY);
	else
		cmd_error(context, "%s: %s", HEAP_DIRECTORY, error_words(error));
	return cmd_status(error);
}

const struct memory *cmd_find_heap(const struct context *context, const struct inventory *inventory,
				   const char *name)
{
	const struct memory *memory = inventory_find(inventory, name);
	struct absences *absences;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *nearest = NULL;

	if (memory)
		return memory;
	absences = cmd_absences_read(context->root);
	why = cmd_why_absent(absences, name);
	cmd_absences_free(absences);
	nearest = heaps_nearest(&inventory->heaps, name);
	if (why)
		cmd_error(context, "%s: no such heap: %s", name, why);
	else if (nearest)
		cmd_error(context, "%s: no such heap; did you mean %s?", name, nearest);
	else
		cmd_error(context, "%s: no such heap; 'dmaheap list' shows the heaps", name);
	return NULL;
}

const char *cmd_heap_name(const struct heap *heap)
{
	return strcmp(heap->name, CMD_ANONYMOUS) != 0 && strcmp(heap->name, CMD_UDMABUF) != 0
		       ? heap->name
		       : heap->node;
}

int cmd_open_heap(const struct context *context, const struct heap *heap)
{
	AUTO_PERMISSION struct permission permission = {0};
	AUTO_FREE char *mode = heap_mode_text(heap);
	int fd = heap_open(heap->node);

	if (fd >= 0)
		return fd;
	permission_explain(heap, fd, &permission);
	if (permission.cause)
		cmd_error(context, "%s: %s (%s %s %s; %s); %s", heap->node, error_words(fd), mode,
			  heap->owner, heap->group, permission.cause, permission.remedy);
	else
		cmd_error(context, "%s: %s", heap->node, error_words(fd));
	return fd;
}
