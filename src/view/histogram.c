// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/histogram.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/svg.h"
#include "view/units.h"

/* The narrowest of 1, 2, 5, 10, … with which the bins from LOW to HIGH are not too many. */
static uint64_t find_width(uint64_t low, uint64_t high)
{
	static const unsigned int steps[] = {1, 2, 5};
	uint64_t power = 1;

	for (size_t i = 0;; i++) {
		uint64_t width = steps[i % 3] * power;

		if (high / width - low / width < HISTOGRAM_BINS_MOST)
			return width;
		if (i % 3 == 2)
			power *= 10;
	}
}

void histogram_make(const uint64_t *sorted, size_t count, uint64_t high,
		    struct histogram *histogram)
{
	*histogram = (struct histogram){.width = find_width(sorted[0], high)};
	histogram->first = sorted[0] / histogram->width;
	histogram->count = high / histogram->width - histogram->first + 1;
	for (size_t i = 0; i < count; i++) {
		uint64_t bin = sorted[i] / histogram->width - histogram->first;

		if (bin < histogram->count)
			histogram->bins[bin]++;
		else
			histogram->beyond++;
	}
}

/* Where bin INDEX begins; with the number of bins, where they end. */
static uint64_t edge(const struct histogram *histogram, size_t index)
{
	return (histogram->first + index) * histogram->width;
}

static size_t most_of(const struct histogram *histogram)
{
	size_t most = histogram->beyond;

	for (size_t i = 0; i < histogram->count; i++)
		most = histogram->bins[i] > most ? histogram->bins[i] : most;
	return most;
}

/* Where a bin begins. */
static char *edge_text(const struct histogram *histogram, size_t index)
{
	if (histogram->plain)
		return xasprintf("%" PRIu64, edge(histogram, index));
	return units_time_on_scale(edge(histogram, index), edge(histogram, histogram->count),
				   histogram->width);
}

/* A bar of eighths of a column, at least one where there is anything. */
static void draw_bar(FILE *stream, size_t eighths, bool utf8)
{
	static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

	for (; eighths >= 8; eighths -= 8)
		fputs(utf8 ? "█" : "#", stream);
	if (utf8)
		fputs(parts[eighths], stream);
	else if (eighths)
		fputc(':', stream);
}

void histogram_draw(const struct histogram *histogram, FILE *stream, int columns, bool utf8,
		    bool color)
{
	enum {
		LABEL = 13,
		COUNT = 6, /* with the blank before it */
		LEAST = 10,
	};
	size_t most = most_of(histogram);
	size_t width =
		(size_t)(columns > LABEL + 3 + COUNT + LEAST ? columns - LABEL - 3 - COUNT : LEAST);

	for (size_t i = 0; i < histogram->count + (histogram->beyond > 0); i++) {
		bool beyond = i == histogram->count;
		size_t samples = beyond ? histogram->beyond : histogram->bins[i];
		AUTO_FREE char *edge = edge_text(histogram, i);
		AUTO_FREE char *label = xasprintf("%s%s", beyond ? ">= " : "", edge);

		fprintf(stream, "%*s %s%s", LABEL, label, utf8 ? "│" : "|",
			color ? "\033[32m" : "");
		draw_bar(stream, (samples * width * 8 + most - 1) / most, utf8);
		fprintf(stream, "%s", color ? "\033[0m" : "");
		if (samples)
			fprintf(stream, " %zu", samples);
		fputc('\n', stream);
	}
}

void histogram_svg(const struct histogram *histogram, FILE *stream, unsigned int x, unsigned int y,
		   const char *class)
{
	enum {
		BARS = HISTOGRAM_SVG_HEIGHT - SVG_ROW, /* below them stand the ends of the scale */
	};
	size_t most = most_of(histogram), all = histogram->count + (histogram->beyond > 0);
	double width = (double)HISTOGRAM_SVG_WIDTH / (double)all;
	AUTO_FREE char *from = edge_text(histogram, 0);
	AUTO_FREE char *to = edge_text(histogram, histogram->count);

	fprintf(stream, "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" class=\"ram\"/>\n", x,
		y, HISTOGRAM_SVG_WIDTH, BARS);
	for (size_t i = 0; i < all; i++) {
		size_t samples = i < histogram->count ? histogram->bins[i] : histogram->beyond;
		double height = (double)BARS * (double)samples / (double)most;
		AUTO_FREE char *edge = edge_text(histogram, i);

		if (samples)
			fprintf(stream,
				"<g><title>from %s: %zu</title><rect x=\"%.1f\" y=\"%.1f\" "
				"width=\"%.1f\" "
				"height=\"%.1f\" class=\"%s\"/></g>\n",
				edge, samples, x + (double)i * width, y + BARS - height,
				width * 0.9, height, i < histogram->count ? class : "hue5");
	}
	svg_text(stream, x, y + BARS + 13, "dim", from);
	svg_text_end(stream, x + (unsigned int)(width * (double)histogram->count), y + BARS + 13,
		     "dim", to);
}
