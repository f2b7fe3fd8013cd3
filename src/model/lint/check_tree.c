// SPDX-License-Identifier: GPL-2.0-or-later
/* What concerns all regions of a tree, and the nodes that refer to them. */
#include "model/lint/check.h"

RULE(ELSEWHERE, ERROR, "reserved-memory-elsewhere", NULL,
     "regions are the children of /reserved-memory, which is a child of the root; a node with "
     "another place or name reserves nothing (drivers/of/of_reserved_mem.c, "
     "fdt_scan_reserved_mem)",
     "the regions in /reserved-memory, a child of the root");

static void check_strays(struct check *check)
{
	array_for_each (&check->regions->strays, stray)
		check_report(check, &RULE_ELSEWHERE, NULL, stray->path,
			     "the kernel reads /reserved-memory only: what is here (%zu region%s) "
			     "is not "
			     "reserved",
			     stray->regions, stray->regions > 1 ? "s" : "");
}

RULE(NO_RAM_LEFT, ERROR, "no-ram-left", NULL,
     "the kernel stops where regions leave it no RAM for page tables (arch/arm64/mm/mmu.c), and on "
     "RISC-V where mem= leaves out the RAM in which it lies (arch/riscv/mm/init.c); RISC-V and "
     "32-bit Arm do not use an initrd that is not all RAM, or that overlaps the kernel or what "
     "else is loaded (init/initramfs.c, reserve_initrd_mem)",
     "regions, or a mem=, that leave RAM; an initrd in RAM that nothing else takes; nothing, if "
     "the boot loader adds RAM (--memory)");
RULE(LITTLE_RAM_LEFT, WARNING, "little-ram-left", NULL,
     "page structures take 1/64 of the RAM, page tables and the kernel's own memory more, bounce "
     "buffers 64 MiB where RAM lies beyond what DMA reaches (kernel/dma/swiotlb.c), RISC-V up to "
     "32 MiB in one piece for its sections (mm/sparse.c, memblocks_present); what CMA areas hold "
     "is not for these",
     "smaller regions and areas");
RULE(MEM_ADDS_RAM, WARNING, "mem-adds-ram", NULL,
     "mem= of 32-bit Arm takes the place of all banks, and the kernel uses what it adds to them "
     "without a check (arch/arm/kernel/setup.c, early_mem)",
     "a mem= that ends with the RAM; nothing, if the boot loader adds some (--memory)");

static void check_left(struct check *check)
{
	if (check->regions->banks_added)
		check_report(check, &RULE_MEM_ADDS_RAM, NULL, "/chosen",
			     "mem= adds 0x%llx bytes that are in no memory bank: the boot may stop",
			     (unsigned long long)check->regions->banks_added);
	if (check->fates->has_little_ram)
		check_report(
			check, &RULE_LITTLE_RAM_LEFT, NULL,
			check->regions->present ? "/reserved-memory" : "/chosen",
			"the regions and areas leave the kernel %llu MiB of RAM%s: the boot may "
			"stop",
			(unsigned long long)check->fates->little_ram_left >> 20,
			check->fates->little_is_piece ? " in one piece" : "");
	if (check->fates->kernel_left_out)
		check_report(check, &RULE_NO_RAM_LEFT, NULL, "/chosen",
			     "mem= leaves out what is loaded, which RISC-V does not keep: the boot "
			     "may stop");
	if (check->fates->initrd_unused_why)
		check_report(check, &RULE_NO_RAM_LEFT, NULL, "/chosen",
			     "the initrd %s, and %s does not use it then: the boot may stop",
			     check->fates->initrd_unused_why,
			     kernel_facts_is(check->facts, "arm") ? "32-bit Arm" : "RISC-V");
	if (check->fates->no_ram_left)
		check_report(check, &RULE_NO_RAM_LEFT, NULL, "/reserved-memory",
			     "the regions leave the kernel no RAM, which stops the boot");
}

RULE(CELLS, ERROR, "cells-differ", NULL,
     "the kernel ignores every region unless #address-cells and #size-cells of /reserved-memory "
     "are there and equal the root's (drivers/of/of_reserved_mem.c, __reserved_mem_check_root)",
     "the root's #address-cells and #size-cells in /reserved-memory, and all reg to match");
