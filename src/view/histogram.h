/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many of many amounts lie where, as a picture: bins of one width, whose bounds are round. */
#ifndef VIEW_HISTOGRAM_H
#define VIEW_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HISTOGRAM_BINS_MOST 20

struct histogram {
	uint64_t width; /* of a bin: 1, 2 or 5 times a power of ten */
	uint64_t first; /* where the first bin begins, in widths */
	size_t count;   /* of bins */
	size_t bins[HISTOGRAM_BINS_MOST];
	size_t beyond; /* amounts behind the last bin */
	bool plain;    /* of numbers; false: of nanoseconds */
};

/*
 * Counts COUNT amounts, at least one, sorted: nanoseconds unless .plain is set then. The bins reach
 * from the smallest to HIGH, as narrow as their number allows; the rest is beyond, so that one that
 * is far away does not make all others share a bin.
 */
void histogram_make(const uint64_t *sorted, size_t count, uint64_t high,
		    struct histogram *histogram) __attribute__((nonnull));

/* A line for each bin: its beginning, a bar, the number of samples. COLUMNS wide. */
void histogram_draw(const struct histogram *histogram, FILE *stream, int columns, bool utf8,
		    bool color) __attribute__((nonnull));

/* Pixels of one in an SVG picture. */
#define HISTOGRAM_SVG_WIDTH  200
#define HISTOGRAM_SVG_HEIGHT 90

/* The same as bars of the class CLASS, in an SVG picture at X and Y. */
void histogram_svg(const struct histogram *histogram, FILE *stream, unsigned int x, unsigned int y,
		   const char *class) __attribute__((nonnull));

#endif
