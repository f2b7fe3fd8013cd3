/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree as a picture. */
#ifndef COMMANDS_REGIONS_PICTURE_H
#define COMMANDS_REGIONS_PICTURE_H

#include "cli/command.h"
#include "commands/regions/regions_columns.h"
#include "view/memory_map.h"

/* Fills an empty map; release it with memory_map_free() before the tree. */
void regions_make_map(const struct tree_report *report, struct memory_map *map);

/* Draws on stdout, as wide as the terminal is. */
void regions_draw(const struct context *context, const struct tree_report *report);

/* Writes an SVG file ("-": stdout). Returns 0, or -errno after a message. */
int regions_svg(const struct context *context, const struct tree_report *report, const char *path);

#endif
