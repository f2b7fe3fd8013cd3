// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/target.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/constant.h"
#include "base/xalloc.h"
#include "conformance/engine/sandbox.h"
#include "sys/dmabuf.h"
#include "sys/file.h"
#include "sys/root.h"

#define PROBE_SECONDS 20
#define LARGE_MOST    ((size_t)4 << 20)
#define SMALL_PAGES   4

/*
 * An eighth of what the heap holds and of what the machine has free, a quarter of what the heap has
 * free: nobody else should notice.
 */
static size_t modest_size(const struct target *target)
{
	struct sysinfo machine;
	uint64_t most = LARGE_MOST;

	if (!sysinfo(&machine) && (uint64_t)machine.freeram * machine.mem_unit / 8 < most)
		most = (uint64_t)machine.freeram * machine.mem_unit / 8;
	if (target->capacity && target->capacity / 8 < most)
		most = target->capacity / 8;
	if (target->room.known && target->room.value / 4 < most)
		most = target->room.value / 4;
	return (size_t)most;
}

/*
 * The largest power of two from MOST down that can be allocated, or 0. A page is tried first: of a
 * heap that is full, each attempt would be a line in the kernel's log.
 */
static size_t largest_allocation(int heap, size_t most, size_t page, int *fd)
{
	size_t size = page;

	*fd = heap_allocate(heap, page, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return 0;
	close(*fd);
	while (size * 2 <= most)
		size *= 2;
	for (; size >= page; size /= 4) {
		*fd = heap_allocate(heap, size, O_RDWR | O_CLOEXEC);
		if (*fd >= 0)
			return size;
	}
	return 0;
}

static void probe(void *data)
{
	struct target *target = data;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *memory;
	int heap, buffer;

	heap = file_open(target->node, O_RDWR);
	if (heap < 0) {
		target->open_error = heap;
		return;
	}
	if (target->room.known && target->room.value < page)
		return;
	target->large = largest_allocation(heap, modest_size(target), page, &buffer);
	if (!target->large)
		return;
	target->small = target->large < SMALL_PAGES * page ? target->large : SMALL_PAGES * page;
	target->map_error = dmabuf_map(buffer, target->large, PROT_READ | PROT_WRITE, &memory);
	target->part_error = dmabuf_map(buffer, page, PROT_READ | PROT_WRITE, &memory);
}

/* Pages of the area that are in use; Linux 6.9 and later count those that were given back. */
static struct maybe pages_in_use(const struct target *target)
{
	uint64_t taken, given_back;

	if (!target->area ||
	    cma_counter_read(root_live(), target->area, "alloc_pages_success", &taken) ||
	    cma_counter_read(root_live(), target->area, "release_pages_success", &given_back))
		return (struct maybe){0};
	return (struct maybe){true, taken - given_back};
}

void target_probe(struct target *target)
{
	struct target *shared = sandbox_share(sizeof(*shared));
	struct sandbox_end end;

	*shared = *target;
	sandbox_run(probe, shared, PROBE_SECONDS, &end);
	*target = *shared;
	target->fork_error = end.error;
	target->in_use = pages_in_use(target);
	sandbox_unshare(shared, sizeof(*shared));
}

bool target_is_unmappable(const struct target *target)
{
	/* dma_buf_mmap_internal(), drivers/dma-buf/dma-buf.c, of a driver without mmap */
	return !target->must_map && target->map_error == -EINVAL && target->part_error == -EINVAL;
}

struct maybe target_taken(const struct target *target)
{
	struct maybe now = pages_in_use(target);

	if (!now.known || !target->in_use.known)
		return (struct maybe){0};
	now.value = now.value > target->in_use.value ? now.value - target->in_use.value : 0;
	return now;
}

bool target_is_full(const struct target *target)
{
	uint64_t pages = target->capacity / (uint64_t)sysconf(_SC_PAGESIZE);
	struct maybe now = pages_in_use(target);

	if (pages && now.known)
		return now.value >= pages;
	return !target->large && !target->open_error;
}

char *target_note(const struct target *target)
{
	int error = target->map_error ? target->map_error : target->part_error;

	if (target->open_error || target->fork_error)
		return NULL;
	if (!target->large)
		return xasprintf("%s has no memory left: tests that need some are skipped.",
				 target->name);
	if (target_is_unmappable(target))
		return xasprintf("The buffers of %s cannot be mapped (mmap: EINVAL): tests that "
				 "map them are skipped.",
				 target->name);
	if (!error)
		return NULL;
	return xasprintf("Mapping a buffer of %s fails with %s: the first test that maps fails "
			 "for it, those behind it are skipped.",
			 target->name, error_name(-error));
}
