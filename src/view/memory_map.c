// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/memory_map.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "view/units.h"

/* Lines of the largest region, and of a gap that is not folded. */
#define ITEM_ROWS 8
#define GAP_ROWS  3

static int compare_items(const void *a, const void *b)
{
	const struct map_item *one = a, *other = b;

	if (one->placed != other->placed)
		return one->placed ? -1 : 1;
	if (one->base != other->base)
		return one->base < other->base ? -1 : 1;
	return one->size > other->size ? -1 : one->size < other->size; /* the outer one first */
}

static int compare_banks(const void *a, const void *b)
{
	const struct map_bank *one = a, *other = b;

	return order_of(one->base, other->base);
}

/* Gives each item of a group the lanes of the group. */
static void close_group(struct memory_map *map, size_t from, size_t to, size_t lanes)
{
	while (from < to)
		map->items[from++].lanes = lanes;
}

/* Gives each item the first lane that is free where it begins; overlapping ones form a group. */
static void choose_lanes(struct memory_map *map)
{
	uint64_t last[MAP_LANES_MAX] = {0}, group_last = 0;
	size_t used = 0, from = 0, i;

	for (i = 0; i < map->count && map->items[i].placed; i++) {
		struct map_item *item = &map->items[i];
		uint64_t item_last = last_address(item->base, item->size);
		size_t lane = 0;

		if (used && item->base > group_last) {
			close_group(map, from, i, used);
			from = i;
			used = 0;
		}
		while (lane < used && last[lane] >= item->base && lane + 1 < MAP_LANES_MAX)
			lane++;
		if (lane == used || last[lane] < item_last)
			last[lane] = item_last;
		if (!used || item_last > group_last)
			group_last = item_last;
		if (lane == used)
			used++;
		item->lane = lane;
	}
	close_group(map, from, i, used);
}

/* The addresses at which something begins, each once, and one behind the end. */
struct addresses {
	ARRAY_OF(uint64_t);
};

static void add_bounds(struct addresses *bounds, uint64_t base, uint64_t size)
{
	uint64_t last = last_address(base, size);

	*array_add(bounds) = base;
	if (last != UINT64_MAX)
		*array_add(bounds) = last + 1;
}

static void find_bounds(const struct memory_map *map, struct addresses *bounds)
{
	size_t unique = 0;

	array_for_each (&map->banks, bank)
		add_bounds(bounds, bank->base, bank->size);
	array_for_each (map, item) {
		if (item->placed)
			add_bounds(bounds, item->base, item->size);
	}
	if (!bounds->count)
		return;
	qsort(bounds->items, bounds->count, sizeof(*bounds->items), compare_numbers);
	for (size_t i = 0; i < bounds->count; i++) {
		if (!i || bounds->items[i] != bounds->items[unique - 1])
			bounds->items[unique++] = bounds->items[i];
	}
	bounds->count = unique;
}

/* What has begun, while the segments are gone through from the first to the last. */
struct sweep {
	size_t items, banks; /* how many of each */
	/* of these, what may not have ended; the last to begin is on top */
	struct {
		ARRAY_OF(const struct map_bank *);
	} under;
	struct {
		ARRAY_OF(const struct map_item *);
	} lanes[MAP_LANES_MAX];
	struct addresses lasts; /* of all items, sorted */
	size_t ended;           /* how many of them */
};

static void sweep_begin(const struct memory_map *map, struct sweep *sweep)
{
	*sweep = (struct sweep){0};
	array_for_each (map, item) {
		if (item->placed)
			*array_add(&sweep->lasts) = last_address(item->base, item->size);
	}
	if (sweep->lasts.count)
		qsort(sweep->lasts.items, sweep->lasts.count, sizeof(*sweep->lasts.items),
		      compare_numbers);
}

static void sweep_end(struct sweep *sweep)
{
	for (size_t i = 0; i < MAP_LANES_MAX; i++)
		array_free(&sweep->lanes[i]);
	array_free(&sweep->under);
	array_free(&sweep->lasts);
}

/* The item on top of a stack that reaches the end of the segment, or NULL; others have ended. */
#define TOP(stack, segment) \
	({ \
		while ((stack)->count && \
		       last_address((stack)->items[(stack)->count - 1]->base, \
				    (stack)->items[(stack)->count - 1]->size) < (segment)->last) \
			(stack)->count--; \
		(stack)->count ? (stack)->items[(stack)->count - 1] : NULL; \
	})

