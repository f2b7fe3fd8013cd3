// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/alignment.h"
#include "model/boot/boot.h"
#include "model/boot/known_names.h"

bool reserves_early(const struct boot *boot)
{
	return boot->version >= LATE_SCAN &&
	       (kernel_facts_is(boot->facts, "arm") || kernel_facts_is(boot->facts, "riscv"));
}

/* What of the tree lies at an address: the caller frees it. */
static char *name_of_taken(const struct boot *boot, uint64_t address)
{
	array_for_each (&boot->regions->memreserve, range) {
		if (address - range->base < range->size)
			return xstrdup("/memreserve/");
	}
	array_for_each (boot->regions, region) {
		if (region->placement == REGION_STATIC && region->enabled &&
		    address - region->base < region->size)
			return xstrdup(region->name);
	}
	return xasprintf("what lies at 0x%llx", (unsigned long long)address);
}

/* Why the kernel refuses the area of cma= or Kconfig. The caller frees it. */
static char *why_refused(const struct boot *boot, const struct default_area *area)
{
	const char *word = boot->facts->cmdline.cma_given ? "cma=" : "Kconfig";
	const unsigned long long base = area->base, last = base + area->size - 1;
	uint64_t largest, alignment = alignment_range(boot->facts, &largest);
	AUTO_FREE char *text = alignment_text(alignment);
	AUTO_FREE char *taken = NULL;

	switch (area->refusal) {
	case REFUSED_ALIGNMENT:
		return xasprintf("base 0x%llx is not a multiple of %s, the CMA alignment with %llu "
				 "KiB pages",
				 base, text,
				 (unsigned long long)kernel_facts_page_size(boot->facts) / 1024);
	case REFUSED_OUTSIDE:
		if (area->fixed && boot->facts->cmdline.cma_size & (alignment - 1))
			return xasprintf("size 0x%llx is not a multiple of %s, the CMA alignment "
					 "with %llu KiB pages",
					 (unsigned long long)boot->facts->cmdline.cma_size, text,
					 (unsigned long long)kernel_facts_page_size(boot->facts) /
						 1024);
		if (area->fixed && area->limit == memblock_end(&boot->memblock))
			return xasprintf("0x%llx..0x%llx of cma= is outside the RAM", base, last);
		if (area->fixed)
			return xasprintf("0x%llx..0x%llx of cma= lies above 0x%llx, as far as DMA "
					 "reaches",
					 base, last, (unsigned long long)area->limit);
		return xasprintf("%s asks for more than there is below 0x%llx", word,
				 (unsigned long long)area->limit);
	case REFUSED_HIGHMEM:
		return xasprintf("0x%llx..0x%llx of cma= lies over the end of lowmem, 0x%llx", base,
				 last, (unsigned long long)boot->zones.highmem);
	case REFUSED_TAKEN:
		taken = name_of_taken(boot, area->taken);
		return xasprintf("the place of cma= overlaps %s", taken);
	default:
		break;
	}
	return xasprintf("no RAM is free that is large enough for %s below 0x%llx (the largest gap "
			 "has %llu MiB)",
			 word, (unsigned long long)area->limit,
			 (unsigned long long)area->largest >> 20);
}

/* An area that is wanted without effect. Returns whether CMA is not built. */
static bool is_without_cma(const struct boot *boot, struct fate *fate)
{
	const struct kernel_facts *facts = boot->facts;

	if (facts->cma_config != NO)
		return false;
	if (facts->cmdline.cma_given && facts->cmdline.cma_size)
		fate_set(fate, FATE_NO_HEAP, "no heap: cma= has no effect without CONFIG_DMA_CMA");
	else if (!facts->cmdline.cma_given && facts->config_mib)
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: CONFIG_CMA_SIZE_MBYTES=%llu has no effect without "
			 "CONFIG_DMA_CMA",
			 (unsigned long long)facts->config_mib);
	return true;
}

/* Says why the area is not made, or may not be. Returns whether it may be. */
static bool may_be_made(const struct boot *boot, struct default_area *area, struct fate *fate)
{
	const struct region region = {
		.name = RESERVED_AREA, .base = area->base, .size = area->size};
	AUTO_FREE char *why = NULL;

	if (!area->size || area_is_seen(boot, RESERVED_AREA))
		return true;
	if (area->refusal)
		why = why_refused(boot, area);
	if (area->sure && why) {
		fate_set(fate, FATE_NO_HEAP, "no heap: %s", why);
		return false;
	}
	if (!area->sure) {
		if (area->refusal && !boot->zones.limit_sure)
			fate_set(fate, FATE_OPEN,
				 "open: %s; a kernel without CONFIG_ZONE_DMA and CONFIG_ZONE_DMA32 "
				 "may make it elsewhere (--kconfig tells)",
				 why);
		else
			fate_set(fate, FATE_OPEN, "open: %s%s%s", why ? why : "", why ? "; " : "",
				 what_is_missing(boot, !why));
		if (area->fixed)
			add_dangers(boot, &region, fate);
		may_have_heap(fate, RESERVED_AREA);
		return true;
	}
	if (!area->fixed)
		return true;
	if (!check_ram(boot, &region, fate))
		return false;
	if (!fate->text)
		check_others(boot, &region, true, fate);
	return true;
}

void decide_other_area(struct boot *boot)
{
	struct fate *fate = &boot->fates->other;
	struct default_area *place = &boot->fates->other_place;
	struct area area = {.fate = fate};

	if (is_without_cma(boot, fate) || boot->default_index != SIZE_MAX ||
	    boot->fates->other_area)
		return;
	default_area_want(boot->facts, &boot->memblock.memory, place);
	if (!place->wanted)
		return;
	default_area_decide(boot->facts, &boot->zones, &boot->memblock, reserves_early(boot),
			    boot->regions->banks.count > 0, place);
	if (!may_be_made(boot, place, fate))
		return;
	boot->fates->other_area = true;
	if (place->fixed && place->sure)
		spans_add(&boot->memblock.reserved, place->base, place->size);
	else if (!place->fixed)
		area.sharer = area_to_share(boot, place->place, place->size); /* seen on 6.1 */
	area.base = place->place;
	area.size = place->size;
	area.at_base = place->sure && !boot->memblock.hidden.count;
	add_area(boot, &area, FATE_NO_HEAP);
}
