// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/heap_room.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/units.h"

void cmd_room_find(const struct context *context, const struct inventory *inventory,
		   const struct memory *memory, const struct usages *usages, uint64_t size,
		   struct heap_room *found)
{
	*found = (struct heap_room){0};
	found->placement.error =
		placement_read(context->root, inventory, memory, usages, &found->placement);
	room_find(size, inventory->page_size, memory->size.number, memory->free.number,
		  &found->placement, &found->room);
}

void cmd_room_free(struct heap_room *found)
{
	placement_free(&found->placement);
	room_free(&found->room);
}

char *cmd_room_words(const struct room *room)
{
	AUTO_FREE char *size = units_size(room->size);
	AUTO_FREE char *alignment = units_size(room->alignment);
	AUTO_FREE char *total = units_size(room->total.value);
	AUTO_FREE char *free = units_size(room->free.value);
	AUTO_FREE char *run = units_size(room->largest_run.value);
	AUTO_FREE char *buffer = units_size(room->largest_buffer.value);

	switch (room->verdict) {
	case ROOM_TOO_LARGE:
		return xasprintf("it is larger than the memory of the heap, %s in all", total);
	case ROOM_TOO_LITTLE:
		return xasprintf("not enough is free: %s", free);
	case ROOM_NO_RUN:
		return xasprintf("enough is free, but not in one run: the longest is %s", run);
	case ROOM_NO_PLACE:
		if (!room->alignment)
			return xasprintf("a run of %s is free, but where it begins no buffer of %s "
					 "may begin",
					 run, size);
		return xasprintf("a run of %s is free, but a buffer of %s begins at a multiple of "
				 "%s; %s would fit",
				 run, size, alignment, buffer);
	case ROOM_FITS:
	case ROOM_UNKNOWN:
		break;
	}
	return NULL;
}

/* "43 (camera)", "43 (camera) and 2 others"; NULL: nobody who could be read */
static char *holders_text(const struct usages *usages, const struct usage *usage)
{
	const struct hold *first = usages->scan.holds.items + usage->first_hold;
	const struct process *process;

	if (!usage->holds)
		return NULL;
	process = &usages->scan.processes.items[first->process];
	if (usage->processes > 1)
		return xasprintf("%" PRIu64 " (%s) and %" PRIu64 " other%s", process->pid,
				 process->command ? process->command : "?", usage->processes - 1,
				 usage->processes == 2 ? "" : "s");
	return xasprintf("%" PRIu64 " (%s)", process->pid,
			 process->command ? process->command : "?");
}

char *cmd_room_buffer(const struct heap_room *found, const struct usages *usages, size_t stretch)
{
	const struct placed *placed = &found->placement.used.items[stretch];
	const struct usage *usage = &usages->items[found->placement.buffers.items[placed->first]];
	AUTO_FREE char *size = units_size(placed->size);
	AUTO_FREE char *who = holders_text(usages, usage);

	if (placed->count > 1)
		return xasprintf("the one at 0x%" PRIx64 " of %zu buffers of %s each", placed->base,
				 placed->count, size);
	return xasprintf("buffer %" PRIu64 " (%s at 0x%" PRIx64 ", held by %s)", usage->inode, size,
			 placed->base, who ? who : "no process that may be read");
}
