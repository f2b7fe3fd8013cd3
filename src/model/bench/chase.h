/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads of which each needs the one before it, so that their time is what a load takes: a chain
 * through all lines of a memory, in an order that no prefetcher guesses. All accesses are of 64
 * aligned bits, as memory that is mapped like a device's allows no others.
 */
#ifndef MODEL_BENCH_CHASE_H
#define MODEL_BENCH_CHASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes from one link to the next: no smaller than a line of the caches that are usual. */
#define CHASE_STRIDE 64

/* Writes the chain into SIZE bytes, a multiple of CHASE_STRIDE. */
void chase_prepare(void *memory, size_t size) __attribute__((nonnull));

/*
 * Follows it for LOADS links; FLUSH: and writes the line of each back and drops it from the caches,
 * so that each load comes from the memory. Returns where it ends.
 */
uint64_t chase(const void *memory, size_t loads, bool flush) __attribute__((nonnull));

/* Whether a program can flush lines here: not on all architectures. */
bool chase_can_flush(void);

#endif
