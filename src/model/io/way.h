/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ways between a file and the memory of a buffer, as a table. A new one is a function and an
 * entry.
 */
#ifndef MODEL_IO_WAY_H
#define MODEL_IO_WAY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/io/move.h"

struct way {
	const char *name;
	const char *what;               /* how it moves the bytes: constant */
	bool in, out;                   /* which it can, where the kernel lets it */
	bool streams;                   /* also where a file has no offsets */
	bool udmabuf;                   /* only into memory that can be pinned: that of a udmabuf */
	bool descriptor;                /* needs one of the memory: that of a dma-buf, a memfd */
	const char *merit;              /* what it saves, where it is the best: constant, or NULL */
	int (*move)(struct move *move); /* 0 or -errno, with .step */
};

extern const struct way *const ways[];
extern const size_t way_count;

/* The one of this name, or NULL. */
const struct way *way_find(const char *name) __attribute__((nonnull));
/* The first: read(2) and write(2), which works with every file and buffer that can be mapped. */
const struct way *way_plain(void) __attribute__((returns_nonnull));

/*
 * The best way for a move by what can be told before it: what is in the page cache is copied from
 * there; else direct I/O through a bounce buffer, where the file system says that it has it and
 * io_uring can have several requests under way; else the plain one.
 */
const struct way *way_choose(const struct move *move) __attribute__((nonnull, returns_nonnull));

/*
 * Moves. Returns 0, or -errno with the step that failed: also -ETIMEDOUT (a fence), -EINTR (a stop
 * signal), -ENODATA (the file has less than SIZE; done says how much), -EINPROGRESS (something has
 * failed, and requests of io_uring have not ended since, so that the process should: they may still
 * write to the memory). The file's offset is then where the moved bytes end.
 */
int way_move(const struct way *way, struct move *move) __attribute__((nonnull));

/* The steps in which the memory is made: of a udmabuf, of a heap. */
#define STEP_UDMABUF    "/dev/udmabuf"
#define STEP_ALLOCATION "allocation"

/*
 * What it means that a kernel refuses STEP of a way with ERROR (-errno), and what it needs:
 * constant. NULL: it refuses nothing, the move failed.
 */
const char *way_refusal(const char *step, int error) __attribute__((nonnull));

#endif
