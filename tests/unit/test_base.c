// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/constant.h"
#include "base/number.h"
#include "base/path.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/histogram.h"
#include "view/table.h"
#include "view/units.h"

static void sizes_read_as_in_util_linux(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint64_t bytes;
	} cases[] = {
		{"8M", 0, 8388608},
		{"8MiB", 0, 8388608},
		{"8mib", 0, 8388608},
		{"8MB", 0, 8000000},
		{"4096", 0, 4096},
		{"4096B", 0, 4096},
		{"0x1000", 0, 4096},
		{"15E", 0, UINT64_C(15) << 60},
		{"18446744073709551615", 0, UINT64_MAX},
		{"16E", -ERANGE, 0},
		{"18446744073709551616", -ERANGE, 0},
		{"0", -EINVAL, 0},
		{"0M", -EINVAL, 0},
		{"", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"+1", -EINVAL, 0},
		{" 1", -EINVAL, 0},
		{"1 ", -EINVAL, 0},
		{"8Mx", -EINVAL, 0},
		{"8MiBx", -EINVAL, 0},
		{"8Z", -EINVAL, 0},
		{"M", -EINVAL, 0},
		{"0x", -EINVAL, 0},
		{"0x-1", -EINVAL, 0},
		{"0x0x1", -EINVAL, 0},
		{"0x1B", 0, 27},
		{"0x1K", -EINVAL, 0},
		{"0x10MB", -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint64_t bytes = 77;

		print_message("%s\n", cases[i].text);
		assert_int_equal(parse_size(cases[i].text, &bytes), cases[i].error);
		assert_int_equal(bytes, cases[i].error ? 77 : cases[i].bytes);
	}
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint64_t ns;
	} cases[] = {
		{"10", 0, 10000000000},
		{"10s", 0, 10000000000},
		{"250ms", 0, 250000000},
		{"1.5s", 0, 1500000000},
		{"0.25h", 0, 900000000000},
		{"2min", 0, 120000000000},
		{"0", 0, 0},
		{"1.", 0, 1000000000},
		{"7ns", 0, 7},
		{"", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"0x10", -EINVAL, 0},
		{"0X10", -EINVAL, 0},
		{"1m", -EINVAL, 0},
		{"1 s", -EINVAL, 0},
		{"99999999999h", -ERANGE, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint64_t ns = 77;

		print_message("%s\n", cases[i].text);
		assert_int_equal(parse_duration(cases[i].text, &ns), cases[i].error);
		assert_int_equal(ns, cases[i].error ? 77 : cases[i].ns);
	}
}

