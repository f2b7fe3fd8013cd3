/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's events say of buffers that come and go: include/trace/events/cma.h and, since
 * 7.0 or so, dma_buf.h. A line is what sys/tracing.h gives with task, processor and time:
 * "         dmaheap-37      [000] .....     2.208324: cma_alloc_finish: name=linux,cma pfn=0x5e100
 * page=00000000d4a3843a count=256 align=8 errorno=0" (7.2 and 6.12).
 */
#ifndef MODEL_HEAP_CMA_EVENT_H
#define MODEL_HEAP_CMA_EVENT_H

#include <stdint.h>

#include "base/known.h"

/* The events that are read, for struct tracing_wanted; the first one decides whether any tell. */
extern const char *const cma_events[];
/*
 * Told by 6.12 of a request that is larger than the area, which has no end there; its field "count"
 * is not in 7.2, which tells the end.
 */
#define CMA_EVENT_START "cma/cma_alloc_start"

enum cma_event_kind {
	CMA_EVENT_BEGUN, /* cma_alloc_start */
	CMA_EVENT_ALLOCATED,
	CMA_EVENT_FAILED,
	CMA_EVENT_RELEASED,
	CMA_EVENT_EXPORTED, /* a dma-buf of any exporter */
};

struct cma_event {
	enum cma_event_kind kind;
	char *command; /* of the task in which it happened */
	uint64_t tid;
	uint64_t time; /* CLOCK_MONOTONIC, ns */
	char *name;    /* of the area, or the exporter */
	uint64_t pages;
	struct maybe frame; /* of the area: number of the first page */
	struct maybe error; /* of a failure: the errno */
	uint64_t size;      /* of a buffer: bytes */
	uint64_t inode;
};

/*
 * Reads a line. Returns 0, -ENOMSG (another event) or -EBADMSG (not in this form); *event is
 * untouched then. Free with cma_event_free().
 */
int cma_event_parse(const char *line, struct cma_event *event)
	__attribute__((nonnull, warn_unused_result));
void cma_event_free(struct cma_event *event) __attribute__((nonnull));
#define AUTO_CMA_EVENT __attribute__((cleanup(cma_event_free)))

#endif
