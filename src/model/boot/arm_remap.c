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

void note_mapped(struct boot *boot)
{
	const uint64_t end = ram_lowmem_end(boot->regions, boot->facts);

	if (!end || boot->facts->live)
		return;
	spans_copy(&boot->memblock.memory, &boot->mapped);
	array_for_each (&boot->memblock.no_map, span)
		spans_remove(&boot->mapped, span->first, span->last - span->first + 1);
	spans_remove(&boot->mapped, end, UINT64_MAX - end);
}

bool splits_section(const struct boot *boot, uint64_t address)
{
	const size_t i = spans_find(&boot->mapped, address);
	const struct span *before;
	uint64_t hole;

	if (!i || i == boot->mapped.count || boot->mapped.items[i].first <= address)
		return false;
	before = &boot->mapped.items[i - 1];
	hole = before->last + 1;
	return hole % PMD_BYTES == PMD_BYTES / 2 && hole - before->first >= PMD_BYTES / 2 &&
	       boot->mapped.items[i].first - hole < PMD_BYTES / 2;
}

/* How many bytes of a part of 2 MiB are mapped from its beginning on. */
static uint64_t mapped_at(const struct boot *boot, uint64_t part)
{
	const size_t i = spans_find(&boot->mapped, part);
	const struct span *span = boot->mapped.items + i;

	if (i == boot->mapped.count || span->first > part)
		return 0;
	return span->last - part < PMD_BYTES ? span->last - part + 1 : PMD_BYTES;
}

static void may_stop(struct fate *fate, const char *why)
{
	if (fate->text)
		fate_add(fate, why);
}

/* Whether anything from FIRST on, before PAST, is mapped; from then on it is not. */
static bool unmap(struct boot *boot, uint64_t first, uint64_t past)
{
	const bool was = past > first && spans_meet(&boot->mapped, first, past - first);

	if (was)
		spans_remove(&boot->mapped, first, past - first);
	return was;
}

/*
 * Parts of 2 MiB lose their mapping, at whose ends others may lie. END: of lowmem; CLEARED: parts
 * that have lost it before.
 */
static void check_ends(struct boot *boot, const struct region *region, uint64_t end,
		       struct spans *cleared)
{
	const uint64_t whole = last_address(region->base, region->size),
		       last = whole < end ? whole : end - 1, over = region->base % PMD_BYTES,
		       first = region->base - over, part = last - last % PMD_BYTES;
	/* what lies in it is mapped in pages, where it still is in one piece: alloc_init_pte() */
	const bool stays = over && last - part < over;
	const uint64_t past = stays ? part : part + PMD_BYTES;
	const uint64_t in_part =
		stays && !spans_meet(cleared, part, PMD_BYTES) ? mapped_at(boot, part) : 0;
	/* what begins below the RAM is not mapped: create_mapping(), seen on 7.2 */
	const bool again = region->base >= boot->memblock.memory.items[0].first;
	const bool before = unmap(boot, first, again ? region->base : past),
		   behind = unmap(boot, last + 1, past);
	struct fate *fate = fate_of(boot, region);

	spans_add(cleared, first, past - first);
	if (again &&
	    (in_part == PMD_BYTES || (in_part == PMD_BYTES / 2 && boot->facts->lpae == NO))) {
		stop(boot, region, "its base is not a multiple of 2 MiB");
		fate->misaligned = true;
	} else if (again && in_part == PMD_BYTES / 2 && boot->facts->lpae != YES) {
		may_stop(fate, "its base is not a multiple of 2 MiB, and its end is mapped in one "
			       "piece without CONFIG_ARM_LPAE: the boot may stop");
	} else if (before || behind) {
		may_stop(fate, "32-bit Arm loses the mapping of what lies beside it in the same "
			       "2 MiB: the boot may stop");
	}
	/* nobody uses what is no-map and refused */
	if (again && fate->kind != FATE_DROPPED)
		spans_add(&boot->mapped, region->base, last - region->base + 1);
}

void check_remapped(struct boot *boot)
{
	const uint64_t ram = memblock_end(&boot->memblock),
		       lowmem = ram_lowmem_end(boot->regions, boot->facts),
		       end = ram && ram < lowmem ? ram : lowmem;
	const struct region *before = NULL;
	struct spans cleared = {0}, mapped = {0};

	if (!boot->remapped.count)
		return;
	spans_copy(&boot->mapped, &mapped);
	array_for_each (&boot->remapped, item) {
		if ((*item)->base < end)
			check_ends(boot, *item, end, &cleared);
	}
	array_free(&cleared);
	/* as it was before any of this */
	array_free(&boot->mapped);
	boot->mapped = mapped;
	qsort(boot->remapped.items, boot->remapped.count, sizeof(*boot->remapped.items),
	      compare_regions);
	array_for_each (&boot->remapped, item) {
		const struct region *region = *item;
		AUTO_FREE char *why = NULL;

		if (region->base >= end)
			break;
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
