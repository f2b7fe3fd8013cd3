// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/timeline.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/units.h"

#define LABEL_WIDTH 14
#define CELL_WIDTH  13

struct instant {
	const char *name;
	uint64_t time_ns;
	bool busy;
};

struct timeline_cell {
	const char *text; /* NULL: unknown */
	enum timeline_mark mark;
};

struct timeline_row {
	const char *label;
	bool indent;
	struct {
		ARRAY_OF(struct timeline_cell);
	} cells;
};

struct timeline {
	bool color;
	struct {
		ARRAY_OF(struct instant);
	} instants;
	struct {
		ARRAY_OF(struct timeline_row);
	} rows;
};

struct timeline *timeline_new(bool color)
{
	struct timeline *timeline = xcalloc(1, sizeof(*timeline));

	timeline->color = color;
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return;
	array_for_each (&timeline->rows, row)
		array_free(&row->cells);
	array_free(&timeline->instants);
	array_free(&timeline->rows);
	free(timeline);
}

void timeline_instant(struct timeline *timeline, const char *name, uint64_t time_ns, bool busy)
{
	*array_add(&timeline->instants) = (struct instant){name, time_ns, busy};
}

void timeline_row(struct timeline *timeline, const char *label, bool indent)
{
	*array_add(&timeline->rows) = (struct timeline_row){.label = label, .indent = indent};
}

void timeline_cell(struct timeline *timeline, const char *text, enum timeline_mark mark)
{
	struct timeline_row *row = &timeline->rows.items[timeline->rows.count - 1];

	*array_add(&row->cells) = (struct timeline_cell){text, mark};
}

/* The names, the times, and the line itself: o where nothing is pending, * where something is. */
static void print_head(const struct timeline *timeline)
{
	const struct instant *last = timeline->instants.items + timeline->instants.count - 1;
	static const char idle[] = "------------", busy[] = "============";

	printf("%-*s", LABEL_WIDTH, "");
	array_for_each (&timeline->instants, instant)
		printf("%-*s", instant == last ? 0 : CELL_WIDTH, instant->name);
	printf("\n%-*s", LABEL_WIDTH, "");
	array_for_each (&timeline->instants, instant) {
		AUTO_FREE char *time = units_time(instant->time_ns);

		printf("%-*s", instant == last ? 0 : CELL_WIDTH, time);
	}
	printf("\n%-*s", LABEL_WIDTH, "");
	array_for_each (&timeline->instants, instant)
		printf("%c%s", instant->busy ? '*' : 'o', instant->busy ? busy : idle);
	putchar('\n');
}

static void print_cell(const struct timeline *timeline, const struct timeline_cell *cell, bool last)
{
	static const char *const colors[] = {
		[MARK_NONE] = "", [MARK_WAITS] = "\033[33m", [MARK_WRONG] = "\033[1;31m"};
	bool colored = timeline->color && cell->mark != MARK_NONE;
	int width =
		printf("%s%s%s%s", colored ? colors[cell->mark] : "", cell->text ? cell->text : "-",
		       cell->mark == MARK_WRONG ? "!" : "", colored ? "\033[0m" : "");

	if (colored)
		width -= (int)(strlen(colors[cell->mark]) + strlen("\033[0m"));
	if (!last)
		printf("%*s", width < CELL_WIDTH ? CELL_WIDTH - width : 1, "");
}

void timeline_print(const struct timeline *timeline)
{
	if (!timeline->instants.count)
		return;
	print_head(timeline);
	array_for_each (&timeline->rows, row) {
		/* no blanks at the end of a line that has no cells */
		printf("%s%-*s", row->indent ? "  " : "",
		       row->cells.count ? LABEL_WIDTH - (row->indent ? 2 : 0) : 0, row->label);
		array_for_each (&row->cells, cell)
			print_cell(timeline, cell, cell + 1 == row->cells.items + row->cells.count);
		putchar('\n');
	}
}
