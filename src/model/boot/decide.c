// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/decide.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/boot.h"
#include "model/boot/dropped.h"
#include "model/boot/known_names.h"
#include "model/boot/region_order.h"
#include "model/boot/seen.h"

/* The early scan: all static regions are reserved before anything is placed. */

/*
 * Whether a kernel may leave a page of which a part is no-map without a mapping: "arm64: mm: fix
 * accidental linear mapping of no-map reserved memory", in map_mem(), arch/arm64/mm/mmu.c. 6.12.117
 * has it; what is read of other series is their last release without it.
 */
static bool may_leave_unmapped(uint32_t version)
{
	static const struct {
		uint32_t series, without; /* 0: not read */
	} read[] = {{KERNEL(5, 10, 0), 262}, {KERNEL(5, 15, 0), 0},   {KERNEL(6, 1, 0), 192},
		    {KERNEL(6, 6, 0), 0},    {KERNEL(6, 12, 0), 116}, {KERNEL(6, 18, 0), 0},
		    {KERNEL(7, 1, 0), 0},    {KERNEL(7, 2, 0), 13}};

	for (size_t i = 0; i < COUNT_OF(read); i++) {
		const uint32_t patch = version - read[i].series;

		/* without a release the series is meant, of which one has it */
		if (patch < KERNEL(0, 1, 0))
			return !read[i].without || patch > read[i].without ||
			       (!patch && read[i].series == KERNEL(6, 12, 0));
	}
	return version > KERNEL_NEWEST;
}

/*
 * Whether what is loaded and larger than the tree, of which the kernel is one, is in the same 2 MiB
 * as RANGE: map_lowmem(), arch/arm/mm/mmu.c, seen on 7.2.
 */
static bool is_beside_kernel(const struct boot *boot, const struct range *range)
{
	const uint64_t mask = (UINT64_C(2) << 20) - 1;
	const uint64_t first = range->base & ~mask,
		       last = last_address(range->base, range->size) | mask;

	if (!kernel_facts_is(boot->facts, "arm") || !boot->facts->taken)
		return false;
	array_for_each (boot->facts->taken, loaded) {
		if (loaded->size > TREE_MOST && loaded->base <= last &&
		    last_address(loaded->base, loaded->size) >= first)
			return true;
	}
	return false;
}

/*
 * Whether a page that ends at END, and of which something inside is no-map, is mapped twice in a
 * way that is a BUG: see check_shared_pages().
 */
static bool is_mapped_twice(const struct boot *boot, uint64_t end)
{
	if (kernel_facts_is(boot->facts, "arm"))
		return !(end % (UINT64_C(1) << 20)); /* SECTION_SIZE, or half of it with LPAE */
	return !boot->facts->architecture || kernel_facts_is(boot->facts, "arm64");
}

/* Remembers what of no-map memory may stop the boot. */
static void note_edges(struct boot *boot, const struct region *region, const struct range *range)
{
	const uint64_t mask = kernel_facts_page_size(boot->facts) - 1;
	const uint64_t ends[] = {range->base, range->base + range->size};
	const bool inside =
		range->base & mask && ends[1] & mask && !((range->base ^ ends[1]) & ~mask);

	if (!region->no_map || !range->size)
		return;
	if (inside && is_mapped_twice(boot, (ends[1] | mask) + 1))
		*array_add(&boot->inside_pages) =
			(struct edge){region, ends[0] & ~mask, EDGE_TWICE};
	if (is_beside_kernel(boot, range))
		*array_add(&boot->inside_pages) = (struct edge){region, 0, EDGE_KERNEL};
	else if (kernel_facts_is(boot->facts, "arm") && boot->facts->lpae != YES)
		*array_add(&boot->inside_pages) = (struct edge){region, range->base, EDGE_SECTION};
	if (!may_leave_unmapped(boot->version) ||
	    (boot->facts->architecture && !kernel_facts_is(boot->facts, "arm64")))
		return;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (ends[i] & mask)
			*array_add(&boot->inside_pages) =
				(struct edge){region, ends[i] & ~mask, EDGE_UNMAPPED};
	}
}

