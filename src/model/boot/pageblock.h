/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How large a pageblock is, or what the CMA alignment was before it was one:
 * include/linux/{pageblock-flags,mmzone,cma}.h, by version and configuration.
 */
#ifndef MODEL_BOOT_PAGEBLOCK_H
#define MODEL_BOOT_PAGEBLOCK_H

#include <stdint.h>

/* The kernel that a configuration is of. */
struct pageblock_kernel {
	uint32_t version;         /* KERNEL() */
	uint64_t page_size;       /* bytes; 0: unknown */
	const char *architecture; /* or NULL: unknown */
};

/*
 * The CMA alignment in bytes by a configuration; 0: unknown for the architecture, without the page
 * size, or for a version whose rule was not read.
 */
uint64_t pageblock_of_config(const struct pageblock_kernel *kernel, const char *config)
	__attribute__((nonnull));

/* The same of common configurations: the smallest, and *largest. */
uint64_t pageblock_range(uint32_t version, uint64_t page_size, uint64_t *largest)
	__attribute__((nonnull));

#endif
