/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a buffer lies in physical memory, and since when there is one: what its holders show. */
#ifndef MODEL_BUFFER_LOCATION_H
#define MODEL_BUFFER_LOCATION_H

#include "model/buffer/usage.h"
#include "sys/pagemap.h"

/*
 * Adds the parts of a buffer whose place in physical memory is known from a mapping that a process
 * has (sys/pagemap.h), by offset. Reads mappings of the buffer until each of its pages is known, in
 * all at most 64 times its size. Free with array_free().
 */
void usage_locate(const struct root *root, const struct usages *usages, const struct usage *usage,
		  struct page_runs *runs) __attribute__((nonnull));

/*
 * The nanoseconds since the buffer was made (descriptor_made_at()); unknown in a captured root, and
 * where no process that may be read holds it, or where the clock was set since (clock_age()).
 */
struct maybe usage_age(const struct root *root, const struct usages *usages,
		       const struct usage *usage) __attribute__((nonnull));

#endif
