/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties of the nodes of a blob, read as the kernel reads them. */
#ifndef MODEL_DEVICETREE_PROPERTY_H
#define MODEL_DEVICETREE_PROPERTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

struct tree_consumer;

/* A property as it stands in the blob: DATA may be unaligned. */
struct property {
	const char *name;
	const void *data;
	uint32_t length;
};

struct range {
	uint64_t base, size;
};
struct ranges {
	ARRAY_OF(struct range);
};

/* One entry of a memory-region property. */
struct consumer {
	const struct tree_consumer *node; /* which has the property */
	const char *path;                 /* the node's */
	const char *name;                 /* from memory-region-names, or NULL */
	uint32_t phandle;                 /* what the entry says */
	uint32_t index;                   /* its place in memory-region */
	bool enabled;   /* no status, the node's or of one above, says otherwise */
	bool elsewhere; /* unresolved, but the tree has a node with this phandle */
};
struct consumers {
	ARRAY_OF(struct consumer);
};

/* Finds a property of the node at the offset NODE. */
bool property_get(const void *blob, int node, const char *name, struct property *property)
	__attribute__((nonnull));

/* The property at the offset that fdt_first_property_offset() and the like give. */
bool property_at(const void *blob, int offset, struct property *property)
	__attribute__((nonnull, warn_unused_result));

/* Its first string; NULL where that has no end. */
const char *property_string(const struct property *property) __attribute__((nonnull));
/* The first string of a node's property; NULL where it is absent or has no end. */
const char *property_get_string(const void *blob, int node, const char *name)
	__attribute__((nonnull));

/* The string of a list after AT, or the first where AT is NULL; NULL: no more, or one without an
 * end. */
const char *property_next_string(const struct property *property, const char *at)
	__attribute__((nonnull(1)));
/* The string at INDEX of a list of strings; NULL where there is none or it has no end. */
const char *property_string_at(const struct property *property, uint32_t index)
	__attribute__((nonnull));
/* Says whether TEXT, upper or lower case, is one of a list of strings (a compatible property):
 * of_compat_cmp(), include/linux/of.h. */
bool property_has_string(const struct property *property, const char *text)
	__attribute__((nonnull));

/* Reads the number that has exactly CELLS cells; false where the length is another. */
bool property_number(const struct property *property, uint32_t cells, uint64_t *number)
	__attribute__((nonnull));

/*
 * Reads pairs of address and size, as of_flat_dt_get_addr_size_prop(), drivers/of/fdt.c: false
 * where the length is not a multiple of a pair. The caller frees RANGES.
 */
bool property_ranges(const struct property *property, uint32_t address_cells, uint32_t size_cells,
		     struct ranges *ranges) __attribute__((nonnull));

/*
 * Whether a node with this status property (NULL: it has none) is enabled: its first string is "ok"
 * or "okay", whatever follows. __of_device_is_status(), drivers/of/base.c, and
 * of_fdt_device_is_available(), drivers/of/fdt.c (7.2), call strcmp() on the property, so that one
 * without an end has it in the padding, and an empty one disables.
 */
bool status_is_okay(const struct property *status);
/* The same of the node at the offset NODE, whatever the nodes above say. */
bool node_is_enabled(const void *blob, int node) __attribute__((nonnull));

/*
 * Whether a node called NAME is WANTED: the same, or WANTED with a unit address, as
 * fdt_path_offset() compares them.
 */
bool node_name_is(const char *name, const char *wanted) __attribute__((nonnull));

/*
 * Length of the unit address behind the first @ of a name; 0: none. A dash ends it: what follows
 * is an attribute of the convention for heaps' names
 * (Documentation/userspace-api/dma-buf-heaps.rst: memory@42000000-contiguous).
 */
size_t unit_address_length(const char *name) __attribute__((nonnull));
/*
 * Reads the unit address of a name, a hexadecimal number, which dtc takes with 0x and zeros in
 * front as well (checks.c, simple_bus_reg), or the same in two parts of 32 bits ("1,200000").
 * Returns false, with *address untouched, where there is none, it is something else or 64 bits are
 * too few.
 */
bool unit_address(const char *name, uint64_t *address) __attribute__((nonnull));

#endif
