/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source of device trees, read to find the line of a node: .dts and .dtsi files with what they
 * include, as they are (macros are not expanded), or what `dtc -T` writes, which says the place
 * behind each node and property.
 */
#ifndef MODEL_DEVICETREE_SOURCE_H
#define MODEL_DEVICETREE_SOURCE_H

#include "model/devicetree/source_files.h"
#include "model/devicetree/source_nodes.h"

/*
 * Reads the source of the tree in the file TREE: BOARD.dts for BOARD.dtb, where several are called
 * so the one in a directory of the same name. Returns NULL where none, or no one alone, is there or
 * can be read, and where there is too much of it: of that *excess says what, else it is NULL.
 */
struct source *source_open(struct source_files *files, const char *tree, const char **excess)
	__attribute__((nonnull, warn_unused_result));

#endif
