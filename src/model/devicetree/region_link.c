// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/region_link.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

/* The string at INDEX of a list, or NULL. */
static const char *string_at(const char *list, int length, uint32_t index)
{
	while (length > 0) {
		size_t own = strnlen(list, (size_t)length);

		if (own == (size_t)length)
			return NULL;
		if (!index--)
			return list;
		list += own + 1;
		length -= (int)own + 1;
	}
	return NULL;
}

/* Regions by phandle or by name: hostile trees have thousands of them, and of consumers. */
struct finder {
	struct region **items;
	size_t count;
};

static int compare_phandles(const void *a, const void *b)
{
	const struct region *one = *(struct region *const *)a;
	const struct region *other = *(struct region *const *)b;

	return one->phandle < other->phandle ? -1 : one->phandle > other->phandle;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(struct region *const *)a)->name, (*(struct region *const *)b)->name);
}

static void finder_make(struct finder *finder, struct regions *regions,
			int (*compare)(const void *, const void *))
{
	finder->count = 0;
	array_for_each (regions, region)
		finder->items[finder->count++] = region;
	qsort(finder->items, finder->count, sizeof(*finder->items), compare);
}

static struct region *finder_find(const struct finder *finder, struct region *key,
				  int (*compare)(const void *, const void *))
{
	struct region **found =
		bsearch(&key, finder->items, finder->count, sizeof(*finder->items), compare);

	return found ? *found : NULL;
}

static void read_consumer(const void *blob, const struct tree_consumer *from,
			  const struct finder *finder, struct regions *regions)
{
	const char *names = NULL;
	int length, names_length = 0;
	const char *cells = fdt_getprop_by_offset(blob, from->memory_region, NULL, &length);

	if (from->memory_region_names >= 0)
		names = fdt_getprop_by_offset(blob, from->memory_region_names, NULL, &names_length);
	for (uint32_t i = 0; cells && i < (uint32_t)length / 4 && i < ENTRIES_MAX; i++) {
		uint32_t phandle = fdt32_ld((const fdt32_t *)cells + i);
		struct region key = {.phandle = phandle};
		struct region *region =
			phandle ? finder_find(finder, &key, compare_phandles) : NULL;
		struct consumer *consumer =
			array_add(region ? &region->consumers : &regions->unresolved);

		consumer->path = xstrdup(from->path);
		consumer->name = string_at(names, names_length, i);
		consumer->phandle = phandle;
		consumer->index = i;
		consumer->offset = from->offset;
		consumer->enabled = from->enabled;
	}
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

/* Which unresolved links point at a node after all, one that is no region. */
static void mark_elsewhere(const struct tree_index *index, struct regions *regions)
{
	AUTO_FREE uint32_t *phandles = NULL;
	size_t count = index->phandles.count;

	if (!regions->unresolved.count || !count)
		return;
	phandles = xmemdup(index->phandles.items, count * sizeof(*phandles));
	qsort(phandles, count, sizeof(*phandles), compare_numbers);
	array_for_each (&regions->unresolved, consumer)
		consumer->elsewhere = bsearch(&consumer->phandle, phandles, count,
					      sizeof(*phandles), compare_numbers);
}

void regions_link(const void *blob, const struct tree_index *index, struct regions *regions)
{
	struct finder finder = {.items = xcalloc(regions->count + 1, sizeof(*finder.items))};

	finder_make(&finder, regions, compare_phandles);
	array_for_each (&index->consumers, consumer)
		read_consumer(blob, consumer, &finder, regions);
	finder_make(&finder, regions, compare_names);
	array_for_each (&index->labels, label) {
		struct region key = {.name = label->node};
		struct region *region = finder_find(&finder, &key, compare_names);

		if (region)
			strings_add(&region->labels, label->label);
	}
	free(finder.items);
	mark_elsewhere(index, regions);
}
