/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory map as SVG. */
#ifndef VIEW_MEMORY_MAP_SVG_H
#define VIEW_MEMORY_MAP_SVG_H

#include <stdio.h>

#include "view/memory_map.h"

/* Writes an SVG document, complete in itself: legend, and titles on hover. */
void memory_map_svg(struct memory_map *map, FILE *stream) __attribute__((nonnull));

#endif
