// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/region_order.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/xalloc.h"

/* Static regions come last. */
static int compare_placement(const struct region *one, const struct region *other)
{
	bool one_is_static = one->placement == REGION_STATIC;

	if (one_is_static != (other->placement == REGION_STATIC))
		return one_is_static ? 1 : -1;
	return 0;
}

static int compare_in_tree(const void *a, const void *b)
{
	const struct region *one = *(const struct region *const *)a;
	const struct region *other = *(const struct region *const *)b;
	int order = compare_placement(one, other);

	if (order)
		return order;
	return one->offset < other->offset ? -1 : one->offset > other->offset;
}

/* __rmem_cmp(), drivers/of/of_reserved_mem.c: dynamic regions have no address and size yet. */
static int compare_by_address(const struct region *one, const struct region *other)
{
	bool one_is_static = one->placement == REGION_STATIC;
	bool other_is_static = other->placement == REGION_STATIC;
	uint64_t one_base = one_is_static ? one->base : 0, one_size = one_is_static ? one->size : 0;
	uint64_t base = other_is_static ? other->base : 0, size = other_is_static ? other->size : 0;

	if (one_base != base)
		return one_base < base ? -1 : 1;
	return order_of(one_size, size);
}

static void swap(const struct region **one, const struct region **other)
{
	const struct region *kept = *one;

	*one = *other;
	*other = kept;
}

/* sort(), lib/sort.c (6.1): it moves equal ones, all dynamic regions, and in its own way. */
static void sort_as_kernel(const struct region **items, size_t count)
{
	size_t end = count, top = count / 2;

	while (top || end > 1) {
		size_t at, child, sibling;

		if (top)
			top--;
		else
			swap(&items[0], &items[--end]);
		for (at = top; child = 2 * at + 1, sibling = child + 1, sibling < end;)
			at = compare_by_address(items[child], items[sibling]) >= 0 ? child
										   : sibling;
		if (sibling == end)
			at = child;
		while (at != top && compare_by_address(items[top], items[at]) >= 0)
			at = (at - 1) / 2;
		for (child = at; at != top;) {
			at = (at - 1) / 2;
			swap(&items[at], &items[child]);
		}
	}
}

/* fdt_reserved_mem_save_node(): what is sorted. */
static bool is_saved(const struct region *region)
{
	return region->enabled &&
	       (region->placement == REGION_STATIC || (!region->has_reg && region->has_size));
}

static int compare_saved(const void *a, const void *b)
{
	const struct region *one = *(const struct region *const *)a;
	const struct region *other = *(const struct region *const *)b;

	if (is_saved(one) != is_saved(other))
		return is_saved(one) ? 1 : -1;
	return one->offset < other->offset ? -1 : one->offset > other->offset;
}

const struct region **regions_in_boot_order(const struct regions *regions, bool by_address)
{
	const struct region **ordered = xcalloc(regions->count + 1, sizeof(*ordered));
	size_t count = 0, saved = 0;

	array_for_each (regions, region)
		ordered[count++] = region;
	if (count)
		qsort(ordered, count, sizeof(*ordered), compare_in_tree);
	if (!by_address || !count)
		return ordered;
	/* in the tree's order, those that are not saved first */
	qsort(ordered, count, sizeof(*ordered), compare_saved);
	while (saved < count && !is_saved(ordered[saved]))
		saved++;
	sort_as_kernel(ordered + saved, count - saved);
	return ordered;
}