/* What lies over the segment, which nothing begins or ends in. */
static void fill_segment(const struct memory_map *map, struct sweep *sweep,
			 struct map_segment *segment)
{
	while (sweep->banks < map->banks.count &&
	       map->banks.items[sweep->banks].base <= segment->first)
		*array_add(&sweep->under) = &map->banks.items[sweep->banks++];
	while (sweep->items < map->count && map->items[sweep->items].placed &&
	       map->items[sweep->items].base <= segment->first) {
		const struct map_item *item = &map->items[sweep->items++];

		*array_add(&sweep->lanes[item->lane]) = item;
	}
	while (sweep->ended < sweep->lasts.count &&
	       sweep->lasts.items[sweep->ended] < segment->last)
		sweep->ended++;
	segment->items = (unsigned int)(sweep->items - sweep->ended);
	segment->bank = TOP(&sweep->under, segment);
	for (size_t i = 0; i < MAP_LANES_MAX; i++)
		segment->lanes[i] = TOP(&sweep->lanes[i], segment);
}

/* Lines to scale, at least one and one for each name that has to stand here. */
static void set_rows(struct map_segment *segment, uint64_t unit)
{
	uint64_t rows = (segment->last - segment->first) / unit + 1;
	unsigned int names = 0;

	for (size_t i = 0; i < MAP_LANES_MAX; i++)
		names += segment->lanes[i] && segment->lanes[i]->base == segment->first;
	if (!segment->items && rows > GAP_ROWS) {
		segment->folded = true;
		rows = GAP_ROWS;
	}
	if (!segment->items && !segment->bank)
		rows = 1;
	segment->rows = rows > ITEM_ROWS ? ITEM_ROWS : (unsigned int)rows;
	if (segment->rows < names)
		segment->rows = names;
}

void map_layout_make(struct memory_map *map, struct map_layout *layout)
{
	struct addresses bounds = {0};
	struct sweep sweep;
	uint64_t largest = 1;

	*layout = (struct map_layout){0};
	if (map->count)
		qsort(map->items, map->count, sizeof(*map->items), compare_items);
	if (map->banks.count)
		qsort(map->banks.items, map->banks.count, sizeof(*map->banks.items), compare_banks);
	choose_lanes(map);
	find_bounds(map, &bounds);
	sweep_begin(map, &sweep);
	for (size_t i = 0; i < bounds.count; i++) {
		struct map_segment *segment = array_add(layout);

		segment->first = bounds.items[i];
		segment->last = i + 1 < bounds.count ? bounds.items[i + 1] - 1 : UINT64_MAX;
		fill_segment(map, &sweep, segment);
		if (i + 1 == bounds.count && !segment->bank && !segment->items)
			layout->count--; /* all that is behind the last one */
		else if (segment->items && segment->last - segment->first > largest)
			largest = segment->last - segment->first;
	}
	array_for_each (layout, segment)
		set_rows(segment, largest / ITEM_ROWS + 1);
	sweep_end(&sweep);
	array_free(&bounds);
}

void map_layout_free(struct map_layout *layout)
{
	array_free(layout);
}

void memory_map_free(struct memory_map *map)
{
	array_for_each (map, item) {
		free(item->name);
		free(item->note);
	}
	array_free(map);
	array_for_each (&map->banks, bank)
		free(bank->name);
	array_free(&map->banks);
}

const char *map_class_name(enum map_class class)
{
	static const char *const words[MAP_CLASS_COUNT] = {
		[MAP_HEAP] = "heap",
		[MAP_MAYBE_HEAP] = "perhaps a heap",
		[MAP_RESERVED] = "reserved",
		[MAP_NO_MAP] = "no-map",
		[MAP_POOL] = "pool, no heap",
		[MAP_DROPPED] = "dropped",
		[MAP_MEMRESERVE] = "/memreserve/",
		[MAP_BUFFER] = "buffer",
		[MAP_TAKEN] = "in use",
		[MAP_HOLE] = "free",
		[MAP_UNKNOWN] = "unknown",
	};

	return words[class];
}

char *map_item_text(const struct map_item *item)
{
	AUTO_FREE char *size = units_size(item->size);

	return xasprintf("%s  %s%s%s", item->name, size, item->note ? "  " : "",
			 item->note ? item->note : "");
}

char *map_gap_text(const struct memory_map *map, const struct map_segment *segment)
{
	AUTO_FREE char *size = units_size(segment->last - segment->first + 1);

	/* a tree without banks leaves them to the firmware */
	return xasprintf("%s%s", size, segment->bank || !map->banks.count ? "" : " (no RAM)");
}
