// SPDX-License-Identifier: GPL-2.0-or-later
/* What sysfs, procfs and debugfs say of heaps, buffers and CMA areas. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array.h"
#include "base/xalloc.h"
#include "conformance/engine/trial.h"
#include "model/boot/known_names.h"
#include "model/buffer/bufinfo.h"
#include "model/heap/cma_area.h"
#include "sys/root.h"

#define SOURCE(function) "drivers/dma-buf/" function

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

TEST(exporter, "inventory.exporter",
     "The exporter in fdinfo has the name of the heap; that of a TEE's heap is tee.",
     SOURCE("heaps, *_allocate"),
     .differs = "Before 5.13 it is a module: heap_helpers, from 5.11 on system_heap or cma_heap.",
     .needs = NEED_HEAP)
{
	char *name = fd_value(t, trial_buffer(t, t->page), "exp_name");
	const char *wanted = t->target->name;
	const struct known_name *known = known_name(wanted, strlen(wanted));
	bool of_tee = known && known->exporter == EXPORTER_TEE;

	if (t->target->kind != MEMORY_PAGES && t->target->kind != MEMORY_CMA && !of_tee)
		trial_skip(t, SKIP_HEAP_KIND, "its driver may use any name");
	/* commit 2eebbdbaab5f; 5.11 and 5.12, whose modules these are, were not seen */
	if (!t->kernel)
		trial_skip(t, SKIP_NOT_KNOWN, "it changed in 5.11 and 5.13");
	if (of_tee)
		wanted = TEE_EXPORTER;
	else if (t->kernel < KERNEL(5, 11, 0))
		wanted = "heap_helpers";
	else if (t->kernel < KERNEL(5, 13, 0))
		wanted = t->target->kind == MEMORY_CMA ? "cma_heap" : "system_heap";
	trial_call(t, "read exp_name in fdinfo");
	if (!name || strcmp(name, wanted) != 0)
		trial_fail(t, wanted, "%s", name ? name : "nothing");
}

/* The names of all CMA areas. */
static struct strings all_areas(struct trial *t)
{
	struct strings areas = {0};

	if (root_list(root_live(), CMA_DIRECTORY, &areas))
		trial_skip(t, SKIP_NO_COUNTERS, CMA_DIRECTORY " cannot be read");
	return areas;
}

/* The counters of each of them. */
static struct cma_counters *read_areas(struct trial *t, const struct strings *areas)
{
	struct cma_counters *counters = xcalloc(areas->count, sizeof(*counters));

	for (size_t i = 0; i < areas->count; i++) {
		if (cma_counters_read(root_live(), areas->items[i], &counters[i]))
			trial_skip(t, SKIP_NO_COUNTERS, "those of '%s' cannot be read",
				   areas->items[i]);
	}
	return counters;
}

TEST(cma_pages, "inventory.cma-pages",
     "A buffer takes exactly its pages from one CMA area, and closing it gives them back.",
     "drivers/dma-buf/heaps/cma_heap.c, cma_heap_allocate",
     .needs = NEED_HEAP | NEED_CMA | NEED_CMA_COUNTERS | NEED_TWO_PAGES)
{
	const struct strings areas = all_areas(t);
	long long pages = (long long)(t->small / t->page) - 1;

	for (int attempt = 0; attempt < 10; attempt++) {
		struct cma_counters *before = read_areas(t, &areas), *after;
		int fd = trial_buffer(t, (size_t)pages * t->page), area;

		after = read_areas(t, &areas);
		close(fd);
		area = cma_area_changed(areas.count, before, after, (uint64_t)pages);
		if (area == CMA_CHANGED_OTHERWISE)
			continue; /* the machine may be in use */
		trial_say(t, "%lld pages", pages);
		EXPECT_TRUE(t, area >= 0);
		trial_say(t, "area '%s'", areas.items[area]);
		EXPECT_TRUE(t, !t->target->area || !strcmp(areas.items[area], t->target->area));
		EXPECT_NUMBER(t, after[area].released + (uint64_t)pages,
			      cma_counter(t, areas.items[area], "release_pages_success"));
		return;
	}
	trial_skip(t, SKIP_NOT_KNOWN, "the areas are in use by others");
}

