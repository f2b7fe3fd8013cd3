// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/cma_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/dmabuf.h"

/* The first rounds that others disturb are repeated. */
#define TRIES 8

/* Odd, and no sum of two others: what a driver allocates is rarely one of these. */
static const uint64_t round_pages[PROBE_ROUNDS] = {45, 77, 29};

/* The counters of all areas, in the order of the inventory. Returns 0 or -errno. */
static int read_counters(const struct root *root, const struct inventory *inventory,
			 struct cma_counters *counters)
{
	int error = 0;

	for (size_t i = 0; i < inventory->areas.count && !error; i++)
		error = cma_counters_read(root, inventory->areas.items[i].name, &counters[i]);
	return error;
}

/* One allocation; *changed is what cma_area_changed() says. Returns 0 or -errno. */
static int measure(const struct root *root, const struct inventory *inventory, int heap_fd,
		   uint64_t pages, int *changed)
{
	size_t count = inventory->areas.count;
	AUTO_FREE struct cma_counters *before = xcalloc(count + 1, sizeof(*before));
	AUTO_FREE struct cma_counters *during = xcalloc(count + 1, sizeof(*during));
	AUTO_FREE struct cma_counters *after = xcalloc(count + 1, sizeof(*after));
	int error = read_counters(root, inventory, before), fd;

	if (error)
		return error;
	fd = heap_allocate(heap_fd, pages * inventory->page_size, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fd;
	error = read_counters(root, inventory, during);
	close(fd);
	if (!error)
		error = read_counters(root, inventory, after);
	if (error)
		return error;
	*changed = cma_area_changed(count, before, during, pages);
	/* and back again, where that is counted */
	if (*changed >= 0 && after[*changed].released &&
	    after[*changed].released - during[*changed].released != pages)
		*changed = CMA_CHANGED_OTHERWISE;
	return 0;
}

static void impossible(struct cma_probe *probe, int error)
{
	probe->result = PROBE_IMPOSSIBLE;
	probe->error = error;
}

void cma_probe(const struct root *root, const struct inventory *inventory,
	       const struct memory *memory, struct cma_probe *probe)
{
	AUTO_CLOSE int fd = -1;
	int found = CMA_CHANGED_OTHERWISE, rounds = 0;

	*probe = (struct cma_probe){0};
	if (!inventory->areas.count) {
		impossible(probe, -ENODATA);
		return;
	}
	fd = heap_open(memory->heap->node);
	if (fd < 0) {
		impossible(probe, fd);
		return;
	}
	for (int try = 0; try < TRIES && rounds < PROBE_ROUNDS; try++) {
		int changed, error = measure(root, inventory, fd, round_pages[rounds], &changed);

		if (error) {
			impossible(probe, error == -ENOENT ? -ENODATA : error);
			return;
		}
		if (changed == CMA_CHANGED_OTHERWISE || (rounds && changed != found)) {
			rounds = 0;
			continue;
		}
		found = changed;
		probe->pages[rounds] = round_pages[rounds];
		rounds++;
	}
	if (rounds < PROBE_ROUNDS) {
		probe->result = PROBE_NOISE;
		return;
	}
	probe->result = found >= 0 ? PROBE_AREA : PROBE_NO_AREA;
	if (found >= 0)
		probe->area = &inventory->areas.items[found];
	probe->contradicts = memory->kind == MEMORY_UNKNOWN
				     ? memory->area && probe->area != memory->area
				     : probe->area != memory->area;
}
