// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/location.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "sys/descriptors.h"
#include "sys/root.h"

/* How often the size of a buffer may be looked for: mappings that nobody has touched show nothing.
 */
#define LOOKS_MOST 64

/* "12", or "12/task/13" for what a thread has alone; the caller frees it. */
static char *holder_path(const struct usages *usages, const struct hold *hold)
{
	uint64_t pid = usages->scan.processes.items[hold->process].pid;

	if (hold->thread)
		return xasprintf("%" PRIu64 "/task/%" PRIu64, pid, hold->thread);
	return xasprintf("%" PRIu64, pid);
}

static bool is_complete(const struct page_runs *runs, const struct usage *usage)
{
	uint64_t known = 0;

	array_for_each (runs, run)
		known += run->size;
	return usage->size.known && known >= usage->size.value;
}

void usage_locate(const struct root *root, const struct usages *usages, const struct usage *usage,
		  struct page_runs *runs)
{
	const struct hold *holds = usages->scan.holds.items + usage->first_hold;
	uint64_t looks = 0;
	size_t joined = 0;

	for (size_t i = 0; i < usage->holds; i++) {
		AUTO_FREE char *process = holder_path(usages, &holds[i]);

		/* drivers may count offsets in a space of their own: drm_gem_prime_mmap() */
		if (holds[i].kind != HOLD_MAPPING || !usage->size.known ||
		    holds[i].offset > usage->size.value ||
		    holds[i].size > usage->size.value - holds[i].offset)
			continue;
		looks += holds[i].size;
		if (looks / LOOKS_MOST > usage->size.value)
			break;
		(void)pagemap_read(root, process, holds[i].number, holds[i].number + holds[i].size,
				   holds[i].offset, runs);
		/* not after each of ten thousand mappings */
		if (runs->count <= 2 * joined)
			continue;
		page_runs_join(runs);
		if (is_complete(runs, usage))
			return;
		joined = runs->count;
	}
	page_runs_join(runs);
}

struct maybe usage_age(const struct root *root, const struct usages *usages,
		       const struct usage *usage)
{
	const struct hold *holds = usages->scan.holds.items + usage->first_hold;

	for (size_t i = 0; i < usage->holds && root_is_live(root); i++) {
		AUTO_FREE char *process = holder_path(usages, &holds[i]);
		struct maybe made = holds[i].kind == HOLD_MAPPING
					    ? mapping_made_at(process, holds[i].number,
							      holds[i].number + holds[i].size)
					    : descriptor_made_at(process, holds[i].number);

		if (made.known)
			return clock_age(made.value);
	}
	return (struct maybe){0};
}
