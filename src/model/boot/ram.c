// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/ram.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"

#define MIB UINT64_C(0x100000)

bool ram_cut_is_open(const struct kernel_facts *facts)
{
	const struct command_line *line = &facts->cmdline;

	if (kernel_facts_is(facts, "arm64"))
		return false; /* the last one counts, without its base */
	/* riscv takes the smallest, arm adds them and reads bases */
	return line->mem_count > 1 || (line->mem_at && !facts->architecture);
}

static int compare_banks(const void *a, const void *b)
{
	const struct bank *one = a, *other = b;

	return order_of(one->base, other->base);
}

static void state_banks(struct regions *regions, const struct ranges *banks)
{
	array_free(&regions->banks);
	array_for_each (banks, range)
		*array_add(&regions->banks) = (struct bank){"memory", range->base, range->size};
	regions->banks_sure = true;
}

/* Leaves SIZE bytes, from the lowest bank on. */
static void cut_to_size(struct regions *regions, uint64_t size)
{
	size_t count = 0;

	array_for_each (&regions->banks, bank) {
		if (!size)
			break;
		if (bank->size > size)
			bank->size = size;
		size -= bank->size;
		count++;
	}
	regions->banks.count = count;
}

struct range ram_pages(const struct range *range, const struct kernel_facts *facts)
{
	const uint64_t mask = kernel_facts_page_size(facts) - 1, first = range->base & ~mask;

	return (struct range){first, (last_address(range->base, range->size) | mask) - first + 1};
}

/* What of RANGE was in the bank WHOLE, and was cut from it, is a bank again. */
static void add_back(struct regions *regions, const struct bank *whole, const struct range *range)
{
	struct spans cut = {0};

	if (range->base - whole->base >= whole->size)
		return;
	spans_add(&cut, range->base, range->size);
	array_for_each (&regions->banks, bank)
		spans_remove(&cut, bank->base, bank->size);
	array_for_each (&cut, span)
		*array_add(&regions->banks) =
			(struct bank){whole->name, span->first, span->last - span->first + 1};
	array_free(&cut);
}

/* Cuts the banks of arm64, which has the kernel and an initrd as RAM all the same. */
static void cut_around_loaded(struct regions *regions, const struct kernel_facts *facts,
			      uint64_t size)
{
	const size_t count = regions->banks.count;
	AUTO_FREE struct bank *whole = xmemdup(regions->banks.items, count * sizeof(*whole));

	cut_to_size(regions, size);
	for (size_t i = 0; i < count; i++) {
		if (regions->initrd.size) {
			const struct range pages = ram_pages(&regions->initrd, facts);

			add_back(regions, &whole[i], &pages);
		}
		if (!facts->taken)
			continue;
		array_for_each (facts->taken, range) {
			if (range->size > TREE_MOST) /* else it may be the tree, which is not */
				add_back(regions, &whole[i], range);
		}
	}
	qsort(regions->banks.items, regions->banks.count, sizeof(*regions->banks.items),
	      compare_banks);
}

static void cut_by_mem(struct regions *regions, const struct kernel_facts *facts)
{
	const struct command_line *line = &facts->cmdline;
	uint64_t left = line->mem_size & ~(kernel_facts_page_size(facts) - 1);
	bool arm = kernel_facts_is(facts, "arm");
	struct spans before = {0};

	if (!line->mem_count || !left || ram_cut_is_open(facts) ||
	    (facts->architecture && !arm && !kernel_facts_is(facts, "arm64") &&
	     !kernel_facts_is(facts, "riscv")))
		return;
	regions->banks_cut = true;
	if (!facts->architecture || kernel_facts_is(facts, "arm64")) {
		cut_around_loaded(regions, facts, left);
		return;
	}
	if (!arm) {
		cut_to_size(regions, left);
		return;
	}
	ram_spans(regions, &before);
	if (line->mem_at)
		regions->banks.items[0].base = line->mem_base;
	regions->banks.items[0].size = left;
	regions->banks.count = 1;
	/* without LPAE what lies above 4 GiB is left out: arm_add_memory() */
	if (facts->lpae != YES)
		spans_add(&before, UINT64_C(1) << 32, UINT64_MAX);
	if (!facts->live)
		regions->banks_added =
			left - spans_bytes(&before, regions->banks.items[0].base, left);
	array_free(&before);
}

