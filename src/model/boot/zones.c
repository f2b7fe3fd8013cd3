// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/zones.h"

#include "base/number.h"
#include "model/boot/ram.h"

#define FOUR_GIB (UINT64_C(1) << 32)

/* Where RAM begins and ends. */
struct extent {
	uint64_t first, last;
};

/* Adds a border, unless it is that of the zone before or lies outside the RAM. */
static void add_border(struct zones *zones, const struct extent *ram, uint64_t end,
		       const char *zone, bool sure)
{
	if (end <= ram->first || end > ram->last ||
	    (zones->count && zones->borders[zones->count - 1].end >= end))
		return;
	zones->borders[zones->count++] = (struct zone_border){end, zone, sure};
}

/* max_zone_phys(), whose LAST is a limit of zones. */
static uint64_t cap(const struct extent *ram, uint64_t last)
{
	if (last < ram->last)
		return last + 1;
	return ram->last == UINT64_MAX ? 0 : ram->last + 1;
}

/* The last address of ZONE_DMA before it is cut at the end of the RAM. */
static uint64_t dma_zone_last(const struct regions *regions, const struct kernel_facts *facts,
			      const struct extent *ram)
{
	uint64_t last = regions->dma_last;

	if (kernel_facts_version(facts) >= KERNEL(6, 12, 0)) {
		if (ram->first < FOUR_GIB - 1 && last > FOUR_GIB - 1)
			last = FOUR_GIB - 1;
		return last;
	}
	/* up to 6.11 the limit was a number of bits, 32 at most */
	if (last >= FOUR_GIB - 1)
		last = FOUR_GIB - 1;
	else if (last)
		last = (UINT64_C(2) << (63 - __builtin_clzll(last))) - 1;
	if (ram->first > FOUR_GIB - 1)
		last = UINT64_MAX;
	else if (ram->first > last)
		last = FOUR_GIB - 1;
	return last;
}

static void find_arm64(const struct regions *regions, const struct kernel_facts *facts,
		       const struct extent *ram, struct zones *zones)
{
	/* 5.10.262 has the rule of 5.11; what had 30 bits before, and since when, was not read */
	bool known = kernel_facts_version(facts) >= KERNEL(5, 10, 262);
	uint64_t dma = dma_zone_last(regions, facts, ram);
	uint64_t dma32 = cap(ram, FOUR_GIB - 1);

	zones->limit_sure = known && facts->zone_dma != UNKNOWN && facts->zone_dma32 != UNKNOWN;
	if (facts->zone_dma != NO) {
		zones->dma_limit = cap(ram, dma);
		add_border(zones, ram, zones->dma_limit, "ZONE_DMA",
			   known && facts->zone_dma == YES);
	}
	if (facts->zone_dma32 != NO) {
		if (!zones->dma_limit)
			zones->dma_limit = dma32;
		add_border(zones, ram, dma32, "ZONE_DMA32", facts->zone_dma32 == YES);
	}
}

static void find_arm(const struct regions *regions, const struct kernel_facts *facts,
		     const struct extent *ram, struct zones *zones)
{
	uint64_t end = ram_lowmem_end(regions, facts);

	/* arm_dma_limit, where no machine has a smaller one: setup_dma_zone(), arch/arm/mm/init.c
	 */
	zones->dma_limit = facts->zone_dma == YES ? FOUR_GIB - 1 : 0;
	zones->limit_sure = facts->zone_dma != YES || ram->last < FOUR_GIB - 1;
	if (facts->highmem == NO)
		return;
	zones->highmem = end <= ram->last ? end : 0;
	add_border(zones, ram, end, "lowmem", facts->highmem == YES);
}

static void find_riscv(const struct kernel_facts *facts, const struct extent *ram,
		       struct zones *zones)
{
	zones->dma_limit = cap(ram, FOUR_GIB - 1); /* also without CONFIG_ZONE_DMA32 */
	zones->limit_sure = true;
	if (facts->zone_dma32 != NO)
		add_border(zones, ram, FOUR_GIB, "ZONE_DMA32", facts->zone_dma32 == YES);
}

void zones_find(const struct regions *regions, const struct kernel_facts *facts,
		struct zones *zones)
{
	struct extent ram = {UINT64_MAX, 0};

	*zones = (struct zones){0};
	array_for_each (&regions->banks, bank) {
		uint64_t last = last_address(bank->base, bank->size);

		if (bank->base < ram.first)
			ram.first = bank->base;
		if (last > ram.last)
			ram.last = last;
	}
	if (!regions->banks.count)
		return;
	if (!facts->architecture || kernel_facts_is(facts, "arm64"))
		find_arm64(regions, facts, &ram, zones);
	else if (kernel_facts_is(facts, "arm"))
		find_arm(regions, facts, &ram, zones);
	else if (kernel_facts_is(facts, "riscv"))
		find_riscv(facts, &ram, zones);
}

const struct zone_border *zones_crossed(const struct zones *zones, uint64_t base, uint64_t size)
{
	for (unsigned int i = 0; i < zones->count; i++) {
		const struct zone_border *border = &zones->borders[i];

		if (size && base < border->end && last_address(base, size) >= border->end)
			return border;
	}
	return NULL;
}
