/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A heap that is tested, with what the tests have to know about it, and what they found out. */
#ifndef CONFORMANCE_ENGINE_TARGET_H
#define CONFORMANCE_ENGINE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "model/heap/inventory.h"

struct target {
	const char *name;
	const char *node; /* path */
	enum memory_kind kind;
	const char *area;  /* name of its CMA area, or NULL */
	uint64_t capacity; /* bytes, 0: unknown or without limit */
	struct maybe room; /* bytes of the largest buffer that can be had, at most */
	bool must_map;     /* its driver maps buffers: one that does not is broken */
	/* found by target_probe() */
	int fork_error;      /* -errno: no process could be made that would open it; or 0 */
	int open_error;      /* -errno, 0: it can be opened */
	int alloc_error;     /* -errno of allocating a page; 0: it works, or was not tried */
	bool full;           /* that is ENOMEM, or there is known to be no room for a page */
	int map_error;       /* -errno of mapping a buffer of LARGE bytes, whole; 0: it works */
	int part_error;      /* the same of its first page */
	bool busy;           /* a fence was pending on a new buffer (not known before 6.0) */
	size_t small, large; /* sizes to test with, in bytes: some that can be had if any can */
	struct maybe in_use; /* pages of the area, before the first test */
	/* the first tests that failed, of all and for target_map_error(); NULL: none so far */
	const char *failed, *failed_map;
};

struct targets {
	ARRAY_OF(struct target);
};

/*
 * Opens the heap and finds out what can be done with it and which sizes suit it: at most an eighth
 * of what it and the machine have free.
 */
void target_probe(struct target *target) __attribute__((nonnull));

/* Says whether its buffers cannot be mapped by intent: the driver has no mmap, which it may. */
bool target_is_unmappable(const struct target *target) __attribute__((nonnull));

/* -errno of mapping a whole buffer or, where that works, a part of one; 0: both work. */
int target_map_error(const struct target *target) __attribute__((nonnull));

/* Says whether it is known to have not a page left, without trying: that would be logged. */
bool target_is_full(const struct target *target) __attribute__((nonnull));

/* Pages of its area that were taken since target_probe() and not given back, by anybody. */
struct maybe target_taken(const struct target *target) __attribute__((nonnull));

/* What is to be known before the results; the caller frees it. NULL: nothing. */
char *target_note(const struct target *target) __attribute__((nonnull));

#endif
