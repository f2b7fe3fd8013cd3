// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/bench/bench_picture.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/histogram.h"
#include "view/svg.h"
#include "view/terminal.h"
#include "view/units.h"

/* "alloc, system, 1M: 400 samples, median 12.3 us"; the caller frees it. */
static char *title_of(const struct bench_report *report, const struct bench_cell *cell)
{
	const struct summary *summary = &cell->summary;
	AUTO_FREE char *size = units_size(cell->size);
	AUTO_FREE char *median = bench_amount(report, summary->median);

	return xasprintf("%s, %s%s%s: %zu sample%s, median %s", bench_cases[cell->kind].name,
			 report->plan->targets[cell->target].name, cell->size ? ", " : "",
			 cell->size ? size : "", summary->count, summary->count == 1 ? "" : "s",
			 median);
}

/* Of a cell with samples. */
static void make_histogram(const struct bench_report *report, const struct bench_cell *cell,
			   struct histogram *histogram)
{
	AUTO_FREE uint64_t *sorted =
		xmemdup(cell->samples.items, cell->samples.count * sizeof(*sorted));

	samples_sort(sorted, cell->samples.count);
	histogram_make(sorted, cell->samples.count, cell->summary.p99, histogram);
	histogram->plain = report->conditions.counted != BENCH_TIME;
}

void bench_draw(const struct context *context, const struct bench_report *report)
{
	array_for_each (report->result, cell) {
		AUTO_FREE char *title = NULL;
		struct histogram histogram;

		if (!cell->samples.count)
			continue;
		title = title_of(report, cell);
		printf("\n%s\n", title);
		make_histogram(report, cell, &histogram);
		histogram_draw(&histogram, stdout, terminal_columns(), text_locale_is_utf8(),
			       context->color);
	}
}

enum {
	TOP = 48, /* the title is above */
	GAP = 16,
	CELL_WIDTH = HISTOGRAM_SVG_WIDTH + GAP,
	CELL_HEIGHT = SVG_ROW + HISTOGRAM_SVG_HEIGHT + GAP,
	TITLE = 60, /* characters: the narrowest picture has room for them */
};

static void put_cell(const struct bench_report *report, const struct bench_cell *cell, FILE *stream,
		     unsigned int x, unsigned int y)
{
	AUTO_FREE char *size = units_size(cell->size);
	AUTO_FREE char *median = bench_amount(report, cell->summary.median);
	AUTO_FREE char *text =
		xasprintf("%s%smedian %s", cell->size ? size : "", cell->size ? ", " : "", median);
	struct histogram histogram;
	char class[] = "hue0";

	make_histogram(report, cell, &histogram);
	class[3] = (char)('0' + cell->target % (SVG_HUES - 1));
	svg_text(stream, x, y + 13, "dim", text);
	histogram_svg(&histogram, stream, x, y + SVG_ROW, class);
}

/* The cells of one case and heap stand side by side, each line below its heading. */
static unsigned int put_cells(const struct bench_report *report, FILE *stream)
{
	const struct bench_cell *last = NULL;
	unsigned int x = GAP, y = TOP;

	array_for_each (report->result, cell) {
		if (!cell->samples.count)
			continue;
		if (!last || last->kind != cell->kind || last->target != cell->target) {
			AUTO_FREE char *heading =
				xasprintf("%s, %s", bench_cases[cell->kind].name,
					  report->plan->targets[cell->target].name);

			y += last ? CELL_HEIGHT : 0;
			x = GAP;
			svg_text(stream, x, y + 13, "title", heading);
			y += SVG_ROW;
		}
		put_cell(report, cell, stream, x, y);
		x += CELL_WIDTH;
		last = cell;
	}
	return y + CELL_HEIGHT;
}

int bench_svg(const struct context *context, const struct bench_report *report, const char *path)
{
	const struct bench_conditions *now = &report->conditions;
	AUTO_FREE char *title = xasprintf("Linux %s, %s", now->kernel, now->machine);
	AUTO_FREE char *cells = NULL;
	AUTO_FREE char *text = NULL;
	size_t size, columns = report->plan->size_count;
	FILE *stream = xmemopen(&cells, &size);
	unsigned int height = put_cells(report, stream), width = 0;

	xmemclose(stream);
	width = GAP + (unsigned int)columns * CELL_WIDTH;
	if (width < TITLE * SVG_CHARACTER)
		width = TITLE * SVG_CHARACTER;
	stream = xmemopen(&text, &size);
	svg_begin(stream, width, height, "");
	svg_text(stream, GAP, 22, "title", title);
	fputs(cells, stream);
	svg_end(stream);
	xmemclose(stream);
	return cmd_write_file(context, path, text, size);
}
