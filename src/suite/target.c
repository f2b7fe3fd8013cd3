// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/target.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "suite/sandbox.h"
#include "suite/trial.h"

static enum target_kind kind_of(const struct root *root, const char *name, char **area)
{
	static const char *const default_names[] = {"reserved", "linux,cma", "default-pool"};
	AUTO_FREE char *path = xasprintf("/sys/kernel/mm/cma/%s", name);
	struct stat status;

	if (!strcmp(name, "system"))
		return TARGET_PAGES;
	if (text_starts_with(name, "protected,"))
		return TARGET_PROTECTED;
	if (!root_lstat(root, path, &status)) {
		*area = xstrdup(name);
		return TARGET_CMA;
	}
	for (size_t i = 0; i < COUNT_OF(default_names); i++) {
		AUTO_FREE char *other = xasprintf("/sys/kernel/mm/cma/%s", default_names[i]);

		if (!strcmp(name, "default_cma_region") && !root_lstat(root, other, &status)) {
			*area = xstrdup(default_names[i]);
			return TARGET_CMA;
		}
	}
	return TARGET_OTHER;
}

int targets_read(const struct root *root, struct targets *targets)
{
	AUTO_STRINGS struct strings names = {0};
	int error = root_list(root, "/dev/dma_heap", &names);

	if (error)
		return error;
	array_for_each (&names, name) {
		struct target *target = array_add(targets);

		target->name = xstrdup(*name);
		target->node = xasprintf("/dev/dma_heap/%s", *name);
		target->kind = kind_of(root, *name, &target->area);
	}
	return 0;
}

void targets_free(struct targets *targets)
{
	array_for_each (targets, target) {
		free(target->name);
		free(target->node);
		free(target->area);
	}
	array_free(targets);
}

struct target *target_named(const struct targets *targets, const char *name)
{
	array_for_each (targets, target) {
		if (!strcmp(target->name, name))
			return target;
	}
	return NULL;
}

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
		*fd = allocate(heap, size, O_RDWR | O_CLOEXEC);
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

	heap = open(target->node, O_RDWR | O_CLOEXEC);
	if (heap < 0) {
		target->open_error = -errno;
		return;
	}
	target->large = largest_allocation(heap, modest_size(target), page, &buffer);
	if (!target->large)
		return;
	target->small = target->large < SMALL_PAGES * page ? target->large : SMALL_PAGES * page;
	memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);
	target->maps = memory != MAP_FAILED;
}

void target_probe(struct target *target)
{
	struct target *shared = sandbox_share(sizeof(*shared));
	struct sandbox_end end;

	*shared = *target;
	sandbox_run(probe, shared, PROBE_SECONDS, &end);
	*target = *shared;
	sandbox_unshare(shared, sizeof(*shared));
}
