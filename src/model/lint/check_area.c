// SPDX-License-Identifier: GPL-2.0-or-later
/* CMA areas and regions that the kernel places: what keeps them from being what was meant. */
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"
#include "model/boot/known_names.h"
#include "model/lint/check.h"

RULE(ALLOC_RANGES_RAM, NOTE, "alloc-ranges-outside-ram", "alloc-ranges",
     "a dynamic region that fits nowhere in alloc-ranges is dropped (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "ranges in RAM; nothing, if the firmware adds the bank before the kernel starts (--memory "
     "states it)");
RULE(ALLOC_RANGES_SMALL, ERROR, "alloc-ranges-small", "alloc-ranges",
     "a dynamic region that fits nowhere in alloc-ranges is dropped (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "ranges in free RAM that hold the size at the alignment");
RULE(NO_ROOM, ERROR, "no-room", "size",
     "a dynamic region for which there is no room is dropped (drivers/of/of_reserved_mem.c, "
     "__reserved_mem_alloc_size)",
     "a size that the RAM has");
RULE(TOO_MANY_DYNAMIC, ERROR, "too-many-dynamic", NULL,
     "the kernel places at most 64 dynamic regions (drivers/of/of_reserved_mem.c, "
     "fdt_scan_reserved_mem)",
     "reg for some of them");

static void check_dynamic(struct check *check, const struct region *region)
{
	const struct fate *fate = fate_of(check, region);
	const struct rule *rule;

	switch (fate->no_place) {
	case NO_RAM:
		/* all boards whose boot loader finds out how much RAM there is have such a tree */
		rule = fate->kind == FATE_OPEN ? &RULE_ALLOC_RANGES_RAM : &RULE_ALLOC_RANGES_SMALL;
		check_report(check, rule, region, NULL,
			     "the memory banks have too little RAM in alloc-ranges");
		break;
	case NO_RANGE:
		check_report(check, &RULE_ALLOC_RANGES_SMALL, region, NULL,
			     "alloc-ranges have no free memory for the size");
		break;
	case NO_ROOM:
		check_report(check, &RULE_NO_ROOM, region, NULL,
			     "the RAM has no free memory for the size");
		break;
	case TOO_MANY_DYNAMIC:
		check_report(check, &RULE_TOO_MANY_DYNAMIC, region, NULL,
			     "more dynamic regions than the kernel places");
		break;
	case HAS_PLACE:
		break;
	}
}

RULE(ALIGNMENT_PAGES, NOTE, "cma-alignment-pages", NULL,
     "the CMA alignment grows with the page size: 2 MiB with 4 KiB pages, 32 MiB with 16 KiB, 512 "
     "MiB with 64 KiB (include/linux/cma.h, include/linux/pageblock-flags.h)",
     "multiples of the alignment of every kernel that should have the heap");

/* The larger page sizes whose CMA alignment BITS, of base and size, miss, or NULL. */
static const char *list_pages(char *text, size_t size, uint64_t bits)
{
	static const uint64_t pages[] = {16384, 65536};

	*text = '\0';
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		const struct kernel_facts facts = {.page_size = pages[i]};
		uint64_t largest, alignment = alignment_range(&facts, &largest);
		size_t length = strlen(text);

		if (bits & (alignment - 1))
			snprintf(text + length, size - length, "%s%llu KiB (%llu MiB)",
				 length ? " and " : "", (unsigned long long)pages[i] / 1024,
				 (unsigned long long)alignment >> 20);
	}
	return *text ? text : NULL;
}

RULE(ALIGNMENT, ERROR, "cma-alignment", NULL,
     "base and size of a CMA area have to be multiples of CMA_MIN_ALIGNMENT_BYTES "
     "(kernel/dma/contiguous.c, rmem_cma_setup; include/linux/cma.h)",
     "base and size as multiples of the alignment");
RULE(TOO_MANY_AREAS, ERROR, "too-many-areas", NULL,
     "the kernel has room for CONFIG_CMA_AREAS CMA areas, cma= included (mm/cma.c, cma_new_area)",
     "fewer reusable pools, or a kernel with a larger CONFIG_CMA_AREAS");
RULE(MANY_AREAS, WARNING, "many-areas", NULL,
     "the kernel has room for CONFIG_CMA_AREAS CMA areas: 8 by default, 20 with CONFIG_NUMA "
     "(mm/cma.c, cma_new_area; mm/Kconfig)",
     "fewer reusable pools; --kconfig shows what a kernel makes of them");
RULE(NAME_COLLISION, ERROR, "name-collision", NULL,
     "two heaps cannot have the same name: the second is not made (drivers/dma-buf/dma-heap.c, "
     "dma_heap_add)",
     "a node name that no heap has: not system, not default_cma_region");
RULE(NAME_LONG, WARNING, "name-long", NULL,
     "the name of a CMA area, and so of its heap, is cut at 63 characters (mm/cma.c, CMA_MAX_NAME)",
     "a node name of at most 63 characters (the Devicetree specification has 31 before the @)");

/* What keeps a CMA pool from being a heap. */
static void check_cma_pool(struct check *check, const struct region *region)
{
	const struct fate *fate = fate_of(check, region);
	uint64_t largest, smallest = alignment_range(check->facts, &largest);
	uint64_t bits =
		region->placement == REGION_STATIC ? region->base | region->size : region->size;
	char text[64];

	if (region->kind != REGION_CMA_POOL ||
	    (fate->kind == FATE_DROPPED && !fate->misaligned && !fate->too_many_areas))
		return;
	if (bits & (smallest - 1)) {
		AUTO_FREE char *alignment = alignment_text(smallest);

		check_report(check, &RULE_ALIGNMENT, region, NULL,
			     "base or size is not a multiple of %s, the CMA alignment with %llu "
			     "KiB pages",
			     alignment,
			     (unsigned long long)kernel_facts_page_size(check->facts) / 1024);
	} else if (fate->misaligned) {
		check_report(check, &RULE_ALIGNMENT, region, NULL, "%s", fate_reason(fate));
	} else if (!check->facts->page_size && !check->regions->small_pages_only &&
		   !has_small_pages_only(check->facts->architecture) &&
		   list_pages(text, sizeof(text), bits)) {
		check_report(check, &RULE_ALIGNMENT_PAGES, region, NULL,
			     "no heap with pages of %s: base or size is not a multiple of the CMA "
			     "alignment",
			     text);
	}
	if (fate->too_many_areas)
		check_report(check,
			     check->facts->cma_areas ? &RULE_TOO_MANY_AREAS : &RULE_MANY_AREAS,
			     region, NULL, "%s", fate->text);
	if (fate->name_taken)
		check_report(check, &RULE_NAME_COLLISION, region, NULL,
			     "another heap already has the name %.*s", AREA_NAME_MAX, region->name);
	if (strlen(region->name) > AREA_NAME_MAX)
		check_report(check, &RULE_NAME_LONG, region, NULL,
			     "the node's name has %zu characters, the heap's %.*s",
			     strlen(region->name), AREA_NAME_MAX, region->name);
}

RULE(CMA_REFUSED, ERROR, "cma-refused", NULL,
     "an area of cma= or Kconfig for which its place or the RAM has no room is not made, and no "
     "other in its stead (mm/cma.c, __cma_declare_contiguous_nid)",
     "a size and a base that are free RAM, as far as DMA reaches, each a multiple of the CMA "
     "alignment, or no base");
RULE(CMA_MAY_BE_REFUSED, WARNING, "cma-may-be-refused", NULL,
     "an area of cma= or Kconfig for which its place or the RAM has no room is not made, and no "
     "other in its stead (mm/cma.c, __cma_declare_contiguous_nid)",
     "a size and a base that are free RAM, as far as DMA reaches; --kconfig, --memory and --taken "
     "tell more");
RULE(CROSSES_ZONES, ERROR, "cma-crosses-zones", NULL,
     "a CMA area that lies in two zones of memory is made, but not activated: its heap is there, "
     "and every allocation fails (mm/cma.c, cma_activate_area)",
     "an area on one side of the border");
RULE(MAY_CROSS_ZONES, WARNING, "cma-may-cross-zones", NULL,
     "a CMA area that lies in two zones of memory is made, but not activated: its heap is there, "
     "and every allocation fails (mm/cma.c, cma_activate_area)",
     "an area on one side of the border; --kconfig tells which zones the kernel has");
RULE(DEFAULT_HIGH, WARNING, "cma-default-high", NULL,
     "devices without an area of their own allocate from the default one (kernel/dma/contiguous.c, "
     "dma_alloc_contiguous): those that reach 32 bits only cannot use it above 4 GiB",
     "a default area below 4 GiB, or a region of its own for each such device");

RULE(OVER_OTHERS, ERROR, "cma-over-others", NULL,
     "the memory of a CMA area, or of a pool that is refused, goes to the page allocator, also "
     "where the kernel, an initrd, the device tree or a no-map region is in it (mm/cma.c, "
     "cma_activate_area; drivers/of/of_reserved_mem.c, fdt_init_reserved_mem_node)",
     "a region beside what lies in the RAM at boot");

/* Borders of zones, and 4 GiB, on which the fate of an area depends that is made. */
static void check_borders(struct check *check, const struct region *region, const struct fate *fate,
			  uint64_t base)
{
	const struct zone_border *border = &fate->border;

	if (fate->over_others)
		check_report(check, &RULE_OVER_OTHERS, region, region ? NULL : "/chosen", "%s",
			     fate_reason(fate));
	if (border->zone)
		check_report(check, fate->dead ? &RULE_CROSSES_ZONES : &RULE_MAY_CROSS_ZONES,
			     region, region ? NULL : "/chosen",
			     "the area %s on both sides of 0x%llx, the end of %s%s",
			     border->sure && !fate->dead ? "may lie" : "lies",
			     (unsigned long long)border->end, border->zone,
			     border->sure ? "" : ", if the kernel has it");
	if (fate->area && fate->default_area && fate->kind != FATE_OPEN &&
	    base >= UINT64_C(1) << 32)
		check_report(check, &RULE_DEFAULT_HIGH, region, region ? NULL : "/chosen",
			     "the default area is above 4 GiB (0x%llx)", (unsigned long long)base);
}

void check_other_area(struct check *check)
{
	const struct fates *fates = check->fates;

	if (fates->other_area)
		check_borders(check, NULL, &fates->other, fates->other_place.base);
	if (!fates->other.text || !fates->other_place.refusal || fates->other.too_many_areas)
		return;
	check_report(check, fates->other_area ? &RULE_CMA_MAY_BE_REFUSED : &RULE_CMA_REFUSED, NULL,
		     "/chosen", "%s default CMA area: %s", fates->other_area ? "perhaps no" : "no",
		     fate_reason(&fates->other));
}

void check_area(struct check *check, const struct region *region)
{
	check_dynamic(check, region);
	check_cma_pool(check, region);
	check_borders(check, region, fate_of(check, region), region->base);
}
