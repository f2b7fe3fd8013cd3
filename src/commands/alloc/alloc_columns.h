/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of alloc. */
#ifndef COMMANDS_ALLOC_ALLOC_COLUMNS_H
#define COMMANDS_ALLOC_ALLOC_COLUMNS_H

#include "view/table.h"

enum alloc_column {
	ALLOC_BUFFER,
	ALLOC_FD,
	ALLOC_INODE,
	ALLOC_BYTES,
	ALLOC_EXPORTER,
	ALLOC_NAME,
	ALLOC_ALLOC,
	ALLOC_MAP,
	ALLOC_ZERO,
	ALLOC_FILL,
	ALLOC_VERIFY,
	ALLOC_PATTERN,
	ALLOC_PIECES,
	ALLOC_TOTAL,
	ALLOC_COLUMN_COUNT
};

extern const struct column alloc_columns[ALLOC_COLUMN_COUNT];

#endif
