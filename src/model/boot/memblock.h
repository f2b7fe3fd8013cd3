/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's memory during the boot: RAM, what of it is reserved, and where something new is
 * placed; mm/memblock.c (7.2). What a tree does not say lies somewhere: the kernel itself, an
 * initrd, the tree, regions whose place depends on those.
 */
#ifndef MODEL_BOOT_MEMBLOCK_H
#define MODEL_BOOT_MEMBLOCK_H

#include "model/boot/spans.h"

/* What lies in one piece somewhere in the RAM that WHERE has. */
struct hidden {
	uint64_t size; /* bytes, not 0 */
	struct span where;
};

#define ANYWHERE ((struct span){0, UINT64_MAX})

/* All zero: no RAM. */
struct memblock {
	struct spans memory;
	struct spans reserved;
	struct spans no_map; /* MEMBLOCK_NOMAP: not placed in, and not counted as reserved */
	struct {
		ARRAY_OF(struct hidden);
	} hidden;
	struct range kernel; /* where something may lie; no size: nowhere */
};

/* How large what a tree does not say may be: more is rare. */
#define KERNEL_MOST  (UINT64_C(64) << 20)
#define KERNEL_USUAL (UINT64_C(32) << 20)
#define INITRD_MOST  (UINT64_C(128) << 20)
#define TREE_MOST    (UINT64_C(2) << 20) /* Documentation/arch/arm64/booting.rst (7.2) */

/* Whether something is placed. */
enum placing {
	PLACED,       /* for sure */
	PLACED_MAYBE, /* unless what is hidden is in the way */
	NOT_PLACED,
};

/* What is to be placed: memblock_find_in_range_node(). */
struct wanted_place {
	uint64_t size, align;  /* bytes, not 0 */
	uint64_t start, limit; /* from here on, and below (0: any) */
	bool bottom_up;        /* the lowest place, not the highest */
};

/* What is free: all but the first page where no RAM is known. GAPS, empty before, is the caller's.
 */
void memblock_gaps(const struct memblock *memblock, struct spans *gaps) __attribute__((nonnull));

/*
 * Looks for a place in GAPS, which are its own, so that who looks often makes them once. The
 * address goes to *base unless NOT_PLACED. Nothing is reserved.
 */
enum placing memblock_find(const struct memblock *memblock, const struct spans *gaps,
			   const struct wanted_place *wanted, uint64_t *base)
	__attribute__((nonnull, warn_unused_result));

/*
 * The lowest address at which memblock_find() may place what is WANTED from the highest address
 * down, as near as that is worth the time; 0 where it is not PLACED.
 */
uint64_t memblock_lowest(const struct memblock *memblock, const struct spans *gaps,
			 const struct wanted_place *wanted) __attribute__((nonnull));

/* The end of the RAM; 0: of the address space, or there is none. memblock_end_of_DRAM() */
uint64_t memblock_end(const struct memblock *memblock) __attribute__((nonnull));

/* The size of the largest of GAPS from START on, below LIMIT (0: any), which cut it. */
uint64_t memblock_largest_gap(const struct spans *gaps, uint64_t start, uint64_t limit)
	__attribute__((nonnull));

/* Reserves BYTES of what is free from the highest address down, as early allocations do. */
void memblock_fill_top(struct memblock *memblock, uint64_t bytes) __attribute__((nonnull));

void memblock_copy(const struct memblock *memblock, struct memblock *copy) __attribute__((nonnull));
void memblock_free(struct memblock *memblock) __attribute__((nonnull));

#endif
