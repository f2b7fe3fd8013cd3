// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/devicetree/property.h"

/* A property of a C string literal, without the NUL that the compiler adds. */
#define PROPERTY(data) (&(struct property){"p", data, sizeof(data) - 1})

static void test_strings(void **state)
{
	const struct property *list = PROPERTY("one\0\0two\0open");

	(void)state;
	assert_string_equal(property_string(list), "one");
	assert_string_equal(property_string_at(list, 1), "");
	assert_string_equal(property_string_at(list, 2), "two");
	assert_null(property_string_at(list, 3)); /* it has no end */
	assert_null(property_string(PROPERTY("")));
	assert_null(property_string(PROPERTY("open")));
	assert_true(property_has_string(list, "TWO"));
	assert_false(property_has_string(list, "tw"));
	assert_false(property_has_string(list, "open"));
	assert_false(property_has_string(&(struct property){0}, ""));
}

/* drivers/of/base.c __of_device_is_status(): strcmp() of the whole property */
static void test_status(void **state)
{
	(void)state;
	assert_true(status_is_okay(NULL));
	assert_true(status_is_okay(PROPERTY("okay\0")));
	assert_true(status_is_okay(PROPERTY("ok\0")));
	assert_true(status_is_okay(PROPERTY("okay\0x\0")));
	assert_true(status_is_okay(PROPERTY("okay"))); /* what follows in the blob is 0 */
	assert_false(status_is_okay(PROPERTY("x\0okay\0")));
	assert_false(status_is_okay(PROPERTY("okayed\0")));
	assert_false(status_is_okay(PROPERTY("OKAY\0")));
	assert_false(status_is_okay(PROPERTY("disabled\0")));
	assert_false(status_is_okay(PROPERTY("")));
}

static void test_node_name(void **state)
{
	(void)state;
	assert_true(node_name_is("memory", "memory"));
	assert_true(node_name_is("memory@40000000", "memory"));
	assert_false(node_name_is("memory-controller@0", "memory"));
	assert_false(node_name_is("mem", "memory"));
}

static void test_unit_address(void **state)
{
	static const struct {
		const char *name;
		uint64_t address;
	} good[] = {
		{"video@42000000", 0x42000000},
		{"a@0", 0},
		{"a@0x1F", 0x1f},
		{"a@00000000000000000001", 1},
		{"a@ffffffffffffffff", UINT64_MAX},
		{"a@1,200000", 0x100200000},
		{"a@0,40000000", 0x40000000},
		{"a@00000001,FE000000", 0x1fe000000},
		/* the convention for heaps' names puts attributes there */
		{"memory@42000000-cacheable-contiguous", 0x42000000},
		{"a@0,40000000-protected", 0x40000000},
		{"a@1-0", 1},
	};
	static const char *const bad[] = {"a",       "a@",
					  "a@g",     "a@1,",
					  "a@,1",    "a@1,2,3",
					  "a@1,0x2", "a@1,000000002",
					  "a@-1",    "a@ 1",
					  "a@+1",    "a@0x",
					  "a@0x0x1", "a@1@2",
					  "a@1 ",    "a@-contiguous",
					  "a@b@1",   "a@10000000000000000"};
	uint64_t address;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_true(unit_address(good[i].name, &address));
		assert_int_equal(address, good[i].address);
	}
	address = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(unit_address(bad[i], &address));
	assert_int_equal(address, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_node_name),
		cmocka_unit_test(test_unit_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
