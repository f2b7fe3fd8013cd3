// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/target.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "conformance/engine/sandbox.h"
#include "sys/dmabuf.h"
#include "sys/file.h"

#define PROBE_SECONDS 20
#define LARGE_MOST    ((size_t)4 << 20)
#define SMALL_PAGES   4

/* An eighth of what the heap holds and of what the machine has free: nobody else should notice. */
static size_t modest_size(const struct target *target)
{
	struct sysinfo machine;
	uint64_t most = LARGE_MOST;

	if (!sysinfo(&machine) && (uint64_t)machine.freeram * machine.mem_unit / 8 < most)
		most = (uint64_t)machine.freeram * machine.mem_unit / 8;
	if (target->capacity && target->capacity / 8 < most)
		most = target->capacity / 8;
	return (size_t)most;
}

/* The largest power of two from MOST down that can be allocated, or 0. */
static size_t largest_allocation(int heap, size_t most, size_t page, int *fd)
{
	size_t size = page;

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
	target->large = largest_allocation(heap, modest_size(target), page, &buffer);
	if (!target->large)
		return;
	target->small = target->large < SMALL_PAGES * page ? target->large : SMALL_PAGES * page;
	target->maps = !dmabuf_map(buffer, page, PROT_READ | PROT_WRITE, &memory);
}

void target_probe(struct target *target)
{
	struct target *shared = sandbox_share(sizeof(*shared));
	struct sandbox_end end;

	*shared = *target;
	sandbox_run(probe, shared, PROBE_SECONDS, &end);
	*target = *shared;
	target->fork_error = end.error;
	sandbox_unshare(shared, sizeof(*shared));
}
