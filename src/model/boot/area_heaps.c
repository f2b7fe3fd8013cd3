// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/boot.h"
#include "model/boot/known_names.h"

void decide_foreign(const struct boot *boot, struct fate *fate, const char *driver)
{
	AUTO_FREE char *names = strings_join(&fate->heaps, " and ");
	const char *plural = fate->heaps.count > 1 ? "s" : "";
	enum tristate loaded = boot->facts->carve_out_driver;

	if (fate->heaps.count && heap_is_seen(boot, fate->heaps.items[0]))
		loaded = YES;
	switch (loaded) {
	case YES:
		fate_set(fate, FATE_HEAP, "heap%s %s", plural, names);
		break;
	case NO:
		fate_set(fate, FATE_NO_HEAP, "no heap: no %s driver", driver);
		break;
	case UNKNOWN:
		fate_set(fate, FATE_OPEN, "heap%s %s if %s driver is loaded (mainline has none)",
			 plural, names, driver);
	}
}

/* Takes the name of a heap, unless another heap has it. */
static bool take_name(struct boot *boot, const char *name)
{
	if (strings_have(&boot->taken, name))
		return false;
	strings_add(&boot->taken, name);
	return true;
}

/* Names a heap's fate: who is asked for two names has both. */
static void name_heaps(const struct boot *boot, const struct area *area, bool is_default)
{
	const struct strings *heaps = &area->fate->heaps;
	const char *unless = is_default && boot->facts->cmdline.known != YES && area->region
				     ? ", unless cma= is on the command line"
				     : "";

	if (heaps->count == 2)
		fate_set(area->fate, FATE_HEAP, "heaps %s and %s, one region%s", heaps->items[0],
			 heaps->items[1], unless);
	else if (heaps->count == 1)
		fate_set(area->fate, FATE_HEAP, "heap %s%s", heaps->items[0], unless);
}

/* A heap that the running kernel has although it is older than 6.19: it has a backport. */
static const char *backported(const struct boot *boot)
{
	for (size_t i = 0; i < boot->areas.count; i++) {
		const struct area *area = &boot->areas.items[i];

		if (i != boot->default_index && area->region && !area->region->vendor.binding &&
		    area_is_seen(boot, area->name) && heap_is_seen(boot, area->name))
			return area->name;
	}
	return NULL;
}

/* Whether areas other than the default one become heaps; else the fate says why not. */
static bool has_own_heap(const struct boot *boot, const struct area *area)
{
	const char *other;

	if (boot->version >= KERNEL(6, 19, 0) || boot->facts->per_region ||
	    heap_is_seen(boot, area->name))
		return true;
	other = backported(boot);
	if (other)
		fate_set(area->fate, FATE_OPEN,
			 "open: the kernel is older than 6.19, but has the heap %s by a backport, "
			 "so whether it was to make one of this region is unknown",
			 other);
	else
		fate_set(area->fate, FATE_NO_HEAP,
			 "no heap: before Linux 6.19 only the default CMA area becomes one");
	return false;
}

/* Heaps that a vendor's driver makes of a CMA pool, beside mainline's. */
static void add_vendor(const struct boot *boot, const struct area *area)
{
	const struct vendor_heaps *vendor = &area->region->vendor;
	AUTO_FREE char *names = strings_join(&vendor->names, " and ");
	AUTO_FREE char *before = NULL;
	struct fate *fate = area->fate;

	if (!vendor->names.count || (fate->kind == FATE_HEAP && strings_have(&fate->heaps, names)))
		return; /* the vendor's has the same name: mainline's or the vendor's is there */
	if (fate->kind == FATE_HEAP) {
		before = xstrdup(fate->text);
		fate_set(fate, FATE_HEAP,
			 "%s; %s as well if the vendor's driver is loaded (mainline has none)",
			 before, names);
		return;
	}
	array_for_each (&vendor->names, name)
		strings_add(&fate->heaps, *name);
	decide_foreign(boot, fate, "the vendor's");
}

