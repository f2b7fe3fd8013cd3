// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/cma_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/dmabuf.h"
#include "sys/root.h"

/* The first rounds that others disturb are repeated. */
#define TRIES 8

/* Odd, and no sum of two others: what a driver allocates is rarely one of these. */
static const uint64_t round_pages[PROBE_ROUNDS] = {45, 77, 29};

struct counter {
	uint64_t allocated, released;
};

/* The counters of all areas, in the order of the inventory. Returns 0 or -errno. */
static int read_counters(const struct root *root, const struct inventory *inventory,
			 struct counter *counters)
{
	for (size_t i = 0; i < inventory->areas.count; i++) {
		const char *name = inventory->areas.items[i].name;
		int error =
			cma_counter_read(root, name, "alloc_pages_success", &counters[i].allocated);

		if (error)
			return error;
		/* 6.9 and later; without, the allocation alone is looked at */
		if (cma_counter_read(root, name, "release_pages_success", &counters[i].released))
			counters[i].released = 0;
	}
	return 0;
}

/* What the counters say: the index of the one area that changed by PAGES, or one of these. */
enum {
	CHANGED_NONE = -1,
	CHANGED_OTHERWISE = -2,
};

static int which_changed(size_t count, const struct counter *before, const struct counter *after,
			 uint64_t pages)
{
	int changed = CHANGED_NONE;

	for (size_t i = 0; i < count; i++) {
		if (before[i].allocated == after[i].allocated)
			continue;
		if (after[i].allocated - before[i].allocated != pages || changed != CHANGED_NONE)
			return CHANGED_OTHERWISE;
		changed = (int)i;
	}
	return changed;
}

/* One allocation; *changed is what which_changed() says. Returns 0 or -errno. */
static int measure(const struct root *root, const struct inventory *inventory, int heap_fd,
		   uint64_t pages, int *changed)
{
	size_t count = inventory->areas.count;
	AUTO_FREE struct counter *before = xcalloc(count + 1, sizeof(*before));
	AUTO_FREE struct counter *during = xcalloc(count + 1, sizeof(*during));
	AUTO_FREE struct counter *after = xcalloc(count + 1, sizeof(*after));
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
	*changed = which_changed(count, before, during, pages);
	/* and back again */
	if (*changed >= 0 && after[*changed].released &&
	    after[*changed].released - during[*changed].released != pages)
		*changed = CHANGED_OTHERWISE;
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
	int found = CHANGED_OTHERWISE, rounds = 0;

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
		if (changed == CHANGED_OTHERWISE || (rounds && changed != found)) {
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
