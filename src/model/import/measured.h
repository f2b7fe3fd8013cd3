/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs of bench and import on a machine have saved of its heaps' buffers. */
#ifndef MODEL_IMPORT_MEASURED_H
#define MODEL_IMPORT_MEASURED_H

#include "model/bench/bench_saved.h"
#include "model/import/import_saved.h"

/* All zero: nothing was measured. */
struct measured {
	struct bench_saved bench;
	struct import_saved import;
};

/*
 * Adds a file of bench --save or import --save, or standard input where PATH is "-". Returns 0,
 * -EFBIG (more than SAVED_TEXT_SIZE_MAX bytes), -errno with *reason NULL, or -EBADMSG with the
 * number of the line that is wrong and a constant sentence about it: each of the two kinds is read
 * once. Either way free *measured with measured_free().
 */
int measured_add(struct measured *measured, const char *path, size_t *line, const char **reason)
	__attribute__((nonnull, warn_unused_result));
void measured_free(struct measured *measured) __attribute__((nonnull));

/* Whether the mappings of a heap are cached; UNKNOWN where that was not measured or does not tell.
 */
enum tristate measured_cacheable(const struct measured *measured, const char *heap)
	__attribute__((nonnull));
/* Where its buffers lay; NULL: no device mapped one. */
const struct import_saved_row *measured_contiguity(const struct measured *measured,
						   const char *heap) __attribute__((nonnull));

#endif
