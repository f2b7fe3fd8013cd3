/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What buffers are filled with, and looked at for. */
#ifndef MODEL_BUFFER_PATTERN_H
#define MODEL_BUFFER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATTERN_BYTES_MAX 64
#define PATTERN_CHUNK     4096

struct pattern {
	bool random;
	uint64_t seed;                    /* of a random pattern */
	size_t length;                    /* of a repeated one */
	uint8_t bytes[PATTERN_BYTES_MAX]; /* in the order of the addresses */
};

/*
 * Reads a byte ("170", "0xaa"), a repeated sequence of bytes ("0xdeadbeef": de first), "random"
 * (with a seed of its own choice) or "random:SEED". Returns 0 or -EINVAL; *pattern is untouched on
 * failure.
 */
int pattern_parse(const char *text, struct pattern *pattern)
	__attribute__((nonnull, warn_unused_result));

/* The pattern as pattern_parse() reads it; the caller frees it. */
char *pattern_text(const struct pattern *pattern) __attribute__((nonnull, returns_nonnull, malloc));

/*
 * Fills memory with the pattern, which begins at its first byte.
 *
 * The bytes of "random:SEED" are the same on every machine. R(1), R(2), ... are the numbers of
 * splitmix64 from the state SEED on, each as eight bytes, the lowest first. R(1) to R(512) make a
 * block of PATTERN_CHUNK bytes; the chunk C of the memory, counted from 0, is that block with every
 * eight bytes XOR R(513 + C). No number comes twice (in 2^64). So in every eight bytes, what
 * belongs there differs from what belongs to another place of the same chunk, and to the same place
 * of any other chunk: a page found in the place of another, or moved by whole words, is never taken
 * for right. Other mistakes escape by chance only, one byte in 256.
 */
void pattern_write(const struct pattern *pattern, void *memory, size_t size)
	__attribute__((nonnull));

/* Where memory differs from the pattern first: the offset and both bytes. */
struct mismatch {
	size_t offset;
	uint8_t found, expected;
};

/* Compares; returns whether all is equal, else *mismatch says where not. */
bool pattern_equals(const struct pattern *pattern, const void *memory, size_t size,
		    struct mismatch *mismatch) __attribute__((nonnull));

#endif