/* early_init_dt_reserve_memory(): no-map is refused where the RAM is reserved already. */
static bool reserve_range(struct boot *boot, const struct region *region, const struct range *range)
{
	struct memblock *memblock = &boot->memblock;

	if (region->no_map && spans_meet(&memblock->reserved, range->base, range->size) &&
	    (boot->version < ASKS_FOR_RAM ||
	     spans_meet(&memblock->memory, range->base, range->size)))
		return false;
	spans_add(region->no_map ? &memblock->no_map : &memblock->reserved, range->base,
		  range->size);
	note_edges(boot, region, range);
	return true;
}

static void reserve_static(struct boot *boot, const struct region *region)
{
	const struct range first = {region->base, region->size};

	if (is_refused_early(boot, region))
		return;
	if (!reserve_range(boot, region, &first)) {
		/* it is set up all the same, and what is refused then is given back */
		if (boot->version >= FREES_NO_MAP || region->kind != REGION_COHERENT_POOL ||
		    !region->reusable)
			fate_set(fate_of(boot, region), FATE_DROPPED,
				 "dropped: no-map, but its memory is reserved already");
	} else if (region->size && is_remapped_early(boot, region))
		*array_add(&boot->remapped) = region;
	if (boot->version >= FIRST_REG_ONLY)
		return;
	array_for_each (&region->more_reg, range)
		reserve_range(boot, region, range);
}

static void reserve_memreserve(struct boot *boot)
{
	spans_add_all(&boot->memblock.reserved, &boot->regions->memreserve);
}

static bool is_static(const struct boot *boot, const struct region *region)
{
	bool no_memory = false;
	AUTO_FREE char *why = NULL;

	if (region->placement != REGION_STATIC)
		return false;
	why = dropped_why(boot->regions, region, boot->version, &no_memory);
	return !why;
}

/*
 * Where the kernel lies, if that is known: 32-bit Arm takes its place for where the RAM begins
 * (Documentation/arch/arm/booting.rst, arch/arm/kernel/head.S).
 */
static bool kernel_at_start(const struct regions *regions, const struct kernel_facts *facts,
			    struct range *place)
{
	if (!kernel_facts_is(facts, "arm") || !regions->banks_sure || !regions->banks.count ||
	    facts->cmdline.mem_at)
		return false;
	*place = (struct range){regions->banks.items[0].base, KERNEL_MOST};
	return true;
}

/* setup_bootmem(), arch/riscv/mm/init.c (7.2): once dynamic regions are placed. */
static bool reserves_tree_late(const struct boot *boot)
{
	return kernel_facts_is(boot->facts, "riscv");
}

/* Whether RANGE is the initrd that the tree names. */
static bool is_initrd(const struct boot *boot, const struct range *range)
{
	return boot->regions->initrd.size && range->base == boot->regions->initrd.base;
}

/*
 * Where the tree lies: it is the smallest of what is loaded, but for the initrd that it names.
 * NULL: that is not known.
 */
static const struct range *tree_place(const struct boot *boot)
{
	const struct range *tree = NULL;

	if (!boot->facts->taken)
		return NULL;
	array_for_each (boot->facts->taken, range) {
		if (!is_initrd(boot, range) && range->size <= TREE_MOST &&
		    (!tree || range->size < tree->size))
			tree = range;
	}
	return tree;
}

static void reserve_tree(struct boot *boot)
{
	const struct range *tree = tree_place(boot);

	if (tree)
		spans_add(&boot->memblock.reserved, tree->base, tree->size);
	else if (!boot->facts->taken)
		*array_add(&boot->memblock.hidden) = (struct hidden){TREE_MOST, ANYWHERE};
}

/*
 * Why all but arm64 neither reserve nor use the initrd: arm_initrd_init(), arch/arm/mm/init.c
 * (5.10), reserve_initrd_mem(), init/initramfs.c (7.2). NULL: they do. The tree is reserved later.
 * RISC-V rounds the kernel's end up: setup_bootmem(), arch/riscv/mm/init.c (7.2).
 */
