// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>
#include <wchar.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/memory_map_draw.h"
#include "view/units.h"

#define BOX_WIDTH 16

struct style {
	const char *fill[MAP_CLASS_COUNT];
	const char *side, *no_side, *top, *bottom, *line, *fold, *overlap, *cut;
};

static const struct style utf8_style = {
	.fill = {"█", "▓", "▒", "░", "▚", "╳", "▞", "█", "░", " ", "?"},
	.side = "│",
	.no_side = "┊",
	.top = "┬",
	.bottom = "┴",
	.line = "─",
	.fold = "⋮",
	.overlap = "!",
	.cut = "…",
};
static const struct style ascii_style = {
	.fill = {"#", "?", "=", ".", "%", "x", "m", "#", ".", " ", "?"},
	.side = "|",
	.no_side = ":",
	.top = "+",
	.bottom = "+",
	.line = "-",
	.fold = "~",
	.overlap = "!",
	.cut = ">",
};

static const char *const colors[MAP_CLASS_COUNT] = {
	[MAP_HEAP] = "32",  [MAP_MAYBE_HEAP] = "33", [MAP_RESERVED] = "34",   [MAP_NO_MAP] = "35",
	[MAP_POOL] = "36",  [MAP_DROPPED] = "31",    [MAP_MEMRESERVE] = "90", [MAP_BUFFER] = "32",
	[MAP_TAKEN] = "90", [MAP_HOLE] = "0",        [MAP_UNKNOWN] = "90",
};

/* Of items with a colour of their own; memory_map_svg.c has as many. */
static const char *const hues[] = {"32", "34", "35", "36", "33", "31"};

static const char *color_of(const struct map_item *item)
{
	return item->hue ? hues[(item->hue - 1) % COUNT_OF(hues)] : colors[item->class];
}

struct pen {
	const struct memory_map *map;
	FILE *stream;
	const struct style *style;
	bool utf8, color;
	int columns;
	int digits; /* of an address */
};

/* Without colours, neighbours with one of their own differ in this. */
static const char *fill_of(const struct pen *pen, const struct map_item *item)
{
	return pen->style->fill[item->hue ? (item->hue - 1) % 3 : item->class];
}

static void color_on(const struct pen *pen, const char *color)
{
	if (pen->color)
		fprintf(pen->stream, "\033[%sm", color);
}

static void color_off(const struct pen *pen)
{
	if (pen->color)
		fputs("\033[0m", pen->stream);
}

static void repeat(const struct pen *pen, const char *text, int count)
{
	while (count-- > 0)
		fputs(text, pen->stream);
}

/* TEXT, escaped, cut at WIDTH columns; control characters are gone, so a character is one wide,
 * wide ones two. */
static void put_cut(const struct pen *pen, const char *text, int width)
{
	AUTO_FREE char *escaped = text_show(text);
	size_t length = strlen(escaped), at = 0;
	int used = 0;

	while (at < length) {
		unsigned int code = (unsigned char)escaped[at];
		size_t bytes = text_utf8(escaped + at, length - at, &code);
		int wide = pen->utf8 ? wcwidth((wchar_t)code) : 1;

		if (used + (wide > 0 ? wide : 0) > width - 1 && at + bytes < length) {
			fputs(pen->style->cut, pen->stream);
			return;
		}
		used += wide > 0 ? wide : 0;
		fwrite(escaped + at, 1, bytes ? bytes : 1, pen->stream);
		at += bytes ? bytes : 1;
	}
}

/* The names that stand at a segment, line by line. */
struct names {
	const struct map_item *items[MAP_LANES_MAX];
	size_t count;
};

static void put_box(const struct pen *pen, const struct map_segment *segment, bool fold)
{
	const char *side = segment->bank ? pen->style->side : pen->style->no_side;
	int used = 0;

	fputs(side, pen->stream);
	if (fold) {
		repeat(pen, pen->style->fold, 1);
		used = 1;
	}
	for (size_t lane = 0; lane < MAP_LANES_MAX; lane++) {
		const struct map_item *item = segment->lanes[lane];
		int width = item ? BOX_WIDTH / (int)item->lanes : 0;

		if (!item)
			continue;
		repeat(pen, " ", (int)lane * width - used);
		color_on(pen, color_of(item));
		repeat(pen, fill_of(pen, item), width - (item->lanes > 1));
		color_off(pen);
		used = (int)lane * width + width - (item->lanes > 1);
	}
	repeat(pen, " ", BOX_WIDTH - used);
	fputs(side, pen->stream);
	if (segment->items > 1) {
		color_on(pen, "1;31");
		fputs(pen->style->overlap, pen->stream);
		color_off(pen);
	}
}

