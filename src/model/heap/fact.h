/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts with where they were read: what is shown can be looked up. */
#ifndef MODEL_HEAP_FACT_H
#define MODEL_HEAP_FACT_H

#include <stdint.h>

#include "base/known.h"

/* A number and its source, a path or a sentence that the fact owns; unknown: {0}. */
struct fact {
	struct maybe number;
	char *source;
};

/* Sets a fact that is unknown so far, with a source as printf() makes it; one that is known stays.
 */
void fact_set(struct fact *fact, uint64_t value, const char *format, ...)
	__attribute__((nonnull, format(printf, 3, 4)));
void fact_free(struct fact *fact);

#endif
