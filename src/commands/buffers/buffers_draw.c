// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "model/heap/placement.h"
#include "view/memory_map_draw.h"
#include "view/memory_map_svg.h"
#include "view/terminal.h"

/* "17 camera", "one of 17, 18", or "17, 18: where in it is unknown" */
static char *names_of(const struct usages *usages, const struct placement *placement,
		      const struct placed *placed)
{
	enum {
		MOST = 4
	};
	const size_t *buffers = placement->buffers.items + placed->first;
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	if (!placed->mixed && placed->count > 1)
		fputs("one of ", stream);
	for (size_t i = 0; i < placed->count && i < MOST; i++)
		fprintf(stream, "%s%" PRIu64, i ? ", " : "", usages->items[buffers[i]].inode);
	if (placed->count > MOST)
		fprintf(stream, " and %zu more", placed->count - MOST);
	else if (placed->count == 1 && usages->items[*buffers].name)
		fprintf(stream, " %s", usages->items[*buffers].name);
	if (placed->mixed)
		fputs(": where in it is unknown", stream);
	xmemclose(stream);
	return text;
}

static struct map_item *add_item(struct memory_map *map, enum map_class class, uint64_t base,
				 uint64_t size)
{
	struct map_item *item = array_add(map);

	item->class = class;
	item->base = base;
	item->size = size;
	item->placed = true;
	return item;
}

/* What lies between items where it is unknown which pages are free. */
static void add_unknown(struct memory_map *map, const struct placement *placement)
{
	uint64_t next = placement->base, end = placement->base + placement->size;

	for (size_t i = 0; i <= placement->used.count; i++) {
		const struct placed *used =
			i < placement->used.count ? &placement->used.items[i] : NULL;
		uint64_t to = used ? used->base : end;

		if (to > next)
			add_item(map, MAP_UNKNOWN, next, to - next)->name =
				xstrdup("in use or free");
		next = used ? used->base + used->size : end;
	}
}

static void make_map(const struct usages *usages, const struct memory *memory,
		     const struct placement *placement, struct memory_map *map)
{
	struct map_bank *bank = array_add(&map->banks);
	unsigned int hue = 0;
	bool largest = false;

	bank->base = placement->base;
	bank->size = placement->size;
	bank->name = xstrdup(memory->heap->name);
	array_for_each (&placement->used, used) {
		bool own = used->count && !used->mixed;
		struct map_item *item =
			add_item(map, own ? MAP_BUFFER : MAP_TAKEN, used->base, used->size);

		item->name = used->count ? names_of(usages, placement, used)
					 : xstrdup("in use, for what is unknown");
		item->hue = own ? ++hue : 0;
	}
	array_for_each (&placement->holes, hole) {
		struct map_item *item = add_item(map, MAP_HOLE, hole->base, hole->size);

		item->name = xstrdup("free");
		if (hole->size == placement->largest && !largest)
			item->note = xstrdup("the largest hole");
		largest |= hole->size == placement->largest;
	}
	if (placement->error)
		add_unknown(map, placement);
	array_for_each (&placement->unplaced, index) {
		const struct usage *usage = &usages->items[*index];
		struct map_item *item = add_item(map, MAP_BUFFER, 0, usage->size.value);

		item->placed = false;
		item->name = xasprintf("%" PRIu64 "%s%s", usage->inode, usage->name ? " " : "",
				       usage->name ? usage->name : "");
	}
	map->title = memory->heap->name;
}

static void print_sums(const struct context *context, const struct usages *usages,
		       const struct placement *placement, FILE *stream)
{
	uint64_t free_bytes = 0, unplaced = 0;
	AUTO_FREE char *free_size = NULL;
	AUTO_FREE char *largest = NULL;
	AUTO_FREE char *unplaced_size = NULL;

	array_for_each (&placement->holes, hole)
		free_bytes += hole->size;
	array_for_each (&placement->unplaced, index)
		unplaced += usages->items[*index].size.value;
	free_size = cmd_size(context, free_bytes);
	largest = cmd_size(context, placement->largest);
	unplaced_size = cmd_size(context, unplaced);
	if (!placement->error)
		fprintf(stream, "%s free in %zu hole%s, the largest has %s\n", free_size,
			placement->holes.count, placement->holes.count == 1 ? "" : "s", largest);
	if (placement->unplaced.count)
		fprintf(stream, "%zu buffer%s, %s: the place is unknown\n",
			placement->unplaced.count, placement->unplaced.count == 1 ? "" : "s",
			unplaced_size);
}

static void note_error(const struct context *context, const struct memory *memory, int error)
{
	if (error == -EAGAIN)
		cmd_note(context,
			 "%s: buffers came and went meanwhile: which pages are free is unknown",
			 memory->heap->name);
	else if (error)
		cmd_note(context,
			 "%s: the area's bitmap in debugfs: %s: which pages are free is unknown",
			 memory->heap->name, error_words(error));
}

/* Draws one. Returns 0 or -errno of placement_read(), or of what could not be written. */
static int draw(const struct context *context, const struct inventory *inventory,
		const struct usages *usages, const struct memory *memory, const char *svg,
		FILE *stream)
{
	struct placement placement;
	struct memory_map map = {0};
	int error = placement_read(context->root, inventory, memory, usages, &placement);

	if (error)
		return error;
	note_error(context, memory, placement.error);
	make_map(usages, memory, &placement, &map);
	if (svg) {
		AUTO_FREE char *text = NULL;
		size_t size;
		FILE *file = xmemopen(&text, &size);

		memory_map_svg(&map, file);
		xmemclose(file);
		error = cmd_write_file(context, svg, text, size);
	} else {
		memory_map_draw(&map, stream, terminal_columns(), text_locale_is_utf8(),
				context->color);
		print_sums(context, usages, &placement, stream);
	}
	memory_map_free(&map);
	placement_free(&placement);
	return error;
}

/* Of heaps over the same memory the first stands for all. */
static bool is_wanted(const struct inventory *inventory, const struct memory *memory,
		      const struct strings *names)
{
	if (!memory->base.number.known || !memory->size.number.known)
		return false;
	if (names->count)
		return strings_have(names, memory->heap->name);
	for (const struct memory *other = inventory->memories.items; other < memory; other++) {
		if (memory_is_same(other, memory))
			return false;
	}
	return true;
}

enum exit_code buffers_draw(const struct context *context, const struct inventory *inventory,
			    const struct usages *usages, const struct strings *names,
			    const char *svg, FILE *stream)
{
	size_t wanted = 0;

	array_for_each (&inventory->memories, memory)
		wanted += is_wanted(inventory, memory, names);
	if (!wanted) {
		cmd_error(context, "there is no heap whose memory is a region with a known place");
		return EXIT_NOT_POSSIBLE;
	}
	if (wanted > 1 && svg) {
		cmd_error(context, "--svg needs one heap, not several: name it with --heap");
		return EXIT_USAGE;
	}
	array_for_each (&inventory->memories, memory) {
		if (is_wanted(inventory, memory, names) &&
		    draw(context, inventory, usages, memory, svg, stream))
			return EXIT_OPERATION;
	}
	return EXIT_DONE;
}