static const char *initrd_unused_why(const struct boot *boot)
{
	const struct range *initrd = &boot->regions->initrd;
	const struct range pages = ram_pages(initrd, boot->facts);
	const bool riscv = kernel_facts_is(boot->facts, "riscv");
	const uint64_t rest = riscv ? (UINT64_C(2) << 20) - 1 : 0;

	if (!initrd->size || boot->facts->live || !boot->memblock.memory.count ||
	    (!riscv && !kernel_facts_is(boot->facts, "arm")))
		return NULL;
	if (spans_bytes(&boot->memblock.memory, pages.base, pages.size) != pages.size)
		return boot->regions->banks_cut ? "is not all RAM, because of mem="
						: "is not all RAM";
	if (!boot->facts->taken)
		return NULL;
	array_for_each (boot->facts->taken, range) {
		if (range->size > TREE_MOST && !is_initrd(boot, range) &&
		    range->base <= last_address(pages.base, pages.size) &&
		    pages.base <= (last_address(range->base, range->size) | rest))
			return "overlaps the kernel, or what else is loaded";
	}
	return NULL;
}

/* What the kernel knows before it looks for regions. */
static void begin_memblock(struct boot *boot)
{
	const struct kernel_facts *facts = boot->facts;
	const struct range *initrd = &boot->regions->initrd;
	const struct range *tree = tree_place(boot);
	struct memblock *memblock = &boot->memblock;

	ram_spans(boot->regions, &memblock->memory);
	boot->fates->initrd_unused_why = initrd_unused_why(boot);
	/* whole pages: arm64_memblock_init(), reserve_initrd_mem() (6.12, 7.2) */
	if (initrd->size) {
		const struct range pages = ram_pages(initrd, facts);

		if (!boot->fates->initrd_unused_why)
			spans_add(&memblock->reserved, pages.base, pages.size);
	} else if (!facts->live && !facts->taken) {
		*array_add(&memblock->hidden) = (struct hidden){INITRD_MOST, ANYWHERE};
	}
	if (!facts->taken) {
		if (!kernel_at_start(boot->regions, facts, &memblock->kernel))
			*array_add(&memblock->hidden) = (struct hidden){KERNEL_MOST, ANYWHERE};
	} else {
		array_for_each (facts->taken, range) {
			if (range != tree &&
			    !(boot->fates->initrd_unused_why && is_initrd(boot, range)))
				spans_add(&memblock->reserved, range->base, range->size);
		}
	}
	if (!reserves_tree_late(boot))
		reserve_tree(boot);
}

/* A dynamic region that is not placed, or perhaps not. */
static void set_no_place(const struct boot *boot, const struct region *region,
			 const struct dynamic_place *place)
{
	static const char *const reasons[] = {
		[HAS_PLACE] = "there may be no room",
		[NO_ROOM] = "no RAM is left that is large enough",
		[NO_RANGE] = "no memory of alloc-ranges is free and large enough",
		[NO_RAM] = "the memory banks have too little RAM in alloc-ranges",
		[TOO_MANY_DYNAMIC] =
			("the kernel places " TEXT_OF(DYNAMIC_REGIONS_MAX) " dynamic regions at "
									   "most"),
	};
	struct fate *fate = fate_of(boot, region);
	AUTO_FREE char *obstacles = NULL;

	fate->no_place = place->why_not;
	if (!place->sure) {
		fate_set(fate, FATE_OPEN, "open: %s%s: %s",
			 fate->text && fate->kind == FATE_NO_HEAP ? "no heap in any case, but "
								  : "",
			 reasons[place->why_not], what_is_missing(boot, !place->why_not));
		if (region->kind == REGION_CMA_POOL)
			may_have_heap(fate, region->name);
	} else if (place->why_not == NO_RANGE ||
		   (place->why_not == NO_ROOM && !boot->memblock.hidden.count)) {
		obstacles = dynamic_obstacles(&boot->memblock, region);
		fate_set(fate, FATE_DROPPED, "dropped: %s: %s", reasons[place->why_not], obstacles);
	} else {
		fate_set(fate, FATE_DROPPED, "dropped: %s", reasons[place->why_not]);
	}
}