static void what_a_terminal_acts_on_is_escaped(void **state)
{
	static const struct {
		const char *text, *escaped;
	} cases[] = {
		{"video@42000000", "video@42000000"},
		{"a\033[31mb", "a\\x1b[31mb"},
		{"a\nb\tc", "a\\x0ab\\x09c"},
		{"\x7f", "\\x7f"},
		{"\xc2\x9b", "\\xc2\\x9b"}, /* C1: CSI */
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xff\xc3", "\\xff\\xc3"},
		{"\xc0\x80", "\\xc0\\x80"},                   /* overlong */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* surrogate */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
		{"a\\b", "a\\b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_FREE char *escaped = text_escape(cases[i].text);

		assert_string_equal(escaped, cases[i].escaped);
	}
}

static void utf8_stops_at_the_length(void **state)
{
	unsigned int code = 0;

	(void)state;
	assert_int_equal(text_utf8("\xe2\x82\xac", 3, &code), 3);
	assert_int_equal(code, 0x20ac);
	assert_int_equal(text_utf8("\xe2\x82\xac", 2, &code), 0);
	assert_int_equal(text_utf8("", 0, &code), 0);
}

static void near_names_are_found(void **state)
{
	static const char *const names[] = {"list", "info", "alloc", "lint-names", "regions"};

	(void)state;
	assert_int_equal(text_distance("list", "list"), 0);
	assert_int_equal(text_distance("lsit", "list"), 1); /* a transposition */
	assert_int_equal(text_distance("", "abc"), 3);
	assert_string_equal(text_nearest("lsit", names, COUNT_OF(names)), "list");
	assert_string_equal(text_nearest("reg", names, COUNT_OF(names)), "regions");
	assert_null(text_nearest("frobnicate", names, COUNT_OF(names)));
}

static void sizes_are_written_short(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{0, "0B"},
		{1023, "1023B"},
		{1024, "1K"},
		{1536, "1.5K"},
		{16777216, "16M"},
		{8388607, "7.9M"},
		{UINT64_MAX, "15.9E"},
		{UINT64_C(1) << 60, "1E"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_FREE char *text = units_size(cases[i].bytes);

		assert_string_equal(text, cases[i].text);
	}
}

static void strings_sort_by_byte(void **state)
{
	AUTO_STRINGS struct strings strings = {0};

	(void)state;
	strings_sort(&strings);
	strings_add(&strings, "system");
	strings_add(&strings, "linux,cma");
	strings_add(&strings, "Video");
	strings_sort(&strings);
	assert_string_equal(strings.items[0], "Video");
	assert_string_equal(strings.items[2], "system");
	assert_true(strings_have(&strings, "linux,cma"));
	assert_false(strings_have(&strings, "linux"));
}

static void constants_have_names(void **state)
{
	(void)state;
	assert_string_equal(error_name(ENOTTY), "ENOTTY");
	assert_string_equal(error_name(EOPNOTSUPP), "EOPNOTSUPP");
	assert_string_equal(error_name(512),
			    "error 512"); /* ERESTARTSYS, which must not come out */
	assert_string_equal(signal_name(SIGBUS), "SIGBUS");
	assert_string_equal(signal_name(34), "signal 34");
}

static void paths_are_texts(void **state)
{
	static const struct {
		const char *directory, *path, *normal;
	} normal[] = {
		{"/a/b", "c", "/a/b/c"},
		{"/a/b", "./c//d/", "/a/b/c/d"},
		{"/a/b", "../c", "/a/c"},
		{"/a/b", "../../../c", "/c"},
		{"/a", "/x/./y/../z", "/x/z"},
		{"/a", "..", "/"},
		{"/", "c", "/c"},
	};
	static const struct {
		const char *directory, *path, *below, *common;
	} pairs[] = {
		{"/a/b", "/a/b/c", "c", "/a/b"}, {"/a/b", "/a/b", "", "/a"},
		{"/a/b", "/a/bc/d", NULL, "/a"}, {"/a/b/c", "/a/b/d/e", NULL, "/a/b"},
		{"/", "/a/b", "a/b", "/"},       {"/a/b", "/c/d", NULL, "/"},
		{"/a", "/c", NULL, "/"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(normal); i++) {
		AUTO_FREE char *path = path_normal(normal[i].directory, normal[i].path);

		assert_string_equal(path, normal[i].normal);
	}
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		const char *below = path_below(pairs[i].directory, pairs[i].path);
		AUTO_FREE char *common = xstrdup(pairs[i].directory);

		print_message("%s %s\n", pairs[i].directory, pairs[i].path);
		if (pairs[i].below)
			assert_string_equal(below, pairs[i].below);
		else
			assert_null(below);
		path_common(common, pairs[i].path);
		assert_string_equal(common, pairs[i].common);
	}
}

static void bins_of_histograms_are_round(void **state)
{
	uint64_t times[41], far[] = {10, 11, 11, 12, 1000000}, one = 7;
	struct histogram histogram;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++)
		times[i] = i;
	histogram_make(times, 40, 39, &histogram);
	assert_int_equal(histogram.width, 2);
	assert_int_equal(histogram.count, 20);
	assert_int_equal(histogram.bins[19], 2);
	assert_int_equal(histogram.beyond, 0);
	histogram_make(times, 41, 40, &histogram);
	assert_int_equal(histogram.width, 5);
	assert_int_equal(histogram.count, 9);
	assert_int_equal(histogram.bins[8], 1);
	histogram_make(far, COUNT_OF(far), 12, &histogram);
	assert_int_equal(histogram.width, 1);
	assert_int_equal(histogram.first, 10);
	assert_int_equal(histogram.bins[1], 2);
	assert_int_equal(histogram.beyond, 1);
	histogram_make(&one, 1, one, &histogram);
	assert_int_equal(histogram.count, 1);
	assert_int_equal(histogram.bins[0], 1);
}

static void histograms_are_drawn(void **state)
{
	const uint64_t times[] = {1000, 1000, 1399, 1500, 99000};
	AUTO_FREE char *text = NULL;
	struct histogram histogram;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	(void)state;
	histogram_make(times, COUNT_OF(times), 1500, &histogram);
	assert_int_equal(histogram.width, 50);
	histogram_make(times, COUNT_OF(times), 5000, &histogram);
	assert_int_equal(histogram.width, 500);
	histogram_draw(&histogram, stream, 34, false, false);
	fputs("\n", stream);
	histogram_make(times + 3, 1, 1500, &histogram);
	histogram_draw(&histogram, stream, 34, true, false);
	xmemclose(stream);
	assert_string_equal(text, "       1.0 us |############ 3\n"
				  "       1.5 us |#### 1\n"
				  "       2.0 us |\n"
				  "       2.5 us |\n"
				  "       3.0 us |\n"
				  "       3.5 us |\n"
				  "       4.0 us |\n"
				  "       4.5 us |\n"
				  "       5.0 us |\n"
				  "    >= 5.5 us |#### 1\n"
				  "\n"
				  "     1.500 us │████████████ 1\n");
}

/* Columns of dmaheap test are headed by names of heaps. */
static void headings_are_escaped(void **state)
{
	static const struct column columns[] = {{"v\x1b[31m", "", COLUMN_DEFAULT, NULL}};
	const struct table_style style = {0};
	AUTO_TABLE struct table *table = NULL;
	const char *wrong = NULL;
	int wrong_length = 0;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	assert_non_null(stream);
	table = table_new(columns, 1, &style, &wrong, &wrong_length);
	assert_non_null(table);
	table_row(table);
	table_set(table, 0, value_text("x"));
	table_print_text(table, stream);
	fclose(stream);
	assert_non_null(strchr(text, 'v'));
	assert_null(strchr(text, '\x1b'));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_read_as_in_util_linux),
		cmocka_unit_test(durations),
		cmocka_unit_test(what_a_terminal_acts_on_is_escaped),
		cmocka_unit_test(utf8_stops_at_the_length),
		cmocka_unit_test(near_names_are_found),
		cmocka_unit_test(sizes_are_written_short),
		cmocka_unit_test(strings_sort_by_byte),
		cmocka_unit_test(constants_have_names),
		cmocka_unit_test(paths_are_texts),
		cmocka_unit_test(bins_of_histograms_are_round),
		cmocka_unit_test(histograms_are_drawn),
		cmocka_unit_test(headings_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
