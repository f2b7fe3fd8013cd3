/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the kernel places dynamic regions: __reserved_mem_alloc_size(),
 * drivers/of/of_reserved_mem.c (6.1, 6.12, 7.2).
 */
#ifndef MODEL_BOOT_DYNAMIC_H
#define MODEL_BOOT_DYNAMIC_H

#include "model/boot/kernel_facts.h"
#include "model/boot/memblock.h"
#include "model/devicetree/region.h"

/* Why the kernel finds no place for a dynamic region. */
enum no_place {
	HAS_PLACE,        /* it may find one */
	NO_ROOM,          /* the RAM can't hold it */
	NO_RANGE,         /* alloc-ranges can't hold it */
	NO_RAM,           /* alloc-ranges could, if there were RAM */
	TOO_MANY_DYNAMIC, /* DYNAMIC_REGIONS_MAX others come first */
};

struct dynamic_place {
	enum no_place why_not;
	bool sure;         /* placed, or not placed, for sure */
	bool at_base;      /* … and there */
	uint64_t base;     /* where, as far as is known; 0: nowhere */
	struct span where; /* where it lies for sure, if it is placed */
};

/*
 * Looks for a place; nothing is reserved. EARLIER are the dynamic regions that were placed before,
 * near which the kernel keeps together (seen on 6.12 and 7.2). BANKS_SURE: the RAM is all there is.
 */
void dynamic_find(const struct memblock *memblock, const struct region *region,
		  const struct kernel_facts *facts, const struct ranges *earlier, bool banks_sure,
		  struct dynamic_place *place) __attribute__((nonnull));

/*
 * What is in the way in alloc-ranges (without any: in the RAM) and how large the largest gap is, as
 * the end of a sentence: "0x48000000..0x4b79ffff is taken, the largest gap has 64 MiB". The caller
 * frees it.
 */
char *dynamic_obstacles(const struct memblock *memblock, const struct region *region)
	__attribute__((nonnull, returns_nonnull, malloc));

#endif
