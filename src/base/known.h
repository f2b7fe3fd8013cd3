/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may be unknown, which is neither 0 nor "no". */
#ifndef BASE_KNOWN_H
#define BASE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

/* A number that may be unknown. */
struct maybe {
	bool known;
	uint64_t value;
};

/* An answer that may be unknown. */
enum tristate {
	UNKNOWN,
	NO,
	YES
};

/* Pages in bytes; unknown where one of the two (PAGE_SIZE 0) is, or the product is too much. */
static inline struct maybe pages_in_bytes(struct maybe pages, uint64_t page_size)
{
	if (!pages.known || !page_size || pages.value > UINT64_MAX / page_size)
		return (struct maybe){0};
	return (struct maybe){true, pages.value * page_size};
}

#endif