static void put_row(const struct pen *pen, const struct map_segment *segment, unsigned int row,
		    const struct names *names)
{
	int text_width = pen->columns - (pen->digits + 2) - 1 - (BOX_WIDTH + 3) - 1;
	bool gap = !segment->items;

	if (!row)
		fprintf(pen->stream, "0x%0*" PRIx64 " ", pen->digits, segment->first);
	else
		fprintf(pen->stream, "%*s", pen->digits + 3, "");
	put_box(pen, segment, gap && segment->folded && row == segment->rows / 2);
	if (row < names->count) {
		AUTO_FREE char *text = map_item_text(names->items[row]);

		fputs(segment->items > 1 ? " " : "  ", pen->stream);
		put_cut(pen, text, text_width);
	} else if (gap && row == segment->rows / 2) {
		AUTO_FREE char *text = map_gap_text(pen->map, segment);

		color_on(pen, "2");
		fputs("  ", pen->stream);
		put_cut(pen, text, text_width);
		color_off(pen);
	}
	fputc('\n', pen->stream);
}

/* The line above a bank or below it. */
static void put_edge(const struct pen *pen, uint64_t address, const char *corner, const char *text,
		     bool with_address)
{
	if (with_address)
		fprintf(pen->stream, "0x%0*" PRIx64 " ", pen->digits, address);
	else
		fprintf(pen->stream, "%*s", pen->digits + 3, "");
	fputs(corner, pen->stream);
	repeat(pen, pen->style->line, BOX_WIDTH);
	fputs(corner, pen->stream);
	if (text) {
		fputs("  ", pen->stream);
		put_cut(pen, text, pen->columns - pen->digits - 3 - BOX_WIDTH - 4);
	}
	fputc('\n', pen->stream);
}

static void put_bank_top(const struct pen *pen, const struct map_bank *bank)
{
	AUTO_FREE char *size = units_size(bank->size);
	AUTO_FREE char *text = xasprintf("%s  %s RAM", bank->name, size);

	put_edge(pen, bank->base, pen->style->top, text, false);
}

static void put_segment(const struct pen *pen, const struct map_segment *segment,
			const struct map_segment *before, const struct map_segment *after)
{
	struct names names = {0};

	if (segment->bank && (!before || before->bank != segment->bank))
		put_bank_top(pen, segment->bank);
	for (size_t i = 0; i < MAP_LANES_MAX; i++) {
		if (segment->lanes[i] && segment->lanes[i]->base == segment->first)
			names.items[names.count++] = segment->lanes[i];
	}
	for (unsigned int row = 0; row < segment->rows; row++)
		put_row(pen, segment, row, &names);
	if (segment->bank && (!after || after->bank != segment->bank))
		put_edge(pen, segment->last, pen->style->bottom, NULL, true);
}

static void put_legend(const struct pen *pen, const struct memory_map *map)
{
	bool used[MAP_CLASS_COUNT] = {false};

	array_for_each (map, item)
		used[item->class] |= item->placed;
	for (size_t i = 0; i < MAP_CLASS_COUNT; i++) {
		if (!used[i])
			continue;
		color_on(pen, colors[i]);
		repeat(pen, pen->style->fill[i], 2);
		color_off(pen);
		fprintf(pen->stream, " %s  ", map_class_name((enum map_class)i));
	}
	fputc('\n', pen->stream);
}

/* Regions that the kernel places: no address to draw them at. */
static void put_unplaced(const struct pen *pen, const struct memory_map *map)
{
	bool any = false;

	array_for_each (map, item) {
		AUTO_FREE char *text = NULL;

		if (item->placed)
			continue;
		if (!any)
			fputs("without an address:\n", pen->stream);
		any = true;
		fputs("  ", pen->stream);
		color_on(pen, color_of(item));
		repeat(pen, fill_of(pen, item), 2);
		color_off(pen);
		fputc(' ', pen->stream);
		text = map_item_text(item);
		put_cut(pen, text, pen->columns - 5);
		fputc('\n', pen->stream);
	}
}

void memory_map_draw(struct memory_map *map, FILE *stream, int columns, bool utf8, bool color)
{
	struct map_layout layout;
	struct pen pen = {.map = map,
			  .stream = stream,
			  .style = utf8 ? &utf8_style : &ascii_style,
			  .utf8 = utf8,
			  .color = color,
			  .columns = columns < 80 ? 80 : columns};

	map_layout_make(map, &layout);
	pen.digits = 8;
	if (layout.count) {
		char text[20];
		int digits = snprintf(text, sizeof(text), "%" PRIx64,
				      layout.items[layout.count - 1].last);

		pen.digits = digits > 8 ? digits : 8;
	}
	for (size_t i = 0; i < layout.count; i++)
		put_segment(&pen, &layout.items[i], i ? &layout.items[i - 1] : NULL,
			    i + 1 < layout.count ? &layout.items[i + 1] : NULL);
	put_unplaced(&pen, map);
	put_legend(&pen, map);
	map_layout_free(&layout);
}
