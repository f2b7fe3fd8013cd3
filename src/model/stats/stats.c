// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/stats/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"

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

/*
 * Probabilities in parts of the greatest, that of COUNT / 2: none that counts is too small for a
 * double then.
 */
size_t median_rank(size_t count, double confidence)
{
	size_t rank = count / 2;
	double part = 1, below = 0, all;

	for (size_t k = rank; k; k--) {
		part *= (double)k / (double)(count - k + 1);
		below += part; /* that of k - 1 */
	}
	all = count % 2 ? 2 * (below + 1) : 2 * below + 1;
	part = 1;
	while (rank && 2 * below > (1 - confidence) * all) {
		part *= (double)rank / (double)(count - rank + 1);
		below -= part;
		rank--;
	}
	return rank;
}

double samples_autocorrelation(const uint64_t *in_order, size_t count)
{
	double mean = 0, variance = 0, products = 0, before = 0;

	/* all from the first one on, so that equal ones do not differ by rounding */
	for (size_t i = 0; i < count; i++)
		mean += (double)in_order[i] - (double)in_order[0];
	mean /= (double)count;
	for (size_t i = 0; i < count; i++) {
		double deviation = (double)in_order[i] - (double)in_order[0] - mean;

		variance += deviation * deviation;
		products += i ? deviation * before : 0;
		before = deviation;
	}
	return variance > 0 ? products / variance : 0;
}

static size_t count_outliers(const uint64_t *sorted, size_t count)
{
	double first = (double)samples_percentile(sorted, count, 25);
	double third = (double)samples_percentile(sorted, count, 75);
	double far = 3 * (third - first);
	size_t outliers = 0;

	for (size_t i = 0; i < count; i++)
		outliers += (double)sorted[i] < first - far || (double)sorted[i] > third + far;
	return outliers;
}

/* The rank of the ends of the interval; see samples_summarize(). */
static size_t interval_rank(const struct summary *summary, double confidence)
{
	double count = (double)summary->count, alike = summary->autocorrelation;
	size_t independent, rank;

	/* chance alone gives up to 2 / sqrt(count), in 19 of 20 cases */
	if (alike <= 0 || alike * alike * count <= 4)
		return median_rank(summary->count, confidence);
	independent = (size_t)(count * (1 - alike) / (1 + alike));
	rank = median_rank(independent, confidence);
	return rank ? rank * summary->count / independent : 0;
}

void samples_summarize(const uint64_t *in_order, size_t count, double confidence,
		       uint64_t resolution, struct summary *summary)
{
	AUTO_FREE uint64_t *sorted = xmemdup(in_order, count * sizeof(*in_order));
	uint64_t wider = resolution > 1 ? (resolution + 1) / 2 : 0;
	size_t rank;

	samples_sort(sorted, count);
	*summary = (struct summary){
		.count = count,
		.min = sorted[0],
		.median = samples_percentile(sorted, count, 50),
		.p90 = samples_percentile(sorted, count, 90),
		.p99 = samples_percentile(sorted, count, 99),
		.outliers = count_outliers(sorted, count),
		.autocorrelation = samples_autocorrelation(in_order, count),
	};
	rank = interval_rank(summary, confidence);
	if (!rank)
		return;
	summary->interval_known = true;
	summary->interval.low = sorted[rank - 1] > wider ? sorted[rank - 1] - wider : 0;
	summary->interval.high = sorted[count - rank] + wider;
}

double summary_noise(const struct summary *summary)
{
	if (summary->interval_known && summary->interval.low == summary->interval.high)
		return 0;
	if (!summary->interval_known || !summary->median)
		return INFINITY;
	return (double)(summary->interval.high - summary->interval.low) / (double)summary->median;
}

uint64_t clock_step(const uint64_t *sorted, size_t count)
{
	uint64_t step = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t gap = i ? sorted[i] - sorted[i - 1] : 0;

		if (!step)
			step = sorted[i];
		if (gap > 1 && gap < step)
			step = gap;
	}
	return !step || sorted[0] == sorted[count - 1] ? 1 : step;
}

/* Sums of the points, each with its weight. */
struct sums {
	double w, x, y, xx, xy;
};

static double weight(double y)
{
	double at_least = y < 1 ? 1 : y;

	return 1 / (at_least * at_least);
}

/* The best line of those that are not negative. */
static void solve(const struct sums *sums, double spread, struct line *line)
{
	line->slope = (sums->w * sums->xy - sums->x * sums->y) / spread;
	if (line->slope < 0)
		line->slope = 0;
	line->base = (sums->y - line->slope * sums->x) / sums->w;
	if (line->base < 0) {
		line->base = 0;
		line->slope = sums->xy / sums->xx;
	}
}

static double explained(const double *x, const double *y, size_t count, const struct sums *sums,
			const struct line *line)
{
	double mean = sums->y / sums->w, all = 0, left = 0;

	for (size_t i = 0; i < count; i++) {
		double off = y[i] - line->base - line->slope * x[i];

		all += weight(y[i]) * (y[i] - mean) * (y[i] - mean);
		left += weight(y[i]) * off * off;
	}
	return all > left ? 1 - left / all : 0;
}

static size_t count_different(const double *x, size_t count)
{
	size_t different = 0;

	for (size_t i = 0; i < count; i++) {
		size_t j = 0;

		while (j < i && x[j] != x[i])
			j++;
		different += j == i;
	}
	return different;
}

bool line_fit(const double *x, const double *y, size_t count, struct line *line)
{
	struct sums sums = {0};
	struct line best;
	double spread;

	for (size_t i = 0; i < count; i++) {
		double w = weight(y[i]);

		sums.w += w;
		sums.x += w * x[i];
		sums.y += w * y[i];
		sums.xx += w * x[i] * x[i];
		sums.xy += w * x[i] * y[i];
	}
	spread = sums.w * sums.xx - sums.x * sums.x;
	if (spread <= 0 || count_different(x, count) < 3)
		return false;
	solve(&sums, spread, &best);
	/* of equal ones rounding would make something */
	best.r2 = count_different(y, count) < 2 ? 1 : explained(x, y, count, &sums, &best);
	*line = best;
	return true;
}

enum comparison intervals_compare(const struct interval *before, const struct interval *after,
				  double tolerance)
{
	double factor = 1 + tolerance;

	if ((double)after->low > (double)before->high * factor)
		return COMPARISON_SLOWER;
	if ((double)after->high * factor < (double)before->low)
		return COMPARISON_FASTER;
	if ((double)after->high <= (double)before->low * factor &&
	    (double)before->high <= (double)after->low * factor)
		return COMPARISON_SAME;
	return COMPARISON_UNCLEAR;
}

const char *comparison_name(enum comparison comparison)
{
	static const char *const names[] = {
		[COMPARISON_SAME] = "same",
		[COMPARISON_FASTER] = "faster",
		[COMPARISON_SLOWER] = "slower",
		[COMPARISON_UNCLEAR] = "cannot tell",
	};

	return names[comparison];
}
