// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"
#include "model/boot/boot.h"

#define PMD_BYTES (UINT64_C(2) << 20) /* 32-bit Arm, with and without CONFIG_ARM_LPAE */

bool is_remapped_early(const struct boot *boot, const struct region *region)
{
	if (!kernel_facts_is(boot->facts, "arm") || boot->facts->live ||
	    boot->facts->cma_config == NO || boot->version < LATE_SCAN)
		return false;
	if (boot->version >= KEEPS_UNKNOWN)
		return region->kind == REGION_CMA_POOL && !is_refused_for_cma(boot, region);
	return region->kind == REGION_CMA_POOL ||
	       (region->kind == REGION_COHERENT_POOL && region->reusable);
}

static int compare_regions(const void *a, const void *b)
{
	const struct region *const *one = a, *const *other = b;

	return order_of((*one)->base, (*other)->base);
}

static void stop(const struct boot *boot, const struct region *region, const char *why)
{
	struct fate *fate = fate_of(boot, region);

	fate->area = fate->too_many_areas = false;
	fate->stops = true;
	fate_set(fate, FATE_NO_HEAP,
		 "no heap: 32-bit Arm maps CMA areas anew, and %s, which stops the boot", why);
}

/* Parts of 2 MiB lose their mapping, at whose ends others may lie. END: of lowmem. */
static void check_ends(const struct boot *boot, const struct region *region, uint64_t end)
{
	const uint64_t last = last_address(region->base, region->size),
		       over = region->base % PMD_BYTES,
		       used = last < end ? last % PMD_BYTES + 1 : PMD_BYTES;
	struct fate *fate = fate_of(boot, region);

	/*
	 * The last part is mapped in pages where it still is in one piece: alloc_init_pte(). What
	 * begins below the RAM is not mapped: create_mapping(), seen on 7.2.
	 */
	if (over && used <= over && region->base >= boot->memblock.memory.items[0].first) {
		stop(boot, region, "its base is not a multiple of 2 MiB");
		fate->misaligned = true;
	} else if (fate->text && (over || used != PMD_BYTES)) {
		fate_add(fate, "32-bit Arm loses the mapping of what lies beside it in the same "
			       "2 MiB: the boot may stop");
	}
}

void check_remapped(const struct boot *boot)
{
	const uint64_t ram = memblock_end(&boot->memblock),
		       lowmem = ram_lowmem_end(boot->regions, boot->facts),
		       end = ram && ram < lowmem ? ram : lowmem;
	const struct region *before = NULL;

	if (!boot->remapped.count)
		return;
	qsort(boot->remapped.items, boot->remapped.count, sizeof(*boot->remapped.items),
	      compare_regions);
	array_for_each (&boot->remapped, item) {
		const struct region *region = *item;
		AUTO_FREE char *why = NULL;

		if (region->base >= end)
			break;
		check_ends(boot, region, end);
		/* vm_area_add_early() */
		if (before && region->base <= last_address(before->base, before->size)) {
			why = xasprintf("a part of %s a second time", before->name);
			stop(boot, region, why);
			fate_of(boot, region)->over_others = true;
		}
		if (!before || last_address(region->base, region->size) >
				       last_address(before->base, before->size))
			before = region;
	}
}
