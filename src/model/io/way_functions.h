/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the ways, and what they share. */
#ifndef MODEL_IO_WAY_FUNCTIONS_H
#define MODEL_IO_WAY_FUNCTIONS_H

#include "model/io/move.h"

/* The calls that are told as the step of a refusal. */
#define STEP_READ            "read"
#define STEP_WRITE           "write"
#define STEP_FLUSH           "fdatasync"
#define STEP_DIRECT          "O_DIRECT"
#define STEP_DIRECT_READ     "read with O_DIRECT"
#define STEP_DIRECT_WRITE    "write with O_DIRECT"
#define STEP_RING            "io_uring_setup"
#define STEP_REGISTER        "IORING_REGISTER_BUFFERS"
#define STEP_PIN             "IORING_REGISTER_BUFFERS, not called"
#define STEP_REGISTER_DMABUF "IORING_REGISTER_BUFFERS of a dma-buf"
#define STEP_MAP             "mmap"
#define STEP_COPY            "copy of the mapped file"
#define STEP_COPY_RANGE      "copy_file_range"
#define STEP_SENDFILE        "sendfile"
#define STEP_SPLICE_FILE     "splice of the file"
#define STEP_SPLICE_BUFFER   "splice of the buffer"
#define STEP_VMSPLICE        "vmsplice"
#define STEP_PIPE            "pipe"
#define STEP_MAP_BUFFER      "mmap of the buffer"

/* read(2) and write(2) up to END. */
int move_plain_to(struct move *move, uint64_t end) __attribute__((nonnull));

/*
 * Direct I/O writes whole blocks: how much of the move it can do. What is left is written through
 * the page cache.
 */
uint64_t move_direct_end(const struct move *move) __attribute__((nonnull));
/* Sets O_DIRECT. Returns 0 or -errno, with the step: also -EINVAL for an offset inside a block. */
int move_direct_begin(struct move *move) __attribute__((nonnull));
/* Clears it, and writes what is left unless ERROR. Returns ERROR or that of the rest. */
int move_direct_finish(struct move *move, int error) __attribute__((nonnull));
/* SIZE up to the next whole block; SIZE where these are more than ROOM bytes. */
size_t move_whole_blocks(const struct move *move, size_t size, uint64_t room)
	__attribute__((nonnull));

/*
 * Whether io_uring may be asked to register the mapping of a dma-buf, which pins its pages for
 * long. The kernel moves pages out of a CMA area before, and where it cannot, as those of a heap's
 * buffer, it tries again without end: Linux 5.10 stops, on 6.1 the process runs until it is killed
 * (check_and_migrate_cma_pages(), check_and_migrate_movable_pages(), mm/gup.c). Returns 0 for
 * memory of this process, a memfd, and a mapping of which the kernel refuses to pin any page; else
 * -EOPNOTSUPP with the step, or -errno.
 */
int move_check_pinning(struct move *move) __attribute__((nonnull));

int way_plain_move(struct move *move);
int way_mmap_move(struct move *move);
int way_populate_move(struct move *move);
int way_direct_move(struct move *move);
int way_bounce_move(struct move *move);
int way_ring_move(struct move *move);
int way_ring_direct_move(struct move *move);
int way_ring_fixed_move(struct move *move);
int way_ring_dmabuf_move(struct move *move);
int way_copy_range_move(struct move *move);
int way_sendfile_move(struct move *move);
int way_splice_move(struct move *move);
int way_vmsplice_move(struct move *move);

#endif
