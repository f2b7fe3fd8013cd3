/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Figures of COUNT measurements (at least one), all in the unit of the samples: what they say of
 * the median, how they grow with a size, how two medians compare.
 */
#ifndef MODEL_STATS_STATS_H
#define MODEL_STATS_STATS_H

#include <stdbool.h>
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

/*
 * The rank K, from 1, for which the K-th smallest and the K-th largest of COUNT independent samples
 * hold the median of what they were drawn from between them with a probability of at least
 * CONFIDENCE (0 to 1): the largest K with 2 P(B < K) <= 1 - CONFIDENCE, B binomial with COUNT and
 * 1/2. 0: there are too few for that.
 */
size_t median_rank(size_t count, double confidence);

/*
 * How much each sample says of the next one: the autocorrelation of COUNT samples, in the order of
 * their measurement, with those one later. -1 to 1; 0 where all are equal.
 */
double samples_autocorrelation(const uint64_t *in_order, size_t count) __attribute__((nonnull));

struct interval {
	uint64_t low, high;
};

struct summary {
	size_t count;
	uint64_t min, median, p90, p99;
	bool interval_known;      /* false: too few samples for the confidence */
	struct interval interval; /* of the median */
	/* beyond the quartiles by more than three times what lies between these (Tukey's far out)
	 */
	size_t outliers;
	double autocorrelation;
};

/*
 * Summarizes COUNT samples in the order of their measurement. Where neighbours are alike by more
 * than chance makes them, they count as the fewer independent ones that say as much of a mean,
 * count (1 - a) / (1 + a), and the interval is wider. It is wider by half of RESOLUTION on both
 * sides as well, the step in which the samples were measured, where that is more than 1.
 */
void samples_summarize(const uint64_t *in_order, size_t count, double confidence,
		       uint64_t resolution, struct summary *summary) __attribute__((nonnull));

/*
 * The smallest difference of two such medians that would be told, in parts of the median: the width
 * of the interval. Infinite where that is not known, or the median is 0 and not all of the
 * interval.
 */
double summary_noise(const struct summary *summary) __attribute__((nonnull));

/*
 * The step of a clock, from COUNT differences of two readings at once, sorted: the smallest
 * difference that is not 0, or between two differences; of these only from 2 on, as rounding makes
 * 1 of steps that are no whole number. 1 where all differences are one: nothing tells its step.
 */
uint64_t clock_step(const uint64_t *sorted, size_t count) __attribute__((nonnull));

/* y = base + slope x. */
struct line {
	double base, slope;
	double r2; /* which part of the differences of y it explains, 0 to 1; 1 where there are none
		    */
};

/*
 * Fits a line to COUNT points by least squares of the relative deviations (weights 1/y^2), so that
 * small x count as much as large ones. Neither base nor slope is less than 0, as no cost is. False:
 * fewer than three different x, which any line would fit.
 */
bool line_fit(const double *x, const double *y, size_t count, struct line *line)
	__attribute__((nonnull));

enum comparison {
	COMPARISON_SAME,   /* no two values of the intervals differ by more than the tolerance */
	COMPARISON_FASTER, /* all values are lower, by more than the tolerance */
	COMPARISON_SLOWER,
	COMPARISON_UNCLEAR, /* neither */
};

/* How AFTER is, compared with BEFORE; TOLERANCE in parts, 0.02 for 2 percent. */
enum comparison intervals_compare(const struct interval *before, const struct interval *after,
				  double tolerance) __attribute__((nonnull));

/* "same", "faster", "slower", "cannot tell". */
const char *comparison_name(enum comparison comparison) __attribute__((returns_nonnull));

#endif
