/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's listing of all dma-bufs: debugfs, dma_buf/bufinfo (drivers/dma-buf/dma-buf.c). */
#ifndef MODEL_BUFFER_BUFINFO_H
#define MODEL_BUFFER_BUFINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

#define BUFINFO_PATH "/sys/kernel/debug/dma_buf/bufinfo"

enum bufinfo_usage {
	BUFINFO_OTHER, /* "kernel": waited for by everybody */
	BUFINFO_WRITE,
	BUFINFO_READ,
};

struct bufinfo_fence {
	enum bufinfo_usage usage;
	bool signalled;
	char *text; /* the line as the kernel wrote it, without the tab */
};

/* What the listing says of one buffer. */
struct bufinfo {
	uint64_t size;  /* bytes */
	char *exporter; /* exp_name */
	struct {
		ARRAY_OF(struct bufinfo_fence);
	} fences;
	struct strings devices; /* attached */
};

/*
 * Finds the buffer with this inode number in the text of the listing. Returns 0, -ENOENT (not
 * there) or -EBADMSG (there twice: another buffer's name, which may hold line ends, fakes a
 * record). Free with bufinfo_free().
 */
int bufinfo_parse(const char *text, uint64_t inode, struct bufinfo *info) __attribute__((nonnull));

/* The same with the listing of this machine; -errno where it can't be read. */
int bufinfo_read(uint64_t inode, struct bufinfo *info) __attribute__((nonnull));
void bufinfo_free(struct bufinfo *info);
#define AUTO_BUFINFO __attribute__((cleanup(bufinfo_free)))

#endif
