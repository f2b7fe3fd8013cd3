// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "sys/fdinfo.h"

/* as Linux 7.2 prints it, but for the name's line ends and false keys */
#define BEFORE_NAME \
	"pos:\t0\nflags:\t02000002\nmnt_id:\t11\nino:\t34\nsize:\t12288\ncount:\t1\nexp_name:" \
	"\tsystem\n"

static void the_first_value_counts_and_the_name_is_the_rest(void **state)
{
	static const struct {
		const char *text, *key, *value;
	} cases[] = {
		{BEFORE_NAME, "pos", "0"},
		{BEFORE_NAME, "exp_name", "system"},
		{BEFORE_NAME, "name", NULL},
		{BEFORE_NAME "name:\tcamera\n", "name", "camera"},
		{BEFORE_NAME "name:\tcamera\n", "exp_name", "system"},
		/* names that lie */
		{BEFORE_NAME "name:\ta\nexp_name:\tother\n", "exp_name", "system"},
		{BEFORE_NAME "name:\ta\nexp_name:\tother\n", "name", "a\nexp_name:\tother"},
		{BEFORE_NAME "name:\ta\nname:\tb\n", "name", "a\nname:\tb"},
		{BEFORE_NAME "name:\ta\nattachments:\t7\n", "attachments", NULL},
		{BEFORE_NAME "name:\ta\nattachments:\t7", "attachments", NULL},
		{BEFORE_NAME "name:\t\n", "name", ""},
		{BEFORE_NAME "name:\t\n\n", "name", "\n"},
		{BEFORE_NAME "name:\t", "name", ""},
		{BEFORE_NAME "name:\t\x1b[31m\xff\n", "name", "\x1b[31m\xff"},
		/* a key is the whole of it, at the beginning of a line */
		{"mnt_ino:\t1\nino:\t2\n", "ino", "2"},
		{"inode:\t1\n", "ino", NULL},
		{"ino: 1\n", "ino", NULL},
		{"ino", "ino", NULL},
		{"ino:", "ino", NULL},
		{"ino:\t", "ino", ""},
		{"size:\tino:\t1\n", "ino", NULL},
		{"\n\nino:\t1", "ino", "1"},
		{"ino:\t1\nino:\t2\n", "ino", "1"},
		{"ino:\t1\r\n", "ino", "1\r"},
		{"\n", "ino", NULL},
		{"", "ino", NULL},
		{"", "name", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_FREE char *value = fdinfo_value(cases[i].text, cases[i].key);

		print_message("%zu: %s\n", i, cases[i].key);
		if (!cases[i].value)
			assert_null(value);
		else
			assert_string_equal(value, cases[i].value);
	}
}

static void numbers_are_whole_or_refused(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint64_t number;
	} cases[] = {
		{BEFORE_NAME, 0, 12288},
		{"size:\t18446744073709551615\n", 0, UINT64_MAX},
		{"size:\t18446744073709551616\n", -ERANGE, 0},
		{"size:\t-1\n", -EINVAL, 0},
		{"size:\t+1\n", -EINVAL, 0},
		{"size:\t 1\n", -EINVAL, 0},
		{"size:\t1 kB\n", -EINVAL, 0},
		{"size:\t\n", -EINVAL, 0},
		{"size:\n", -ENOENT, 0},
		{"name:\tx\nsize:\t1\n", -ENOENT, 0},
		{"", -ENOENT, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint64_t number = 4711;

		print_message("%zu\n", i);
		assert_int_equal(fdinfo_number(cases[i].text, "size", &number), cases[i].error);
		assert_true(number == (cases[i].error ? 4711 : cases[i].number));
	}
}

/* what the kernel shows of a file, not only what we think it does; ino: since Linux 5.14 */
static void a_descriptor_of_this_process(void **state)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *flags = NULL;
	AUTO_CLOSE int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct stat status;
	uint64_t inode;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(fdinfo_read_own(fd, &text), 0);
	flags = fdinfo_value(text, "flags");
	assert_non_null(flags);
	assert_int_equal(strtol(flags, NULL, 8) & (O_ACCMODE | O_CLOEXEC), O_WRONLY | O_CLOEXEC);
	if (!fdinfo_number(text, "ino", &inode))
		assert_true(inode == status.st_ino);
	assert_int_equal(fdinfo_read_own(-1, &text), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_value_counts_and_the_name_is_the_rest),
		cmocka_unit_test(numbers_are_whole_or_refused),
		cmocka_unit_test(a_descriptor_of_this_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
