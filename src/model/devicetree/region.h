/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The children of /reserved-memory, read as the kernel reads them (drivers/of/of_reserved_mem.c,
 * drivers/of/fdt.c, 7.2), and the facts of the tree around them. Strings point into the tree, which
 * has to stay as long as the regions do.
 */
#ifndef MODEL_DEVICETREE_REGION_H
#define MODEL_DEVICETREE_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "model/devicetree/property.h"
#include "model/devicetree/vendor_bindings.h"

struct tree;

/* Children of /reserved-memory that are read. */
#define REGIONS_MAX 4096

enum region_kind {
	REGION_CMA_POOL,        /* shared-dma-pool, reusable, without no-map */
	REGION_COHERENT_POOL,   /* shared-dma-pool, not reusable (or both: no pool at all) */
	REGION_RESTRICTED_POOL, /* restricted-dma-pool */
	REGION_CARVE_OUT,       /* carved-out or export: drivers that mainline never took */
	REGION_VENDOR_HEAP,     /* a compatible or name of which a vendor's driver makes a heap */
	REGION_PLAIN,           /* reserved, nothing more */
};

enum region_placement {
	REGION_STATIC,  /* reg */
	REGION_DYNAMIC, /* size, alignment, alloc-ranges: placed by the kernel at boot */
	REGION_NOWHERE, /* neither: reserves nothing (iommu-addresses alone, or a placeholder) */
};

struct region {
	const char *name; /* full node name with unit address: what a heap would be called */
	int offset;       /* of the node in the blob */
	enum region_kind kind;
	enum region_placement placement;
	/*
	 * STATIC: both from the first entry of reg. DYNAMIC: base is unknown and 0 here, size is
	 * from "size".
	 */
	uint64_t base, size;
	uint32_t reg_entries;   /* whole entries in reg */
	struct ranges more_reg; /* those after the first */
	uint32_t reg_length, size_length, alignment_length, alloc_ranges_length; /* bytes */
	bool has_reg, has_size, has_alignment, has_alloc_ranges, has_iommu_addresses;
	/* the lengths are what the kernel wants: of_reserved_mem.c __reserved_mem_alloc_size() */
	bool reg_length_ok, size_length_ok, alignment_length_ok, alloc_ranges_length_ok;
	uint64_t dynamic_size; /* "size", also of a region that has reg; 0: none */
	uint64_t alignment;    /* 0: none said */
	struct ranges alloc_ranges;
	bool no_map, reusable, cma_default, dma_default;
	bool exported;              /* the boolean "export" */
	bool enabled;               /* status_is_okay() */
	const char *status;         /* NULL: no property; "" also where it is not a string */
	struct property compatible; /* string list, length 0: none; each string ends inside */
	uint32_t phandle;           /* 0: none */
	struct strings labels;      /* of /__symbols__ */
	struct consumers consumers; /* whose memory-region points here */
	struct vendor_heaps vendor; /* those that a vendor's driver makes of it */
	struct {
		ARRAY_OF(struct property);
	} unknown; /* properties without a meaning here */
};

struct bank {
	const char *name; /* node name: memory@40000000 */
	uint64_t base, size;
};

/* A node called reserved-memory, or nearly so, where the kernel does not look for regions. */
struct stray {
	char *path;
	size_t regions; /* its children that are meant to be some, at least 1 */
};

struct regions {
	ARRAY_OF(struct region); /* by address, then dynamic, then nowhere; equal: in tree order */
	bool present;            /* there is a /reserved-memory */
	bool truncated;          /* it has more children than REGIONS_MAX, which were not read */
	bool is_overlay; /* the tree is an overlay, not applied: its regions are elsewhere */
	uint32_t root_address_cells, root_size_cells;       /* of /: absent ones count as 1 */
	bool has_address_cells, has_size_cells, has_ranges; /* of /reserved-memory */
	uint32_t address_cells, size_cells;                 /* of /reserved-memory, 0 if absent */
	bool has_unit_address;                              /* /reserved-memory@… */
	/* cells equal the root's and ranges is there; else the kernel ignores every region */
	bool supported;
	struct {
		ARRAY_OF(struct bank);
	} banks;
	bool banks_cut;              /* the banks are what mem= leaves of them */
	uint64_t banks_added;        /* bytes that mem= of 32-bit Arm adds to them */
	bool banks_sure;             /* a boot loader has seen the tree, or a user states them */
	bool small_pages_only;       /* the first processor of /cpus has pages of 4 KiB alone */
	uint64_t dma_last;           /* the last address that all buses with dma-ranges reach */
	struct range initrd;         /* by /chosen; size 0: it does not say */
	struct ranges memreserve;    /* /memreserve/ entries */
	struct consumers unresolved; /* memory-region entries that point to no region */
	struct {
		ARRAY_OF(struct stray);
	} strays;
	const char *bootargs; /* /chosen bootargs, or NULL */
	const char *model;    /* of the root node, or NULL */
};

/* Reads the regions of TREE; the caller frees them with regions_free(). A tree without them gives
 * none. */
void regions_read(const struct tree *tree, struct regions *regions) __attribute__((nonnull));
void regions_free(struct regions *regions) __attribute__((nonnull));
#define AUTO_REGIONS __attribute__((cleanup(regions_free)))

/* "/reserved-memory/NAME"; the caller frees it. */
char *region_path(const struct region *region) __attribute__((nonnull, returns_nonnull, malloc));

/* "CMA pool", "coherent pool" …: constant. */
const char *region_kind_name(enum region_kind kind) __attribute__((returns_nonnull));
/* "static", "dynamic", or NULL. */
const char *region_placement_name(enum region_placement placement);

#endif
