// SPDX-License-Identifier: GPL-2.0-or-later
/* From which CMA area an allocation came, by the counters before and after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/heap/cma_area.h"

static void test_area_changed(void **state)
{
	static const struct cma_counters before[] = {{100, 0}, {7, 3}, {0, 0}};
	static const struct cma_counters second[] = {{100, 0}, {52, 3}, {0, 0}};
	static const struct cma_counters both[] = {{145, 0}, {52, 3}, {0, 0}};
	static const struct cma_counters released[] = {{100, 50}, {7, 7}, {0, 0}};

	(void)state;
	assert_int_equal(cma_area_changed(3, before, second, 45), 1);
	assert_int_equal(cma_area_changed(3, before, second, 44), CMA_CHANGED_OTHERWISE);
	assert_int_equal(cma_area_changed(3, before, both, 45), CMA_CHANGED_OTHERWISE);
	assert_int_equal(cma_area_changed(3, before, released, 45), CMA_CHANGED_NONE);
	assert_int_equal(cma_area_changed(0, before, second, 45), CMA_CHANGED_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_area_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
