// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/buffer/run_with_buffers.h"

static void a_command_that_can_not_be_run_is_told_from_its_exit_status(void **state)
{
	static struct {
		char words[3][32];
		int status, error;
	} cases[] = {
		{{"sh", "-c", "exit 0"}, 0, 0},
		{{"sh", "-c", "exit 126"}, 126, 0},
		{{"sh", "-c", "exit 127"}, 127, 0},
		{{"sh", "-c", "kill -9 $$"}, 128 + 9, 0},
		{{"/no/such/command"}, 127, -ENOENT},
		{{"no-such-command-in-the-path"}, 127, -ENOENT},
		{{"/"}, 126, -EACCES},
		{{"/proc/version"}, 126, -EACCES},
		{{"/proc/version/x"}, 126, -ENOTDIR},
	};
	struct buffers none = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char(*words)[32] = cases[i].words;
		char *command[] = {words[0], *words[1] ? words[1] : NULL, words[2], NULL};
		int error = 1;

		print_message("%s %s\n", words[0], words[2]);
		assert_int_equal(buffers_run(&none, command, &error), cases[i].status);
		assert_int_equal(error, cases[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_that_can_not_be_run_is_told_from_its_exit_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
