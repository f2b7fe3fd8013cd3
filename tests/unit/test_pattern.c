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
#include "model/pattern.h"

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

static void bytes_repeat_in_the_order_written(void **state)
{
	/* longer than the block that is copied, and no multiple of three */
	enum {
		SIZE = 100001
	};
	AUTO_FREE uint8_t *memory = xcalloc(SIZE, 1);
	struct pattern pattern;

	(void)state;
	assert_int_equal(pattern_parse("0x010203", &pattern), 0);
	pattern_write(&pattern, memory, SIZE - 1);
	for (size_t i = 0; i < SIZE - 1; i++)
		assert_int_equal(memory[i], i % 3 + 1);
	assert_int_equal(memory[SIZE - 1], 0); /* not a byte too much */
}

static void the_first_difference_is_found_wherever_it_is(void **state)
{
	static const char *const patterns[] = {"0x5a", "0x010203", "random:42"};
	enum {
		SIZE = 70000
	};
	static const size_t places[] = {0, 1, 16383, 16384, 49152, SIZE - 1};
	AUTO_FREE uint8_t *memory = xcalloc(SIZE, 1);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		struct mismatch mismatch;
		struct pattern pattern;

		assert_int_equal(pattern_parse(patterns[i], &pattern), 0);
		pattern_write(&pattern, memory, SIZE);
		assert_true(pattern_equals(&pattern, memory, SIZE, &mismatch));
		for (size_t j = 0; j < COUNT_OF(places); j++) {
			uint8_t right = memory[places[j]];

			memory[places[j]] ^= 1;
			assert_false(pattern_equals(&pattern, memory, SIZE, &mismatch));
			assert_int_equal(mismatch.offset, places[j]);
			assert_int_equal(mismatch.expected, right);
			assert_int_equal(mismatch.found, right ^ 1);
			memory[places[j]] = right;
		}
	}
}

static void random_depends_on_the_seed_only(void **state)
{
	uint8_t one[4096], two[4096];
	struct mismatch mismatch;
	struct pattern pattern;

	(void)state;
	assert_int_equal(pattern_parse("random:1", &pattern), 0);
	pattern_write(&pattern, one, sizeof(one));
	assert_true(pattern_equals(&pattern, one, sizeof(one), &mismatch));
	assert_int_equal(pattern_parse("random:2", &pattern), 0);
	pattern_write(&pattern, two, sizeof(two));
	assert_memory_not_equal(one, two, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_read_and_write_the_same),
		cmocka_unit_test(bytes_repeat_in_the_order_written),
		cmocka_unit_test(the_first_difference_is_found_wherever_it_is),
		cmocka_unit_test(random_depends_on_the_seed_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
