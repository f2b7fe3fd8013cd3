/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options and columns of alloc. */
#ifndef COMMANDS_ALLOC_ALLOC_OPTIONS_H
#define COMMANDS_ALLOC_ALLOC_OPTIONS_H

#include "cli/options.h"
#include "model/buffer/pattern.h"
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

struct alloc_options {
	const char *heap, *name;
	const char *subject;         /* what messages name: the heap, or the socket of --receive */
	const char *send, *receive;  /* sockets, or NULL */
	uint64_t size, count, total; /* the last buffer is what is left of the total */
	int access;                  /* O_RDONLY, O_WRONLY, O_RDWR */
	uint64_t timeout, hold;      /* nanoseconds; hold: UINT64_MAX is for ever */
	bool map, fill, verify, check_zero, force, until_full, any_user;
	struct pattern pattern;
	char **command; /* NULL: none */
};

extern const struct alloc_options alloc_defaults;
extern const struct option_table alloc_options;

/* The size of buffer NUMBER, from 0. */
uint64_t alloc_size_of(const struct alloc_options *options, uint64_t number);

#endif
