/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as people write them. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads an unsigned decimal or 0x-hexadecimal number that fills TEXT. Returns 0, -EINVAL (not a
 * number, sign, trailing characters) or -ERANGE; *value is untouched on failure.
 */
int parse_number(const char *text, uint64_t *value) __attribute__((nonnull, warn_unused_result));

/*
 * Reads a size in bytes as util-linux does: K, M, G, T, P, E and KiB … are powers of 1024, KB … are
 * powers of 1000, B or no suffix are bytes; hexadecimal without a suffix. Returns 0, -EINVAL (also
 * for 0) or -ERANGE; *bytes is untouched on failure.
 */
int parse_size(const char *text, uint64_t *bytes) __attribute__((nonnull, warn_unused_result));

/*
 * Reads a time: a decimal number, fractions allowed, with ns, us, ms, s (also without a suffix),
 * min or h. Returns 0, -EINVAL or -ERANGE; *ns (nanoseconds) is untouched on failure.
 */
int parse_duration(const char *text, uint64_t *ns) __attribute__((nonnull, warn_unused_result));

/* Says whether a kernel can have pages of so many bytes: PAGE_SIZE_4KB to _256KB, arch/Kconfig
 * (7.2). */
static inline bool is_page_size(uint64_t bytes)
{
	return bytes >= 4096 && bytes <= 262144 && !(bytes & (bytes - 1));
}

/* Less than, equal to or more than 0, as A is to B: for qsort(3) and bsearch(3). */
static inline int order_of(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* The order of two uint64_t. */
int compare_numbers(const void *a, const void *b) __attribute__((nonnull, pure));

/* VALUE up to the next multiple of STEP, or the greatest multiple that there is. */
static inline uint64_t round_up(uint64_t value, uint64_t step)
{
	uint64_t sum;

	return (__builtin_add_overflow(value, step - 1, &sum) ? UINT64_MAX : sum) / step * step;
}

/* The last of SIZE addresses from BASE on, SIZE not 0; where they wrap, the last there is. */
static inline uint64_t last_address(uint64_t base, uint64_t size)
{
	return base + (size - 1) < base ? UINT64_MAX : base + (size - 1);
}

#endif
