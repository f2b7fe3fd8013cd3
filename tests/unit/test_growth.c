// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/buffer/growth.h"
#include "sys/root.h"

static const char *const directories[] = {"/proc", "/sys", "/sys/kernel", "/sys/kernel/debug",
					  "/sys/kernel/debug/dma_buf"};

/* DIRECTORY: a template of mkdtemp(3) */
static struct root *make_machine(char *directory)
{
	struct root *root;

	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		AUTO_FREE char *path = xasprintf("%s%s", directory, directories[i]);

		assert_int_equal(mkdir(path, 0755), 0);
	}
	assert_int_equal(root_open(directory, &root), 0);
	return root;
}

static void remove_machine(const char *directory, struct root *root)
{
	root_free(root);
	for (size_t i = COUNT_OF(directories); i--;) {
		AUTO_FREE char *path = xasprintf("%s%s", directory, directories[i]);

		assert_int_equal(rmdir(path), 0);
	}
	assert_int_equal(rmdir(directory), 0);
}

/* The kernel's listing of a machine without processes; NULL: it has none. */
static void list(const char *directory, const char *lines)
{
	AUTO_FREE char *path = xasprintf("%s/sys/kernel/debug/dma_buf/bufinfo", directory);
	FILE *file;

	if (!lines) {
		unlink(path);
		return;
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(lines, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

#define BUFFER(inode) "00004096\t00000002\t00080007\t00000001\tsystem\t" inode "\t<none>\n"

/* Before Linux 5.19 a newer buffer may have a smaller number. */
static void what_was_not_there_is_new_whatever_its_number(void **state)
{
	char directory[] = "/tmp/test-growth-XXXXXX";
	struct growths growths = {0};
	struct root *root;
	bool ended;

	(void)state;
	root = make_machine(directory);
	list(directory, BUFFER("00002048") BUFFER("00001024"));
	assert_int_equal(growth_begin(root, &growths), 0);
	list(directory,
	     BUFFER("00000007") BUFFER("00001024") BUFFER("00001500") BUFFER("00002049"));
	assert_int_equal(growth_end(root, &growths, false, &ended), 0);
	assert_false(ended);
	assert_int_equal(growths.count, 0);
	assert_int_equal(growths.cycles, 0);
	assert_int_equal(growth_end(root, &growths, true, &ended), 0);
	assert_true(ended);
	assert_int_equal(growths.count, 1);
	assert_int_equal(growths.items[0].buffers.count, 3);
	assert_int_equal(growths.items[0].buffers.items[0].inode, 7);
	assert_int_equal(growths.items[0].buffers.items[1].inode, 1500);
	assert_int_equal(growths.items[0].buffers.items[2].inode, 2049);

	/* the next cycle begins with those */
	assert_int_equal(growth_end(root, &growths, false, &ended), 0);
	assert_true(ended);
	assert_int_equal(growths.cycles, 2);
	assert_int_equal(growths.items[0].buffers.count, 3);

	/* not all that was there could be read */
	list(directory, NULL);
	assert_int_equal(growth_begin(root, &growths), 0);
	assert_false(growths.before_all);
	growths_free(&growths);
	remove_machine(directory, root);
}

static const struct growth *named(const struct growths *growths, const char *exporter,
				  const char *name)
{
	const struct growth *found = NULL;

	array_for_each (growths, growth) {
		if (!strcmp(growth->exporter, exporter) &&
		    (name ? growth->name && !strcmp(growth->name, name) : !growth->name)) {
			assert_null(found);
			found = growth;
		}
	}
	assert_non_null(found);
	return found;
}

#define OF(inode, exporter, name) \
	"00004096\t00000002\t00080007\t00000001\t" exporter "\t" inode "\t" name "\n"

/* in no order of the names */
/* clang-format off */
#define FIRST_CYCLE \
	OF("00000001", "system", "frame-1") \
	OF("00000002", "system", "same 7") \
	OF("00000003", "system", "<none>") \
	OF("00000004", "cma", "frame-1") \
	OF("00000005", "system", "frame-22") \
	OF("00000006", "system", "frame-x")
#define SECOND_CYCLE \
	OF("00000007", "system", "frame-3") \
	OF("00000008", "system", "same 7") \
	OF("00000009", "system", "<none>")
/* clang-format on */

static void buffers_that_differ_in_numbers_are_one_entry(void **state)
{
	char directory[] = "/tmp/test-growth-XXXXXX";
	struct growths growths = {0};
	struct root *root;
	bool ended;

	(void)state;
	root = make_machine(directory);
	list(directory, "");
	assert_int_equal(growth_begin(root, &growths), 0);
	list(directory, FIRST_CYCLE);
	assert_int_equal(growth_end(root, &growths, true, &ended), 0);
	list(directory, FIRST_CYCLE SECOND_CYCLE);
	assert_int_equal(growth_end(root, &growths, true, &ended), 0);
	assert_int_equal(growths.count, 5);
	assert_int_equal(named(&growths, "system", "frame-*")->buffers.count, 3);
	assert_int_equal(named(&growths, "system", "frame-*")->cycles, 2);
	assert_int_equal(named(&growths, "system", "same 7")->buffers.count, 2);
	assert_int_equal(named(&growths, "system", NULL)->buffers.count, 2);
	assert_int_equal(named(&growths, "system", "frame-x")->buffers.count, 1);
	assert_int_equal(named(&growths, "cma", "frame-1")->buffers.count, 1);
	growths_free(&growths);
	list(directory, NULL);
	remove_machine(directory, root);
}

/* Numbers of buffers, a sample each. */
static bool grows(const uint64_t *numbers, size_t count, struct sample *trend)
{
	struct sample samples[64];
	struct growth growth = {.samples = {.items = samples, .count = count + 1}};
	const struct growths during = {.samples = count + 1};

	for (size_t i = 0; i < count; i++)
		samples[i] = (struct sample){numbers[i], numbers[i] * 10};
	/* while the command ends */
	samples[count] = (struct sample){0};
	return growth_trend(&during, &growth, trend);
}

static void growth_is_told_from_what_comes_and_goes(void **state)
{
	static const struct {
		uint64_t numbers[12];
		size_t count;
		bool grows;
		uint64_t more;
	} cases[] = {
		{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 12, true, 9},
		/* one more every third sample, beside some that come and go */
		{{3, 0, 2, 1, 4, 1, 5, 2, 2, 3, 7, 3}, 12, true, 3},
		{{0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3}, 12, false, 0},
		/* made at the beginning and kept */
		{{0, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}, 12, false, 0},
		/* grows, and stops */
		{{0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 6}, 12, false, 0},
		{{0, 1, 2, 3, 4, 5, 6}, 7, false, 0},
		{{0, 1, 2, 3, 4, 5, 6, 7}, 8, true, 6},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sample trend = {0};

		print_message("case %zu\n", i);
		assert_int_equal(grows(cases[i].numbers, cases[i].count, &trend), cases[i].grows);
		assert_int_equal(trend.buffers, cases[i].more);
		assert_int_equal(trend.bytes, cases[i].more * 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_there_is_new_whatever_its_number),
		cmocka_unit_test(buffers_that_differ_in_numbers_are_one_entry),
		cmocka_unit_test(growth_is_told_from_what_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
