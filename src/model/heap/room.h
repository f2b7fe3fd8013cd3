/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a CMA area has a place for a buffer as its pages are now, and what stands in the way. A
 * buffer takes pages in one run, which begins at a multiple of its size rounded up to a power of
 * two, or of 2^CONFIG_CMA_ALIGNMENT pages where that is less: cma_heap_allocate(),
 * drivers/dma-buf/heaps/cma_heap.c, and cma_alloc(), mm/cma.c (5.10 to 7.2).
 */
#ifndef MODEL_HEAP_ROOM_H
#define MODEL_HEAP_ROOM_H

#include "model/heap/placement.h"

enum room_verdict {
	ROOM_UNKNOWN,
	ROOM_FITS,       /* pages that are free in the area, which may have to be emptied first */
	ROOM_TOO_LARGE,  /* for the whole area */
	ROOM_TOO_LITTLE, /* is free */
	ROOM_NO_RUN,     /* of free pages is long enough */
	ROOM_NO_PLACE,   /* in the runs that are, where a buffer of this size may begin */
};

/* More buffers are not named. */
#define ROOM_RELEASES_MOST 8

struct room {
	enum room_verdict verdict;
	int error;          /* with ROOM_UNKNOWN: why (-errno), as struct placement has it */
	uint64_t size;      /* bytes asked for, in whole pages where their size is known */
	uint64_t alignment; /* bytes; 0: CONFIG_CMA_ALIGNMENT is unknown */
	struct maybe total, free, largest_run; /* bytes */
	struct maybe largest_buffer;           /* bytes: that would fit */
	/* in struct placement's used: stretches that one buffer fills, maybe one of several of a
	 * size, of which any one that is released makes room */
	struct {
		ARRAY_OF(size_t);
	} releases;
};

/*
 * Finds it for a buffer of SIZE bytes, at least 1, in pages of PAGE_SIZE (0: unknown). TOTAL and
 * FREE are the area's in bytes, as far as they are known without its bitmap; PLACEMENT, whose error
 * is 0 or says why its pages are unknown, is the area's. Free with room_free().
 */
void room_find(uint64_t size, uint64_t page_size, struct maybe total, struct maybe free,
	       const struct placement *placement, struct room *room) __attribute__((nonnull));
void room_free(struct room *room);

/*
 * What the kernel's log says of the last buffer of PAGES pages that the area did not give: -EBUSY
 * or -ENOMEM; 0: nothing, or it may not be read. cma_alloc(), mm/cma.c (6.1 to 7.2;
 * before, it does not name the area)
 */
int room_error_in_log(const struct root *root, const char *area, uint64_t pages)
	__attribute__((nonnull));

/* "fits", "too-large", "too-little", "no-run", "no-place"; NULL: unknown. */
const char *room_verdict_name(enum room_verdict verdict);

#endif
