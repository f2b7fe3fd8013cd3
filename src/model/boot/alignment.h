/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The alignment that base and size of a CMA area need: CMA_MIN_ALIGNMENT_BYTES,
 * include/linux/cma.h, by version and configuration.
 */
#ifndef MODEL_BOOT_ALIGNMENT_H
#define MODEL_BOOT_ALIGNMENT_H

#include "model/boot/kernel_facts.h"

/* The alignment in bytes, or the smallest of common configurations and *largest of them. */
uint64_t alignment_range(const struct kernel_facts *facts, uint64_t *largest)
	__attribute__((nonnull));

/* "2 MiB", "512 KiB"; the caller frees it. */
char *alignment_text(uint64_t bytes) __attribute__((returns_nonnull, malloc));

#endif