/* An area over a border of zones has a heap, but nothing can be had of it: cma_activate_area(). */
static void check_zones(const struct boot *boot, const struct area *area)
{
	const struct zone_border *border = zones_crossed(&boot->zones, area->base, area->size);
	struct fate *fate = area->fate;
	AUTO_FREE char *before = NULL;

	if (!border || !area->base || !fate->text)
		return;
	fate->border = *border;
	fate->dead = border->sure && area->at_base;
	if (fate->kind == FATE_NO_HEAP)
		return;
	before = xstrdup(fate->text);
	if (fate->dead)
		fate_set(fate, fate->kind,
			 "%s, but every allocation fails: the end of %s, 0x%llx, is inside", before,
			 border->zone, (unsigned long long)border->end);
	else if (!border->sure)
		fate_set(fate, FATE_OPEN,
			 "open: every allocation fails if the kernel has %s (--kconfig tells), "
			 "whose end, 0x%llx, is inside",
			 border->zone, (unsigned long long)border->end);
	else
		fate_set(fate, FATE_OPEN,
			 "open: every allocation fails if the end of %s, 0x%llx, is inside: %s",
			 border->zone, (unsigned long long)border->end,
			 what_is_missing(boot, true));
}

/* drivers/dma-buf/heaps/cma_heap.c: the default area's second name comes first of all. */
static void decide_area(struct boot *boot, const struct area *area, bool is_default)
{
	uint32_t version = boot->version;
	struct fate *fate = area->fate;

	if (boot->facts->cma_heap == NO) {
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: the kernel is built without CONFIG_DMABUF_HEAPS_CMA");
		return;
	}
	if (!is_default && !has_own_heap(boot, area))
		return;
	if (is_default && version >= KERNEL(6, 17, 0))
		strings_add(&fate->heaps, DEFAULT_CMA_HEAP);
	if (version < KERNEL(6, 17, 0) || version >= KERNEL(6, 19, 0) || !is_default ||
	    boot->facts->per_region || boot->facts->legacy_name == YES ||
	    heap_is_seen(boot, area->name)) {
		fate->name_taken = !take_name(boot, area->name);
		if (!fate->name_taken)
			strings_add(&fate->heaps, area->name);
	}
	name_heaps(boot, area, is_default);
	if (!fate->heaps.count)
		fate_set(fate, FATE_NO_HEAP, "no heap: another heap already has the name %s",
			 area->name);
	else if (is_default && version >= KERNEL(6, 17, 0) && version < KERNEL(6, 19, 0) &&
		 fate->heaps.count == 1 && boot->facts->legacy_name == UNKNOWN)
		fate_set(fate, FATE_HEAP,
			 "heap " DEFAULT_CMA_HEAP "; %s as well with "
			 "CONFIG_DMABUF_HEAPS_CMA_LEGACY",
			 area->name);
}

/* What two areas have in common is given out by the kernel, or by both: seen on 6.1 and 5.10. */
static void check_sharer(const struct area *area)
{
	AUTO_FREE char *text = NULL;

	if (!area->sharer || area->fate->kind != FATE_HEAP)
		return;
	text = xasprintf("%s may be made of a part of its memory as well: allocations may fail",
			 area->sharer);
	fate_add(area->fate, text);
}

void decide_heaps(struct boot *boot)
{
	if (boot->facts->system_heap != NO)
		strings_add(&boot->taken, SYSTEM_HEAP);
	if (boot->default_index != SIZE_MAX && boot->version >= KERNEL(6, 17, 0))
		strings_add(&boot->taken, DEFAULT_CMA_HEAP);
	for (size_t i = 0; i < boot->areas.count; i++) {
		const struct area *area = &boot->areas.items[i];

		area->fate->default_area = i == boot->default_index;
		if (area->fate->text)
			continue; /* there is no such area, or that is open */
		decide_area(boot, area, i == boot->default_index);
		if (area->region)
			add_vendor(boot, area);
		check_sharer(area);
		check_zones(boot, area);
	}
}
