// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/fate_boot.h"

/* Takes a heap's name, unless it is taken. */
static bool take(struct boot *boot, const char *name)
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
	const char *unless = is_default && boot->facts->cmdline != YES && area->region
				     ? ", unless cma= is on the command line"
				     : "";

	if (heaps->count == 2)
		fate_set(area->fate, FATE_HEAP, "heaps %s and %s, one region%s", heaps->items[0],
			 heaps->items[1], unless);
	else if (heaps->count == 1)
		fate_set(area->fate, FATE_HEAP, "heap %s%s", heaps->items[0], unless);
}

/* drivers/dma-buf/heaps/cma_heap.c: the default area's second name comes first of all. */
static void decide_heaps(struct boot *boot, const struct area *area, bool is_default)
{
	uint32_t version = boot->version;
	struct fate *fate = area->fate;

	fate->default_area = is_default;
	if (fate->text && fate->kind == FATE_OPEN)
		return; /* whether there is such an area is open */
	if (boot->facts->cma_heap == NO) {
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: the kernel is built without CONFIG_DMABUF_HEAPS_CMA");
		return;
	}
	if (!is_default && version < KERNEL(6, 19, 0)) {
		fate_set(fate, FATE_NO_HEAP,
			 "no heap: before Linux 6.19 only the default CMA area becomes one");
		return;
	}
	if (is_default && version >= KERNEL(6, 17, 0))
		strings_add(&fate->heaps, "default_cma_region");
	if (version < KERNEL(6, 17, 0) || version >= KERNEL(6, 19, 0) ||
	    boot->facts->legacy_name == YES) {
		fate->name_taken = !take(boot, area->name);
		if (!fate->name_taken)
			strings_add(&fate->heaps, area->name);
	}
	name_heaps(boot, area, is_default);
	if (!fate->heaps.count)
		fate_set(fate, FATE_NO_HEAP, "no heap: another heap is called %s already",
			 area->name);
	else if (is_default && version >= KERNEL(6, 17, 0) && version < KERNEL(6, 19, 0) &&
		 boot->facts->legacy_name == UNKNOWN)
		fate_set(fate, FATE_HEAP,
			 "heap default_cma_region; %s as well with "
			 "CONFIG_DMABUF_HEAPS_CMA_LEGACY",
			 area->name);
}

void fate_decide_heaps(struct boot *boot)
{
	if (boot->facts->system_heap != NO)
		strings_add(&boot->taken, "system");
	if (boot->default_index != SIZE_MAX && boot->version >= KERNEL(6, 17, 0))
		strings_add(&boot->taken, "default_cma_region");
	for (size_t i = 0; i < boot->areas.count; i++)
		decide_heaps(boot, &boot->areas.items[i], i == boot->default_index);
}
