/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a kernel's command line decides about memory. */
#ifndef MODEL_BOOT_COMMAND_LINE_H
#define MODEL_BOOT_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/known.h"

/* All zero: unknown, as if nothing were on it. */
struct command_line {
	enum tristate known;
	bool empty;             /* the boot loader gives none */
	bool cma_given;         /* cma= is on it: early_cma(), kernel/dma/contiguous.c (7.2) */
	uint64_t cma_size;      /* bytes: 0 with "cma=0" */
	uint64_t cma_base;      /* what follows the @; 0: any */
	uint64_t cma_limit;     /* the end after the -, or of SIZE@BASE; 0: any */
	unsigned int mem_count; /* of mem= */
	uint64_t mem_size;      /* of the last one, bytes */
	bool mem_at;            /* one has a base, which only 32-bit Arm reads */
	uint64_t mem_base;      /* the last one's */
	uint64_t vmalloc;       /* vmalloc=, bytes, at least 16 MiB; 0: it is not there */
};

/* Takes the words of TEXT, after those that are there: of several, each sets what it has. */
void command_line_take(struct command_line *line, const char *text) __attribute__((nonnull));

/* Whether cma= is SIZE@BASE, which the kernel makes there or not at all: dma_contiguous_reserve().
 */
static inline bool command_line_cma_is_fixed(const struct command_line *line)
{
	return line->cma_given && line->cma_base &&
	       line->cma_base + line->cma_size == line->cma_limit;
}

#endif
