/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures of COUNT measurements (at least one), all in the unit of the samples. */
#ifndef MODEL_STATS_STATS_H
#define MODEL_STATS_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Sorts samples, the smallest first, as the others want them. */
void samples_sort(uint64_t *samples, size_t count) __attribute__((nonnull));

/*
 * The smallest sample that PERCENT of 100 samples do not exceed (nearest rank; 0: the smallest, 50:
 * the median, 100: the largest).
 */
uint64_t samples_percentile(const uint64_t *sorted, size_t count, unsigned int percent)
	__attribute__((nonnull));

#endif
