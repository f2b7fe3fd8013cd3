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
#include "model/heap/cma_area.h"
#include "sys/dmabuf.h"
#include "sys/file.h"
#include "sys/root.h"
#include "sys/sync_file.h"

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
 * A buffer as large as can be had, at most MOST or a page. A page is tried first: of a heap that is
 * full, each attempt would be a line in the kernel's log. Returns its descriptor or -errno.
 */
static int allocate_large(int heap, size_t most, size_t page, size_t *size)
{
	int small = heap_allocate(heap, page, O_RDWR | O_CLOEXEC), fd;
	size_t wanted = page;

	if (small < 0)
		return small;
	while (wanted * 2 <= most)
		wanted *= 2;
	for (; wanted > page; wanted /= 4) {
		fd = heap_allocate(heap, wanted, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		close(small);
		*size = wanted;
		return fd;
	}
	*size = page;
	return small;
}

/* Without poll(), which would leave something behind that some kernels do not survive. */
static bool is_busy(int buffer)
{
	struct sync_file fences = {.status = 1};
	int file = dmabuf_export_sync_file(buffer, DMA_BUF_SYNC_RW);

	return file >= 0 && !sync_file_read(file, false, &fences) && !fences.status;
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
	target->full = target->room.known && target->room.value < page;
	if (target->full)
		return;
	buffer = allocate_large(heap, modest_size(target), page, &target->large);
	if (buffer < 0) {
		target->alloc_error = buffer;
		target->full = buffer == -ENOMEM;
		return;
	}
	target->busy = is_busy(buffer);
	target->small = target->large < SMALL_PAGES * page ? target->large : SMALL_PAGES * page;
	target->map_error = dmabuf_map(buffer, target->large, PROT_READ | PROT_WRITE, &memory);
	target->part_error = dmabuf_map(buffer, page, PROT_READ | PROT_WRITE, &memory);
}

/* Pages of the area that are in use. */
static struct maybe pages_in_use(const struct target *target)
{
	struct maybe pages = {0};

	pages.known = target->area && !cma_pages_in_use(root_live(), target->area, &pages.value);
	return pages;
}

void target_probe(struct target *target)
{
	struct target *shared = sandbox_share(sizeof(*shared));
	struct sandbox_end end;

	/* where it does not come so far as to find out what there is */
	target->small = target->large = SMALL_PAGES * (size_t)sysconf(_SC_PAGESIZE);
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

int target_map_error(const struct target *target)
{
	return target->map_error ? target->map_error : target->part_error;
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
	return target->full;
}

char *target_note(const struct target *target)
{
	static const char *const then = "the first test for which that fails is a failure, those "
					"behind it are skipped";

	if (target->full)
		return xasprintf("%s has no memory left: tests that need some are skipped.",
				 target->name);
	if (target->alloc_error)
		return xasprintf("Allocating a page of %s fails with %s.", target->name,
				 error_name(-target->alloc_error));
	if (target_is_unmappable(target))
		return xasprintf("The buffers of %s cannot be mapped (mmap: EINVAL): tests that "
				 "map them are skipped.",
				 target->name);
	if (target->busy)
		return xasprintf("A fence is pending on new buffers of %s: the first test that "
				 "cannot have one is a failure, those behind it are skipped.",
				 target->name);
	if (target->map_error)
		return xasprintf("Mapping a whole buffer of %s (%zu KiB) fails with %s: %s.",
				 target->name, target->large / 1024, error_name(-target->map_error),
				 then);
	if (target->part_error)
		return xasprintf("Mapping the first page of a buffer of %s fails with %s: %s.",
				 target->name, error_name(-target->part_error), then);
	return NULL;
}
