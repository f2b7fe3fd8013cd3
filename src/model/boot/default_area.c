// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/default_area.h"

#include "base/number.h"
#include "model/boot/alignment.h"

#define FOUR_GIB (UINT64_C(1) << 32)
#define MIB      UINT64_C(0x100000)

/* An explicit limit takes the place of the architecture's in 7.2, in 6.12 the lower one counts;
 * between them it was not read. */
#define LIMIT_LOWERS   KERNEL(6, 13, 0)
#define LIMIT_REPLACES KERNEL(7, 0, 0)

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The size that Kconfig says: false where it depends on RAM or a rule that is not known. */
static bool config_size(const struct kernel_facts *facts, const struct spans *ram, uint64_t *size)
{
	const uint64_t page = kernel_facts_page_size(facts), mbytes = facts->config_mib << 20;
	uint64_t pages = 0, percentage;

	if (facts->size_rule == DEFAULT_UNKNOWN || facts->size_rule == DEFAULT_MBYTES) {
		*size = mbytes;
		return facts->size_rule == DEFAULT_MBYTES || !mbytes;
	}
	if (!ram->count || facts->config_percentage > 100)
		return false;
	array_for_each (ram, span)
		pages += (span->last - span->first + 1) / page;
	percentage = pages * facts->config_percentage / 100 * page; /* cma_early_percent_memory() */
	*size = facts->size_rule == DEFAULT_PERCENTAGE                       ? percentage
		: (facts->size_rule == DEFAULT_MIN) == (mbytes < percentage) ? mbytes
									     : percentage;
	return true;
}

void default_area_want(const struct kernel_facts *facts, const struct spans *ram,
		       struct default_area *area)
{
	const struct command_line *line = &facts->cmdline;
	uint64_t largest, smallest = alignment_range(facts, &largest), size = 0;
	bool known = true;

	*area = (struct default_area){0};
	if (line->cma_given)
		size = line->cma_size;
	else
		known = config_size(facts, ram, &size);
	area->wanted = size || !known;
	area->fixed = command_line_cma_is_fixed(line);
	if (area->fixed)
		area->base = line->cma_base;
	if (!known || !size || size > UINT64_MAX - largest)
		return;
	/* rounded up to the alignment, which may not be known */
	smallest = (size + smallest - 1) & ~(smallest - 1);
	largest = (size + largest - 1) & ~(largest - 1);
	area->size = smallest == largest ? smallest : 0;
}

/* One way in which it may go: what is not known is taken for known. */
struct attempt {
	const struct kernel_facts *facts;
	const struct zones *zones;
	const struct memblock *memblock;
	const struct spans *gaps; /* of that */
	uint64_t align, limit;
	bool found, sure; /* a place; one beside what is hidden */
};

static enum refusal try_fixed(const struct attempt *attempt, struct default_area *area)
{
	const struct memblock *memblock = attempt->memblock;

	if (attempt->zones->highmem && area->base < attempt->zones->highmem &&
	    last_address(area->base, area->size) >= attempt->zones->highmem)
		return REFUSED_HIGHMEM;
	area->place = area->base;
	if (!spans_meet(&memblock->reserved, area->base, area->size))
		return NOT_REFUSED;
	array_for_each (&memblock->reserved, span) {
		if (span->last >= area->base) {
			area->taken = span->first > area->base ? span->first : area->base;
			break;
		}
	}
	return REFUSED_TAKEN;
}

/* Looks further where it was found before, to know whether it is made wherever the kernel lies. */
static void find(struct attempt *attempt, const struct wanted_place *wanted,
		 struct default_area *area)
{
	uint64_t base;
	enum placing placing = memblock_find(attempt->memblock, attempt->gaps, wanted, &base);

	if (placing == NOT_PLACED)
		return;
	if (!attempt->found)
		area->place = base;
	attempt->found = true;
	attempt->sure |= placing == PLACED;
}

/* cma_alloc_mem(): above 4 GiB from below, then in highmem, then from above. */
static enum refusal try_anywhere(struct attempt *attempt, uint64_t base, struct default_area *area)
{
	struct wanted_place wanted = {area->size, attempt->align, FOUR_GIB, attempt->limit, true};
	const uint64_t highmem = attempt->zones->highmem;

	if (attempt->limit > FOUR_GIB && attempt->limit - FOUR_GIB >= area->size)
		find(attempt, &wanted, area);
	wanted.bottom_up = false;
	if (highmem && base < highmem && attempt->limit > highmem) {
		wanted.start = highmem;
		find(attempt, &wanted, area);
		wanted.limit = highmem;
	}
	wanted.start = base;
	find(attempt, &wanted, area);
	if (attempt->found)
		return NOT_REFUSED;
	area->largest = memblock_largest_gap(attempt->gaps, base, wanted.limit);
	return REFUSED_ROOM;
}

