// SPDX-License-Identifier: GPL-2.0-or-later
/* What sysfs, procfs and debugfs say of heaps, buffers and CMA areas. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array.h"
#include "conformance/engine/trial.h"
#include "sys/root.h"

#define SOURCE(function) "drivers/dma-buf/" function

#define CMA_DIRECTORY "/sys/kernel/mm/cma"
#define MOST_AREAS    64

TEST(device_number, "inventory.device-number", "The node has the device number that sysfs shows.",
     SOURCE("dma-heap.c, dma_heap_add"), .needs = NEED_HEAP)
{
	char wanted[64], *found = trial_read(t, "/sys/class/dma_heap/%s/dev", t->target->name);
	struct stat status;

	EXPECT_DONE(t, stat(t->target->node, &status));
	EXPECT_TRUE(t, S_ISCHR(status.st_mode));
	snprintf(wanted, sizeof(wanted), "%u:%u\n", major(status.st_rdev), minor(status.st_rdev));
	EXPECT_TEXT(t, wanted, found);
}

TEST(uevent, "inventory.uevent",
     "The kernel asks for the node dma_heap/NAME with the heap's name unchanged.",
     SOURCE("dma-heap.c, dma_heap_devnode"), .needs = NEED_HEAP)
{
	char wanted[512];
	const char *text = trial_read(t, "/sys/class/dma_heap/%s/uevent", t->target->name);

	snprintf(wanted, sizeof(wanted), "DEVNAME=dma_heap/%s\n", t->target->name);
	trial_call(t, "read the uevent file");
	if (!after_key(text, wanted))
		trial_fail(t, wanted, "no such line");
}

TEST(major_number, "inventory.major-number",
     "/proc/devices lists the node's major number as dma_heap.",
     SOURCE("dma-heap.c, dma_heap_init"), .needs = NEED_HEAP)
{
	char wanted[128];
	struct stat status;
	const char *text = trial_read(t, "/proc/devices");

	EXPECT_DONE(t, stat(t->target->node, &status));
	snprintf(wanted, sizeof(wanted), "%3u dma_heap\n", major(status.st_rdev));
	trial_call(t, "read /proc/devices");
	if (!after_key(text, wanted))
		trial_fail(t, "the major number belongs to dma_heap", "it does not");
}

TEST(exporter, "inventory.exporter", "The exporter in fdinfo has the name of the heap.",
     SOURCE("heaps, *_allocate"), .needs = NEED_HEAP)
{
	char *name = fd_value(trial_buffer(t, t->page), "exp_name");

	if (t->target->kind == TARGET_OTHER)
		trial_skip(t, SKIP_HEAP_KIND, "its driver may use any name");
	trial_call(t, "read exp_name in fdinfo");
	if (!name || strcmp(name, t->target->name) != 0)
		trial_fail(t, t->target->name, "%s", name ? name : "nothing");
}

struct cma_count {
	char name[128];
	long long allocated, released;
};

/* The counters of all areas, in the order of their names. */
static size_t read_areas(struct trial *t, struct cma_count areas[MOST_AREAS])
{
	AUTO_STRINGS struct strings names = {0};
	size_t count = 0;

	if (root_list(root_live(), CMA_DIRECTORY, &names))
		trial_skip(t, SKIP_NO_COUNTERS, CMA_DIRECTORY " cannot be read");
	for (; count < names.count && count < MOST_AREAS; count++) {
		struct cma_count *area = &areas[count];

		snprintf(area->name, sizeof(area->name), "%s", names.items[count]);
		area->allocated = cma_counter(area->name, "alloc_pages_success");
		area->released = cma_counter(area->name, "release_pages_success");
	}
	return count;
}

/*
 * The index of the only area whose count of allocated pages rose by PAGES, -1 where none did;
 * *others says whether another one moved: the machine may be in use.
 */
static int moved(const struct cma_count *before, const struct cma_count *after, size_t count,
		 long long pages, bool *others)
{
	int found = -1;

	*others = false;
	for (size_t i = 0; i < count; i++) {
		long long difference = after[i].allocated - before[i].allocated;

		if (difference == pages && found < 0)
			found = (int)i;
		else if (difference)
			*others = true;
	}
	return found;
}

TEST(cma_pages, "inventory.cma-pages",
     "A buffer takes exactly its pages from one CMA area, and closing it gives them back.",
     "drivers/dma-buf/heaps/cma_heap.c, cma_heap_allocate",
     .needs = NEED_HEAP | NEED_CMA | NEED_CMA_COUNTERS | NEED_TWO_PAGES)
{
	struct cma_count before[MOST_AREAS] = {0}, after[MOST_AREAS] = {0};
	long long pages = (long long)(t->small / t->page) - 1;

	for (int attempt = 0; attempt < 10; attempt++) {
		size_t count = read_areas(t, before);
		int fd = trial_buffer(t, (size_t)pages * t->page), area;
		bool others;

		read_areas(t, after);
		close(fd);
		area = moved(before, after, count, pages, &others);
		if (others)
			continue;
		trial_say(t, "%lld pages", pages);
		EXPECT_TRUE(t, area >= 0);
		trial_say(t, "area '%s'", after[area].name);
		EXPECT_TRUE(t, !t->target->area || !strcmp(after[area].name, t->target->area));
		EXPECT_NUMBER(t, after[area].released + pages,
			      cma_counter(after[area].name, "release_pages_success"));
		return;
	}
	trial_skip(t, SKIP_NOT_KNOWN, "the areas are in use by others");
}

