/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture of memory: banks from top to bottom, what lies in them to scale, long gaps folded, what
 * overlaps side by side. The layout is the same for a terminal (memory_map_draw.h) and as SVG
 * (memory_map_svg.h).
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
	MAP_BUFFER,
	MAP_TAKEN, /* in use, for what is not known */
	MAP_HOLE,
	MAP_UNKNOWN, /* in use or free */
	MAP_CLASS_COUNT
};

struct map_item {
	enum map_class class;
	uint64_t base, size; /* placed: size is not 0 */
	bool placed;         /* else it stands below the map */
	char *name, *note;   /* note: what becomes of it; owned */
	unsigned int hue;    /* 0: the colour of its class; else one of its own */
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
void memory_map_free(struct memory_map *map) __attribute__((nonnull));

/* More side by side are drawn over each other. */
#define MAP_LANES_MAX 4

/* A stretch of addresses over which the same banks and items lie. */
struct map_segment {
	uint64_t first, last; /* inclusive */
	const struct map_bank *bank;
	const struct map_item *lanes[MAP_LANES_MAX];
	unsigned int items; /* how many lie here; 2 and more overlap */
	unsigned int rows;  /* its height, in lines */
	bool folded;        /* higher than it is drawn */
};

struct map_layout {
	ARRAY_OF(struct map_segment);
};

/* Lays MAP out; release with map_layout_free(). */
void map_layout_make(struct memory_map *map, struct map_layout *layout) __attribute__((nonnull));
void map_layout_free(struct map_layout *layout) __attribute__((nonnull));

/* "heap", "no-map" …: for legends. */
const char *map_class_name(enum map_class class) __attribute__((returns_nonnull));

/* "video@42000000  16M  heap video@42000000"; the caller frees it. */
char *map_item_text(const struct map_item *item) __attribute__((nonnull, returns_nonnull, malloc));

/* "208M", "31G (no RAM)": of a segment without items; the caller frees it. */
char *map_gap_text(const struct memory_map *map, const struct map_segment *segment)
	__attribute__((nonnull, returns_nonnull, malloc));

#endif
