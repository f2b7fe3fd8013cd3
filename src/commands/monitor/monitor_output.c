// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/monitor/monitor_output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/units.h"

enum {
	NS_PER_US = 1000,
	NS_PER_S = 1000000000,
};

bool monitor_is_over(const struct monitor_output *output)
{
	return output->told >= output->most || ferror(stdout);
}

/* "2026-11-27T19:07:36.123456Z", the time of day at WHEN of CLOCK_MONOTONIC; the caller frees it.
 */
static char *time_of_day(uint64_t when)
{
	struct timespec now;
	uint64_t day, passed = clock_ns();
	struct tm parts;
	char text[sizeof("-2147483648-12-31T23:59:59")];
	time_t seconds;

	clock_gettime(CLOCK_REALTIME, &now);
	day = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
	passed = passed > when ? passed - when : 0;
	day = day > passed ? day - passed : 0;
	seconds = (time_t)(day / NS_PER_S);
	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return xasprintf("%s.%06" PRIu64 "Z", text, day % NS_PER_S / NS_PER_US);
}

/* An event for programs, to which its own fields are added. */
static struct value *begin(const char *event, uint64_t when)
{
	AUTO_FREE char *day = time_of_day(when);
	struct value *map = value_map();

	value_set(map, "time", value_text(day));
	value_set(map, "monotonic", value_number(when));
	value_set(map, "event", value_text(event));
	return map;
}

/* Prints it: MAP, which it releases, or the line "[    2.208324] EVENT TEXT". */
static void tell(struct monitor_output *output, uint64_t when, struct value *map, const char *text)
{
	AUTO_FREE char *escaped = text_show(text);

	if (monitor_is_over(output)) {
		value_free(map);
		return;
	}
	output->told++;
	if (output->context->json) {
		struct value *document = value_map();

		value_set(document, "dmaheap", value_text(DMAHEAP_VERSION));
		value_set(document, "monitor", map);
		json_write(stdout, document);
		putchar('\n');
	} else {
		printf("[%5" PRIu64 ".%06" PRIu64 "] %-12s %s\n", when / NS_PER_S,
		       when % NS_PER_S / NS_PER_US, value_string(value_get(map, "event")), escaped);
		value_free(map);
	}
	fflush(stdout);
}

void monitor_tell_heap(struct monitor_output *output, const char *action, const char *name)
{
	const char *event = !strcmp(action, "add")      ? "heap-added"
			    : !strcmp(action, "remove") ? "heap-removed"
							: "heap-changed";
	uint64_t now = clock_ns();
	struct value *map = begin(event, now);

	value_set(map, "heap", value_text(name));
	tell(output, now, map, name);
}

static void add_task(struct value *map, const struct cma_event *event)
{
	value_set(map, "tid", value_number(event->tid));
	value_set(map, "command", value_text(event->command));
}

static void tell_exported(struct monitor_output *output, const struct cma_event *event)
{
	AUTO_FREE char *size = cmd_size(output->context, event->size);
	AUTO_FREE char *text =
		xasprintf("%s %s, buffer %" PRIu64 ", by %" PRIu64 " (%s)", event->name, size,
			  event->inode, event->tid, event->command);
	struct value *map = begin("exported", event->time);

	value_set(map, "exporter", value_text(event->name));
	value_set(map, "size", value_number(event->size));
	value_set(map, "inode", value_number(event->inode));
	add_task(map, event);
	tell(output, event->time, map, text);
}

static void tell_failed(struct monitor_output *output, const struct cma_event *event)
{
	uint64_t bytes = event->pages * output->page_size;
	AUTO_FREE char *size = cmd_size(output->context, bytes);
	AUTO_FREE char *text = xasprintf("%s %s by %" PRIu64 " (%s): %s", event->name, size,
					 event->tid, event->command,
					 event->error.known ? error_words((int)event->error.value)
							    : "the reason is not told");
	struct value *map = begin("failed", event->time);

	value_set(map, "area", value_text(event->name));
	value_set(map, "size", value_number(bytes));
	value_set(map, "errno", value_maybe(event->error));
	add_task(map, event);
	tell(output, event->time, map, text);
}

