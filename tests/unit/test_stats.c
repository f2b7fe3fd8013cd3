// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Percentiles and intervals, by their definition; the rest against values that Python's fractions
 * give, which are exact.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/stats/stats.h"

static void test_few_samples(void **state)
{
	uint64_t one[] = {7}, three[] = {9, 1, 5};

	(void)state;
	samples_sort(one, 1);
	assert_int_equal(samples_percentile(one, 1, 0), 7);
	assert_int_equal(samples_percentile(one, 1, 50), 7);
	assert_int_equal(samples_percentile(one, 1, 99), 7);
	samples_sort(three, 3);
	assert_int_equal(samples_percentile(three, 3, 0), 1);
	assert_int_equal(samples_percentile(three, 3, 50), 5);
	assert_int_equal(samples_percentile(three, 3, 99), 9);
}

static void test_hundred_samples(void **state)
{
	uint64_t hundred[100];

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		hundred[i] = 100 - i;
	samples_sort(hundred, 100);
	assert_int_equal(samples_percentile(hundred, 100, 0), 1);
	assert_int_equal(samples_percentile(hundred, 100, 50), 50);
	assert_int_equal(samples_percentile(hundred, 100, 99), 99);
	assert_int_equal(samples_percentile(hundred, 100, 100), 100);
}

/* The definition: enough samples do not exceed it, and with any smaller one too few would not. */
static void test_definition(void **state)
{
	uint64_t samples[333];
	uint64_t random = 1;

	(void)state;
	for (size_t count = 1; count <= 333; count++) {
		for (size_t i = 0; i < count; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			samples[i] = random >> 58; /* many are equal */
		}
		samples_sort(samples, count);
		for (unsigned int percent = 1; percent <= 100; percent++) {
			uint64_t value = samples_percentile(samples, count, percent);
			size_t below = 0, up_to = 0;

			for (size_t i = 0; i < count; i++) {
				below += samples[i] < value;
				up_to += samples[i] <= value;
			}
			assert_true(up_to * 100 >= percent * count);
			assert_true(below * 100 < percent * count);
		}
	}
}

/* From math.comb(): the largest k with 2 sum(comb(n, j), j < k) <= (1 - confidence) 2^n. */
static void test_median_rank(void **state)
{
	static const struct {
		size_t count, rank80, rank95, rank99;
	} table[] = {
		{1, 0, 0, 0},
		{5, 1, 0, 0},
		{6, 1, 1, 0},
		{8, 2, 1, 1},
		{10, 3, 2, 1},
		{39, 16, 13, 12},
		{100, 44, 40, 37},
		{101, 44, 41, 38},
		{1000, 480, 469, 459},
		{2000, 971, 956, 942},
		{9999, 4935, 4902, 4871},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(median_rank(table[i].count, 0.80), table[i].rank80);
		assert_int_equal(median_rank(table[i].count, 0.95), table[i].rank95);
		assert_int_equal(median_rank(table[i].count, 0.99), table[i].rank99);
	}
	assert_int_equal(median_rank(0, 0.95), 0);
}

/* Of samples that are drawn from 1 to 99, whose median is 50, the interval holds it as often as it
 * promises: at 95 percent all but some 50 of 1000 times, and at least 28 times it does not. */
static void test_interval_holds_the_median(void **state)
{
	uint64_t samples[60], random = 7;
	unsigned int missed = 0;

	(void)state;
	for (unsigned int trial = 0; trial < 1000; trial++) {
		struct summary summary;

		for (size_t i = 0; i < 60; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			samples[i] = 1000 + (random >> 33) % 99000;
		}
		samples_summarize(samples, 60, 0.95, 1, &summary);
		assert_true(summary.interval_known);
		assert_true(summary.interval.low <= summary.median);
		assert_true(summary.median <= summary.interval.high);
		missed += summary.interval.low > 50500 || summary.interval.high < 50500;
	}
	assert_in_range(missed, 15, 55);
}

