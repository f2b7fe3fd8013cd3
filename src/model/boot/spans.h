/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of addresses: stretches of memory that neither overlap nor touch, in their order. */
#ifndef MODEL_BOOT_SPANS_H
#define MODEL_BOOT_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "model/devicetree/property.h"

struct span {
	uint64_t first, last; /* inclusive: memory may end with the address space */
};

struct spans {
	ARRAY_OF(struct span); /* free it with array_free() */
};

/* Adds SIZE bytes from BASE on, which are cut at the end of the address space; 0 adds nothing. */
void spans_add(struct spans *spans, uint64_t base, uint64_t size) __attribute__((nonnull));
/* Adds them all, which may be in any order, in time in proportion to n log n. */
void spans_add_all(struct spans *spans, const struct ranges *ranges) __attribute__((nonnull));
/* Adds all spans of SPANS to COPY, which is empty. */
void spans_copy(const struct spans *spans, struct spans *copy) __attribute__((nonnull));
/* Takes SIZE bytes from BASE on out. */
void spans_remove(struct spans *spans, uint64_t base, uint64_t size) __attribute__((nonnull));

/* The index of the first span that ends at ADDRESS or later; the count: there is none. */
size_t spans_find(const struct spans *spans, uint64_t address) __attribute__((nonnull));

/* How many of these bytes are in the set. */
uint64_t spans_bytes(const struct spans *spans, uint64_t base, uint64_t size)
	__attribute__((nonnull));
/* Whether any of them is. */
bool spans_meet(const struct spans *spans, uint64_t base, uint64_t size) __attribute__((nonnull));

#endif
