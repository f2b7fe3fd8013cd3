// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/alloc_columns.h"

const struct column alloc_columns[ALLOC_COLUMN_COUNT] = {
	[ALLOC_BUFFER] = {"BUFFER", "number of the buffer, from 0", COLUMN_RIGHT, NULL},
	[ALLOC_FD] = {"FD", "its descriptor, also in the command", COLUMN_DEFAULT | COLUMN_RIGHT,
		      NULL},
	[ALLOC_INODE] = {"INODE", "its inode number, unique until the next boot",
			 COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[ALLOC_BYTES] = {"SIZE", "its size, in whole pages", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[ALLOC_EXPORTER] = {"EXPORTER", "the kernel's name of the exporter", COLUMN_DEFAULT, NULL},
	[ALLOC_NAME] = {"NAME", "its name in the kernel's listings", COLUMN_DEFAULT, NULL},
	[ALLOC_ALLOC] = {"ALLOC", "time taken by the allocation", COLUMN_DEFAULT | COLUMN_TIME,
			 NULL},
	[ALLOC_MAP] = {"MAP", "time taken by the mapping", COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[ALLOC_ZERO] = {"ZERO", "time taken by the check for zero", COLUMN_TIME, NULL},
	[ALLOC_FILL] = {"FILL", "time taken by filling", COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[ALLOC_VERIFY] = {"VERIFY", "time taken by reading back", COLUMN_DEFAULT | COLUMN_TIME,
			  NULL},
	[ALLOC_PATTERN] = {"PATTERN", "what it is filled with, as --fill takes it", 0, NULL},
	[ALLOC_PIECES] = {"PIECES", "with --until-full: how many of this size fitted", COLUMN_RIGHT,
			  NULL},
	[ALLOC_TOTAL] = {"TOTAL", "with --until-full: what these are together", COLUMN_SIZE, NULL},
};
