// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of pools of DMA memory: kernel/dma/{contiguous,coherent,swiotlb}.c */
#include <string.h>

#include "base/xalloc.h"
#include "model/boot/fate_boot.h"

#define MIB UINT64_C(0x100000)

/* The CMA alignment that VALUE misses for sure, or else where configurations differ: *maybe. */
static uint64_t missed_alignment(const struct boot *boot, uint64_t value, bool *maybe)
{
	uint64_t largest, smallest = kernel_facts_alignment(boot->facts, &largest);

	*maybe = false;
	if (value & (smallest - 1))
		return smallest;
	*maybe = true;
	return value & (largest - 1) ? largest : 0;
}

static uint64_t page_kib(const struct boot *boot)
{
	return (boot->facts->page_size ? boot->facts->page_size : 4096) / 1024;
}

/* rmem_cma_setup(): base and size; the kernel aligns the base of a dynamic one itself. */
static bool is_aligned(const struct boot *boot, const struct region *region, struct fate *fate)
{
	const uint64_t base = region->placement == REGION_STATIC ? region->base : 0;
	bool maybe, base_is_wrong;
	uint64_t missed = missed_alignment(boot, base, &maybe);

	if (!missed || maybe) {
		bool maybe_size;
		uint64_t of_size = missed_alignment(boot, region->size, &maybe_size);

		base_is_wrong = missed && !(of_size && !maybe_size);
		if (!base_is_wrong) {
			missed = of_size;
			maybe = maybe_size;
		}
	} else {
		base_is_wrong = true;
	}
	if (!missed)
		return true;
	fate_set(fate, maybe ? FATE_OPEN : FATE_NO_HEAP,
		 "%s: %s 0x%llx is no multiple of %llu MiB, the CMA alignment %s%llu KiB pages%s",
		 maybe ? "open" : "no heap", base_is_wrong ? "base" : "size",
		 (unsigned long long)(base_is_wrong ? base : region->size),
		 (unsigned long long)(missed / MIB), maybe ? "of some kernels with " : "with ",
		 (unsigned long long)page_kib(boot),
		 maybe ? " (CONFIG_HUGETLB_PAGE and CONFIG_TRANSPARENT_HUGEPAGE off)" : "");
	if (maybe)
		strings_add(&fate->heaps, region->name);
	return false;
}

/* Makes the next CMA area, unless the kernel has no room for more (MAX_CMA_AREAS). */
static void add_area(struct boot *boot, const struct region *region, struct fate *fate)
{
	/* mm/Kconfig: 8, or 20 with NUMA, unless the configuration says another number */
	size_t fewest = boot->facts->cma_areas ? boot->facts->cma_areas : 8;
	struct area *area;

	if (boot->areas.count >= fewest) {
		fate->too_many = true;
		if (boot->facts->cma_areas) {
			fate_set(fate, FATE_NO_HEAP,
				 "no heap: the kernel has room for %zu CMA areas "
				 "(CONFIG_CMA_AREAS), and others come first",
				 fewest);
			return;
		}
		fate_set(fate, FATE_OPEN,
			 "open: CMA area %zu; a kernel has 8, or 20 with CONFIG_NUMA "
			 "(CONFIG_CMA_AREAS)",
			 boot->areas.count + 1);
		strings_add(&fate->heaps, region ? region->name : "reserved");
	}
	area = array_add(&boot->areas);
	area->region = region;
	area->fate = fate;
	area->name = xstrndup(region ? region->name : "reserved", AREA_NAME_MAX);
	fate->area = true;
	if (!region || region->cma_default)
		boot->default_index = boot->areas.count - 1;
}

static void decide_cma_pool(struct boot *boot, const struct region *region, struct fate *fate)
{
	const struct kernel_facts *facts = boot->facts;

	if (facts->cma_config == NO)
		fate_set(fate, FATE_NO_HEAP, "no heap: the kernel is built without CONFIG_DMA_CMA");
	else if (region->cma_default && facts->cma_given)
		fate_set(fate, FATE_NO_HEAP, "no heap: cma= on the command line takes its place");
	else if (!is_aligned(boot, region, fate))
		return;
	else if (region->placement == REGION_STATIC && boot->regions->banks.count &&
		 placement_ram_bytes(boot->regions, region) < region->size)
		/* seen: init_cma_reserved_pageblock() has no struct page to write to, and panics */
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: a CMA area outside the RAM that the tree has stops the boot");
	else
		add_area(boot, region, fate);
}

static void decide_coherent_pool(const struct boot *boot, const struct region *region,
				 struct fate *fate)
{
	if (region->reusable)
		fate_set(fate, FATE_NO_HEAP, "no heap: reusable and no-map exclude each other");
	else if (region->no_map)
		fate_set(fate, FATE_NO_HEAP, "no heap: no-map");
	else if (boot->facts->architecture && !strcmp(boot->facts->architecture, "arm"))
		fate_set(fate, FATE_DROPPED,
			 "dropped: 32-bit Arm has no shared-dma-pool without reusable or no-map");
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: not reusable");
}

static void decide_restricted_pool(const struct boot *boot, const struct region *region,
				   struct fate *fate)
{
	const char *wrong = region->reusable      ? "reusable"
			    : region->no_map      ? "no-map"
			    : region->cma_default ? "linux,cma-default"
			    : region->dma_default ? "linux,dma-default"
						  : NULL;

	if (wrong && boot->facts->restricted != NO)
		fate_set(fate, FATE_DROPPED, "dropped: a restricted pool can't be %s", wrong);
	else
		fate_set(fate, FATE_NO_HEAP, "no heap: a restricted DMA pool");
}

void fate_decide_pool(struct boot *boot, const struct region *region, struct fate *fate)
{
	if (region->kind == REGION_CMA_POOL)
		decide_cma_pool(boot, region, fate);
	else if (region->kind == REGION_COHERENT_POOL)
		decide_coherent_pool(boot, region, fate);
	else
		decide_restricted_pool(boot, region, fate);
}

void fate_decide_other_area(struct boot *boot)
{
	const struct kernel_facts *facts = boot->facts;
	struct fate *fate = &boot->fates->other;

	if (facts->cma_config == NO || boot->default_index != SIZE_MAX || boot->fates->other_area)
		return;
	if (facts->cma_given ? !facts->cma_size : facts->default_area != YES)
		return;
	if (!placement_has_room(boot->placement,
				facts->cma_given ? facts->cma_size : facts->default_size))
		return;
	boot->fates->other_area = true;
	if (facts->cma_given)
		boot->fates->other_size = facts->cma_size;
	add_area(boot, NULL, fate);
}
