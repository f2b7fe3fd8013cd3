/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties of the nodes of a blob, read as the kernel reads them. */
#ifndef MODEL_DEVICETREE_PROPERTY_H
#define MODEL_DEVICETREE_PROPERTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

/* Entries of one list that are looked at; hostile trees have more than memory can hold. */
#define ENTRIES_MAX 4096

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

/* Finds a property of the node at the offset NODE. */
bool property_get(const void *blob, int node, const char *name, struct property *property)
	__attribute__((nonnull));

/* Its first string; NULL where that has no end. */
const char *property_string(const struct property *property) __attribute__((nonnull));
/* The first string of a node's property; NULL where it is absent or has no end. */
const char *property_get_string(const void *blob, int node, const char *name)
	__attribute__((nonnull));

/* Reads the number that has exactly CELLS cells; false where the length is another. */
bool property_number(const struct property *property, uint32_t cells, uint64_t *number)
	__attribute__((nonnull));

/*
 * Reads pairs of address and size, as of_flat_dt_get_addr_size_prop(), drivers/of/fdt.c: false
 * where the length is no multiple of a pair. The caller frees RANGES, and has bounded the cells.
 */
bool property_ranges(const struct property *property, uint32_t address_cells, uint32_t size_cells,
		     struct ranges *ranges) __attribute__((nonnull));

/* of_fdt_device_is_available(), drivers/of/fdt.c: STATUS NULL is none. */
bool status_is_okay(const char *status);

#endif
