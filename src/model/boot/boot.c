// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/boot.h"

#include "base/cleanup.h"
#include "model/boot/known_names.h"
#include "model/boot/seen.h"

struct fate *fate_of(const struct boot *boot, const struct region *region)
{
	return &boot->fates->items[region - boot->regions->items];
}

bool area_is_seen(const struct boot *boot, const char *name)
{
	const struct seen *seen = boot->facts->seen;
	AUTO_FREE char *area = cma_area_name(name);

	return seen && strings_have(&seen->areas, area);
}

bool heap_is_seen(const struct boot *boot, const char *name)
{
	return boot->facts->seen && strings_have(&boot->facts->seen->heaps, name);
}

void may_have_heap(struct fate *fate, const char *node)
{
	AUTO_FREE char *heap = cma_area_name(node);

	if (!strings_have(&fate->heaps, heap))
		strings_add(&fate->heaps, heap);
}

const char *what_is_missing(const struct boot *boot, bool placed)
{
	static const char *const more_ram = "the boot loader may add RAM (--memory states it)";

	if (!placed && !boot->regions->banks_sure)
		return more_ram;
	if (!boot->memblock.hidden.count)
		return "what the kernel allocates early, at the end of the RAM, may be in the way";
	if (!boot->facts->taken)
		return "the kernel, an initrd or the device tree may be in the way (--taken states "
		       "where they lie)";
	return boot->regions->banks_sure
		       ? "another region, whose place is not known, may be in the way"
		       : more_ram;
}