/* The running kernel has not made the area: what was in the way, as far as it shows that. */
static bool explain_missing(const struct boot *boot, const struct region *region)
{
	const struct seen *seen = boot->facts->seen;
	struct dynamic_place place;
	AUTO_FREE char *obstacles = NULL;
	struct memblock memblock;

	if (!seen || !seen->areas_known || region->kind != REGION_CMA_POOL ||
	    !seen->reserved.count || area_is_seen(boot, region->name))
		return false;
	memblock_copy(&boot->memblock, &memblock);
	array_free(&memblock.hidden);
	array_for_each (&seen->reserved, span)
		spans_add(&memblock.reserved, span->first, span->last - span->first + 1);
	dynamic_find(&memblock, region, boot->facts, &boot->dynamic, true, &place);
	obstacles = dynamic_obstacles(&memblock, region);
	memblock_free(&memblock);
	if (!place.why_not)
		return false;
	fate_of(boot, region)->no_place = place.why_not;
	fate_set(fate_of(boot, region), FATE_DROPPED,
		 "dropped: the kernel has found no place for it: %s", obstacles);
	return true;
}

/* A region that is placed where the tree lies, before that is reserved. */
static void check_over_tree(const struct boot *boot, const struct region *region, uint64_t base)
{
	const struct range *tree = reserves_tree_late(boot) ? tree_place(boot) : NULL;
	struct fate *fate = fate_of(boot, region);

	if (!tree || boot->facts->live || fate->kind == FATE_DROPPED ||
	    base > last_address(tree->base, tree->size) ||
	    tree->base > last_address(base, region->size))
		return;
	fate->over_others = true;
	fate_set(fate, FATE_OPEN,
		 "open: it is placed over the device tree at 0x%llx, which RISC-V reserves later: "
		 "the boot may stop, or later what uses both",
		 (unsigned long long)tree->base);
	if (region->kind == REGION_CMA_POOL)
		may_have_heap(fate, region->name);
}

/* … or may be: nothing says where that lies. */
static void check_tree_unknown(struct boot *boot)
{
	if (!reserves_tree_late(boot) || boot->facts->live || tree_place(boot))
		return;
	array_for_each (boot->regions, region) {
		struct fate *fate = fate_of(boot, region);

		if (region->placement == REGION_DYNAMIC && fate->kind == FATE_HEAP)
			fate_set(fate, FATE_OPEN,
				 "open: it may be placed over the device tree, which RISC-V "
				 "reserves later (--taken states where that lies)");
	}
}

static void decide_dynamic(struct boot *boot, const struct region *region)
{
	bool seen = region->kind == REGION_CMA_POOL && area_is_seen(boot, region->name);
	struct dynamic_place place;

	if (++boot->scanned > DYNAMIC_REGIONS_MAX) {
		place = (struct dynamic_place){.why_not = TOO_MANY_DYNAMIC, .sure = true};
		set_no_place(boot, region, &place);
		return;
	}
	/* not given memory at all (7.2), or given it and back */
	if (is_refused_for_cma(boot, region)) {
		set_up(boot, region, 0, false);
		return;
	}
	dynamic_find(&boot->memblock, region, boot->facts, &boot->dynamic,
		     boot->regions->banks_sure, &place);
	if (!seen && explain_missing(boot, region))
		return;
	if (place.at_base)
		spans_add(region->no_map ? &boot->memblock.no_map : &boot->memblock.reserved,
			  place.base, region->size);
	else if (seen || !place.why_not || !place.sure)
		*array_add(&boot->memblock.hidden) = (struct hidden){region->size, place.where};
	if (place.base) {
		*array_add(&boot->dynamic) = (struct range){place.base, region->size};
		note_edges(boot, region, &boot->dynamic.items[boot->dynamic.count - 1]);
	}
	if (seen || !place.why_not)
		set_up(boot, region, place.base, place.at_base);
	if (!place.at_base && !place.why_not && fate_of(boot, region)->kind == FATE_DROPPED)
		boot->memblock.hidden.count--; /* it has been given back */
	else if (!place.at_base && !place.why_not)
		*(place.sure ? &boot->somewhere : &boot->perhaps) += region->size;
	/* what would be given back is dropped in any case */
	if (!seen && (place.why_not || !place.sure) && fate_of(boot, region)->kind != FATE_DROPPED)
		set_no_place(boot, region, &place);
	else if (place.base)
		check_over_tree(boot, region, place.base);
}

