// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/number.h"
#include "base/ascii.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static bool is_hexadecimal(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

/* As parse_number(), with *end set after the digits. */
static int leading_number(const char *text, uint64_t *value, const char **end)
{
	int base = is_hexadecimal(text) ? 16 : 10;
	const char *digits = base == 16 ? text + 2 : text;
	unsigned long long number;
	char *stop;

	/* strtoull would take blanks, signs and a second prefix */
	if (base == 16 ? !ascii_is_hex(*digits) : !ascii_is_digit(*digits))
		return -EINVAL;
	if (base == 16 && (digits[1] == 'x' || digits[1] == 'X'))
		return -EINVAL;
	errno = 0;
	number = strtoull(digits, &stop, base);
	if (errno)
		return -ERANGE;
	*value = number;
	*end = stop;
	return 0;
}

int parse_number(const char *text, uint64_t *value)
{
	uint64_t number;
	const char *end;
	int error = leading_number(text, &number, &end);

	if (error)
		return error;
	if (*end)
		return -EINVAL;
	*value = number;
	return 0;
}

int parse_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMGTPE";
	uint64_t number, factor = 1;
	const char *end, *unit;
	int error = leading_number(text, &number, &end);

	if (error)
		return error;
	/* 0x1B is 27 bytes, so that 0x1K would look like a digit that is wrong */
	if (*end && is_hexadecimal(text))
		return -EINVAL;
	unit = *end ? strchr(units, ascii_upper(*end)) : NULL;
	if (unit) {
		const char *rest = end + 1;
		uint64_t step = 1024;

		if (ascii_same(rest, "B"))
			step = 1000;
		else if (*rest && !ascii_same(rest, "iB"))
			return -EINVAL;
		for (const char *power = units; power <= unit; power++)
			factor *= step;
	} else if (*end && !ascii_same(end, "B")) {
		return -EINVAL;
	}
	if (!number)
		return -EINVAL;
	if (__builtin_mul_overflow(number, factor, &number))
		return -ERANGE;
	*bytes = number;
	return 0;
}

int parse_duration(const char *text, uint64_t *ns)
{
	static const struct {
		const char *suffix;
		uint64_t ns;
	} units[] = {
		{"", 1000000000}, {"s", 1000000000},    {"ms", 1000000},      {"us", 1000},
		{"ns", 1},        {"min", 60000000000}, {"h", 3600000000000},
	};
	uint64_t whole, fraction = 0, divisor = 1;
	const char *end;
	int error;

	if (is_hexadecimal(text))
		return -EINVAL;
	error = leading_number(text, &whole, &end);
	if (error)
		return error;
	if (*end == '.') {
		for (end++; ascii_is_digit(*end); end++) {
			if (divisor < 1000000000) {
				fraction = fraction * 10 + (uint64_t)(*end - '0');
				divisor *= 10;
			}
		}
	}
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		uint64_t total;

		if (strcmp(end, units[i].suffix) != 0)
			continue;
		if (__builtin_mul_overflow(whole, units[i].ns, &total) ||
		    __builtin_add_overflow(total,
					   units[i].ns / divisor * fraction +
						   units[i].ns % divisor * fraction / divisor,
					   &total))
			return -ERANGE;
		*ns = total;
		return 0;
	}
	return -EINVAL;
}

int compare_numbers(const void *a, const void *b)
{
	return order_of(*(const uint64_t *)a, *(const uint64_t *)b);
}
