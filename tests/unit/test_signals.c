// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/signals.h"

static void every_limit_arms_the_timer(void **state)
{
	static const uint64_t limits[] = {1,         999,        1000,       999999000,  999999001,
					  999999999, 1000000000, 1999999999, 10000000000};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		struct itimerval timer;

		time_limit_begin(limits[i]);
		getitimer(ITIMER_REAL, &timer);
		time_limit_end();
		print_message("%ju ns\n", (uintmax_t)limits[i]);
		assert_true(timer.it_value.tv_sec || timer.it_value.tv_usec);
	}
}

static void a_limit_ends_a_call_that_waits(void **state)
{
	uint64_t start = clock_ns();

	(void)state;
	time_limit_begin(20000000);
	assert_int_equal(poll(NULL, 0, 5000), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(time_limit_end(), 1);
	assert_in_range(clock_ns() - start, 20000000, UINT64_C(4000000000));
}

static void a_deadline_too_far_never_comes(void **state)
{
	uint64_t now = clock_ns();

	(void)state;
	assert_in_range(clock_deadline(1000), now + 1000, now + UINT64_C(60000000000));
	assert_true(clock_deadline(UINT64_MAX) == UINT64_MAX);
	assert_true(clock_deadline(UINT64_MAX - now) == UINT64_MAX);
}

/* Whichever comes last. */
static void a_stop_of_the_screen_is_not_lost(void **state)
{
	static const int orders[][2] = {{SIGTSTP, SIGWINCH}, {SIGWINCH, SIGTSTP}};

	(void)state;
	catch_screen_signals();
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		uint64_t start = clock_ns();

		raise(orders[i][0]);
		raise(orders[i][1]);
		sleep_until_stopped(UINT64_C(8000000000));
		assert_in_range(clock_ns() - start, 0, UINT64_C(4000000000));
		assert_true(take_screen_stop());
		assert_false(take_screen_stop());
	}
	raise(SIGWINCH);
	assert_false(take_screen_stop());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_limit_arms_the_timer),
		cmocka_unit_test(a_limit_ends_a_call_that_waits),
		cmocka_unit_test(a_deadline_too_far_never_comes),
		cmocka_unit_test(a_stop_of_the_screen_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