/* Whether a region has memory; else its fate says why not. */
static bool has_memory(struct boot *boot, const struct region *region)
{
	bool no_memory = false;
	AUTO_FREE char *why = dropped_why(boot->regions, region, boot->version, &no_memory);

	if (why)
		fate_set(fate_of(boot, region), FATE_DROPPED, "%s", why);
	else if (no_memory)
		fate_set(fate_of(boot, region), FATE_NO_HEAP,
			 "no heap: no memory, only iommu-addresses");
	return !why && !no_memory;
}

/* A difference, or 0. */
static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* What is free, less the regions that lie somewhere in it. */
static uint64_t bytes_left(const struct boot *boot)
{
	struct spans gaps = {0};
	uint64_t bytes;

	memblock_gaps(&boot->memblock, &gaps);
	bytes = spans_bytes(&gaps, 0, UINT64_MAX);
	array_free(&gaps);
	return less(bytes, boot->somewhere);
}

/* Too little for the kernel's page tables: seen on 7.2 and 6.12. */
static void check_page_tables(struct boot *boot)
{
	boot->fates->no_ram_left = boot->memblock.memory.count && bytes_left(boot) < UINT64_C(1)
											     << 20;
}

/*
 * What is loaded and larger than the tree, of which the kernel is one, where mem= takes it away:
 * seen on 7.2 (setup_bootmem(), arch/riscv/mm/init.c). arm64 keeps it, 32-bit Arm begins with it.
 */
static void check_kernel(struct boot *boot)
{
	if (!boot->regions->banks_cut || !kernel_facts_is(boot->facts, "riscv") ||
	    !boot->facts->taken)
		return;
	array_for_each (boot->facts->taken, range)
		boot->fates->kernel_left_out |=
			range->size > TREE_MOST && !is_initrd(boot, range) &&
			spans_bytes(&boot->memblock.memory, range->base, range->size) !=
				range->size;
}

/*
 * What RISC-V of 64 bits allocates in one piece for its 56 bits of addresses, at most:
 * memblocks_present(), mm/sparse.c (7.2), seen to stop it. Others want 2 MiB at most.
 */
static uint64_t section_roots(const struct kernel_facts *facts)
{
	return kernel_facts_is(facts, "riscv") && facts->sparsemem_extreme == YES
		       ? UINT64_C(32) << 20
		       : 0;
}

#define SWIOTLB_SIZE (UINT64_C(64) << 20) /* IO_TLB_DEFAULT_SIZE, include/linux/swiotlb.h (7.2) */

/* What goes to bounce buffers: arch_mm_preinit(), arch/{arm,arm64,riscv}/mm/init.c (7.2). */
static uint64_t bounce_buffers(const struct boot *boot)
{
	const uint64_t limit = boot->zones.dma_limit;

	return limit && memblock_end(&boot->memblock) > limit ? SWIOTLB_SIZE : 0;
}

