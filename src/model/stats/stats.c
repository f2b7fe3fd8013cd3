// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/stats/stats.h"

#include <stdlib.h>

#include "base/number.h"

void samples_sort(uint64_t *samples, size_t count)
{
	qsort(samples, count, sizeof(*samples), compare_numbers);
}

uint64_t samples_percentile(const uint64_t *sorted, size_t count, unsigned int percent)
{
	/* from 1, rounded up; hundreds apart from the rest, so that nothing overflows */
	size_t rank = count / 100 * percent + (count % 100 * percent + 99) / 100;

	return sorted[rank ? rank - 1 : 0];
}
