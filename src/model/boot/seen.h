/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a running machine, or a captured one, shows of its own boot. */
#ifndef MODEL_BOOT_SEEN_H
#define MODEL_BOOT_SEEN_H

#include <stdbool.h>

#include "base/array.h"
#include "model/boot/spans.h"

struct root;

struct seen {
	bool areas_known; /* the kernel shows its CMA areas: one that is not there was not made */
	struct strings areas; /* names, as in /sys/kernel/mm/cma */
	struct strings heaps; /* names in /dev/dma_heap, and those in /sys/class/dma_heap */
	struct spans
		reserved; /* /sys/kernel/debug/memblock/reserved or /proc/iomem: for root only */
};

/* Reads it; what cannot be read is empty. The caller frees it with seen_free(). */
struct seen *seen_read(const struct root *root) __attribute__((nonnull, returns_nonnull));
/* Takes NULL. */
void seen_free(struct seen *seen);

#endif
