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
	IO_MOVE_COLUMNS,
	/* with --compare also */
	IO_STATE = IO_MOVE_COLUMNS,
	IO_COUNT,
	IO_LOW,
	IO_HIGH,
	IO_NOISE,
	IO_RATIO,
	IO_CACHED,
	IO_ERROR,
	IO_REASON,
	IO_COLUMN_COUNT
};
/* What --compare shows without --output. */
#define IO_COMPARE_COLUMNS "HEAP,DIRECTION,STATE,WAY,TIME,NOISE,RATE,RATIO,CPU,ERROR"

/* What is said of -EINPROGRESS, with the time of --timeout. */
#define IO_PENDING "a request of io_uring was still under way after %s (--timeout)"

enum io_direction {
	IO_BOTH,
	IO_IN,
	IO_OUT
};

extern const struct column io_columns[IO_COLUMN_COUNT];

struct io_options {
	struct strings heaps;
	const char *heap;                   /* the first, or NULL */
	uint64_t fd;                        /* 0: not given */
	const char *read_file, *write_file; /* or NULL */
	const struct way *way;              /* NULL: the best */
	const char *compare;                /* the file, or NULL */
	enum io_direction direction;
	uint64_t size, timeout, time; /* bytes, 0: the file's; nanoseconds */
	bool force;
};

extern const struct option_table io_options;

#endif
