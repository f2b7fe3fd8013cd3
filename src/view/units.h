/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes and times for people. */
#ifndef VIEW_UNITS_H
#define VIEW_UNITS_H

#include <stdint.h>

/* "16M", "1.5G", "512B": powers of 1024, at most one fraction digit, cut, not rounded up; the
 * caller frees it. */
char *units_size(uint64_t bytes) __attribute__((returns_nonnull, malloc));

/* "850 ns", "1.25 ms", "3.40 s": three figures; the caller frees it. */
char *units_time(uint64_t ns) __attribute__((returns_nonnull, malloc));

/* The same of a time with fractions: "0.25 ns". */
char *units_fraction(double ns) __attribute__((returns_nonnull, malloc));

/*
 * The same in the unit of LARGEST, with the digits that tell multiples of STEP: "0.85 us"; as a
 * scale wants its ends.
 */
char *units_time_on_scale(uint64_t ns, uint64_t largest, uint64_t step)
	__attribute__((returns_nonnull, malloc));

#endif