/* The largest free piece, with BYTES that are placed somewhere at the end of what is free. */
static uint64_t largest_piece(const struct boot *boot, uint64_t bytes)
{
	struct memblock filled;
	struct spans gaps = {0};
	uint64_t largest;

	memblock_copy(&boot->memblock, &filled);
	memblock_fill_top(&filled, bytes);
	memblock_gaps(&filled, &gaps);
	largest = memblock_largest_gap(&gaps, 0, 0);
	array_free(&gaps);
	memblock_free(&filled);
	return largest;
}

/*
 * Too little for what the kernel allocates then, to which CMA areas do not lend: seen to stop
 * kernels from 5.10 to 7.2, of Debian's one that had 32 MiB of 130 left.
 */
static void check_left(struct boot *boot)
{
	const struct default_area *area = &boot->fates->other_place;
	const uint64_t roots = section_roots(boot->facts);
	const uint64_t need = early_allocations(boot->facts, &boot->memblock) + roots +
			      bounce_buffers(boot) + (UINT64_C(24) << 20);
	const uint64_t loaded = boot->facts->taken ? 0 : KERNEL_USUAL;
	const uint64_t all = spans_bytes(&boot->memblock.memory, 0, UINT64_MAX);
	uint64_t left, piece, elsewhere = boot->perhaps;

	if (!boot->regions->banks_sure || boot->facts->live || !boot->memblock.memory.count)
		return;
	if (boot->fates->other_area && !(area->fixed && area->sure))
		elsewhere += area->size;
	left = less(bytes_left(boot), elsewhere + loaded);
	piece = left < need || !roots ? left : largest_piece(boot, boot->somewhere + elsewhere);
	/* of a small machine that is no fault of its regions */
	boot->fates->has_little_ram = (left < need || piece < roots) && less(all, loaded) >= need &&
				      !boot->fates->no_ram_left;
	boot->fates->little_is_piece = left >= need;
	boot->fates->little_ram_left = piece;
}

/*
 * The rest of a page of which a part is no-map. Where it is on both sides, the page is mapped
 * twice, of which arm64 makes a BUG if it is the first or last one of what is mapped in one piece
 * (alloc_init_cont_pte(), arch/arm64/mm/mmu.c): seen on 6.1; 32-bit Arm if it is the last one of a
 * section (alloc_init_pte(), arch/arm/mm/mmu.c): seen on 7.2. Where it is not mapped, the kernel
 * allocates from it all the same, as from all RAM from the highest address down, and stops there:
 * seen on 6.12.117.
 */
static void check_shared_pages(struct boot *boot)
{
	const uint64_t page = kernel_facts_page_size(boot->facts);
	struct memblock filled;
	struct spans gaps = {0}, left = {0};

	if (!boot->inside_pages.count || boot->facts->live)
		return;
	memblock_copy(&boot->memblock, &filled);
	memblock_fill_top(&filled, early_allocations(boot->facts, &filled) + SWIOTLB_SIZE +
					   boot->fates->other_place.size);
	memblock_gaps(&boot->memblock, &gaps);
	memblock_gaps(&filled, &left);
	array_for_each (&boot->inside_pages, edge) {
		struct fate *fate = fate_of(boot, edge->region);

		if (fate->kind != FATE_NO_HEAP)
			continue;
		if (edge->kind == EDGE_KERNEL)
			fate_set(fate, FATE_OPEN,
				 "open: it is no-map in the same 2 MiB as the kernel, which 32-bit "
				 "Arm may not map then: the boot may stop");
		else if (edge->kind == EDGE_SECTION && splits_section(boot, edge->page))
			fate_set(fate, FATE_OPEN,
				 "open: it is no-map behind a whole MiB, and 32-bit Arm without "
				 "CONFIG_ARM_LPAE cannot map the rest of the same 2 MiB: the boot "
				 "may stop");
		else if (edge->kind == EDGE_TWICE &&
			 spans_meet(&boot->memblock.memory, edge->page, page))
			fate_set(fate, FATE_OPEN,
				 "open: it lies inside a page, and kernels that map the rest do "
				 "so twice: the boot may stop");
		else if (edge->kind == EDGE_UNMAPPED &&
			 spans_bytes(&left, edge->page, page) <
				 spans_bytes(&gaps, edge->page, page))
			fate_set(fate, FATE_OPEN,
				 "open: it begins or ends inside a page, of which some kernels do "
				 "not map the rest, but use it: the boot may stop");
	}
	array_free(&gaps);
	array_free(&left);
	memblock_free(&filled);
}

