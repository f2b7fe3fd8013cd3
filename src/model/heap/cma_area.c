// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/cma_area.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/heap/heap.h"
#include "sys/root.h"

/* A directory there is called as the area; before Linux 6.1 "cma-NAME", cut to this length. */
#define CUT_PREFIX "cma-"
#define CUT_LENGTH 15

/* Sets a fact from a file of one number, where it can be read. */
static void read_fact(const struct root *root, struct fact *fact, const char *directory,
		      const char *area, const char *file)
{
	AUTO_FREE char *path = xasprintf("%s/%s/%s", directory, area, file);
	uint64_t value;

	if (!root_read_number(root, path, &value))
		fact_set(fact, value, "%s", path);
}

static void read_debugfs(const struct root *root, struct cma_area *area, const char *directory)
{
	struct fact pfn = {0}, used = {0};
	struct maybe base;

	area->debugfs = xasprintf("%s/%s", CMA_DEBUG_DIRECTORY, directory);
	read_fact(root, &area->total, CMA_DEBUG_DIRECTORY, directory, "count");
	read_fact(root, &area->largest, CMA_DEBUG_DIRECTORY, directory, "maxchunk");
	read_fact(root, &used, CMA_DEBUG_DIRECTORY, directory, "used");
	if (used.number.known && area->total.number.known &&
	    used.number.value <= area->total.number.value)
		fact_set(&area->available, area->total.number.value - used.number.value,
			 "%s/%s: count less used", CMA_DEBUG_DIRECTORY, directory);
	/* an area has had several ranges since 6.15, of which the first holds small ones whole */
	read_fact(root, &pfn, CMA_DEBUG_DIRECTORY, directory, "ranges/0/base_pfn");
	read_fact(root, &pfn, CMA_DEBUG_DIRECTORY, directory, "base_pfn");
	base = pages_in_bytes(pfn.number, root_page_size(root));
	if (base.known)
		fact_set(&area->base, base.value, "%s", pfn.source);
	fact_free(&pfn);
	fact_free(&used);
}

static void read_sysfs(const struct root *root, struct cma_area *area)
{
	read_fact(root, &area->total, CMA_DIRECTORY, area->name, "total_pages");
	read_fact(root, &area->available, CMA_DIRECTORY, area->name, "available_pages");
	read_fact(root, &area->allocated, CMA_DIRECTORY, area->name, "alloc_pages_success");
	read_fact(root, &area->failed, CMA_DIRECTORY, area->name, "alloc_pages_fail");
	read_fact(root, &area->released, CMA_DIRECTORY, area->name, "release_pages_success");
}

/* Says whether two names are one as a directory of debugfs before Linux 6.1. */
static bool are_cut_alike(const char *a, const char *b)
{
	return !strncmp(a, b, CUT_LENGTH - strlen(CUT_PREFIX));
}

/* The directory in debugfs, among those SHOWN there, of one of the areas; NULL: none, or unknown.
 */
static const char *directory_of(const struct strings *shown, const struct strings *areas,
				const char *area)
{
	if (strings_have(shown, area))
		return area;
	array_for_each (areas, other) {
		if (strcmp(*other, area) != 0 && are_cut_alike(*other, area))
			return NULL; /* the directory is that of the one which the kernel made first
				      */
	}
	array_for_each (shown, directory) {
		if (text_starts_with(*directory, CUT_PREFIX) &&
		    are_cut_alike(*directory + strlen(CUT_PREFIX), area))
			return *directory;
	}
	return NULL;
}

int cma_areas_read(const struct root *root, struct cma_areas *areas)
{
	AUTO_STRINGS struct strings names = {0}, shown = {0};
	bool sysfs = !root_list(root, CMA_DIRECTORY, &names);
	int error = root_list(root, CMA_DEBUG_DIRECTORY, &shown);

	if (error && !sysfs)
		return error;
	if (names.count > HEAP_ENTRIES_MAX || shown.count > HEAP_ENTRIES_MAX)
		return -E2BIG;
	areas->counted = sysfs;
	array_for_each (sysfs ? &names : &shown, name) {
		const char *directory = sysfs ? directory_of(&shown, &names, *name) : *name;
		struct cma_area *area = array_add(areas);

		area->name = xstrdup(*name);
		if (sysfs)
			read_sysfs(root, area);
		if (directory)
			read_debugfs(root, area, directory);
	}
	return 0;
}

