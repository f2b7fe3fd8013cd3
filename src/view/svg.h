/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all SVG pictures share: the frame, the colours of light and dark pages, texts. */
#ifndef VIEW_SVG_H
#define VIEW_SVG_H

#include <stdio.h>

/* Pixels of a line of text, and of a character in it. */
#define SVG_ROW       18
#define SVG_CHARACTER 8

/*
 * Begins a picture of WIDTH by HEIGHT pixels. Classes: title, dim and ram, and of rectangles hue0
 * to hue5, "SVG_HUES" of them; STYLE has the rules for more. svg_end() ends it.
 */
void svg_begin(FILE *stream, unsigned int width, unsigned int height, const char *style)
	__attribute__((nonnull));
void svg_end(FILE *stream) __attribute__((nonnull));

#define SVG_HUES 6

/* A line of text with its base line at Y. */
void svg_text(FILE *stream, unsigned int x, unsigned int y, const char *class, const char *text)
	__attribute__((nonnull));
/* The same, ending at X. */
void svg_text_end(FILE *stream, unsigned int x, unsigned int y, const char *class, const char *text)
	__attribute__((nonnull));

#endif
