/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A move of bytes between an open file and the memory of a buffer. */
#ifndef MODEL_IO_MOVE_H
#define MODEL_IO_MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/buffer/buffer.h"
#include "sys/file_io.h"

/* What one call moves: between two looks at a stop signal. */
#define MOVE_PIECE ((size_t)1 << 20)

/* Called now and then with the bytes moved so far. */
typedef void move_progress(void *data, uint64_t done);

/* One move of the contents of an open file. */
struct move {
	int file;
	const struct file_facts *facts;
	bool out;      /* from the buffer to the file */
	bool open_end; /* the file may end before SIZE */
	uint64_t size; /* bytes to move, from the file's offset and the begin of the buffer on */
	/* the mapped buffer, or memory alone where .fd is -1; in whole pages, not less than SIZE */
	const struct buffer *buffer;
	int memory_fd;     /* what takes the place of its memory for splice(2): its fd, a memfd */
	uint64_t limit_ns; /* of the wait for fences, and after a failure for requests; 0: none */
	move_progress *progress; /* not NULL */
	void *data;
	/* results, also of a failure */
	uint64_t done;    /* bytes */
	bool ended;       /* the file had no more than these */
	const char *step; /* the call that failed: constant */
	uint64_t time_ns; /* with the calls of DMA_BUF_IOCTL_SYNC and, to a file, fdatasync(2) */
	uint64_t processor_ns; /* of this process in it */
};

/*
 * Bytes a second; unknown of a move of nothing. Processor time for 100 MB in nanoseconds; unknown
 * of less than MOVE_PIECE, where it would be that of the preparation.
 */
struct maybe move_rate(const struct move *move) __attribute__((nonnull));
struct maybe move_processor(const struct move *move) __attribute__((nonnull));

/* For the ways. */

/* Says which step failed, and returns ERROR. */
int move_failed(struct move *move, const char *step, int error) __attribute__((nonnull));

/* COUNT more bytes are done. Returns 0, or -EINTR after a stop signal. */
int move_went_on(struct move *move, uint64_t count) __attribute__((nonnull));

/* How many bytes the next call moves: at most MOST. */
size_t move_next(const struct move *move, uint64_t end, size_t most) __attribute__((nonnull));

/* The address of the first byte that is not done; its offset in the file. */
static inline void *move_place(const struct move *move)
{
	return (char *)move->buffer->memory + move->done;
}
static inline uint64_t move_offset(const struct move *move)
{
	return move->facts->offset + move->done;
}

#endif
