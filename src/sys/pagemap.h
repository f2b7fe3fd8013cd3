/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the pages of a mapping lie in physical memory: /proc/PID/pagemap (fs/proc/task_mmu.c,
 * pagemap_read()). Only a caller with CAP_SYS_ADMIN is told. Of mappings that are made of page
 * numbers (VM_PFNMAP: those of the kernel's heaps and of most DRM drivers) the file says nothing:
 * walk_page_test(), mm/pagewalk.c.
 */
#ifndef SYS_PAGEMAP_H
#define SYS_PAGEMAP_H

#include <stdint.h>

#include "base/array.h"

struct root;

/* A part of a file that lies in one piece in physical memory. */
struct page_run {
	uint64_t offset;  /* in the file, bytes */
	uint64_t address; /* physical */
	uint64_t size;    /* bytes */
};

struct page_runs {
	ARRAY_OF(struct page_run);
};

/*
 * Adds what is known of the pages that PROCESS has mapped from START up to END, where START is the
 * byte OFFSET of the file. Pages that were never touched are left out. Returns 0 or -errno: EPERM
 * where the kernel does not tell this caller. Free with array_free().
 */
int pagemap_read(const struct root *root, const char *process, uint64_t start, uint64_t end,
		 uint64_t offset, struct page_runs *runs) __attribute__((nonnull));

/*
 * Sorts runs by offset, leaves of what is there twice the first, and joins those that lie behind
 * each other.
 */
void page_runs_join(struct page_runs *runs) __attribute__((nonnull));

#endif
