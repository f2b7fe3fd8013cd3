// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/regions/picture.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"
#include "view/memory_map_draw.h"
#include "view/memory_map_svg.h"
#include "view/terminal.h"

static enum map_class class_of(const struct region *region, const struct fate *fate)
{
	switch (fate->kind) {
	case FATE_HEAP:
		return MAP_HEAP;
	case FATE_OPEN:
		return MAP_MAYBE_HEAP;
	case FATE_DROPPED:
		return MAP_DROPPED;
	case FATE_NO_HEAP:
		break;
	}
	if (region->kind == REGION_CMA_POOL || region->kind == REGION_RESTRICTED_POOL)
		return MAP_POOL;
	return region->no_map ? MAP_NO_MAP : MAP_RESERVED;
}

/* A plain reservation needs no words, all else says what becomes of it. */
static char *note_of(const struct region *region, const struct fate *fate)
{
	if (fate->kind == FATE_NO_HEAP && region->kind == REGION_PLAIN)
		return region->no_map ? xstrdup("no-map") : NULL;
	return xstrdup(fate->text);
}

void regions_make_map(const struct tree_report *report, struct memory_map *map)
{
	const struct regions *regions = &report->regions;

	array_for_each (&regions->banks, bank) {
		struct map_bank *new = array_add(&map->banks);

		new->base = bank->base;
		new->size = bank->size;
		new->name = xstrdup(bank->name);
	}
	array_for_each (regions, region) {
		const struct fate *fate = &report->fates.items[region - regions->items];
		struct map_item *item = array_add(map);

		item->class = class_of(region, fate);
		item->base = region->base;
		item->size = region->size;
		item->placed = region->placement == REGION_STATIC && region->size;
		item->name = xstrdup(region->name);
		item->note = note_of(region, fate);
	}
	array_for_each (&regions->memreserve, range) {
		struct map_item *item = array_add(map);

		item->class = MAP_MEMRESERVE;
		item->base = range->base;
		item->size = range->size;
		item->placed = true;
		item->name = xstrdup("/memreserve/");
	}
	map->title = regions->model ? regions->model : report->file;
}

void regions_draw(const struct context *context, const struct tree_report *report)
{
	struct memory_map map = {0};

	regions_make_map(report, &map);
	memory_map_draw(&map, stdout, terminal_columns(), text_locale_is_utf8(), context->color);
	memory_map_free(&map);
}

int regions_svg(const struct context *context, const struct tree_report *report, const char *path)
{
	struct memory_map map = {0};
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	regions_make_map(report, &map);
	memory_map_svg(&map, stream);
	memory_map_free(&map);
	xmemclose(stream);
	return cmd_write_file(context, path, text, size);
}
