// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/cma_trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/tracing.h"
#include "sys/udev.h"

struct cma_trace {
	struct tracing *tracing;
	const struct cma_areas *areas;
};

void cma_events_free(struct cma_events *events)
{
	array_for_each (events, event)
		cma_event_free(event);
	array_free(events);
}

/* The requests that 6.12 refuses without another event; 7.2 refuses the filter. */
static void add_too_large(const struct cma_trace *trace)
{
	AUTO_FREE char *filter = NULL;
	uint64_t smallest = UINT64_MAX;

	array_for_each (trace->areas, area) {
		if (area->total.number.known && area->total.number.value < smallest)
			smallest = area->total.number.value;
	}
	if (smallest == UINT64_MAX)
		return;
	filter = xasprintf("count > %" PRIu64, smallest);
	tracing_add(trace->tracing, CMA_EVENT_START, filter);
}

int cma_trace_begin(const struct cma_areas *areas, struct cma_trace **trace)
{
	const struct tracing_wanted wanted = {.events = cma_events, .followed = true};
	struct tracing *tracing = NULL;
	int error = tracing_begin(&wanted, &tracing);

	if (error)
		return error;
	*trace = xcalloc(1, sizeof(**trace));
	**trace = (struct cma_trace){tracing, areas};
	add_too_large(*trace);
	return 0;
}

int cma_trace_descriptor(const struct cma_trace *trace)
{
	return tracing_descriptor(trace->tracing);
}

/* Of what has only begun, that it cannot succeed: the area is smaller. */
static bool is_too_large(const struct cma_trace *trace, const struct cma_event *event)
{
	const struct cma_area *area = cma_find(trace->areas, event->name);

	return area && area->total.number.known && event->pages > area->total.number.value;
}

int cma_trace_read(struct cma_trace *trace, struct cma_events *events, uint64_t *lost)
{
	AUTO_STRINGS struct strings lines = {0};
	int error = tracing_read(trace->tracing, &lines, lost);

	array_for_each (&lines, line) {
		struct cma_event event = {0};
		int result = cma_event_parse(*line, &event);

		if (!result && (event.kind != CMA_EVENT_BEGUN || is_too_large(trace, &event)))
			*array_add(events) = event;
		else
			cma_event_free(&event);
		*lost += result == -EBADMSG;
	}
	return error;
}

void cma_trace_end(struct cma_trace *trace)
{
	if (!trace)
		return;
	tracing_end(trace->tracing);
	free(trace);
}

int heap_watch_begin(struct udev_watch **watch)
{
	return udev_watch_begin("dma_heap", watch);
}

int heap_watch_descriptor(const struct udev_watch *watch)
{
	return udev_watch_descriptor(watch);
}

bool heap_watch_next(struct udev_watch *watch, char **action, char **name)
{
	return udev_watch_next(watch, action, name);
}

void heap_watch_end(struct udev_watch *watch)
{
	udev_watch_end(watch);
}
