// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "view/memory_map_svg.h"
#include "view/svg.h"
#include "view/xml.h"

enum {
	ROW = SVG_ROW,
	TOP = 64,   /* of the map: title and legend are above */
	LEFT = 120, /* addresses */
	BOX = 260,
	TEXT = LEFT + BOX + 16,
};

static const char *const class_names[MAP_CLASS_COUNT] = {
	[MAP_HEAP] = "heap",
	[MAP_MAYBE_HEAP] = "maybe",
	[MAP_RESERVED] = "reserved",
	[MAP_NO_MAP] = "nomap",
	[MAP_POOL] = "pool",
	[MAP_DROPPED] = "dropped",
	[MAP_MEMRESERVE] = "memreserve",
	[MAP_BUFFER] = "heap",
	[MAP_TAKEN] = "memreserve",
	[MAP_HOLE] = "hole",
	[MAP_UNKNOWN] = "unknown",
};

static const char style[] =
	".fold{stroke:#868e96;stroke-dasharray:2 4}\n"
	"rect.heap{fill:#40c057} rect.maybe{fill:#fab005} rect.reserved{fill:#74c0fc}\n"
	"rect.nomap{fill:#b197fc} rect.pool{fill:#66d9e8} rect.dropped{fill:#ffc9c9}\n"
	"rect.hole{fill:none} rect.unknown{fill:#dee2e6}\n"
	"rect.memreserve{fill:#adb5bd} .overlap{fill:none;stroke:#e03131;stroke-width:2}\n";

static void put_address(FILE *stream, unsigned int y, uint64_t address)
{
	AUTO_FREE char *text = xasprintf("0x%" PRIx64, address);

	svg_text_end(stream, LEFT - 8, y, "dim", text);
}

static void put_gap(FILE *stream, unsigned int y, const struct memory_map *map,
		    const struct map_segment *segment)
{
	AUTO_FREE char *text = map_gap_text(map, segment);
	unsigned int middle = y + segment->rows * ROW / 2;

	if (segment->folded || !segment->bank)
		fprintf(stream, "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"fold\"/>\n",
			LEFT, middle, LEFT + BOX, middle);
	svg_text(stream, TEXT, middle + 4, "dim", text);
}

/* The height of all segments of an item that begins at segment FROM. */
static unsigned int item_height(const struct map_layout *layout, size_t from,
				const struct map_item *item)
{
	unsigned int rows = 0;

	for (; from < layout->count && layout->items[from].first - item->base < item->size; from++)
		rows += layout->items[from].rows;
	return rows * ROW;
}

/* The class of its rectangle; the caller frees it. */
static char *class_of(const struct map_item *item)
{
	return item->hue ? xasprintf("hue%u", (item->hue - 1) % SVG_HUES)
			 : xstrdup(class_names[item->class]);
}

static void put_item(FILE *stream, const struct map_layout *layout, size_t from, unsigned int y,
		     unsigned int line, const struct map_item *item)
{
	unsigned int width = BOX / (unsigned int)item->lanes;
	unsigned int height = item_height(layout, from, item);
	AUTO_FREE char *text = map_item_text(item);
	AUTO_FREE char *class = class_of(item);

	fprintf(stream, "<g><title>0x%" PRIx64 "..0x%" PRIx64 "  ", item->base,
		last_address(item->base, item->size));
	xml_put(stream, text, false);
	fprintf(stream,
		"</title><rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"%s\" "
		"stroke=\"#495057\" stroke-width=\"0.5\"/>\n",
		LEFT + (unsigned int)item->lane * width, y, width, height, class);
	svg_text(stream, TEXT, y + line * ROW + 13, "name", text);
	fputs("</g>\n", stream);
}

/* As wide as its longest line. */
static unsigned int find_width(const struct memory_map *map)
{
	size_t longest = 60;

	array_for_each (map, item) {
		AUTO_FREE char *text = map_item_text(item);
		size_t length = strlen(text);

		longest = length > longest ? length : longest;
	}
	return TEXT + (unsigned int)(longest < 400 ? longest : 400) * SVG_CHARACTER + 16;
}

