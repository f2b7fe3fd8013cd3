// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CMA areas: from which one an allocation came, by the counters before and after it, and their
 * names before Linux 6.1, which debugfs cuts.
 */
#include <errno.h>
#include <ftw.h>
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
#include "model/heap/cma_area.h"
#include "model/heap/room.h"
#include "put_file.h"
#include "sys/root.h"

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

/* A file of a line. */
static void put(const char *directory, const char *path, const char *line)
{
	AUTO_FREE char *text = xasprintf("%s\n", line);

	put_file(directory, path, text);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status, (void)type, (void)place;
	return remove(path);
}

static void remove_all(const char *directory)
{
	assert_int_equal(nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static struct region pool(const char *name, uint64_t base)
{
	return (struct region){.name = name,
			       .kind = REGION_CMA_POOL,
			       .enabled = true,
			       .placement = base ? REGION_STATIC : REGION_DYNAMIC,
			       .base = base};
}

static void expect_area(const struct cma_areas *areas, const char *name, uint64_t pages)
{
	const struct cma_area *area = cma_find(areas, name);

	assert_non_null(area);
	assert_true(area->total.number.known);
	assert_int_equal(area->total.number.value, pages);
}

/* As 5.10 shows areas: two at known places that are cut to the same, one without an address. */
static void test_cut_names(void **state)
{
	char directory[] = "/tmp/test-heap-XXXXXX";
	struct region items[] = {pool("video@42000000", 0x42000000),
				 pool("video@42000080", 0x52000000), pool("vendor,dynamic-pool", 0),
				 pool("vendor,else", 0)};
	const struct regions regions = {.items = items, .count = COUNT_OF(items)};
	struct cma_areas areas = {0};
	struct root *root;

	(void)state;
	assert_non_null(mkdtemp(directory));
	put(directory, "/sys/kernel/debug/cma/cma-video@42000/count", "1");
	put(directory, "/sys/kernel/debug/cma/cma-video@42000/base_pfn", "335872");
	put(directory, "/sys/kernel/debug/cma/cma-linux,cma/count", "2");
	put(directory, "/sys/kernel/debug/cma/cma-vendor,dyna/count", "3");
	put(directory, "/proc/self/smaps", "400000-401000\nKernelPageSize:        4 kB");
	assert_int_equal(root_open(directory, &root), 0);
	assert_int_equal(cma_areas_read(root, &areas), 0);
	cma_areas_complete(&areas, &regions);
	expect_area(&areas, "video@42000080", 1);
	expect_area(&areas, "linux,cma", 2);
	expect_area(&areas, "vendor,dynamic-pool", 3);
	cma_areas_free(&areas);
	root_free(root);
	remove_all(directory);
}

/* Where sysfs has the whole names, the directories in debugfs are found by them, from 5.13 to 6.0.
 */
static void test_cut_directories(void **state)
{
	char directory[] = "/tmp/test-heap-XXXXXX";
	const struct regions regions = {0};
	struct cma_areas areas = {0};
	struct root *root;

	(void)state;
	assert_non_null(mkdtemp(directory));
	put(directory, "/sys/kernel/mm/cma/video@42000000/alloc_pages_success", "10");
	put(directory, "/sys/kernel/mm/cma/same-first-a/alloc_pages_success", "11");
	put(directory, "/sys/kernel/mm/cma/same-first-b/alloc_pages_success", "12");
	put(directory, "/sys/kernel/mm/cma/cma-own/alloc_pages_success", "13");
	put(directory, "/sys/kernel/debug/cma/cma-video@42000/count", "1");
	put(directory, "/sys/kernel/debug/cma/cma-same-first-/count", "2");
	put(directory, "/sys/kernel/debug/cma/cma-cma-own/count", "3");
	assert_int_equal(root_open(directory, &root), 0);
	assert_int_equal(cma_areas_read(root, &areas), 0);
	cma_areas_complete(&areas, &regions);
	assert_int_equal(areas.count, 4);
	expect_area(&areas, "video@42000000", 1);
	expect_area(&areas, "cma-own", 3);
	assert_false(cma_find(&areas, "same-first-a")->total.number.known);
	assert_false(cma_find(&areas, "same-first-b")->total.number.known);
	cma_areas_free(&areas);
	root_free(root);
	remove_all(directory);
}

/* Counted as taken less given back; not known where the latter is not counted. */
static void test_in_use(void **state)
{
	char directory[] = "/tmp/test-heap-XXXXXX";
	struct root *root;
	uint64_t pages = 1;

	(void)state;
	assert_non_null(mkdtemp(directory));
	put(directory, "/sys/kernel/mm/cma/a/alloc_pages_success", "10");
	assert_int_equal(root_open(directory, &root), 0);
	assert_int_equal(cma_pages_in_use(root, "a", &pages), -ENOENT);
	assert_int_equal(pages, 1);
	put(directory, "/sys/kernel/mm/cma/a/release_pages_success", "3");
	assert_int_equal(cma_pages_in_use(root, "a", &pages), 0);
	assert_int_equal(pages, 7);
	put(directory, "/sys/kernel/mm/cma/a/release_pages_success", "11");
	assert_int_equal(cma_pages_in_use(root, "a", &pages), 0);
	assert_int_equal(pages, 0);
	root_free(root);
	remove_all(directory);
}

/* 16 pages of 4 KiB from 0x100000 on, and what is free of them */
static void add_hole(struct placement *placement, unsigned int first, unsigned int count)
{
	*array_add(&placement->holes) =
		(struct placed){.base = 0x100000 + first * 4096, .size = count * 4096};
	if (count * 4096 > placement->largest)
		placement->largest = count * 4096;
}

static void add_used(struct placement *placement, unsigned int first, unsigned int pages,
		     size_t buffers, bool mixed)
{
	*array_add(&placement->used) = (struct placed){.base = 0x100000 + first * 4096,
						       .size = pages * 4096,
						       .count = buffers,
						       .mixed = mixed};
}

/* The verdict for SIZE bytes; *found is freed by the next one. */
static enum room_verdict verdict(const struct placement *placement, uint64_t size,
				 struct room *found)
{
	const struct maybe total = {true, 16 * 4096};

	room_free(found);
	room_find(size, 4096, total, (struct maybe){0}, placement, found);
	return found->verdict;
}

static void test_room(void **state)
{
	struct placement placement = {.base = 0x100000, .size = 16 * 4096, .alignment = {true, 2}};
	struct room room = {0};

	(void)state;
	/* 0 1 2 3 4 5 6 7 8 9 a b c d e f
	 * A . . . . . B B . . C C C C D . */
	add_used(&placement, 0, 1, 1, false);
	add_hole(&placement, 1, 5);
	add_used(&placement, 6, 2, 1, false);
	add_hole(&placement, 8, 2);
	add_used(&placement, 10, 4, 2, false); /* one of two buffers: which is unknown */
	add_used(&placement, 14, 1, 1, true);  /* where in it is unknown */
	add_hole(&placement, 15, 1);

	assert_int_equal(verdict(&placement, 1, &room), ROOM_FITS);
	assert_int_equal(room.size, 4096);
	assert_int_equal(room.alignment, 4096);
	assert_int_equal(room.free.value, 8 * 4096);
	assert_int_equal(room.largest_run.value, 5 * 4096);
	/* from page 2 on two, or from page 4 on two: three begin at a multiple of four */
	assert_int_equal(room.largest_buffer.value, 2 * 4096);
	assert_int_equal(verdict(&placement, 2 * 4096, &room), ROOM_FITS);
	assert_int_equal(room.alignment, 2 * 4096);
	assert_int_equal(room.releases.count, 0);

	/* without A there are six from page 0 on, without B six from page 4 on */
	assert_int_equal(verdict(&placement, 2 * 4096 + 1, &room), ROOM_NO_PLACE);
	assert_int_equal(room.size, 3 * 4096);
	assert_int_equal(room.alignment, 4 * 4096);
	assert_int_equal(room.releases.count, 3);
	assert_int_equal(room.releases.items[0], 0);
	assert_int_equal(room.releases.items[1], 1);
	/* no more than four pages of alignment; without B nine from page 1 on, six of them from 4
	 * on */
	assert_int_equal(verdict(&placement, 6 * 4096, &room), ROOM_NO_RUN);
	assert_int_equal(room.alignment, 4 * 4096);
	assert_int_equal(room.releases.count, 3);
	assert_int_equal(room.releases.items[2], 2);
	assert_int_equal(verdict(&placement, 7 * 4096, &room), ROOM_NO_RUN);
	assert_int_equal(room.releases.count, 0);

	assert_int_equal(verdict(&placement, 8 * 4096 + 1, &room), ROOM_TOO_LITTLE);
	assert_int_equal(verdict(&placement, 16 * 4096 + 1, &room), ROOM_TOO_LARGE);

	/* without CONFIG_CMA_ALIGNMENT: what is so for any */
	placement.alignment.known = false;
	assert_int_equal(verdict(&placement, 2 * 4096, &room), ROOM_FITS);
	assert_int_equal(verdict(&placement, 3 * 4096, &room), ROOM_NO_PLACE);
	assert_int_equal(verdict(&placement, 6 * 4096, &room), ROOM_NO_RUN);
	add_hole(&placement, 4, 6); /* 4 to 9: whether six may begin at 4 is unknown */
	assert_int_equal(verdict(&placement, 6 * 4096, &room), ROOM_UNKNOWN);
	assert_int_equal(room.error, -ENODATA);

	/* the size of a page is unknown, as in a captured root without smaps */
	room_find(4096, 0, (struct maybe){true, 16 * 4096}, (struct maybe){0}, &placement, &room);
	assert_int_equal(room.verdict, ROOM_UNKNOWN);
	assert_int_equal(room.error, -ENODATA);
	room_find(17 * 4096, 0, (struct maybe){true, 16 * 4096}, (struct maybe){0}, &placement,
		  &room);
	assert_int_equal(room.verdict, ROOM_TOO_LARGE);

	/* nothing is known of the pages */
	placement.error = -EACCES;
	assert_int_equal(verdict(&placement, 4096, &room), ROOM_UNKNOWN);
	assert_int_equal(room.error, -EACCES);
	assert_int_equal(verdict(&placement, 17 * 4096, &room), ROOM_TOO_LARGE);
	assert_int_equal(room.error, 0);
	room_free(&room);
	placement_free(&placement);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_area_changed), cmocka_unit_test(test_room),
		cmocka_unit_test(test_cut_names),    cmocka_unit_test(test_cut_directories),
		cmocka_unit_test(test_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
