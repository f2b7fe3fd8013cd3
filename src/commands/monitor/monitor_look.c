// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/monitor/monitor_look.h"

#include "base/clock.h"

static uint64_t grown(const struct fact *before, const struct fact *now)
{
	return before->number.known && now->number.known && now->number.value > before->number.value
		       ? now->number.value - before->number.value
		       : 0;
}

static void tell_growth(struct monitor_look *looks, const struct cma_areas *now)
{
	array_for_each (now, area) {
		const struct cma_area *before = cma_find(&looks->areas, area->name);
		struct monitor_growth growth;

		if (!before)
			continue;
		growth = (struct monitor_growth){grown(&before->allocated, &area->allocated),
						 grown(&before->failed, &area->failed),
						 grown(&before->released, &area->released)};
		if (growth.allocated || growth.failed || growth.released)
			monitor_tell_counted(looks->output, area->name, &growth);
	}
}

bool monitor_knows_usage(const struct cma_area *area)
{
	return area->total.number.known && area->total.number.value &&
	       area->available.number.known &&
	       area->available.number.value <= area->total.number.value;
}

/* Says whether it is above the threshold now; *was: whether it was. */
static void tell_crossing(struct monitor_look *looks, const struct cma_area *area,
			  struct strings *above)
{
	uint64_t total, percent;
	bool was = strings_have(&looks->above, area->name), is;

	if (!monitor_knows_usage(area))
		return;
	total = area->total.number.value;
	percent = (total - area->available.number.value) * 100 / total;
	is = percent >= looks->threshold;
	if (is != was)
		monitor_tell_usage(looks->output, area, percent, is);
	if (is)
		strings_add(above, area->name);
}

static void look_at_areas(struct monitor_look *looks)
{
	struct cma_areas now = {0};

	if (cma_areas_read(looks->root, &now))
		return; /* they were there before: the next look may tell more */
	if (looks->polling)
		tell_growth(looks, &now);
	if (looks->threshold) {
		struct strings above = {0};

		array_for_each (&now, area)
			tell_crossing(looks, area, &above);
		strings_free(&looks->above);
		looks->above = above;
	}
	cma_areas_free(&looks->areas);
	looks->areas = now;
}

static int look_at_fences(struct monitor_look *looks)
{
	uint64_t now = clock_ns();
	int error = pending_look(looks->root, now, &looks->fences);

	if (error)
		return error;
	array_for_each (&looks->fences, fence) {
		uint64_t pending = now - fence->since;

		if (fence->there ? !fence->told && pending >= looks->stuck : fence->told)
			monitor_tell_fence(looks->output, fence, pending);
		fence->told |= pending >= looks->stuck;
	}
	return 0;
}

bool monitor_has_looks(const struct monitor_look *looks)
{
	return looks->polling || looks->threshold || looks->stuck;
}

int monitor_look(struct monitor_look *looks)
{
	if (looks->polling || looks->threshold)
		look_at_areas(looks);
	return looks->stuck ? look_at_fences(looks) : 0;
}

void monitor_look_free(struct monitor_look *looks)
{
	pending_free(&looks->fences);
	strings_free(&looks->above);
	cma_areas_free(&looks->areas);
}
