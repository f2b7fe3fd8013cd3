/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot while fates are decided, for the files that decide them: decide.c follows the kernel
 * through its memory, pools.c makes CMA areas and pools of regions, other_area.c the area of cma=
 * or Kconfig, area_heaps.c heaps of the areas. Nobody else includes this.
 */
#ifndef MODEL_BOOT_BOOT_H
#define MODEL_BOOT_BOOT_H

#include "model/boot/fate.h"

/* Static regions are set up in the late scan, unflatten_device_tree(): 6.12 has it, 6.1 not. */
#define LATE_SCAN      KERNEL(6, 12, 0)
/* Only the first entry of reg is reserved (7.2); all are in 6.12. */
#define FIRST_REG_ONLY KERNEL(7, 0, 0)
/* Before, a no-map region that is refused was also taken out of what is reserved (5.10), where
 * others may have reserved it: commit 3c6867a12a22. */
#define FREES_NO_MAP   KERNEL(5, 14, 0)
/* Before, no-map is refused also outside the RAM, where the memory is reserved already (5.10.262):
 * commit da17d6905d29 of 5.17, which stable 5.15 has as well. */
#define ASKS_FOR_RAM   KERNEL(5, 15, 0)
/* What no setup function takes stays reserved (7.2, -ENODEV); in 6.12 it is given back (-EINVAL).
 */
#define KEEPS_UNKNOWN  KERNEL(7, 0, 0)

/* One CMA area of the boot, in the order in which the kernel makes them. */
struct area {
	const struct region *region; /* NULL: the one of cma= or Kconfig */
	struct fate *fate;
	char *name;
	uint64_t base, size;
	bool at_base;       /* for sure */
	const char *sharer; /* an area that may be made of its memory as well; NULL: none */
};

/* What may stop the boot beside memory that is no-map. */
enum edge_kind {
	EDGE_UNMAPPED, /* the rest of its page is not mapped */
	EDGE_TWICE,    /* … is mapped from both sides */
	EDGE_KERNEL,   /* the kernel is in the same 2 MiB, on 32-bit Arm */
	EDGE_SECTION,  /* the MiB before it may be mapped in one piece, on 32-bit Arm */
};

struct edge {
	const struct region *region;
	uint64_t page; /* the page of which it has a part, or its first byte */
	enum edge_kind kind;
};

/* A boot, as far as fates have been decided. */
struct boot {
	const struct regions *regions;
	const struct kernel_facts *facts;
	struct fates *fates;
	uint32_t version;
	struct {
		ARRAY_OF(struct area);
	} areas;
	size_t default_index; /* of the default area; SIZE_MAX: none */
	struct strings taken; /* names of heaps */
	struct memblock memblock;
	struct zones zones;
	struct ranges dynamic; /* regions that were placed */
	struct {
		ARRAY_OF(const struct region *);
	} remapped;          /* static ones that 32-bit Arm maps anew */
	struct spans mapped; /* lowmem of 32-bit Arm, where that is mapped: note_mapped() */
	struct {
		ARRAY_OF(struct edge);
	} inside_pages;
	unsigned int scanned; /* dynamic regions so far */
	/* bytes of those that are placed for sure, but not known where; and that may be placed */
	uint64_t somewhere, perhaps;
};

struct fate *fate_of(const struct boot *boot, const struct region *region)
	__attribute__((nonnull, returns_nonnull));

/* Whether the running kernel shows an area, or a heap, of this name. */
bool area_is_seen(const struct boot *boot, const char *name) __attribute__((nonnull));
bool heap_is_seen(const struct boot *boot, const char *name) __attribute__((nonnull));

/* Names in a fate that is open, once, the heap which the area of NODE has if it is made. */
void may_have_heap(struct fate *fate, const char *node) __attribute__((nonnull));

/* What of the boot is not known, as the end of a sentence that is open: constant. PLACED: there is
 * room. */
const char *what_is_missing(const struct boot *boot, bool placed)
	__attribute__((nonnull, returns_nonnull));

