// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/dma_ranges.h"

#include <libfdt.h>

#include "model/devicetree/property.h"

/* The last two of CELLS cells: what is above is flags, or does not exist. */
static uint64_t read_number(const char *at, uint32_t cells)
{
	uint64_t number = 0;

	for (uint32_t i = 0; i < cells; i++)
		number = number << 32 | fdt32_ld((const fdt32_t *)(const void *)(at + i * 4ul));
	return number;
}

static uint32_t entry_size(const struct dma_bus *bus, const struct dma_bus *parent)
{
	return (bus->address_cells + parent->address_cells + bus->size_cells) * 4;
}

/* An address on the bus PATH[COUNT - 1] as one on the bus above; UINT64_MAX: there is none. */
static uint64_t translate(const struct dma_bus *path, unsigned int count, uint64_t address)
{
	const struct dma_bus *bus = &path[count - 1], *parent = bus - 1;
	const uint32_t step = entry_size(bus, parent);

	if (!bus->ranges || !bus->length)
		return address;
	for (uint32_t at = 0; step && at + step <= bus->length; at += step) {
		const char *entry = bus->ranges + at;
		uint64_t first = read_number(entry, bus->address_cells);
		uint64_t to = read_number(entry + bus->address_cells * 4ul, parent->address_cells);
		uint64_t size =
			read_number(entry + (bus->address_cells + parent->address_cells) * 4ul,
				    bus->size_cells);

		if (address >= first && address - first < size)
			return to + (address - first);
	}
	return UINT64_MAX;
}

uint64_t dma_ranges_last(const struct dma_bus *path, unsigned int count)
{
	const struct dma_bus *bus = &path[count - 1], *parent = count > 1 ? bus - 1 : bus;
	const uint32_t step = entry_size(bus, parent);
	uint64_t last = 0;

	if (!bus->ranges || !step || bus->length < step)
		return UINT64_MAX;
	for (uint32_t at = 0; at + step <= bus->length; at += step) {
		const char *entry = bus->ranges + at;
		uint64_t to = read_number(entry + bus->address_cells * 4ul, parent->address_cells);
		uint64_t size =
			read_number(entry + (bus->address_cells + parent->address_cells) * 4ul,
				    bus->size_cells);

		for (unsigned int above = count - 1; above > 1 && to != UINT64_MAX; above--)
			to = translate(path, above, to);
		if (to + size > last)
			last = to + size - 1;
	}
	return last;
}
