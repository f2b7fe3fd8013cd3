/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine's heaps with the memory behind each: heaps, CMA areas and the regions of the device
 * tree, joined. Every link says how it is known.
 */
#ifndef MODEL_HEAP_INVENTORY_H
#define MODEL_HEAP_INVENTORY_H

#include "model/devicetree/region.h"
#include "model/devicetree/tree.h"
#include "model/heap/cma_area.h"
#include "model/heap/heap.h"

/* The kernel's own list of its heaps, also of those that have no device node. */
#define HEAP_CLASS "/sys/class/dma_heap"

/* Where a heap's name comes from. */
enum provenance {
	PROVENANCE_UNKNOWN,
	PROVENANCE_KERNEL,      /* fixed by the kernel */
	PROVENANCE_DEVICE_TREE, /* the name of a device-tree node */
};

enum memory_kind {
	MEMORY_UNKNOWN,
	MEMORY_PAGES, /* the page allocator */
	MEMORY_CMA,
	MEMORY_COHERENT,
	MEMORY_PROTECTED,
	MEMORY_CARVE_OUT,
};

/* What the buffers of a kind of memory are, where the exporter's source says so. */
struct buffer_properties {
	enum tristate contiguous, cacheable, protected;
	enum tristate mappable; /* for the CPU: system_heap_mmap(), cma_heap_mmap() */
	const char *source;     /* NULL: a driver that mainline does not have may do anything */
};

/* How the link from a heap to its memory is known. */
enum link {
	LINK_NONE,
	LINK_NAME,         /* the same name, or one that a driver makes of the node's */
	LINK_UNIT_ADDRESS, /* the address in the heap's name is the region's */
	LINK_ALIAS,        /* another heap's memory, by a rule of the kernel or of a vendor's */
	LINK_PROPERTY,     /* a property of the device tree gives the name */
	LINK_MEASURED,     /* an allocation took the memory: model/heap/cma_probe.h */
};

/* A heap with what is behind it; the pointers go into the inventory. */
struct memory {
	const struct heap *heap;
	enum provenance provenance;
	enum memory_kind kind;
	enum link link;
	const char *how; /* the rule that gave provenance and kind, or NULL */
	const struct cma_area *area;
	const struct region *region;
	struct fact base, size, free, largest; /* bytes */
	struct buffer_properties buffers;      /* those of its kind or of a vendor's driver */
	bool dead; /* the kernel has not activated its CMA area: cma_activate_area(), mm/cma.c */
	bool replaces; /* a vendor's driver makes it, in place of mainline's heaps of this memory */
	struct {
		ARRAY_OF(const char *);
	} same_region; /* names of the other heaps over the same memory */
};

struct inventory {
	struct heaps heaps;
	struct cma_areas areas;
	/* cma= is on the command line, or may be; read where the kernel does not show its areas */
	bool cma_given;
	bool by_address;  /* the kernel has set regions up by address, not in the tree's order */
	bool areas_known; /* the kernel shows its areas: one that is not among them is not there */
	struct strings registered; /* names in HEAP_CLASS: heaps that the kernel has */
	/* a directory with more than HEAP_ENTRIES_MAX entries, of which none was read; or NULL */
	const char *excess;
	struct tree *tree; /* NULL: the machine has none, or it can't be read */
	struct regions regions;
	/* with inventory_read_all(), if TREE is that of the boot and overlays added regions later
	 */
	struct tree *current;
	struct regions current_regions;
	uint64_t page_size;
	struct maybe available; /* bytes that the page allocator can give: MemAvailable */
	struct {
		ARRAY_OF(struct memory);
	} memories; /* one a heap, in the order of heaps */
};

/*
 * Reads it all, as far as it is wanted (enum wanted). Areas or a tree that can't be read leave
 * facts unknown; without /dev/dma_heap the result is -ENOENT. The caller frees it with
 * inventory_free().
 */
int inventory_read(const struct root *root, unsigned int wanted, struct inventory *inventory)
	__attribute__((nonnull, warn_unused_result));
void inventory_free(struct inventory *inventory);

/*
 * As inventory_read() with WANT_USUAL and the tree as it is now, but a machine without heaps is
 * read as well: all that goes wrong with /dev/dma_heap is in *heaps_error (0 or -errno).
 */
void inventory_read_all(const struct root *root, struct inventory *inventory, int *heaps_error)
	__attribute__((nonnull));

/* Says whether the tree is the one that the kernel was booted with: no overlay came later. */
bool inventory_has_boot_tree(const struct inventory *inventory) __attribute__((nonnull));

/* Says whether a heap has this name: the kernel's, not that of a link. */
bool inventory_has_heap(const struct inventory *inventory, const char *name)
	__attribute__((nonnull));
/* Says whether the kernel has a heap NAME of which there is no device node. */
bool inventory_lacks_node(const struct inventory *inventory, const char *name)
	__attribute__((nonnull));

/* What is behind the heap that a user means (heaps_find()), or NULL. */
const struct memory *inventory_find(const struct inventory *inventory, const char *name)
	__attribute__((nonnull));

/* Whether both have the same CMA area or region. */
bool memory_is_same(const struct memory *a, const struct memory *b) __attribute__((nonnull));

/* Of a kind of memory, where mainline's driver makes the heap: constant. */
const struct buffer_properties *memory_kind_buffers(enum memory_kind kind)
	__attribute__((returns_nonnull));

/* What users read. NULL: unknown. */
const char *provenance_name(enum provenance provenance);
const char *memory_kind_name(enum memory_kind kind);
/* "name", "unit-address", "alias", "property", "measured"; NULL: none */
const char *link_name(enum link link);

#endif
