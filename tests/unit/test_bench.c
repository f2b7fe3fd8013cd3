// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs on anonymous memory, which every machine has, and on what is no heap. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/bench/bench_run.h"

static const uint64_t sizes[] = {4096, 65536};

static void test_names(void **state)
{
	const char *words = BENCH_CASE_WORDS;

	(void)state;
	for (enum bench_case kind = BENCH_ALLOC; kind < BENCH_CASES; kind++) {
		size_t length = strcspn(words, "|");

		assert_int_equal(strlen(bench_cases[kind].name), length);
		assert_memory_equal(bench_cases[kind].name, words, length);
		words += length + (words[length] == '|');
	}
	assert_string_equal(words, "");
}

/* Anonymous memory has all cases but two; without time, there is one sample of each. */
static void test_no_time(void **state)
{
	const struct bench_target target = {.name = "anonymous", .heap = -1};
	const struct bench_plan plan = {
		.targets = &target,
		.target_count = 1,
		.cases = (1U << BENCH_CASES) - 1,
		.sizes = sizes,
		.size_count = 2,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.step = 1,
	};
	struct bench_result result = {0};

	(void)state;
	assert_int_equal(bench_run(&plan, &result), 0);
	assert_int_equal(result.count, 2 * (BENCH_CASES - 2));
	for (size_t i = 0; i < result.count; i++) {
		const struct bench_cell *cell = &result.items[i];

		assert_int_equal(cell->error, 0);
		assert_int_equal(cell->size, sizes[i % 2]);
		assert_int_equal(cell->samples.count, 1);
		assert_int_equal(cell->summary.count, 1);
		assert_false(cell->summary.interval_known);
		assert_ptr_equal(bench_find(&result, cell, 0), cell);
		assert_null(bench_find(&result, cell, 1));
	}
	bench_result_free(&result);
}

struct seen {
	uint64_t last;
	unsigned int calls;
};

static void see(void *data, uint64_t ns, const char *name)
{
	struct seen *seen = data;

	assert_true(ns >= seen->last);
	assert_string_equal(name, "fill");
	seen->last = ns;
	seen->calls++;
}

/* Five visits of at least eight samples, or an interval of one percent before. */
static void test_time(void **state)
{
	const struct bench_target target = {.name = "anonymous", .heap = -1};
	struct seen seen = {0};
	const struct bench_plan plan = {
		.targets = &target,
		.target_count = 1,
		.cases = 1U << BENCH_FILL,
		.sizes = sizes,
		.size_count = 1,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.time_ns = UINT64_C(3600000000000),
		.step = 1,
		.progress = see,
		.data = &seen,
	};
	struct bench_result result = {0};
	struct bench_clock clock = {0};

	(void)state;
	bench_clock_measure(&clock);
	assert_true(clock.step >= 1);
	assert_int_equal(bench_run(&plan, &result), 0);
	assert_int_equal(seen.calls, 5);
	assert_int_equal(result.count, 1);
	assert_in_range(result.items[0].samples.count, 40, 2040);
	assert_true(result.items[0].summary.interval_known);
	bench_result_free(&result);
}

/* What can't be measured says why, and does not stop the others. */
static void test_no_heap(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const struct bench_target targets[] = {{.name = "anonymous", .heap = -1},
					       {.name = "null", .heap = fd}};
	const struct bench_plan plan = {
		.targets = targets,
		.target_count = 2,
		.cases = 1U << BENCH_ALLOC | 1U << BENCH_SYNC,
		.sizes = sizes,
		.size_count = 1,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.step = 1,
	};
	struct bench_result result = {0};

	(void)state;
	assert_int_equal(bench_run(&plan, &result), 0);
	assert_int_equal(result.count, 3);
	assert_int_equal(result.items[0].error, 0);
	assert_int_equal(result.items[1].error, -ENOTTY);
	assert_int_equal(result.items[1].samples.count, 0);
	assert_int_equal(result.items[2].kind, BENCH_SYNC);
	assert_int_equal(result.items[2].target, 1);
	assert_int_equal(result.items[2].error, -ENOTTY);
	assert_null(bench_find(&result, &result.items[0], 1));
	assert_int_equal(bench_memory_needed(&plan), 8192);
	bench_result_free(&result);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_time),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_no_heap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