/* pools.c: kernel/dma/{contiguous,coherent,swiotlb}.c */

/* Whether cma= on the command line takes the place of a default pool: __rmem_cma_verify_node(),
 * which comes before the memory is reserved (7.2), rmem_cma_setup() (6.12). */
bool is_refused_for_cma(const struct boot *boot, const struct region *region)
	__attribute__((nonnull));
/* … before it is reserved, so that nothing is given back. */
bool is_refused_early(const struct boot *boot, const struct region *region)
	__attribute__((nonnull));
/* Makes the next CMA area, unless the kernel has no room for more (MAX_CMA_AREAS). */
void add_area(struct boot *boot, const struct area *wanted, enum fate_kind refused)
	__attribute__((nonnull));
/*
 * What of a CMA area, or of memory that is given back, belongs to others. Of a machine that runs
 * neither this nor check_ram() says anything: it has not stopped for it.
 */
void check_others(const struct boot *boot, const struct region *region, bool area,
		  struct fate *fate) __attribute__((nonnull));
/* What a CMA area is made of that is no RAM. Returns whether the boot comes to an area. */
bool check_ram(const struct boot *boot, const struct region *region, struct fate *fate)
	__attribute__((nonnull));
/* Says of an area at a fixed base, that may be made, what comes of it then. */
void add_dangers(const struct boot *boot, const struct region *region, struct fate *fate)
	__attribute__((nonnull));
/* What the setup function of a region makes of its memory at BASE, and whether that is certain. */
void set_up(struct boot *boot, const struct region *region, uint64_t base, bool at_base)
	__attribute__((nonnull));

/* An area that has lost memory to a refused region, of which another one is made at about BASE;
 * NULL: none. */
const char *area_to_share(const struct boot *boot, uint64_t base, uint64_t size)
	__attribute__((nonnull));
/* What of an area a refused region gives back, from which the kernel then allocates. */
void check_given_back(struct boot *boot) __attribute__((nonnull));

/*
 * arm_remap.c: dma_contiguous_remap(), arch/arm/mm/dma-mapping.c, which 6.12 (.113) and 7.2 do to
 * regions before they look at their alignment, 5.10 and 6.1 to areas.
 */

/* Whether a region is mapped anew before its setup function may refuse it. */
bool is_remapped_early(const struct boot *boot, const struct region *region)
	__attribute__((nonnull));
/* Remembers what map_lowmem(), arch/arm/mm/mmu.c (7.2), maps: RAM that is not no-map now. */
void note_mapped(struct boot *boot) __attribute__((nonnull));
/*
 * Whether what is not mapped from ADDRESS on ends in the 2 MiB in which the MiB before it is mapped
 * in one piece, so that the rest cannot be mapped in pages: arm_pte_alloc(), arch/arm/mm/mmu.c,
 * without CONFIG_ARM_LPAE. Seen on 7.2, which dies before it prints.
 */
bool splits_section(const struct boot *boot, uint64_t address) __attribute__((nonnull));
/* What of boot->remapped the kernel cannot map: seen on 7.2, 6.12 and 6.1, which die
 * before they print.
 */
void check_remapped(struct boot *boot) __attribute__((nonnull));

/* other_area.c */

/* Whether setup_arch() calls dma_contiguous_reserve() before unflatten_device_tree(), whose late
 * scan makes the static regions: arch/{arm,riscv}/kernel/setup.c (6.12, 7.2). */
bool reserves_early(const struct boot *boot) __attribute__((nonnull));
/* The area of cma= or Kconfig, unless a region is the default one: dma_contiguous_reserve(). */
void decide_other_area(struct boot *boot) __attribute__((nonnull));

/* area_heaps.c: drivers/dma-buf/heaps/cma_heap.c */

/* A heap that a driver makes which mainline has not. */
void decide_foreign(const struct boot *boot, struct fate *fate, const char *driver)
	__attribute__((nonnull));
/* Which heaps the areas become, once all of them are there. */
void decide_heaps(struct boot *boot) __attribute__((nonnull));

#endif
