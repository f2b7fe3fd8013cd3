/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture of memory: banks from top to bottom, what lies in them to scale, long gaps folded, what
 * overlaps side by side. Drawn for a terminal or as SVG from the same layout.
 */
#ifndef VIEW_MEMORY_MAP_H
#define VIEW_MEMORY_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/array.h"

enum map_class {
	MAP_HEAP,       /* becomes a heap */
	MAP_MAYBE_HEAP, /* may become one */
	MAP_RESERVED,
	MAP_NO_MAP,
	MAP_POOL, /* a pool that is no heap */
	MAP_DROPPED,
	MAP_MEMRESERVE,
	MAP_CLASS_COUNT
};

struct map_item {
	enum map_class class;
	uint64_t base, size; /* placed: size is not 0 */
	bool placed;         /* else it stands below the map */
	char *name, *note;   /* note: what becomes of it; owned */
	size_t lane, lanes;  /* set by the layout: its place among those that overlap */
};

struct map_bank {
	uint64_t base, size; /* size is not 0 */
	char *name;          /* owned */
};

struct memory_map {
	ARRAY_OF(struct map_item); /* placed ones by base */
	struct {
		ARRAY_OF(struct map_bank);
	} banks;
	const char *title; /* NULL: none */
};

/* Frees the banks and items. */
void memory_map_release(struct memory_map *map) __attribute__((nonnull));

/*
 * Draws for a terminal of COLUMNS columns (80 at least); UTF8: with block characters, COLOR: with
 * colours.
 */
void memory_map_draw(struct memory_map *map, FILE *stream, int columns, bool utf8, bool color)
	__attribute__((nonnull));

/* Writes an SVG document, complete in itself: legend, and titles on hover. */
void memory_map_svg(struct memory_map *map, FILE *stream) __attribute__((nonnull));

#endif
