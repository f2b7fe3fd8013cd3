/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMA areas, as the kernel accounts for them: /sys/kernel/mm/cma (CONFIG_CMA_SYSFS) and, where it
 * may be read, /sys/kernel/debug/cma (CONFIG_CMA_DEBUGFS). mm/cma_sysfs.c, mm/cma_debug.c
 */
#ifndef MODEL_HEAP_CMA_AREA_H
#define MODEL_HEAP_CMA_AREA_H

#include "base/array.h"
#include "model/devicetree/region.h"
#include "model/heap/fact.h"

struct root;

#define CMA_DIRECTORY       "/sys/kernel/mm/cma"
#define CMA_DEBUG_DIRECTORY "/sys/kernel/debug/cma"

struct cma_area {
	char *name;
	/* in pages; total and available: Linux 6.15 and later, else debugfs */
	struct fact total, available, largest;
	struct fact allocated, failed, released; /* pages, counted since the boot */
	struct fact base;                        /* in bytes, debugfs only */
	char *debugfs;                           /* the area's directory there, or NULL */
};

struct cma_areas {
	ARRAY_OF(struct cma_area);
	bool counted; /* read in CMA_DIRECTORY, which has all that are active, with whole names */
};

/*
 * Reads all areas, by name. Returns 0 or -errno (-ENOENT: no CMA, or a kernel without
 * CONFIG_CMA_SYSFS and debugfs; -E2BIG: there are more than HEAP_ENTRIES_MAX). The caller frees
 * them with cma_areas_free().
 */
int cma_areas_read(const struct root *root, struct cma_areas *areas)
	__attribute__((nonnull, warn_unused_result));
void cma_areas_free(struct cma_areas *areas);

/*
 * Gives areas their names that were read in debugfs only, before Linux 5.13: there they are called
 * "cma-NAME", cut to 15 characters, which the region of the device tree at the same base completes.
 * A name that could be several stays as it is.
 */
void cma_areas_complete(struct cma_areas *areas, const struct regions *regions)
	__attribute__((nonnull));

/* The area of that name, or NULL. */
const struct cma_area *cma_find(const struct cma_areas *areas, const char *name)
	__attribute__((nonnull));

/* The area that is made of the node called NODE, of whose name the kernel keeps 63 bytes, or NULL.
 */
const struct cma_area *cma_area_of_node(const struct cma_areas *areas, const char *node)
	__attribute__((nonnull));

/* Reads FILE of CMA_DIRECTORY/AREA, a count of pages. Returns 0 or -errno. */
int cma_counter_read(const struct root *root, const char *area, const char *file, uint64_t *pages)
	__attribute__((nonnull, warn_unused_result));

/* Pages that were taken from an area and given back since the boot. */
struct cma_counters {
	uint64_t allocated, released;
};

/* Reads them. Returns 0 or -errno; before Linux 6.9, which does not count them, released is 0. */
int cma_counters_read(const struct root *root, const char *area, struct cma_counters *counters)
	__attribute__((nonnull, warn_unused_result));

/*
 * Reads how many pages of an area are taken and not given back. Returns 0 or -errno: -ENOENT before
 * Linux 6.9, which does not count the latter.
 */
int cma_pages_in_use(const struct root *root, const char *area, uint64_t *pages)
	__attribute__((nonnull, warn_unused_result));

/*
 * The index of the one among COUNT areas from which PAGES were taken between two readings, or
 * CMA_CHANGED_NONE, or CMA_CHANGED_OTHERWISE where other pages were taken as well.
 */
enum {
	CMA_CHANGED_NONE = -1,
	CMA_CHANGED_OTHERWISE = -2,
};
int cma_area_changed(size_t count, const struct cma_counters *before,
		     const struct cma_counters *after, uint64_t pages);

#endif
