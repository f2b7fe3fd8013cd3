// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/refusal.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heap_room.h"
#include "cli/usage_notes.h"
#include "model/buffer/usage.h"
#include "sys/meminfo.h"
#include "view/units.h"

/* What a heap's region had free when a request was refused: "16M in all, 9M free, 4M in one run".
 */
static char *free_figures(const struct memory *memory)
{
	const struct fact *facts[] = {&memory->size, &memory->free, &memory->largest};
	static const char *const words[] = {"in all", "free", "in one run"};
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	const char *comma = "";

	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		AUTO_FREE char *figure = units_size(facts[i]->number.value);

		if (!facts[i]->number.known)
			continue;
		fprintf(stream, "%s%s %s", comma, figure, words[i]);
		comma = ", ";
	}
	xmemclose(stream);
	return text;
}

static void note_holders(const struct context *context, const char *heap,
			 const struct usages *usages, const struct holders *holders)
{
	AUTO_FREE char *others = units_size(holders->other_bytes);
	AUTO_FREE char *unknown = units_size(holders->unknown_bytes);

	array_for_each (holders, holder) {
		AUTO_FREE char *bytes = units_size(holder->bytes);
		const struct process *process = holder->process;

		if (process->pid == (uint64_t)getpid())
			continue; /* what this run has taken is said above */
		cmd_note(context,
			 "%s: held by process %" PRIu64 " (%s): %s in %" PRIu64 " buffer%s", heap,
			 process->pid, process->command ? process->command : "?", bytes,
			 holder->buffers, holder->buffers == 1 ? "" : "s");
	}
	if (holders->other_buffers)
		cmd_note(context,
			 "%s: held by no process that may be read: %s in %" PRIu64 " buffer%s; "
			 "'dmaheap buffers' shows more",
			 heap, others, holders->other_buffers,
			 holders->other_buffers == 1 ? "" : "s");
	if (holders->unknown_buffers)
		cmd_note(context,
			 "%s: of %" PRIu64 " buffer%s, %s, the heap is unknown; 'dmaheap buffers' "
			 "shows who holds them",
			 heap, holders->unknown_buffers, holders->unknown_buffers == 1 ? "" : "s",
			 unknown);
	cmd_note_unread(context, &usages->scan.unread, usages->listing_error);
}

/* Who holds buffers of the heap, or of another one over the same memory. */
static void explain_holders(const struct context *context, const struct memory *memory,
			    const struct usages *usages)
{
	AUTO_STRINGS struct strings exporters = {0};
	struct holders holders;

	strings_add(&exporters, memory->heap->name);
	array_for_each (&memory->same_region, name)
		strings_add(&exporters, *name);
	holders_of(usages, &exporters, &holders);
	note_holders(context, memory->heap->name, usages, &holders);
	holders_free(&holders);
}

/* The area has a place: pages that the page allocator uses meanwhile were in the way. */
static const char *move_words(const struct context *context, const struct memory *memory,
			      const struct room *room, uint64_t page_size)
{
	switch (room_error_in_log(context->root, memory->area->name, room->size / page_size)) {
	case -EBUSY:
		return "there is a free run, but pages in it that others use meanwhile could not "
		       "be moved (EBUSY in the kernel's log): they are in use for direct I/O, in a "
		       "pipe, or the like; it may be given later";
	case -ENOMEM:
		return "there is a free run, but no memory where pages in it that others use "
		       "meanwhile could be moved to (ENOMEM in the kernel's log)";
	default:
		return "there is a free run: pages in it that others use meanwhile could not be "
		       "moved, or it was not free then";
	}
}

