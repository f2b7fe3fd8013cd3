// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/free_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"

struct span {
	uint64_t start, last; /* inclusive: memory may end with the address space */
};

struct free_memory {
	const struct regions *regions;
	uint64_t cma_alignment;
	unsigned int count; /* of dynamic regions so far */
	struct {
		ARRAY_OF(struct span);
	} spans;
};

static void add_span(struct free_memory *memory, uint64_t base, uint64_t size)
{
	struct span *span;

	if (!size)
		return;
	span = array_add(&memory->spans);
	span->start = base;
	span->last = last_address(base, size);
}

/* Takes [base, base + size) out of what is free. */
static void take_out(struct free_memory *memory, uint64_t base, uint64_t size)
{
	uint64_t last = last_address(base, size);
	size_t count = memory->spans.count;

	for (size_t i = 0; size && i < count; i++) {
		struct span *span = &memory->spans.items[i], rest;

		if (span->last < base || span->start > last)
			continue;
		rest = *span;
		/* an empty span has start > last */
		if (rest.start < base) {
			span->last = base - 1;
		} else {
			span->start = 1;
			span->last = 0;
		}
		if (rest.last > last)
			*array_add(&memory->spans) = (struct span){last + 1, rest.last};
	}
}

static void take_out_static(struct free_memory *memory)
{
	array_for_each (memory->regions, region) {
		if (region->placement == REGION_STATIC && region->enabled)
			take_out(memory, region->base, region->size);
	}
}

uint64_t ram_bytes(const struct regions *regions, const struct region *region)
{
	struct free_memory ram = {.regions = regions};
	uint64_t bytes = region->size;

	/* what is left of the region without the banks, which may overlap */
	add_span(&ram, region->base, region->size);
	array_for_each (&regions->banks, bank)
		take_out(&ram, bank->base, bank->size);
	array_for_each (&ram.spans, span) {
		if (span->start <= span->last)
			bytes -= span->last - span->start + 1;
	}
	array_free(&ram.spans);
	return bytes;
}

static bool is_architecture(const struct kernel_facts *facts, const char *name)
{
	return facts->architecture && !strcmp(facts->architecture, name);
}

bool ram_cut_is_open(const struct kernel_facts *facts)
{
	if (is_architecture(facts, "arm64"))
		return false; /* the last one counts, without its base */
	/* riscv takes the smallest, arm adds them and reads bases */
	return facts->mem_count > 1 || (facts->mem_at && !facts->architecture);
}

static int compare_banks(const void *a, const void *b)
{
	const struct bank *one = a, *other = b;

	return one->base < other->base ? -1 : one->base > other->base;
}

void ram_cut(struct regions *regions, const struct kernel_facts *facts)
{
	uint64_t left = facts->mem_size & ~(kernel_facts_page_size(facts) - 1);
	bool arm = is_architecture(facts, "arm");
	size_t count = 0;

	if (!facts->mem_count || !left || !regions->banks.count || ram_cut_is_open(facts) ||
	    (facts->architecture && !arm && !is_architecture(facts, "arm64") &&
	     !is_architecture(facts, "riscv")))
		return;
	regions->banks_cut = true;
	qsort(regions->banks.items, regions->banks.count, sizeof(*regions->banks.items),
	      compare_banks);
	if (arm) {
		if (facts->mem_at)
			regions->banks.items[0].base = facts->mem_base;
		regions->banks.items[0].size = left;
		regions->banks.count = 1;
		return;
	}
	array_for_each (&regions->banks, bank) {
		if (!left)
			break;
		if (bank->size > left)
			bank->size = left;
		left -= bank->size;
		count++;
	}
	regions->banks.count = count;
}

struct free_memory *free_memory_new(const struct regions *regions, const struct kernel_facts *facts)
{
	struct free_memory *memory = xcalloc(1, sizeof(*memory));
	uint64_t largest;

	memory->regions = regions;
	memory->cma_alignment = kernel_facts_alignment(facts, &largest);
	array_for_each (&regions->banks, bank)
		add_span(memory, bank->base, bank->size);
	if (regions->supported)
		take_out_static(memory);
	return memory;
}

void free_memory_free(struct free_memory *memory)
{
	if (!memory)
		return;
	array_free(&memory->spans);
	free(memory);
}

