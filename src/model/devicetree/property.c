// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/property.h"

#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/xalloc.h"

bool property_get(const void *blob, int node, const char *name, struct property *property)
{
	int length;
	const void *data = fdt_getprop(blob, node, name, &length);

	if (!data)
		return false;
	*property = (struct property){name, data, (uint32_t)length};
	return true;
}

bool property_at(const void *blob, int offset, struct property *property)
{
	const char *name;
	int length;
	const void *data = fdt_getprop_by_offset(blob, offset, &name, &length);

	if (!data)
		return false;
	*property = (struct property){name, data, (uint32_t)length};
	return true;
}

const char *property_string(const struct property *property)
{
	return property_string_at(property, 0);
}

const char *property_get_string(const void *blob, int node, const char *name)
{
	struct property property;

	return property_get(blob, node, name, &property) ? property_string(&property) : NULL;
}

const char *property_next_string(const struct property *property, const char *at)
{
	const char *start = property->data, *next = at ? at + strlen(at) + 1 : start;
	size_t left = property->length - (size_t)(next - start);

	return left && memchr(next, '\0', left) ? next : NULL;
}

const char *property_string_at(const struct property *property, uint32_t index)
{
	const char *at = property_next_string(property, NULL);

	while (at && index--)
		at = property_next_string(property, at);
	return at;
}

bool property_has_string(const struct property *property, const char *text)
{
	const char *at = NULL;

	while ((at = property_next_string(property, at))) {
		if (ascii_same(at, text))
			return true;
	}
	return false;
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
	if (property->length != cells * (uint64_t)sizeof(fdt32_t))
		return false;
	*number = read_number(property->data, 0, cells);
	return true;
}

bool property_ranges(const struct property *property, uint32_t address_cells, uint32_t size_cells,
		     struct ranges *ranges)
{
	uint64_t bytes = ((uint64_t)address_cells + size_cells) * sizeof(fdt32_t);
	uint32_t cells = property->length / (uint32_t)sizeof(fdt32_t);

	if (!bytes || property->length % bytes)
		return false;
	for (uint32_t i = 0; i < cells; i += address_cells + size_cells) {
		struct range *range = array_add(ranges);

		range->base = read_number(property->data, i, address_cells);
		range->size = read_number(property->data, i + address_cells, size_cells);
	}
	return true;
}

bool status_is_okay(const struct property *status)
{
	size_t length;

	if (!status)
		return true;
	length = status->length ? strnlen(status->data, status->length) : 0;
	return (length == 2 && !memcmp(status->data, "ok", 2)) ||
	       (length == 4 && !memcmp(status->data, "okay", 4));
}

bool node_is_enabled(const void *blob, int node)
{
	struct property status;

	return status_is_okay(property_get(blob, node, "status", &status) ? &status : NULL);
}

bool node_name_is(const char *name, const char *wanted)
{
	size_t length = strlen(wanted);

	return !strncmp(name, wanted, length) && (!name[length] || name[length] == '@');
}

/* Two parts of 32 bits, the upper one in front: "1,200000". */
static bool address_in_parts(const char *text, uint64_t *address)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	size_t upper = strspn(text, hex), lower;

	if (!upper || upper > 8 || text[upper] != ',')
		return false;
	lower = strspn(text + upper + 1, hex);
	if (!lower || lower > 8 || text[upper + 1 + lower])
		return false;
	*address = strtoull(text, NULL, 16) << 32 | strtoull(text + upper + 1, NULL, 16);
	return true;
}

size_t unit_address_length(const char *name)
{
	const char *unit = strchr(name, '@');

	return unit ? strcspn(unit + 1, "-") : 0;
}

bool unit_address(const char *name, uint64_t *address)
{
	const char *unit = strchr(name, '@');
	AUTO_FREE char *part = unit ? xstrndup(unit + 1, unit_address_length(name)) : NULL;
	const char *digits = part;
	uint64_t number;

	if (!digits)
		return false;
	if (address_in_parts(digits, address))
		return true;
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		digits += 2;
	/* strtoull would take blanks, a sign and a second 0x, and reads as 0 what is not a number
	 */
	if (!*digits || digits[strspn(digits, "0123456789abcdefABCDEF")])
		return false;
	errno = 0;
	number = strtoull(digits, NULL, 16);
	if (errno)
		return false;
	*address = number;
	return true;
}