RULE(RANGES, ERROR, "ranges-missing", "ranges",
     "the kernel ignores every region unless /reserved-memory has ranges "
     "(drivers/of/of_reserved_mem.c, __reserved_mem_check_root)",
     "an empty ranges; in /reserved-memory");
RULE(TOO_MANY_REGIONS, WARNING, "too-many-regions", NULL,
     "this program reads at most 4096 regions of a tree", "fewer regions");

static void check_parent(struct check *check)
{
	const struct regions *regions = check->regions;
	static const char path[] = "/reserved-memory";

	if (!regions->present || !regions->count)
		return;
	if (!regions->has_address_cells || !regions->has_size_cells)
		check_report(check, &RULE_CELLS, NULL, path,
			     "no %s: the kernel ignores all regions (%zu)",
			     regions->has_address_cells ? "#size-cells" : "#address-cells",
			     regions->count);
	else if (regions->address_cells != regions->root_address_cells ||
		 regions->size_cells != regions->root_size_cells)
		check_report(check, &RULE_CELLS, NULL, path,
			     "#address-cells and #size-cells are %u and %u, the root's %u and %u: "
			     "the kernel ignores all regions (%zu)",
			     regions->address_cells, regions->size_cells,
			     regions->root_address_cells, regions->root_size_cells, regions->count);
	if (!regions->has_ranges)
		check_report(check, &RULE_RANGES, NULL, path,
			     "no ranges: the kernel ignores all regions (%zu)", regions->count);
	if (regions->truncated)
		check_report(check, &RULE_TOO_MANY_REGIONS, NULL, path,
			     "more than %zu regions: the others were not read", regions->count);
}

RULE(DEFAULT_TWICE, WARNING, "cma-default-twice", "linux,cma-default",
     "of several linux,cma-default the last one that the kernel sets up wins, without a message "
     "(kernel/dma/contiguous.c, rmem_cma_setup)",
     "linux,cma-default in one node");

static void check_default(struct check *check)
{
	const struct region *winner = NULL;

	array_for_each (check->regions, region) {
		if (fate_of(check, region)->default_area)
			winner = region;
	}
	if (!winner)
		return;
	array_for_each (check->regions, region) {
		if (region != winner && region->cma_default && fate_of(check, region)->area)
			check_report(check, &RULE_DEFAULT_TWICE, region, NULL,
				     "%s has linux,cma-default as well, and wins", winner->name);
	}
}

RULE(LINK_ELSEWHERE, WARNING, "memory-region-elsewhere", "memory-region",
     "memory-region is looked up among the children of /reserved-memory only "
     "(drivers/of/of_reserved_mem.c, of_reserved_mem_lookup)",
     "a label of a child of /reserved-memory");
RULE(LINK_DANGLING, ERROR, "memory-region-dangling", "memory-region",
     "a memory-region that refers to no node gives the device no memory "
     "(drivers/of/of_reserved_mem.c, of_reserved_mem_device_init_by_idx)",
     "a label of a child of /reserved-memory");
RULE(LINK_DISABLED, WARNING, "memory-region-disabled", "memory-region",
     "a device whose memory-region is disabled gets none, and no error "
     "(drivers/of/of_reserved_mem.c, of_reserved_mem_device_init_by_idx)",
     "a region that is not disabled, or no memory-region");

static void check_consumers(struct check *check)
{
	const struct regions *regions = check->regions;

	array_for_each (&regions->unresolved, consumer) {
		if (regions->is_overlay)
			break; /* phandles are filled in when it is applied */
		if (consumer->elsewhere)
			check_report(
				check, &RULE_LINK_ELSEWHERE, NULL, consumer->path,
				"entry %u of memory-region refers to a node that is not a child "
				"of /reserved-memory",
				consumer->index);
		else
			check_report(check, &RULE_LINK_DANGLING, NULL, consumer->path,
				     "entry %u of memory-region is phandle 0x%x, which no node has",
				     consumer->index, consumer->phandle);
	}
	array_for_each (regions, region) {
		if (region->enabled)
			continue;
		array_for_each (&region->consumers, consumer) {
			if (consumer->enabled)
				check_report(check, &RULE_LINK_DISABLED, NULL, consumer->path,
					     "entry %u of memory-region is %s, which is disabled",
					     consumer->index, region->name);
		}
	}
}

void check_tree(struct check *check)
{
	check_strays(check);
	check_left(check);
	check_other_area(check);
	check_parent(check);
	check_default(check);
	check_consumers(check);
}