/* Whether SIZE fits into a span between FIRST and LAST; the only place goes to *only. */
static bool fits(const struct span *span, uint64_t first, uint64_t last, uint64_t size,
		 uint64_t align, bool *is_only, uint64_t *place)
{
	uint64_t start = span->start > first ? span->start : first;
	uint64_t end = span->last < last ? span->last : last;

	if (start > UINT64_MAX - align)
		return false;
	start = (start + align - 1) & ~(align - 1);
	if (start > end || end - start < size - 1)
		return false;
	*is_only = end - start - (size - 1) < align;
	*place = start;
	return true;
}

bool free_memory_has_room(const struct free_memory *memory, uint64_t base, uint64_t limit,
			  uint64_t size)
{
	const uint64_t high = UINT64_C(1) << 32;
	uint64_t align = memory->cma_alignment, place, last;
	bool only;

	if (!memory->regions->banks.count || !size)
		return true;
	if (size > UINT64_MAX - align)
		return false;
	size = (size + align - 1) & ~(align - 1);
	last = limit ? (limit & ~(align - 1)) - 1 : UINT64_MAX;
	if (base > high && last - high >= size - 1)
		base = high;
	array_for_each (&memory->spans, span) {
		if (span->start <= span->last && fits(span, base, last, size, align, &only, &place))
			return true;
	}
	return false;
}

/* Whether SIZE finds a place between FIRST and LAST, which TAKE takes where it is the only one. */
static bool place_in(struct free_memory *memory, uint64_t first, uint64_t last, uint64_t size,
		     uint64_t align, bool take)
{
	unsigned int found = 0;
	uint64_t place = 0, at;
	bool only = false, is_only;

	array_for_each (&memory->spans, span) {
		if (span->start > span->last ||
		    !fits(span, first, last, size, align, &is_only, &at))
			continue;
		found++;
		only = is_only;
		place = at;
	}
	if (found == 1 && only && take)
		take_out(memory, place, size);
	return found > 0;
}

/*
 * Whether the free RAM is more than SIZE: the kernel itself is somewhere in it, which memblock has
 * reserved before (arm64_memblock_init(), arch/arm64/mm/init.c).
 */
static bool leaves_the_kernel(const struct free_memory *memory, uint64_t size)
{
	array_for_each (&memory->spans, span) {
		if (span->start > span->last)
			continue;
		if (span->last - span->start >= size)
			return true;
		size -= span->last - span->start + 1;
	}
	return false;
}

/* Whether a range would do if all of it were RAM, of which the kernel had to spare static ones. */
static bool could_hold(const struct free_memory *memory, const struct region *region,
		       uint64_t align)
{
	bool could = false;

	array_for_each (&region->alloc_ranges, range) {
		struct free_memory everything = {.regions = memory->regions};

		add_span(&everything, range->base, range->size);
		take_out_static(&everything);
		could |= range->size &&
			 place_in(&everything, 0, UINT64_MAX, region->size, align, false);
		array_free(&everything.spans);
	}
	return could;
}

enum no_place free_memory_place(struct free_memory *memory, const struct region *region)
{
	uint64_t align = region->alignment ? region->alignment : 64; /* SMP_CACHE_BYTES */
	bool tight = !leaves_the_kernel(memory, region->size), fits_alone = false;

	if (++memory->count > DYNAMIC_REGIONS_MAX)
		return TOO_MANY_DYNAMIC;
	if (!memory->regions->banks.count)
		return HAS_PLACE; /* the boot loader says where RAM is */
	if (region->kind == REGION_CMA_POOL && align < memory->cma_alignment)
		align = memory->cma_alignment;
	if (align & (align - 1))
		return HAS_PLACE; /* what memblock makes of it is not defined */
	if (!region->has_alloc_ranges || !region->alloc_ranges_length_ok) {
		if (!tight && place_in(memory, 0, UINT64_MAX, region->size, align, true))
			return HAS_PLACE;
		return NO_ROOM;
	}
	array_for_each (&region->alloc_ranges, range) {
		if (!range->size || !place_in(memory, range->base, range->base + range->size - 1,
					      region->size, align, !tight))
			continue;
		if (!tight)
			return HAS_PLACE;
		fits_alone = true; /* without the kernel */
	}
	if (fits_alone)
		return NO_ROOM;
	return could_hold(memory, region, align) ? NO_RAM : NO_RANGE;
}