TEST(cma_available, "inventory.cma-available",
     "The pages of a buffer are missing from available_pages as long as it exists.",
     "mm/cma_sysfs.c", .needs = NEED_HEAP | NEED_CMA | NEED_CMA_COUNTERS)
{
	const char *area = trial_area(t);
	long long before = cma_counter(area, "available_pages");
	int fd;

	if (before < 0)
		trial_skip(t, SKIP_NO_COUNTERS, "no available_pages");
	fd = trial_buffer(t, t->small);
	EXPECT_NUMBER(t, before - (long long)(t->small / t->page),
		      cma_counter(area, "available_pages"));
	EXPECT_DONE(t, close(fd));
	EXPECT_NUMBER(t, before, cma_counter(area, "available_pages"));
}

TEST(no_cma, "inventory.no-cma",
     "A buffer of the page allocator's heap takes nothing from any CMA area.",
     "drivers/dma-buf/heaps/system_heap.c, system_heap_allocate",
     .needs = NEED_HEAP | NEED_PAGES | NEED_CMA_COUNTERS)
{
	struct cma_count before[MOST_AREAS] = {0}, after[MOST_AREAS] = {0};
	size_t count = read_areas(t, before);
	bool others;

	for (int attempt = 0; attempt < 10; attempt++) {
		int fd = trial_buffer(t, t->large), area;

		read_areas(t, after);
		close(fd);
		area = moved(before, after, count, (long long)(t->large / t->page), &others);
		if (area < 0 && !others)
			return;
		memcpy(before, after, sizeof(before));
	}
	trial_fail(t, "no CMA area moves", "one moves each time");
}

TEST(no_statistics, "inventory.no-statistics", "/sys/kernel/dmabuf does not exist.",
     SOURCE("dma-buf.c"), .differs = "Before 7.0 it is there with CONFIG_DMABUF_SYSFS_STATS.",
     .since = KERNEL(7, 0, 0))
{
	struct stat status;

	EXPECT_ERRNO(t, ENOENT, stat("/sys/kernel/dmabuf", &status));
}

/*
 * Whether bufinfo lists the buffer with this inode, in a line "SIZE FLAGS MODE COUNT EXPORTER INODE
 * NAME", separated by tabs; its size and exporter.
 */
static bool bufinfo_line(struct trial *t, ino_t inode, unsigned long long *size,
			 char exporter_name[128])
{
	char *line, *rest = trial_read(t, "/sys/kernel/debug/dma_buf/bufinfo");

	while ((line = strsep(&rest, "\n"))) {
		const char *fields[6] = {line};
		int count = 1;

		for (char *tab = line; count < 6 && (tab = strchr(tab, '\t')); count++)
			fields[count] = ++tab;
		if (count < 6 || strtoull(fields[5], NULL, 10) != inode)
			continue;
		*size = strtoull(line, NULL, 10);
		snprintf(exporter_name, 128, "%.*s", (int)(fields[5] - fields[4] - 1), fields[4]);
		return true;
	}
	return false;
}

TEST(bufinfo, "inventory.bufinfo",
     "debugfs lists a buffer with its size and exporter, until it is closed.",
     SOURCE("dma-buf.c, dma_buf_debug_show"), .needs = NEED_HEAP | NEED_BUFINFO)
{
	char name[128], *wanted;
	unsigned long long size;
	struct stat status;
	int fd = trial_buffer(t, t->small);

	EXPECT_DONE(t, fstat(fd, &status));
	wanted = fd_value(fd, "exp_name");
	EXPECT_TRUE(t, bufinfo_line(t, status.st_ino, &size, name));
	EXPECT_NUMBER(t, t->small, size);
	EXPECT_TRUE(t, wanted && !strcmp(name, wanted));
	EXPECT_DONE(t, close(fd));
	EXPECT_TRUE(t, !bufinfo_line(t, status.st_ino, &size, name));
}

TEST(bufinfo_mapped, "inventory.bufinfo-mapped",
     "debugfs lists a buffer that is only mapped, until it is unmapped.",
     SOURCE("dma-buf.c, dma_buf_debug_show"), .needs = NEED_HEAP | NEED_MMAP | NEED_BUFINFO)
{
	char name[128];
	unsigned long long size;
	struct stat status;
	int fd = trial_buffer(t, t->small);
	void *memory = trial_map(t, fd, t->small);

	EXPECT_DONE(t, fstat(fd, &status));
	EXPECT_DONE(t, close(fd));
	EXPECT_TRUE(t, bufinfo_line(t, status.st_ino, &size, name));
	EXPECT_DONE(t, munmap(memory, t->small));
	EXPECT_TRUE(t, !bufinfo_line(t, status.st_ino, &size, name));
}

SUITE(inventory, "inventory", 0, device_number, uevent, major_number, exporter, cma_pages,
      cma_available, no_cma, no_statistics, bufinfo, bufinfo_mapped);
