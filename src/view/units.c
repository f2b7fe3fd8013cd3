// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/units.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/xalloc.h"

char *units_size(uint64_t bytes)
{
	static const char letters[] = "BKMGTPE";
	unsigned int power = 0;
	uint64_t whole, tenths;

	while (power < sizeof(letters) - 2 && bytes >> (10 * power) >= 1024)
		power++;
	whole = bytes >> (10 * power);
	/* the remainder is below 2^60, so that it can be multiplied by ten */
	tenths = power ? ((bytes - (whole << (10 * power))) * 10) >> (10 * power) : 0;
	if (tenths)
		return xasprintf("%" PRIu64 ".%" PRIu64 "%c", whole, tenths, letters[power]);
	return xasprintf("%" PRIu64 "%c", whole, letters[power]);
}

static const struct unit {
	uint64_t ns;
	const char *name;
	int digits; /* of what is less than it */
} units[] = {{1000000000, "s", 9}, {1000000, "ms", 6}, {1000, "us", 3}, {1, "ns", 0}};

char *units_time(uint64_t ns)
{
	for (size_t i = 0; i < COUNT_OF(units) - 1; i++) {
		double value = (double)ns / (double)units[i].ns;

		if (ns >= units[i].ns)
			return xasprintf("%.*f %s",
					 value < 10    ? 2
					 : value < 100 ? 1
						       : 0,
					 value, units[i].name);
	}
	return xasprintf("%" PRIu64 " ns", ns);
}

char *units_time_on_scale(uint64_t ns, uint64_t largest, uint64_t step)
{
	const struct unit *unit = units;
	int digits;

	while (unit->ns > 1 && unit->ns > largest)
		unit++;
	digits = unit->digits;
	for (; digits && step >= 10; step /= 10)
		digits--;
	return xasprintf("%.*f %s", digits, (double)ns / (double)unit->ns, unit->name);
}

char *units_fraction(double ns)
{
	if (ns >= 1000)
		return units_time((uint64_t)(ns + 0.5));
	return xasprintf("%.*f ns", ns < 10 ? 2 : ns < 100 ? 1 : 0, ns);
}
