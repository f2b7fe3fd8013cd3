// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/property.h"

#include <libfdt.h>
#include <string.h>

bool property_get(const void *blob, int node, const char *name, struct property *property)
{
	int length;
	const void *data = fdt_getprop(blob, node, name, &length);

	if (!data)
		return false;
	*property = (struct property){name, data, (uint32_t)length};
	return true;
}

const char *property_string(const struct property *property)
{
	return property->length && memchr(property->data, '\0', property->length) ? property->data
										  : NULL;
}

const char *property_get_string(const void *blob, int node, const char *name)
{
	struct property property;

	return property_get(blob, node, name, &property) ? property_string(&property) : NULL;
}

/* As dt_mem_next_cell(): the number in CELLS cells from the one at INDEX; more than two overflow
 * as in the kernel, where the last two count. */
static uint64_t read_number(const void *data, uint32_t index, uint32_t cells)
{
	uint64_t number = 0;

	while (cells--)
		number = number << 32 | fdt32_ld((const fdt32_t *)data + index++);
	return number;
}

bool property_number(const struct property *property, uint32_t cells, uint64_t *number)
{
	if (property->length != cells * sizeof(fdt32_t))
		return false;
	*number = read_number(property->data, 0, cells);
	return true;
}

bool property_ranges(const struct property *property, uint32_t address_cells, uint32_t size_cells,
		     struct ranges *ranges)
{
	uint32_t cells = address_cells + size_cells;
	uint32_t count;

	if (!cells || property->length % (cells * sizeof(fdt32_t)))
		return false;
	count = property->length / (cells * (uint32_t)sizeof(fdt32_t));
	for (uint32_t i = 0; i < count && i < ENTRIES_MAX; i++) {
		struct range *range = array_add(ranges);

		range->base = read_number(property->data, i * cells, address_cells);
		range->size = read_number(property->data, i * cells + address_cells, size_cells);
	}
	return true;
}

bool status_is_okay(const char *status)
{
	return !status || !strcmp(status, "ok") || !strcmp(status, "okay");
}
