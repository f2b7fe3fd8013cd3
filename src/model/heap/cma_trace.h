/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kernel about heaps and their memory, as they happen. */
#ifndef MODEL_HEAP_CMA_TRACE_H
#define MODEL_HEAP_CMA_TRACE_H

#include <stdbool.h>

#include "model/heap/cma_area.h"
#include "model/heap/cma_event.h"

struct cma_events {
	ARRAY_OF(struct cma_event);
};

/* What has been read; free with cma_events_free(). */
void cma_events_free(struct cma_events *events) __attribute__((nonnull));
#define AUTO_CMA_EVENTS __attribute__((cleanup(cma_events_free)))

/*
 * Allocations, releases, failures and exports, for root. AREAS are needed for the failures of a
 * request that is larger than its area: Linux 6.12 tells of its beginning alone.
 */
struct cma_trace;

/* Begins; AREAS, which may be read again, must outlive it. Returns 0 or -errno: tracing_begin(). */
int cma_trace_begin(const struct cma_areas *areas, struct cma_trace **trace)
	__attribute__((nonnull));
/* The descriptor that is readable (poll(2)) once there is something to read; it is the trace's. */
int cma_trace_descriptor(const struct cma_trace *trace) __attribute__((nonnull));
/*
 * Adds those since the last call, oldest first, without waiting. *lost grows by the number of
 * events that are not known. Returns 0 or -errno: -EAGAIN where there were more than could be read.
 */
int cma_trace_read(struct cma_trace *trace, struct cma_events *events, uint64_t *lost)
	__attribute__((nonnull));
/* Takes NULL. */
void cma_trace_end(struct cma_trace *trace);

/* Heaps that come and go: uevents of the class dma_heap, as of sys/udev.h. */
struct udev_watch;

int heap_watch_begin(struct udev_watch **watch) __attribute__((nonnull));
int heap_watch_descriptor(const struct udev_watch *watch) __attribute__((nonnull));
bool heap_watch_next(struct udev_watch *watch, char **action, char **name) __attribute__((nonnull));
void heap_watch_end(struct udev_watch *watch);

#endif
