/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync files, and their way into and out of dma-bufs: one function a call, -errno where the kernel
 * refuses. include/uapi/linux/{sync_file,dma-buf}.h, drivers/dma-buf/{sync_file,dma-buf}.c
 */
#ifndef SYS_SYNC_FILE_H
#define SYS_SYNC_FILE_H

#include <linux/dma-buf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

/* One fence of a sync file; the names are what its driver made of them, cut at 31 bytes. */
struct sync_fence {
	char driver[33];
	char timeline[33];
	int status;            /* 0 active, 1 signalled, -errno failed */
	uint64_t timestamp_ns; /* of the signal, CLOCK_MONOTONIC; 0 while active */
};

struct sync_file {
	char name[33];
	int status; /* of the whole: 0 active, 1 signalled, -errno failed */
	unsigned int count;
	struct {
		ARRAY_OF(struct sync_fence);
	} fences; /* COUNT of them, none where the list was not asked for */
};

/*
 * SYNC_IOC_FILE_INFO, with the LIST of fences or without; what a merged file's status is may differ
 * between the two, as only the list looks at each fence. Free with sync_file_free().
 */
int sync_file_read(int fd, bool list, struct sync_file *file) __attribute__((nonnull));
void sync_file_free(struct sync_file *file);
#define AUTO_SYNC_FILE __attribute__((cleanup(sync_file_free)))

/* SYNC_IOC_MERGE: a new descriptor, which the caller closes; NAME is cut at 31 bytes. */
int sync_file_merge(int first, int second, const char *name) __attribute__((nonnull));

/* SYNC_IOC_SET_DEADLINE: CLOCK_MONOTONIC, nanoseconds. */
int sync_file_set_deadline(int fd, uint64_t deadline_ns);

/*
 * DMA_BUF_IOCTL_EXPORT_SYNC_FILE: the fences that a reader (DMA_BUF_SYNC_READ) or writer
 * (DMA_BUF_SYNC_WRITE) of the buffer has to wait for now. A new descriptor, which the caller
 * closes. -ENOTTY: before Linux 6.0, or without CONFIG_SYNC_FILE.
 */
int dmabuf_export_sync_file(int dmabuf, uint32_t flags);

/*
 * DMA_BUF_IOCTL_IMPORT_SYNC_FILE: adds its fences as reads (DMA_BUF_SYNC_READ) or writes of the
 * buffer.
 */
int dmabuf_import_sync_file(int dmabuf, uint32_t flags, int sync_file);

#endif
