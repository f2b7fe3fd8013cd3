// SPDX-License-Identifier: GPL-2.0-or-later
/* Percentiles, by their definition. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_samples),
		cmocka_unit_test(test_hundred_samples),
		cmocka_unit_test(test_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