static void test_summary(void **state)
{
	/* sorted 1 1 2 3 3 3 4 5 5 5 6 7 8 9 9 9: the quartiles are 3 and 7 */
	static const uint64_t samples[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
	/* sorted 7 8 9 9 10 11 12 13 14 40: the quartiles are 9 and 13, the fences -3 and 25 */
	static const uint64_t far[] = {10, 9, 40, 11, 9, 12, 8, 13, 7, 14};
	struct summary summary;

	(void)state;
	samples_summarize(samples, 16, 0.95, 1, &summary);
	assert_int_equal(summary.count, 16);
	assert_int_equal(summary.min, 1);
	assert_int_equal(summary.median, 5);
	assert_int_equal(summary.p90, 9);
	assert_int_equal(summary.outliers, 0);
	/* sums of fractions: 21/116 */
	assert_true(fabs(summary.autocorrelation - 0.1810344827586207) < 1e-12);
	/* 2 (1 + 16 + 120 + 560) / 65536 is 0.0213, with the next one 0.0768: the fourth and the
	 * thirteenth */
	assert_int_equal(summary.interval.low, 3);
	assert_int_equal(summary.interval.high, 8);
	assert_true(fabs(summary_noise(&summary) - 1) < 1e-12);

	samples_summarize(far, 10, 0.95, 1, &summary);
	assert_int_equal(summary.outliers, 1);
	assert_int_equal(summary.interval.low, 8);
	assert_int_equal(summary.interval.high, 14);

	/* a step of 5 is half of it, 3, on each side, and not below 0 */
	samples_summarize(samples, 16, 0.95, 5, &summary);
	assert_int_equal(summary.interval.low, 0);
	assert_int_equal(summary.interval.high, 11);

	samples_summarize(samples, 5, 0.95, 1, &summary);
	assert_false(summary.interval_known);
	assert_true(isinf(summary_noise(&summary)));
}

/* 200 samples of 10 in a row each: there is nothing to learn from nine of them. */
static void test_alike_neighbours(void **state)
{
	uint64_t alike[200], apart[200], random = 3;
	struct summary rows, mixed;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		apart[i] = alike[i] = 100 + i / 10 * 7 % 20;
	for (size_t i = 199; i; i--) {
		uint64_t kept = apart[i];
		size_t other;

		random = random * 6364136223846793005u + 1442695040888963407u;
		other = (random >> 33) % (i + 1);
		apart[i] = apart[other];
		apart[other] = kept;
	}
	samples_summarize(alike, 200, 0.95, 1, &rows);
	samples_summarize(apart, 200, 0.95, 1, &mixed);
	assert_true(rows.autocorrelation > 0.8);
	assert_true(fabs(mixed.autocorrelation) < 0.3);
	assert_int_equal(rows.median, mixed.median);
	assert_true(rows.interval.low < mixed.interval.low);
	assert_true(rows.interval.high > mixed.interval.high);
}

static void test_equal_samples(void **state)
{
	uint64_t equal[30];
	struct summary summary;

	(void)state;
	for (size_t i = 0; i < 30; i++)
		equal[i] = 4711;
	samples_summarize(equal, 30, 0.99, 1, &summary);
	assert_true(summary.interval_known);
	assert_int_equal(summary.interval.low, 4711);
	assert_int_equal(summary.interval.high, 4711);
	assert_int_equal(summary.outliers, 0);
	assert_true(summary.autocorrelation == 0);
	assert_true(summary_noise(&summary) == 0);
}

static void test_clock_step(void **state)
{
	/* counters of 62.5 MHz, 24 MHz and of a processor's clock, one that is read once a step,
	 * and one that only counts what is done between the readings */
	static const uint64_t clock16[] = {32, 32, 48, 48, 64}, clock42[] = {41, 42, 83, 84, 125},
			      fine[] = {20, 21, 22, 25}, coarse[] = {0, 0, 0, 41},
			      exact[] = {130, 130, 130}, rare[] = {22, 22, 5000};

	(void)state;
	assert_int_equal(clock_step(clock16, 5), 16);
	assert_int_equal(clock_step(clock42, 5), 41);
	assert_int_equal(clock_step(fine, 4), 3);
	assert_int_equal(clock_step(coarse, 4), 41);
	assert_int_equal(clock_step(exact, 3), 1);
	assert_int_equal(clock_step(rare, 3), 22);
	assert_int_equal(clock_step(exact, 0), 1);
}

static void near(double value, double wanted)
{
	assert_true(fabs(value - wanted) <= 1e-9 * fabs(wanted));
}

static void test_line(void **state)
{
	static const double sizes[] = {4, 64, 1024, 8192}, times[] = {1500, 7000, 110000, 800000};
	static const double exact[] = {540, 1140, 10740, 82420}; /* 500 + 10 x */
	static const double x[] = {1, 2, 3, 4}, below[] = {10, 21, 29, 41};
	static const double falls[] = {40, 30, 20, 10}, flat[] = {5, 5, 5, 5};
	static const double twice[] = {4, 4, 8, 8}, even[] = {1007, 1007, 1007, 1007};
	struct line line = {.base = -1};

	(void)state;
	assert_true(line_fit(sizes, times, 4, &line));
	near(line.base, 1086.928330399876);
	near(line.slope, 98.86176166037363);
	near(line.r2, 0.9965947401964438);
	assert_true(line_fit(sizes, exact, 4, &line));
	near(line.base, 500);
	near(line.slope, 10);
	near(line.r2, 1);
	/* the best base is -0.02 */
	assert_true(line_fit(x, below, 4, &line));
	assert_true(line.base == 0);
	near(line.slope, 10.085199867012792);
	near(line.r2, 0.9960992126783197);
	assert_true(line_fit(x, falls, 4, &line));
	assert_true(line.slope == 0);
	assert_true(line.r2 == 0);
	assert_true(line_fit(x, flat, 4, &line));
	near(line.base, 5);
	assert_true(line.slope == 0);
	assert_true(line.r2 == 1);
	assert_true(line_fit(sizes, even, 4, &line));
	assert_true(line.r2 == 1);
	line.base = -1;
	assert_false(line_fit(sizes, times, 2, &line));
	assert_false(line_fit(twice, times, 4, &line));
	assert_false(line_fit(sizes, times, 0, &line));
	assert_true(line.base == -1);
}

static void test_compare(void **state)
{
	static const struct interval before = {100, 110};

	(void)state;
	assert_int_equal(intervals_compare(&before, &(struct interval){111, 120}, 0),
			 COMPARISON_SLOWER);
	assert_int_equal(intervals_compare(&before, &(struct interval){110, 120}, 0),
			 COMPARISON_UNCLEAR);
	assert_int_equal(intervals_compare(&before, &(struct interval){90, 99}, 0),
			 COMPARISON_FASTER);
	assert_int_equal(intervals_compare(&before, &(struct interval){90, 100}, 0),
			 COMPARISON_UNCLEAR);
	/* 110 and a tenth is 121 */
	assert_int_equal(intervals_compare(&before, &(struct interval){121, 130}, 0.1),
			 COMPARISON_UNCLEAR);
	assert_int_equal(intervals_compare(&before, &(struct interval){122, 130}, 0.1),
			 COMPARISON_SLOWER);
	/* 90 and a tenth is 99, 91 more than 100 */
	assert_int_equal(intervals_compare(&before, &(struct interval){80, 90}, 0.1),
			 COMPARISON_FASTER);
	assert_int_equal(intervals_compare(&before, &(struct interval){80, 91}, 0.1),
			 COMPARISON_UNCLEAR);
	assert_int_equal(intervals_compare(&before, &(struct interval){101, 109}, 0.11),
			 COMPARISON_SAME);
	assert_int_equal(intervals_compare(&before, &(struct interval){101, 109}, 0.05),
			 COMPARISON_UNCLEAR);
	assert_int_equal(
		intervals_compare(&(struct interval){50, 50}, &(struct interval){50, 50}, 0),
		COMPARISON_SAME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_samples),
		cmocka_unit_test(test_hundred_samples),
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_median_rank),
		cmocka_unit_test(test_interval_holds_the_median),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_alike_neighbours),
		cmocka_unit_test(test_equal_samples),
		cmocka_unit_test(test_clock_step),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