/* Why there was no place, as far as the pages tell that are free now. */
static void explain_room(const struct context *context, const struct inventory *inventory,
			 const struct memory *memory, const struct usages *usages, uint64_t size)
{
	enum {
		MOST = 3
	};
	AUTO_FREE char *words = NULL;
	struct heap_room found;

	cmd_room_find(context, inventory, memory, usages, size, &found);
	/* the figures of the line before say the other two */
	if (found.room.verdict == ROOM_NO_RUN || found.room.verdict == ROOM_NO_PLACE)
		words = cmd_room_words(&found.room);
	if (words)
		cmd_note(context, "%s: %s", memory->heap->name, words);
	else if (found.room.verdict == ROOM_FITS)
		cmd_note(context, "%s: %s", memory->heap->name,
			 move_words(context, memory, &found.room, inventory->page_size));
	for (size_t i = 0; i < found.room.releases.count && i < MOST; i++) {
		AUTO_FREE char *buffer =
			cmd_room_buffer(&found, usages, found.room.releases.items[i]);

		cmd_note(context, "%s: it would fit without %s", memory->heap->name, buffer);
	}
	cmd_room_free(&found);
}

static void explain_memory(const struct context *context, const struct refused *refused)
{
	struct inventory now = {0};
	const struct memory *memory = NULL;
	AUTO_FREE char *asked = units_size(refused->size);
	AUTO_FREE char *figures = NULL;
	AUTO_FREE char *after = NULL;
	struct usages usages;

	/* the figures with what this run has taken so far */
	if (!inventory_read(context->root, WANT_USUAL, &now))
		memory = inventory_find(&now, refused->heap);
	figures = memory ? free_figures(memory) : xstrdup("");
	if (refused->before)
		after = xasprintf(" after %zu buffer%s", refused->before,
				  refused->before == 1 ? "" : "s");
	cmd_error(context, "%s: %s: asked for %s%s%s%s", refused->heap, error_words(ENOMEM), asked,
		  after ? after : "", *figures ? "; its memory: " : "", figures);
	if (memory && memory->area && memory->area->failed.number.known)
		cmd_note(context,
			 "%s: its CMA area has allocated %" PRIu64 " pages and refused %" PRIu64
			 " since boot",
			 refused->heap, memory->area->allocated.number.value,
			 memory->area->failed.number.value);
	if (memory && !usages_read(context->root, &usages)) {
		if (memory->area)
			explain_room(context, &now, memory, &usages, refused->size);
		explain_holders(context, memory, &usages);
		usages_free(&usages);
	}
	inventory_free(&now);
}

bool cmd_stopped(int error)
{
	return error == -EINTR && stop_signal();
}

enum exit_code cmd_refused(const struct context *context, const struct refused *refused, int error)
{
	struct rlimit limit;

	if (cmd_stopped(error))
		return EXIT_OPERATION;
	switch (-error) {
	case ENOMEM:
		explain_memory(context, refused);
		break;
	case EMFILE:
		getrlimit(RLIMIT_NOFILE, &limit);
		cmd_error(context,
			  "%s: %s after %zu buffers: a process may have %" PRIu64 " (ulimit -n)",
			  refused->heap, error_words(error), refused->before,
			  (uint64_t)limit.rlim_cur);
		break;
	default:
		cmd_error(context, "%s: allocation: %s", refused->heap, error_words(error));
	}
	return EXIT_OPERATION;
}

static bool can_spare(const struct context *context, const char *name, struct maybe available,
		      uint64_t bytes, const char *advice)
{
	AUTO_FREE char *asked = units_size(bytes);
	AUTO_FREE char *there = units_size(available.value);

	if (!available.known || bytes <= available.value - available.value / 8)
		return true;
	cmd_error(context,
		  "%s: %s would leave less than an eighth of the %s available, and may wake the "
		  "OOM killer; %s",
		  name, asked, there, advice);
	return false;
}

bool cmd_can_spare(const struct context *context, const struct inventory *inventory,
		   const struct memory *memory, uint64_t bytes)
{
	bool own = memory->kind != MEMORY_PAGES && memory->kind != MEMORY_UNKNOWN;

	return own ||
	       can_spare(context, memory->heap->name, inventory->available, bytes, SPARE_FORCE);
}

bool cmd_pages_spare(const struct context *context, const char *name, uint64_t bytes,
		     const char *advice)
{
	return can_spare(context, name, memory_available(context->root), bytes, advice);
}
