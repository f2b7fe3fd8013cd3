/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory map as text for a terminal. */
#ifndef VIEW_MEMORY_MAP_DRAW_H
#define VIEW_MEMORY_MAP_DRAW_H

#include <stdbool.h>
#include <stdio.h>

#include "view/memory_map.h"

/*
 * Draws for a terminal of COLUMNS columns (80 at least); UTF8: with block characters, COLOR: with
 * colours.
 */
void memory_map_draw(struct memory_map *map, FILE *stream, int columns, bool utf8, bool color)
	__attribute__((nonnull));

#endif
