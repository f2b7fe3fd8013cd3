// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/buffer/pattern.h"

static void patterns_read_and_write_the_same(void **state)
{
	static const struct {
		const char *text, *again;
	} cases[] = {
		{"0", "0x00"},
		{"170", "0xaa"},
		{"0xAA", "0xaa"},
		{"0xdeadbeef", "0xdeadbeef"},
		{"random:7", "random:7"},
		{"random:0x10", "random:16"},
	};
	static const char *const wrong[] = {"",        "256",     "0x",       "0xa",   "0xag", "-1",
					    "random:", "random7", "random:x", "zebra", "0x 1"};
	struct pattern pattern;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_FREE char *text = NULL;

		assert_int_equal(pattern_parse(cases[i].text, &pattern), 0);
		text = pattern_text(&pattern);
		assert_string_equal(text, cases[i].again);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		print_message("%s\n", wrong[i]);
		assert_int_equal(pattern_parse(wrong[i], &pattern), -EINVAL);
	}
}

/* The n-th number of splitmix64, as its authors define it: a mix of the n-th state. */
static uint64_t splitmix64(uint64_t seed, uint64_t n)
{
	uint64_t z = seed + n * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* What the header says stands at an offset. */
static uint8_t expected_byte(const struct pattern *pattern, size_t offset)
{
	uint64_t number;

	if (!pattern->random)
		return pattern->bytes[offset % pattern->length];
	number = splitmix64(pattern->seed, 1 + offset % 4096 / 8) ^
		 splitmix64(pattern->seed, 513 + offset / 4096);
	return (uint8_t)(number >> 8 * (offset % 8));
}

static const char *const all_patterns[] = {
	"0x5a",
	"0xdeadbeef",
	"0x010203",
	"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
	"2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
	"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
	"2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40",
	"random:0",
	"random:42",
	"random:0xffffffffffffffff",
};

static void the_numbers_are_those_of_splitmix64(void **state)
{
	/* what others print of the seed 1234567 */
	static const uint64_t known[] = {UINT64_C(6457827717110365317),
					 UINT64_C(3203168211198807973),
					 UINT64_C(9817491932198370423)};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++)
		assert_true(splitmix64(1234567, i + 1) == known[i]);
}

static void each_byte_is_what_the_header_says(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 63, 4031, 4095, 4096, 4097, 8192, 100001};
	enum {
		MOST = 100001
	};
	AUTO_FREE uint8_t *memory = xcalloc(MOST + 2, 1);
	struct pattern pattern;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all_patterns) * COUNT_OF(sizes); i++) {
		const char *text = all_patterns[i / COUNT_OF(sizes)];
		size_t size = sizes[i % COUNT_OF(sizes)];
		uint8_t *place = memory + i % 2; /* aligned and not */
		struct mismatch mismatch;

		print_message("%zu bytes of %s\n", size, text);
		assert_int_equal(pattern_parse(text, &pattern), 0);
		place[size] = (uint8_t)~expected_byte(&pattern, size);
		pattern_write(&pattern, place, size);
		for (size_t j = 0; j < size; j++)
			assert_int_equal(place[j], expected_byte(&pattern, j));
		assert_true(pattern_equals(&pattern, place, size, &mismatch));
		/* not a byte too much */
		assert_int_equal(place[size], (uint8_t)~expected_byte(&pattern, size));
	}
}

static void large_memory_is_written_alike(void **state)
{
	/* more than the caches have, where whole lines are written past them, and less */
	static const size_t sizes[] = {(16 << 20) + 4099, (16 << 20) - 1};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all_patterns) * COUNT_OF(sizes); i++) {
		size_t size = sizes[i % COUNT_OF(sizes)];
		AUTO_FREE uint8_t *memory = xcalloc(size + 1, 1);
		struct mismatch mismatch;
		struct pattern pattern;

		assert_int_equal(pattern_parse(all_patterns[i / COUNT_OF(sizes)], &pattern), 0);
		pattern_write(&pattern, memory, size);
		assert_true(pattern_equals(&pattern, memory, size, &mismatch));
		for (size_t j = 0; j < size; j += 1021)
			assert_int_equal(memory[j], expected_byte(&pattern, j));
		assert_int_equal(memory[size], 0);
	}
}

static void the_first_difference_is_found_wherever_it_is(void **state)
{
	enum {
		SIZE = 20001
	};
	AUTO_FREE uint8_t *memory = xcalloc(SIZE, 1);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all_patterns); i++) {
		struct mismatch mismatch;
		struct pattern pattern;

		assert_int_equal(pattern_parse(all_patterns[i], &pattern), 0);
		pattern_write(&pattern, memory, SIZE);
		memory[SIZE - 1] ^= 0x55; /* never the first */
		/* odd, so that each place of a chunk has its turn, and each bit */
		for (size_t place = 0; place < SIZE - 1; place += 13) {
			uint8_t right = memory[place];

			memory[place] ^= (uint8_t)(1 << place % 8);
			assert_false(pattern_equals(&pattern, memory, SIZE, &mismatch));
			assert_int_equal(mismatch.offset, place);
			assert_int_equal(mismatch.expected, right);
			assert_int_equal(mismatch.found, memory[place]);
			memory[place] = right;
		}
		assert_false(pattern_equals(&pattern, memory, SIZE, &mismatch));
		assert_int_equal(mismatch.offset, SIZE - 1);
	}
}

/* Whether COUNT words at two places of random bytes differ in each. */
static void assert_words_differ(const uint8_t *memory, size_t one, size_t two, size_t count)
{
	for (size_t i = 0; i < 8 * count; i += 8)
		assert_memory_not_equal(memory + one + i, memory + two + i, 8);
}

static void misplaced_pages_and_words_are_found(void **state)
{
	enum {
		PAGE = 4096,
		PAGES = 16,
		SIZE = PAGES * PAGE
	};
	AUTO_FREE uint8_t *right = xcalloc(SIZE, 1), *memory = xcalloc(SIZE, 1);
	struct mismatch mismatch;
	struct pattern pattern;

	(void)state;
	assert_int_equal(pattern_parse("random:3", &pattern), 0);
	pattern_write(&pattern, right, SIZE);
	for (size_t one = 0; one < SIZE; one += PAGE) {
		for (size_t two = 0; two < one; two += PAGE) {
			assert_words_differ(right, one, two, PAGE / 8);
			/* a page that is there twice, and two in each other's place */
			memcpy(memory, right, SIZE);
			memcpy(memory + one, right + two, PAGE);
			assert_false(pattern_equals(&pattern, memory, SIZE, &mismatch));
			assert_int_equal(mismatch.offset / PAGE, one / PAGE);
			memcpy(memory + two, right + one, PAGE);
			assert_false(pattern_equals(&pattern, memory, SIZE, &mismatch));
			assert_int_equal(mismatch.offset / PAGE, two / PAGE);
		}
	}
	for (size_t shift = 8; shift < PAGE; shift += 8)
		assert_words_differ(right, 0, shift, (PAGE - shift) / 8);
	for (size_t shift = 1; shift < SIZE / 4; shift += shift < 20 ? 1 : 1000)
		assert_false(pattern_equals(&pattern, right + shift, SIZE - shift, &mismatch));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_read_and_write_the_same),
		cmocka_unit_test(the_numbers_are_those_of_splitmix64),
		cmocka_unit_test(each_byte_is_what_the_header_says),
		cmocka_unit_test(large_memory_is_written_alike),
		cmocka_unit_test(the_first_difference_is_found_wherever_it_is),
		cmocka_unit_test(misplaced_pages_and_words_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
