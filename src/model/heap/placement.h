/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of a heap's memory are free, and where in it each buffer lies. Free pages are those
 * of the area's bitmap (debugfs). A buffer's place is what a mapping shows
 * (model/buffer/location.h), else what follows from the bitmap: buffers of a CMA heap are
 * contiguous and aligned (cma_heap_allocate(), drivers/dma-buf/heaps/cma_heap.c), so that a place
 * is certain where there are no more places for buffers of a size than such buffers.
 */
#ifndef MODEL_HEAP_PLACEMENT_H
#define MODEL_HEAP_PLACEMENT_H

#include "model/buffer/usage.h"
#include "model/heap/inventory.h"

/* The range of CONFIG_CMA_ALIGNMENT, orders of pages: kernel/dma/Kconfig (5.10 to 7.2). */
enum {
	CMA_ALIGNMENT_LEAST = 2,
	CMA_ALIGNMENT_MOST = 12,
};

struct placed {
	uint64_t base, size; /* physical, bytes */
	/*
	 * In struct placement's buffers: those of which one fills it, or, MIXED, those that lie in
	 * it, maybe with others, where is unknown. None: unknown use.
	 */
	size_t first, count;
	bool mixed;
};

struct placement {
	uint64_t base, size; /* of the memory */
	struct {
		ARRAY_OF(struct placed);
	} used; /* by address */
	struct {
		ARRAY_OF(size_t);
	} buffers;
	struct {
		ARRAY_OF(size_t);
	} unplaced; /* buffers of the heap whose place is unknown, but for that of a mixed one */
	struct {
		ARRAY_OF(struct placed);
	} holes;   /* pages that are free, by address */
	int error; /* -errno: why it is unknown which pages are free; then there are no holes */
	uint64_t largest;       /* bytes of the largest hole */
	struct maybe alignment; /* CONFIG_CMA_ALIGNMENT: an order of pages */
};

/*
 * Finds it for the memory behind a heap. Returns 0 or -errno: ENODATA where the memory is no
 * region, or its place or size is unknown. Free with placement_free().
 */
int placement_read(const struct root *root, const struct inventory *inventory,
		   const struct memory *memory, const struct usages *usages,
		   struct placement *placement) __attribute__((nonnull));
void placement_free(struct placement *placement);

/*
 * Of what a buffer of SIZE bytes from a CMA heap begins at a multiple, in bytes: its size, rounded
 * up to a power of two pages, but no more than 2^ORDER of them (cma_heap_allocate()).
 */
uint64_t placement_alignment(uint64_t size, uint64_t page_size, unsigned int order);

#endif
