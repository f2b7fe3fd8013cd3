/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names and limits that the kernel fixes, each with its place there (7.2). In model/boot, because
 * that is the lowest subject that needs them: heap, lint and name include it as well.
 */
#ifndef MODEL_BOOT_KNOWN_NAMES_H
#define MODEL_BOOT_KNOWN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define SYSTEM_HEAP      "system"             /* since 5.6: drivers/dma-buf/heaps/system_heap.c */
#define DEFAULT_CMA_HEAP "default_cma_region" /* since 6.17: drivers/dma-buf/heaps/cma_heap.c */
/* the area of cma= or Kconfig, and its heap: kernel/dma/contiguous.c, dma_contiguous_reserve() */
#define RESERVED_AREA    "reserved"

/* CMA_MAX_NAME - 1, include/linux/cma.h: names of areas, and so of heaps, are cut there */
#define AREA_NAME_MAX       63
/* of a node's name before the @: Devicetree specification 0.4, 2.2.1; the kernel has no limit */
#define NODE_NAME_MAX       31
/* MAX_CMA_AREAS: CONFIG_CMA_AREAS, whose default is this, or more with NUMA: mm/Kconfig */
#define CMA_AREAS_FEWEST    8
#define CMA_AREAS_NUMA      20
/* MAX_RESERVED_REGIONS, include/linux/of_reserved_mem.h: dynamic regions that are placed */
#define DYNAMIC_REGIONS_MAX 64

/*
 * More entries of /dev/dma_heap, of the kernel's list of heaps or of its CMA areas are not read:
 * Linux makes at most 128 heaps (NUM_HEAP_MINORS, drivers/dma-buf/dma-heap.c), and CONFIG_CMA_AREAS
 * is 20 at most by default.
 */
#define HEAP_ENTRIES_MAX 256

/* Where the heaps are made, as the source of what is said of them. */
#define SYSTEM_HEAP_SOURCE "kernel, drivers/dma-buf/heaps/system_heap.c"
#define CMA_HEAP_SOURCE    "kernel, drivers/dma-buf/heaps/cma_heap.c"
#define TEE_HEAP_SOURCE    "kernel, drivers/tee/tee_heap.c"

/* What makes a heap whose name is fixed. */
enum known_exporter {
	EXPORTER_SYSTEM, /* of memory of the page allocator */
	EXPORTER_CMA,
	EXPORTER_TEE,
};

struct known_name {
	const char *name;
	enum known_exporter exporter;
	const char *source; /* "kernel, FILE" */
};

/*
 * What is known of LENGTH bytes of NAME as the name of a heap that the kernel fixes; NULL for all
 * others, of which the device tree or a driver that is not in mainline has the choice.
 */
const struct known_name *known_name(const char *name, size_t length) __attribute__((nonnull));

/* What the buffers of a vendor's heap are made of. */
enum vendor_memory {
	VENDOR_PAGES,        /* pages of the page allocator */
	VENDOR_DEFAULT_AREA, /* the default CMA area: dev_get_cma_area(NULL) */
	VENDOR_CONTIGUOUS,   /* contiguous memory, of which region the name does not say */
	VENDOR_PROTECTED,    /* memory that the processor may not access */
};

/* A heap whose name a vendor's driver fixes, which mainline does not have. */
struct vendor_name {
	const char *name;
	const char *source; /* the driver, as "Rockchip's kernel, FILE" */
	enum vendor_memory memory;
	bool uncached; /* the processor maps its buffers without a cache */
	bool prefix;   /* of all names that begin so */
};

/* Who makes the second heap of an area, whose name ends in UNCACHED_SUFFIX. */
#define UNCACHED_SOURCE "NXP's kernel, drivers/dma-buf/heaps/cma_heap.c"

/* What is known of NAME as the name of a vendor's heap, or NULL. */
const struct vendor_name *vendor_name(const char *name) __attribute__((nonnull));

/* The name of the CMA area that is made of a node called NODE; the caller frees it. */
char *cma_area_name(const char *node) __attribute__((nonnull, returns_nonnull, malloc));

#endif
