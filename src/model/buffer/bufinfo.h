/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's listing of all dma-bufs: debugfs, dma_buf/bufinfo (drivers/dma-buf/dma-buf.c). */
#ifndef MODEL_BUFFER_BUFINFO_H
#define MODEL_BUFFER_BUFINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/known.h"

struct root;

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

/* The words of such a line; those that are not told, or not clear, are NULL and unknown. */
struct bufinfo_fence_words {
	char *driver, *timeline;
	struct maybe context, seqno;
};

/* Splits the text of a fence. Free with bufinfo_fence_words_free(). */
void bufinfo_fence_split(const struct bufinfo_fence *fence, struct bufinfo_fence_words *words)
	__attribute__((nonnull));
void bufinfo_fence_words_free(struct bufinfo_fence_words *words);

/* "write", "read", "other" */
const char *bufinfo_usage_name(enum bufinfo_usage usage) __attribute__((returns_nonnull));

/* What the listing says of one buffer. */
struct bufinfo {
	uint64_t inode;
	uint64_t size;       /* bytes */
	uint64_t references; /* of all holders: struct file's count */
	char *exporter;      /* exp_name */
	char *name;          /* its first line; or NULL */
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

struct bufinfos {
	ARRAY_OF(struct bufinfo);
};

/*
 * All buffers of the listing, by inode; of a number that is there twice (see bufinfo_parse()) none.
 * A listing that ends in the middle gives what is there. Free with bufinfos_free().
 */
void bufinfos_parse(const char *text, struct bufinfos *infos) __attribute__((nonnull));

/* The same with the listing below ROOT. Returns 0 or -errno. */
int bufinfos_read(const struct root *root, struct bufinfos *infos) __attribute__((nonnull));
void bufinfos_free(struct bufinfos *infos);

/* The number of the buffers that EXPORTER made, and the sum of their bytes. */
struct bufinfo_sum {
	uint64_t buffers, size;
};

/*
 * Says whether a buffer of EXPORTER (NULL: unknown) may be one of HEAP without having its name:
 * before Linux 5.13 (commit 2eebbdbaab5f) dma_buf_export() gave buffers of heaps the name of the
 * module that calls it, which is heap_helpers up to 5.10; and it does so for the heaps of a TEE,
 * which are called protected,… (drivers/tee/tee_heap.c of 7.2).
 */
bool exporter_hides_heap(const char *exporter, const char *heap) __attribute__((nonnull(2)));
#define TEE_EXPORTER "tee"

/* Adds them up. Returns 0, or -ENODATA where there are some of which it is not known. */
int bufinfos_sum(const struct bufinfos *infos, const char *exporter, struct bufinfo_sum *sum)
	__attribute__((nonnull));

#define AUTO_BUFINFO __attribute__((cleanup(bufinfo_free)))

#endif