TEST(cma_available, "inventory.cma-available",
     "The pages of a buffer are missing from available_pages as long as it exists.",
     "mm/cma_sysfs.c", .needs = NEED_HEAP | NEED_CMA | NEED_CMA_COUNTERS)
{
	const char *area = trial_area(t);
	long long before = cma_counter(t, area, "available_pages");
	int fd = trial_buffer(t, t->small);

	EXPECT_NUMBER(t, before - (long long)(t->small / t->page),
		      cma_counter(t, area, "available_pages"));
	EXPECT_DONE(t, close(fd));
	EXPECT_NUMBER(t, before, cma_counter(t, area, "available_pages"));
}

TEST(no_cma, "inventory.no-cma",
     "A buffer of the page allocator's heap takes nothing from any CMA area.",
     "drivers/dma-buf/heaps/system_heap.c, system_heap_allocate",
     .needs = NEED_HEAP | NEED_PAGES | NEED_CMA_COUNTERS)
{
	const struct strings areas = all_areas(t);
	struct cma_counters *before = read_areas(t, &areas), *after;

	for (int attempt = 0; attempt < 10; attempt++, before = after) {
		int fd = trial_buffer(t, t->large);

		after = read_areas(t, &areas);
		close(fd);
		if (cma_area_changed(areas.count, before, after, t->large / t->page) ==
		    CMA_CHANGED_NONE)
			return;
	}
	trial_fail(t, "no CMA area moves", "one moves each time");
}

TEST(no_statistics, "inventory.no-statistics", "/sys/kernel/dmabuf does not exist.",
     SOURCE("dma-buf.c"), .differs = "Before 7.0 it is there with CONFIG_DMABUF_SYSFS_STATS.",
     .since = KERNEL(7, 0, 0), .needs = NEED_SYS)
{
	struct stat status;

	EXPECT_ERRNO(t, ENOENT, stat("/sys/kernel/dmabuf", &status));
}

TEST(bufinfo, "inventory.bufinfo",
     "debugfs lists a buffer with its size and exporter, until it is closed.",
     SOURCE("dma-buf.c, dma_buf_debug_show"), .needs = NEED_HEAP | NEED_BUFINFO)
{
	struct bufinfo info;
	struct stat status;
	int fd = trial_buffer(t, t->small);
	const char *wanted;

	EXPECT_DONE(t, fstat(fd, &status));
	wanted = fd_value(t, fd, "exp_name");
	EXPECT_OK(t, bufinfo_read(status.st_ino, &info));
	trial_expect_size(t, fd, t->small);
	EXPECT_NUMBER(t, t->small, info.size);
	EXPECT_TRUE(t, wanted && !strcmp(info.exporter, wanted));
	EXPECT_DONE(t, close(fd));
	EXPECT_ERROR(t, ENOENT, bufinfo_read(status.st_ino, &info));
}

TEST(bufinfo_mapped, "inventory.bufinfo-mapped",
     "debugfs lists a buffer that is only mapped, until it is unmapped.",
     SOURCE("dma-buf.c, dma_buf_debug_show"), .needs = NEED_HEAP | NEED_MMAP | NEED_BUFINFO)
{
	struct bufinfo info;
	struct stat status;
	int fd = trial_buffer(t, t->small);
	void *memory = trial_map(t, fd, t->small);

	EXPECT_DONE(t, fstat(fd, &status));
	EXPECT_DONE(t, close(fd));
	EXPECT_OK(t, bufinfo_read(status.st_ino, &info));
	EXPECT_DONE(t, munmap(memory, t->small));
	EXPECT_ERROR(t, ENOENT, bufinfo_read(status.st_ino, &info));
}

SUITE(inventory, "inventory", 0, device_number, uevent, major_number, exporter, cma_pages,
      cma_available, no_cma, no_statistics, bufinfo, bufinfo_mapped);