/* The name of the pool that begins with a cut name and is at the area's place; NULL: not one alone.
 */
static char *whole_name(const struct cma_area *area, const char *cut, const struct regions *regions)
{
	char *found = NULL;

	array_for_each (regions, region) {
		AUTO_FREE char *name = cma_area_name(region->name);

		if (region->kind != REGION_CMA_POOL || !region->enabled ||
		    !are_cut_alike(name, cut))
			continue;
		if (region->placement == REGION_STATIC && area->base.number.known &&
		    area->base.number.value != region->base)
			continue;
		if (found) {
			free(found);
			return NULL;
		}
		found = TAKE_POINTER(name);
	}
	return found;
}

/* Says whether a node has this very name: then it is whole. */
static bool is_name_of(const struct regions *regions, const char *name)
{
	array_for_each (regions, region) {
		if (!strcmp(region->name, name))
			return true;
	}
	return false;
}

void cma_areas_complete(struct cma_areas *areas, const struct regions *regions)
{
	array_for_each (areas, area) {
		const char *cut = area->name + strlen(CUT_PREFIX);
		char *name;

		/* counted: the kernel has CMA_DIRECTORY, where names are whole */
		if (area->allocated.number.known || is_name_of(regions, area->name) ||
		    !text_starts_with(area->name, CUT_PREFIX) || strlen(area->name) > CUT_LENGTH)
			continue;
		name = strlen(area->name) < CUT_LENGTH ? xstrdup(cut)
						       : whole_name(area, cut, regions);
		if (!name)
			continue;
		free(area->name);
		area->name = name;
	}
}

void cma_areas_free(struct cma_areas *areas)
{
	array_for_each (areas, area) {
		free(area->name);
		free(area->debugfs);
		fact_free(&area->total);
		fact_free(&area->available);
		fact_free(&area->largest);
		fact_free(&area->allocated);
		fact_free(&area->failed);
		fact_free(&area->released);
		fact_free(&area->base);
	}
	array_free(areas);
}

const struct cma_area *cma_find(const struct cma_areas *areas, const char *name)
{
	array_for_each (areas, area) {
		if (!strcmp(area->name, name))
			return area;
	}
	return NULL;
}

const struct cma_area *cma_area_of_node(const struct cma_areas *areas, const char *node)
{
	AUTO_FREE char *name = cma_area_name(node);

	return cma_find(areas, name);
}

int cma_counter_read(const struct root *root, const char *area, const char *file, uint64_t *pages)
{
	AUTO_FREE char *path = xasprintf("%s/%s/%s", CMA_DIRECTORY, area, file);

	return root_read_number(root, path, pages);
}

int cma_counters_read(const struct root *root, const char *area, struct cma_counters *counters)
{
	struct cma_counters read = {0};
	int error = cma_counter_read(root, area, "alloc_pages_success", &read.allocated);

	if (error)
		return error;
	if (cma_counter_read(root, area, "release_pages_success", &read.released))
		read.released = 0;
	*counters = read;
	return 0;
}

int cma_pages_in_use(const struct root *root, const char *area, uint64_t *pages)
{
	uint64_t taken, given_back;
	/* first, so that no page is given back between the two that is not counted as taken */
	int error = cma_counter_read(root, area, "release_pages_success", &given_back);

	if (!error)
		error = cma_counter_read(root, area, "alloc_pages_success", &taken);
	if (error)
		return error;
	*pages = taken > given_back ? taken - given_back : 0;
	return 0;
}

int cma_area_changed(size_t count, const struct cma_counters *before,
		     const struct cma_counters *after, uint64_t pages)
{
	int changed = CMA_CHANGED_NONE;

	for (size_t i = 0; i < count; i++) {
		if (before[i].allocated == after[i].allocated)
			continue;
		if (after[i].allocated - before[i].allocated != pages ||
		    changed != CMA_CHANGED_NONE)
			return CMA_CHANGED_OTHERWISE;
		changed = (int)i;
	}
	return changed;
}
