/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both drawings of a memory map share. */
#ifndef VIEW_MEMORY_MAP_LAYOUT_H
#define VIEW_MEMORY_MAP_LAYOUT_H

#include "view/memory_map.h"

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

/* Lays MAP out; release with map_layout_release(). */
void map_layout_make(struct memory_map *map, struct map_layout *layout) __attribute__((nonnull));
void map_layout_release(struct map_layout *layout) __attribute__((nonnull));

/* "heap", "no-map" …: for legends. */
const char *map_class_words(enum map_class class) __attribute__((returns_nonnull));

/* "video@42000000  16M  heap video@42000000"; the caller frees it. */
char *map_item_text(const struct map_item *item) __attribute__((nonnull, returns_nonnull, malloc));

/* "208M", "31G (no RAM)": of a segment without items; the caller frees it. */
char *map_gap_text(const struct memory_map *map, const struct map_segment *segment)
	__attribute__((nonnull, returns_nonnull, malloc));

#endif