static void tell_area(struct monitor_output *output, const struct cma_event *event)
{
	const char *word = event->kind == CMA_EVENT_RELEASED ? "released" : "allocated";
	uint64_t bytes = event->pages * output->page_size;
	uint64_t base = event->frame.value * output->page_size;
	AUTO_FREE char *size = cmd_size(output->context, bytes);
	AUTO_FREE char *text = xasprintf("%s %s at 0x%" PRIx64 " by %" PRIu64 " (%s)", event->name,
					 size, base, event->tid, event->command);
	struct value *map = begin(word, event->time);

	value_set(map, "area", value_text(event->name));
	value_set(map, "size", value_number(bytes));
	value_set(map, "base", value_address(base));
	add_task(map, event);
	tell(output, event->time, map, text);
}

void monitor_tell_event(struct monitor_output *output, const struct cma_event *event)
{
	switch (event->kind) {
	case CMA_EVENT_ALLOCATED:
	case CMA_EVENT_RELEASED:
		tell_area(output, event);
		break;
	case CMA_EVENT_BEGUN: /* of those that cannot succeed */
	case CMA_EVENT_FAILED:
		tell_failed(output, event);
		break;
	case CMA_EVENT_EXPORTED:
		tell_exported(output, event);
		break;
	}
}

void monitor_tell_lost(struct monitor_output *output, struct maybe count)
{
	uint64_t now = clock_ns();
	struct value *map = begin("lost", now);
	AUTO_FREE char *text = count.known ? xasprintf("%" PRIu64 " events", count.value)
					   : xstrdup("an unknown number of events");

	value_set(map, "count", value_maybe(count));
	tell(output, now, map, text);
}

void monitor_tell_counted(struct monitor_output *output, const char *area,
			  const struct monitor_growth *growth)
{
	uint64_t now = clock_ns(), page = output->page_size;
	AUTO_FREE char *allocated = cmd_size(output->context, growth->allocated * page);
	AUTO_FREE char *released = cmd_size(output->context, growth->released * page);
	AUTO_FREE char *failed = cmd_size(output->context, growth->failed * page);
	AUTO_FREE char *text = xasprintf("%s %s allocated, %s released, %s failed", area, allocated,
					 released, failed);
	struct value *map = begin("counted", now);

	value_set(map, "area", value_text(area));
	value_set(map, "allocated", value_number(growth->allocated * page));
	value_set(map, "released", value_number(growth->released * page));
	value_set(map, "failed", value_number(growth->failed * page));
	tell(output, now, map, text);
}

void monitor_tell_usage(struct monitor_output *output, const struct cma_area *area,
			uint64_t percent, bool above)
{
	uint64_t now = clock_ns(), all = area->total.number.value * output->page_size;
	uint64_t used = all - area->available.number.value * output->page_size;
	AUTO_FREE char *used_text = cmd_size(output->context, used);
	AUTO_FREE char *all_text = cmd_size(output->context, all);
	AUTO_FREE char *text = xasprintf("%s %" PRIu64 "%%: %s of %s are used", area->name, percent,
					 used_text, all_text);
	struct value *map = begin(above ? "above" : "below", now);

	value_set(map, "area", value_text(area->name));
	value_set(map, "used", value_number(used));
	value_set(map, "size", value_number(all));
	value_set(map, "percent", value_number(percent));
	tell(output, now, map, text);
}

void monitor_tell_fence(struct monitor_output *output, const struct pending_fence *fence,
			uint64_t ns)
{
	uint64_t now = clock_ns();
	struct bufinfo_fence_words words;
	struct value *map = begin(fence->there ? "stuck" : "signalled", now);
	AUTO_FREE char *since = units_time(ns);
	AUTO_FREE char *text = xasprintf(
		"buffer %" PRIu64 " of %s, %s fence, %s%s: %s", fence->inode,
		fence->exporter ? fence->exporter : "?", bufinfo_usage_name(fence->fence.usage),
		fence->there ? "pending for " : "was pending for ", since, fence->fence.text);

	bufinfo_fence_split(&fence->fence, &words);
	value_set(map, "inode", value_number(fence->inode));
	value_set(map, "exporter", value_text(fence->exporter));
	value_set(map, "usage", value_text(bufinfo_usage_name(fence->fence.usage)));
	value_set(map, "driver", value_text(words.driver));
	value_set(map, "timeline", value_text(words.timeline));
	value_set(map, "seqno", value_maybe(words.seqno));
	value_set(map, "pending", value_number(ns));
	bufinfo_fence_words_free(&words);
	tell(output, now, map, text);
}