/* Where the boot stops nothing becomes a heap, and nothing is open. */
static void settle(struct fate *fate, const char *stopper)
{
	AUTO_FREE char *before = NULL;

	if (fate->kind != FATE_OPEN && fate->kind != FATE_HEAP)
		return;
	before = xstrdup(fate->kind == FATE_HEAP ? fate->text : fate_reason(fate));
	fate_set(fate, FATE_NO_HEAP, "no heap: %s stops the boot; but for that: %s", stopper,
		 before);
}

static void check_stops(struct boot *boot)
{
	const char *stopper = NULL;

	array_for_each (boot->regions, region) {
		if (fate_of(boot, region)->stops)
			stopper = region->name;
	}
	if (!stopper && boot->fates->other.stops)
		stopper = "the area of cma=";
	if (!stopper && boot->fates->no_ram_left && boot->regions->banks_sure)
		stopper = "lack of RAM";
	if (!stopper || boot->facts->live)
		return;
	array_for_each (boot->fates, fate)
		settle(fate, stopper);
	if (boot->fates->other.text)
		settle(&boot->fates->other, stopper);
}

/* The regions of a boot in its order, and the area of cma= or Kconfig between or after them. */
static void run(struct boot *boot)
{
	const bool late = boot->version >= LATE_SCAN;
	AUTO_FREE const struct region **in_tree = regions_in_boot_order(boot->regions, false);
	AUTO_FREE const struct region **ordered = regions_in_boot_order(boot->regions, !late);
	const size_t count = boot->regions->count;

	if (!late)
		reserve_memreserve(boot);
	for (size_t j = 0; j < count; j++) {
		if (is_static(boot, in_tree[j]))
			reserve_static(boot, in_tree[j]);
	}
	for (size_t j = 0; j < count; j++) {
		if (ordered[j]->placement != REGION_STATIC && has_memory(boot, ordered[j]))
			decide_dynamic(boot, ordered[j]);
	}
	if (reserves_tree_late(boot))
		reserve_tree(boot);
	if (late) {
		reserve_memreserve(boot);
		check_page_tables(boot);
		note_mapped(boot);
	}
	if (reserves_early(boot))
		decide_other_area(boot);
	for (size_t j = 0; j < count; j++) {
		const struct region *region = ordered[j];

		if (region->placement == REGION_STATIC && !fate_of(boot, region)->text &&
		    has_memory(boot, region))
			set_up(boot, region, region->base, true);
	}
	if (!late) {
		check_page_tables(boot);
		note_mapped(boot);
	}
	check_given_back(boot);
	check_remapped(boot);
	if (!reserves_early(boot))
		decide_other_area(boot);
	check_kernel(boot);
	check_left(boot);
	check_shared_pages(boot);
	decide_heaps(boot);
	check_tree_unknown(boot);
	check_stops(boot);
}

void fates_decide(const struct regions *regions, const struct kernel_facts *facts,
		  struct fates *fates)
{
	struct boot boot = {.regions = regions,
			    .facts = facts,
			    .fates = fates,
			    .version = kernel_facts_version(facts),
			    .default_index = SIZE_MAX};

	memset(fates, 0, sizeof(*fates));
	for (size_t j = 0; j < regions->count; j++)
		array_add(fates);
	zones_find(regions, facts, &boot.zones);
	begin_memblock(&boot);
	run(&boot);
	array_for_each (&boot.areas, area)
		free(area->name);
	array_free(&boot.areas);
	strings_free(&boot.taken);
	array_free(&boot.dynamic);
	array_free(&boot.remapped);
	array_free(&boot.mapped);
	array_free(&boot.inside_pages);
	memblock_free(&boot.memblock);
}
