/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones of memory, and how far DMA reaches. A CMA area that lies in two zones is made, but not
 * activated: its heap is there, and no allocation from it succeeds (cma_activate_area(), mm/cma.c).
 */
#ifndef MODEL_BOOT_ZONES_H
#define MODEL_BOOT_ZONES_H

#include "model/boot/kernel_facts.h"
#include "model/devicetree/region.h"

struct zone_border {
	uint64_t end;     /* the first address that is not in the zone */
	const char *zone; /* "ZONE_DMA", "lowmem" …: constant */
	bool sure;        /* the configuration has the zone */
};

struct zones {
	struct zone_border borders[2]; /* inside the RAM, in ascending order */
	unsigned int count;
	/* the end of what the architecture gives to dma_contiguous_reserve(); 0: any */
	uint64_t dma_limit;
	bool limit_sure;
	uint64_t highmem; /* where HIGHMEM begins, 32-bit Arm; 0: there is none */
};

/*
 * The zones of a boot, from the configuration, the version, the RAM and dma-ranges. arm64: zone
 * limits of arch/arm64/mm/init.c (6.1: by bits, 6.12 and 7.2: by address); arm: lowmem and
 * CONFIG_HIGHMEM, arch/arm/mm/{mmu,init}.c (7.2); riscv: setup_bootmem(), arch/riscv/mm/init.c
 * (7.2). Of other architectures, and without banks, none are known.
 */
void zones_find(const struct regions *regions, const struct kernel_facts *facts,
		struct zones *zones) __attribute__((nonnull));

/* The border that SIZE bytes at BASE lie over, or NULL. */
const struct zone_border *zones_crossed(const struct zones *zones, uint64_t base, uint64_t size)
	__attribute__((nonnull));

#endif
