/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directions of CPU access, which are those of sync files as well. */
#ifndef CONFORMANCE_CASES_DIRECTIONS_H
#define CONFORMANCE_CASES_DIRECTIONS_H

#include <linux/dma-buf.h>
#include <stdint.h>

static const struct {
	uint32_t flags;
	const char *name;
} directions[] = {
	{DMA_BUF_SYNC_READ, "reading"}, {DMA_BUF_SYNC_WRITE, "writing"}, {DMA_BUF_SYNC_RW, "both"}};

#endif