/* The boxes of the banks: behind all else. */
static void put_banks(FILE *stream, const struct map_layout *layout)
{
	unsigned int y = TOP;

	array_for_each (layout, segment) {
		if (segment->bank) {
			fprintf(stream, "<g><title>0x%" PRIx64 "..0x%" PRIx64 "  ",
				segment->bank->base,
				last_address(segment->bank->base, segment->bank->size));
			xml_put(stream, segment->bank->name, false);
			fprintf(stream,
				"</title><rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%u\" "
				"class=\"ram\" stroke-width=\"0\"/></g>\n",
				LEFT, y, BOX, segment->rows * ROW);
		}
		y += segment->rows * ROW;
	}
}

static void put_segments(FILE *stream, const struct memory_map *map,
			 const struct map_layout *layout)
{
	unsigned int y = TOP;

	for (size_t i = 0; i < layout->count; i++) {
		const struct map_segment *segment = &layout->items[i];
		unsigned int line = 0;

		put_address(stream, y + 13, segment->first);
		for (size_t lane = 0; lane < MAP_LANES_MAX; lane++) {
			const struct map_item *item = segment->lanes[lane];

			if (item && item->base == segment->first)
				put_item(stream, layout, i, y, line++, item);
		}
		if (!segment->items)
			put_gap(stream, y, map, segment);
		y += segment->rows * ROW;
	}
	y = TOP;
	array_for_each (layout, segment) {
		if (segment->items > 1)
			fprintf(stream,
				"<g><title>overlap 0x%" PRIx64 "..0x%" PRIx64
				"</title><rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%u\" "
				"class=\"overlap\"/></g>\n",
				segment->first, segment->last, LEFT, y, BOX, segment->rows * ROW);
		y += segment->rows * ROW;
	}
}

static void put_legend(FILE *stream, const struct memory_map *map)
{
	bool used[MAP_CLASS_COUNT] = {false};
	unsigned int x = LEFT;

	array_for_each (map, item)
		used[item->class] = true;
	for (size_t i = 0; i < MAP_CLASS_COUNT; i++) {
		if (!used[i])
			continue;
		fprintf(stream,
			"<rect x=\"%u\" y=\"36\" width=\"14\" height=\"14\" class=\"%s\"/>\n", x,
			class_names[i]);
		svg_text(stream, x + 20, 48, "dim", map_class_name((enum map_class)i));
		x += 130;
	}
}

static void put_unplaced(FILE *stream, const struct memory_map *map, unsigned int y)
{
	array_for_each (map, item) {
		AUTO_FREE char *text = NULL;

		if (item->placed)
			continue;
		text = map_item_text(item);
		fprintf(stream,
			"<rect x=\"%d\" y=\"%u\" width=\"14\" height=\"14\" class=\"%s\"/>\n",
			LEFT + BOX - 14, y + 2, class_names[item->class]);
		svg_text(stream, TEXT, y + 13, "name", text);
		y += ROW;
	}
}

static unsigned int count_unplaced(const struct memory_map *map)
{
	unsigned int count = 0;

	array_for_each (map, item)
		count += !item->placed;
	return count;
}

void memory_map_svg(struct memory_map *map, FILE *stream)
{
	struct map_layout layout;
	unsigned int height = 0, unplaced, width = find_width(map);

	map_layout_make(map, &layout);
	unplaced = count_unplaced(map);
	array_for_each (&layout, segment)
		height += segment->rows * ROW;
	svg_begin(stream, width, TOP + height + (unplaced + 3) * ROW, style);
	if (map->title)
		svg_text(stream, LEFT, 22, "title", map->title);
	put_legend(stream, map);
	put_banks(stream, &layout);
	put_segments(stream, map, &layout);
	if (unplaced) {
		svg_text(stream, LEFT, TOP + height + 2 * ROW, "dim", "without an address:");
		put_unplaced(stream, map, TOP + height + 2 * ROW + 6);
	}
	svg_end(stream);
	map_layout_free(&layout);
}
