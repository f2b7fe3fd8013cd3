// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/signals.h"
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

/* The pipe of STARTED is closed at the end of the command: it has inherited its end. */
static void no_command_outlives_its_parent(void **state)
{
	char shell[] = "sh", option[] = "-c", script[] = "echo; exec sleep 1000";
	char *command[] = {shell, option, script, NULL};
	struct buffers none = {0};
	int started[2], error, status;
	pid_t parent;
	char byte;

	(void)state;
	assert_int_equal(pipe(started), 0);
	parent = fork();
	assert_true(parent >= 0);
	if (!parent) {
		dup2(started[1], STDOUT_FILENO);
		close(started[0]);
		close(started[1]);
		buffers_run(&none, command, &error);
		_exit(0);
	}
	close(started[1]);
	assert_int_equal(read(started[0], &byte, 1), 1);
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(read(started[0], &byte, 1), 0);
	close(started[0]);
}

static void what_was_ignored_stays_ignored(void **state)
{
	char shell[] = "sh", option[] = "-c", script[] = "kill -HUP $$; kill -TERM $$; exit 9";
	char *command[] = {shell, option, script, NULL};
	struct buffers none = {0};
	int error;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	catch_stop_signals();
	assert_int_equal(buffers_run(&none, command, &error), 128 + SIGTERM);
	signal(SIGTERM, SIG_IGN);
	catch_stop_signals();
	assert_int_equal(buffers_run(&none, command, &error), 9);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_that_can_not_be_run_is_told_from_its_exit_status),
		cmocka_unit_test(no_command_outlives_its_parent),
		cmocka_unit_test(what_was_ignored_stays_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
