// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "sys/root.h"

#define MEMBLOCK "/sys/kernel/debug/memblock/reserved"
#define IOMEM    "/proc/iomem"

/* Lists a directory of HEAP_ENTRIES_MAX names at most; returns whether that was done. */
static bool list(const struct root *root, const char *path, struct strings *names)
{
	AUTO_STRINGS struct strings found = {0};

	if (root_list(root, path, &found) || found.count > HEAP_ENTRIES_MAX)
		return false;
	array_for_each (&found, name)
		strings_add(names, *name);
	return true;
}

/*
 * CMA_SYSFS, or else CMA_DEBUGFS, where before Linux 6.1 an area is called "cma-NAME", cut to 15
 * characters: which ones are there is unknown then. cma_debugfs_add_one(), mm/cma_debug.c (5.10)
 */
static bool list_areas(const struct root *root, struct strings *areas)
{
	if (list(root, "/sys/kernel/mm/cma", areas))
		return true;
	if (!list(root, "/sys/kernel/debug/cma", areas))
		return false;
	array_for_each (areas, name) {
		if (text_starts_with(*name, "cma-"))
			return false;
	}
	return true;
}

/* Two addresses of a line, with SEPARATOR between them; all zero is what users see of IOMEM. */
static void add_line(struct spans *spans, const char *text, const char *separator)
{
	char *end;
	uint64_t first = strtoull(text, &end, 16), last;

	if (!text_starts_with(end, separator))
		return;
	last = strtoull(end + strlen(separator), NULL, 16);
	if (last > first)
		spans_add(spans, first, last - first + 1);
}

/* "   0: 0x0000000040210000..0x0000000040c1ffff": memblock_debug_show(), mm/memblock.c */
static bool read_memblock(const struct root *root, struct spans *spans)
{
	AUTO_FREE char *text = NULL;
	char *rest = NULL;

	if (root_read(root, MEMBLOCK, 1 << 20, &text, NULL))
		return false;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *colon = strchr(line, ':');

		if (colon)
			add_line(spans, colon + 1, "..");
	}
	return true;
}

/* "  40210000-4091ffff : Kernel code" */
static void read_iomem(const struct root *root, struct spans *spans)
{
	static const char *const kept[] = {" : Kernel code", " : Kernel data", " : Kernel bss",
					   " : reserved",    " : Reserved",    " : Crash kernel"};
	AUTO_FREE char *text = NULL;
	char *rest = NULL;

	if (root_read(root, IOMEM, 1 << 20, &text, NULL))
		return;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		for (size_t i = 0; i < COUNT_OF(kept); i++) {
			if (strstr(line, kept[i]))
				add_line(spans, line, "-");
		}
	}
}

struct seen *seen_read(const struct root *root)
{
	struct seen *seen = xcalloc(1, sizeof(*seen));

	seen->areas_known = list_areas(root, &seen->areas);
	list(root, "/dev/dma_heap", &seen->heaps);
	list(root, "/sys/class/dma_heap", &seen->heaps);
	if (!read_memblock(root, &seen->reserved))
		read_iomem(root, &seen->reserved);
	return seen;
}

void seen_free(struct seen *seen)
{
	if (!seen)
		return;
	strings_free(&seen->areas);
	strings_free(&seen->heaps);
	array_free(&seen->reserved);
	free(seen);
}
