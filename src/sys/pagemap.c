// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "sys/root.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGE_PRESENT (UINT64_C(1) << 63)
#define PAGE_OF_FILE (UINT64_C(1) << 61) /* else a copy that a private mapping made */
#define PAGE_NUMBER  ((UINT64_C(1) << 55) - 1)

/* Adds a page, to the last run where it lies behind that one. */
static void add_page(struct page_runs *runs, uint64_t offset, uint64_t address, uint64_t page_size)
{
	struct page_run *last = runs->count ? &runs->items[runs->count - 1] : NULL;

	if (last && last->offset + last->size == offset && last->address + last->size == address)
		last->size += page_size;
	else
		*array_add(runs) = (struct page_run){offset, address, page_size};
}

int pagemap_read(const struct root *root, const char *process, uint64_t start, uint64_t end,
		 uint64_t offset, struct page_runs *runs)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/pagemap", process);
	AUTO_CLOSE int fd = root_open_file(root, path, O_RDONLY);
	uint64_t page_size = root_page_size(root);
	uint64_t entries[1024];

	if (fd < 0)
		return fd;
	if (!page_size)
		return -ENODATA;
	while (start < end) {
		uint64_t pages = (end - start) / page_size;
		size_t wanted = pages < COUNT_OF(entries) ? (size_t)pages : COUNT_OF(entries);
		ssize_t got = pread(fd, entries, wanted * sizeof(*entries),
				    (off_t)(start / page_size * sizeof(*entries)));
		size_t count = got > 0 ? (size_t)got / sizeof(*entries) : 0;

		if (!count) /* the end of a captured file, or of the process */
			return got < 0 ? -errno : 0;
		for (size_t i = 0; i < count; i++) {
			uint64_t page = entries[i] & PAGE_NUMBER;

			if (!(entries[i] & PAGE_PRESENT) || !(entries[i] & PAGE_OF_FILE))
				continue;
			if (!page)
				return -EPERM;
			add_page(runs, offset + i * page_size, page * page_size, page_size);
		}
		start += count * page_size;
		offset += count * page_size;
	}
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct page_run *first = a, *second = b;

	return order_of(first->offset, second->offset);
}

void page_runs_join(struct page_runs *runs)
{
	size_t kept = 0;

	if (runs->count)
		qsort(runs->items, runs->count, sizeof(*runs->items), by_offset);
	for (size_t i = 0; i < runs->count; i++) {
		struct page_run *last = kept ? &runs->items[kept - 1] : NULL;
		struct page_run next = runs->items[i];
		uint64_t end = last ? last->offset + last->size : 0;

		if (last && next.offset + next.size <= end)
			continue;
		if (last && next.offset < end) {
			next.address += end - next.offset;
			next.size -= end - next.offset;
			next.offset = end;
		}
		if (last && next.offset == end && last->address + last->size == next.address)
			last->size += next.size;
		else
			runs->items[kept++] = next;
	}
	runs->count = kept;
}