static enum refusal try(struct attempt *attempt, struct default_area *area)
{
	const uint64_t end = memblock_end(attempt->memblock);
	uint64_t base = attempt->facts->cmdline.cma_given ? attempt->facts->cmdline.cma_base : 0;

	if (area->fixed && base & (attempt->align - 1))
		return REFUSED_ALIGNMENT;
	base = (base + attempt->align - 1) & ~(attempt->align - 1);
	attempt->limit &= ~(attempt->align - 1);
	if (end && (!attempt->limit || attempt->limit > end))
		attempt->limit = end;
	area->limit = attempt->limit;
	if (base + area->size < base || (attempt->limit && base + area->size > attempt->limit))
		return REFUSED_OUTSIDE;
	return area->fixed && base ? try_fixed(attempt, area) : try_anywhere(attempt, base, area);
}

uint64_t early_allocations(const struct kernel_facts *facts, const struct memblock *memblock)
{
	uint64_t ram = 0;

	array_for_each (&memblock->memory, span)
		ram += span->last - span->first + 1;
	return ram / 64 + ram / 512 + 8 * MIB + 32 * kernel_facts_page_size(facts);
}

/* The limits that may be in force, of which there are up to four. */
static unsigned int limits(const struct kernel_facts *facts, const struct zones *zones,
			   uint64_t found[4])
{
	const uint64_t given = facts->cmdline.cma_given ? facts->cmdline.cma_limit : 0;
	const uint64_t of_zones[] = {zones->dma_limit, 0};
	const uint32_t version = kernel_facts_version(facts);
	unsigned int count = 0;

	for (unsigned int i = 0; i < (zones->limit_sure ? 1U : 2U); i++) {
		uint64_t dma = of_zones[i];

		if (version < LIMIT_REPLACES)
			found[count++] = given && dma ? least(given, dma) : given ? given : dma;
		if (version >= LIMIT_LOWERS)
			found[count++] = given ? given : dma;
	}
	return count;
}

/* What is hidden lies in the RAM, also in what mem= takes of it. */
static bool may_be_hidden(const struct attempt *attempt, const struct default_area *area)
{
	if (!attempt->memblock->hidden.count)
		return false;
	return area->fixed ? attempt->facts->cmdline.mem_count ||
				     spans_meet(attempt->gaps, area->base, area->size)
			   : !attempt->sure;
}

void default_area_decide(const struct kernel_facts *facts, const struct zones *zones,
			 const struct memblock *memblock, bool early, bool banks_known,
			 struct default_area *area)
{
	struct memblock filled;
	struct spans gaps[2] = {0}; /* of what is free now, and then */
	struct default_area first = {0}, widest = {0};
	uint64_t found[4], largest, align = alignment_range(facts, &largest);
	unsigned int count = limits(facts, zones, found);
	/* without a configuration the alignment of the base may be missed, or not */
	bool same = !area->fixed || !(area->base & (largest - 1)) || area->base & (align - 1);

	if (!area->size)
		return;
	memblock_copy(memblock, &filled);
	if (!early)
		memblock_fill_top(&filled, early_allocations(facts, memblock));
	memblock_gaps(memblock, &gaps[0]);
	memblock_gaps(&filled, &gaps[1]);
	for (unsigned int i = 0; i < 2 * count; i++) {
		struct default_area result = *area;
		struct attempt attempt = {.facts = facts,
					  .zones = zones,
					  .memblock = i % 2 ? &filled : memblock,
					  .gaps = &gaps[i % 2],
					  .align = align,
					  .limit = found[i / 2]};

		result.refusal = try(&attempt, &result);
		if (!result.refusal && may_be_hidden(&attempt, &result))
			same = false;
		if (!i)
			first = widest = result;
		else if (!first.refusal != !result.refusal)
			same = false;
		else if (result.refusal && result.limit > widest.limit)
			widest = result;
	}
	array_free(&gaps[0]);
	array_free(&gaps[1]);
	memblock_free(&filled);
	/* what holds for all kernels is said of the widest range, else of the first one tried */
	*area = same ? widest : first;
	/* RAM that is unknown has no part in what is wrong or taken */
	area->sure = same && (banks_known || !area->refusal || area->refusal == REFUSED_ALIGNMENT ||
			      area->refusal == REFUSED_TAKEN);
}
