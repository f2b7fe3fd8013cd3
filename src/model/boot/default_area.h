/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CMA area of cma= or Kconfig, as the kernel makes it: dma_contiguous_reserve(),
 * kernel/dma/contiguous.c, and __cma_declare_contiguous_nid(), mm/cma.c (6.12, 7.2).
 */
#ifndef MODEL_BOOT_DEFAULT_AREA_H
#define MODEL_BOOT_DEFAULT_AREA_H

#include "model/boot/kernel_facts.h"
#include "model/boot/memblock.h"
#include "model/boot/zones.h"

/* Why the kernel refuses it. */
enum refusal {
	NOT_REFUSED,
	REFUSED_ALIGNMENT, /* SIZE@BASE: the base is no multiple of the CMA alignment */
	REFUSED_OUTSIDE,   /* the range that it may lie in ends before it does, or the RAM */
	REFUSED_HIGHMEM,   /* SIZE@BASE lies over the end of lowmem */
	REFUSED_TAKEN,     /* SIZE@BASE: something is there */
	REFUSED_ROOM,      /* nothing that is free is large enough */
};

struct default_area {
	bool wanted;    /* a size is asked for */
	bool fixed;     /* at BASE, or not at all */
	uint64_t size;  /* bytes, as rounded; 0: not known */
	uint64_t base;  /* where it is, if FIXED */
	uint64_t place; /* where it is made, as far as is known; else 0 */
	uint64_t limit; /* the end of where it may lie; 0: any */
	enum refusal refusal;
	bool sure;        /* made or refused for sure; else it depends on what is not known */
	uint64_t largest; /* REFUSED_ROOM: bytes of the largest free piece in that range */
	uint64_t taken;   /* REFUSED_TAKEN: an address where something is */
};

/* What is asked for, as far as that is known without the RAM that is free. */
void default_area_want(const struct kernel_facts *facts, const struct spans *ram,
		       struct default_area *area) __attribute__((nonnull));

/*
 * How many bytes arm64 has allocated, at most, before it makes the area, from the highest free
 * address down: page tables, and page structures up to 6.12 and later, 64 bytes each
 * (sparse_init() comes before in 6.1, after in 7.2).
 */
uint64_t early_allocations(const struct kernel_facts *facts, const struct memblock *memblock)
	__attribute__((nonnull));

/*
 * Decides whether it is made of what MEMBLOCK has left, where it is wanted and its size known.
 * BANKS_KNOWN: there are banks, of which it is judged also where a boot loader may add some: who
 * writes cma= means these. EARLY: nothing else was placed before (32-bit Arm, RISC-V); arm64 has
 * page tables and page structures in the way.
 */
void default_area_decide(const struct kernel_facts *facts, const struct zones *zones,
			 const struct memblock *memblock, bool early, bool banks_known,
			 struct default_area *area) __attribute__((nonnull));

#endif
