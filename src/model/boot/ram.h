/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which RAM the kernel has: what the tree or a user says, less what mem= and the architecture take.
 */
#ifndef MODEL_BOOT_RAM_H
#define MODEL_BOOT_RAM_H

#include "model/boot/kernel_facts.h"
#include "model/boot/memblock.h"
#include "model/devicetree/region.h"

/*
 * Puts the banks that a user states in the place of the tree's, and leaves what mem= leaves: its
 * size from the lowest address on, or on 32-bit Arm the one bank that it says. early_mem() of
 * arch/{arm64/mm/init,riscv/mm/init,arm/kernel/setup}.c and memblock_mem_limit_remove_map(),
 * mm/memblock.c (7.2). arm64 keeps the kernel and an initrd, wherever they lie, of which the former
 * is known by FACTS->taken alone: arm64_memblock_init(). On 32-bit Arm without CONFIG_HIGHMEM what
 * lies above lowmem is left out: adjust_lowmem_bounds(), arch/arm/mm/mmu.c (7.2). Other
 * architectures keep their banks. FACTS has to stay as long as REGIONS.
 */
void ram_settle(struct regions *regions, const struct kernel_facts *facts) __attribute__((nonnull));

/* Whether what mem= leaves depends on a fact that is unknown. */
bool ram_cut_is_open(const struct kernel_facts *facts) __attribute__((nonnull));

/*
 * The end of lowmem on 32-bit Arm, as an address; 0 on other architectures, or without RAM:
 * early_vmalloc() and adjust_lowmem_bounds(), arch/arm/mm/mmu.c (5.10, 6.1, 7.2).
 */
uint64_t ram_lowmem_end(const struct regions *regions, const struct kernel_facts *facts)
	__attribute__((nonnull));

/* The whole pages that RANGE touches. */
struct range ram_pages(const struct range *range, const struct kernel_facts *facts)
	__attribute__((nonnull));

/* The banks as a set. */
void ram_spans(const struct regions *regions, struct spans *spans) __attribute__((nonnull));

/* How much of a static region is RAM. */
enum in_ram {
	IN_RAM,       /* all of it, or the banks are unknown */
	IN_RAM_HOLES, /* some is none, which the kernel does not notice: it has page structures */
	OUTSIDE_RAM,  /* some is none, and has no page structures */
};

/*
 * Where SIZE bytes at BASE lie, of RAM as ram_spans() gives it. Page structures are made in
 * sections of 128 MiB (512 MiB with larger pages; 1 GiB up to 5.11):
 * arch/arm64/include/asm/sparsemem.h (6.12, 7.2), seen on both.
 */
enum in_ram ram_has(const struct spans *ram, const struct kernel_facts *facts, uint64_t base,
		    uint64_t size) __attribute__((nonnull));

#endif