uint64_t ram_lowmem_end(const struct regions *regions, const struct kernel_facts *facts)
{
	const uint64_t offset = facts->page_offset ? facts->page_offset : UINT64_C(0xc0000000);
	const uint64_t first = regions->banks.count ? regions->banks.items[0].base : 0;
	/* VMALLOC_END - PAGE_OFFSET, of which VMALLOC_OFFSET is no part, nor of vmalloc= in 5.10 */
	uint64_t room = UINT64_C(0xff800000) - offset, vmalloc = 240 * MIB;

	if (!kernel_facts_is(facts, "arm") || !regions->banks.count)
		return 0;
	if (!facts->cmdline.vmalloc || kernel_facts_version(facts) >= KERNEL(5, 14, 0))
		room -= 8 * MIB;
	if (facts->cmdline.vmalloc)
		vmalloc = facts->cmdline.vmalloc;
	if (vmalloc > room - 32 * MIB)
		vmalloc = room - 32 * MIB;
	return room - vmalloc + (first & ~(2 * MIB - 1));
}

/* On 32-bit Arm without CONFIG_HIGHMEM: what lies above lowmem is no RAM. */
static void cut_to_lowmem(struct regions *regions, const struct kernel_facts *facts)
{
	uint64_t end = ram_lowmem_end(regions, facts);
	size_t count = 0;

	if (!end || facts->highmem != NO)
		return;
	array_for_each (&regions->banks, bank) {
		if (bank->base >= end)
			continue;
		if (bank->size > end - bank->base)
			bank->size = end - bank->base;
		regions->banks.items[count++] = *bank;
	}
	regions->banks.count = count;
}

void ram_settle(struct regions *regions, const struct kernel_facts *facts)
{
	if (facts->banks)
		state_banks(regions, facts->banks);
	regions->banks_sure |= facts->live;
	if (!regions->banks.count)
		return;
	qsort(regions->banks.items, regions->banks.count, sizeof(*regions->banks.items),
	      compare_banks);
	cut_by_mem(regions, facts);
	cut_to_lowmem(regions, facts);
}

void ram_spans(const struct regions *regions, struct spans *spans)
{
	array_for_each (&regions->banks, bank)
		spans_add(spans, bank->base, bank->size);
}

static uint64_t section_size(const struct kernel_facts *facts)
{
	if (kernel_facts_version(facts) < KERNEL(5, 12, 0))
		return 1024 * MIB;
	return kernel_facts_page_size(facts) == 65536 ? 512 * MIB : 128 * MIB;
}

/* Whether a section that the bytes from FIRST to LAST touch has no RAM at all. */
static bool lacks_section(const struct spans *ram, uint64_t section, uint64_t first, uint64_t last)
{
	uint64_t at = first & ~(section - 1);

	while (at <= last) {
		size_t i = spans_find(ram, at);

		if (i == ram->count || ram->items[i].first > (at | (section - 1)))
			return true;
		/* the last section in which this span lies is the last that is sure to have RAM */
		at = ram->items[i].last | (section - 1);
		if (at == UINT64_MAX)
			return false;
		at++;
	}
	return false;
}

enum in_ram ram_has(const struct spans *ram, const struct kernel_facts *facts, uint64_t base,
		    uint64_t size)
{
	if (!ram->count || !size || spans_bytes(ram, base, size) == size)
		return IN_RAM;
	if (kernel_facts_is(facts, "arm") ||
	    lacks_section(ram, section_size(facts), base, last_address(base, size)))
		return OUTSIDE_RAM;
	return IN_RAM_HOLES;
}
