/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options and columns of io. */
#ifndef COMMANDS_IO_IO_OPTIONS_H
#define COMMANDS_IO_IO_OPTIONS_H

#include "cli/options.h"
#include "model/io/way.h"
#include "view/table.h"

enum io_column {
	IO_HEAP,
	IO_DIRECTION,
	IO_WAY,
	IO_SIZE,
	IO_TIME,
	IO_RATE,
	IO_CPU,
	IO_COLUMN_COUNT
};

extern const struct column io_columns[IO_COLUMN_COUNT];

struct io_options {
	const char *heap;
	uint64_t fd;                        /* 0: not given */
	const char *read_file, *write_file; /* or NULL */
	const struct way *way;              /* NULL: the best */
	uint64_t size, timeout;             /* bytes, 0: the file's; nanoseconds */
	bool force;
};

extern const struct option_table io_options;

#endif
