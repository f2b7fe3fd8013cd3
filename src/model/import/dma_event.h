/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's events say of a buffer that a device maps: include/trace/events/dma.h. A line
 * is what sys/tracing.h gives with .bare: "dma_map_sg: vivid.0 dir=FROM_DEVICE nents=1/1 ents=1/1
 * dma_addrs={0x42000000} sizes={0x96000} phys_addrs={0x42000000} attrs=" (7.2; before 6.19 without
 * nents and ents).
 */
#ifndef MODEL_IMPORT_DMA_EVENT_H
#define MODEL_IMPORT_DMA_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/known.h"

/* The events that are read, for struct tracing_wanted. */
extern const char *const dma_events[];

enum dma_event_kind {
	DMA_MAP,
	DMA_UNMAP,
	DMA_SYNC_FOR_CPU,
	DMA_SYNC_FOR_DEVICE,
};

/* Where a buffer lies. */
struct dma_shape {
	struct maybe pieces; /* runs of memory without a gap */
	enum tristate contiguous;
	struct maybe base, size; /* of the first piece: physical address, bytes */
};

struct dma_event {
	enum dma_event_kind kind;
	char *device;           /* the name of it, as in sysfs */
	struct dma_shape shape; /* of DMA_MAP */
};

/*
 * Reads a line. Returns 0, -ENOMSG (another event) or -EBADMSG (not in this form); *event is
 * untouched then. Of more than 128 segments the kernel writes the first ones, and of memory that an
 * IOMMU joined not the length of each: what does not follow is unknown. Free with dma_event_free().
 */
int dma_event_parse(const char *line, struct dma_event *event)
	__attribute__((nonnull, warn_unused_result));
void dma_event_free(struct dma_event *event) __attribute__((nonnull));
#define AUTO_DMA_EVENT __attribute__((cleanup(dma_event_free)))

#endif
