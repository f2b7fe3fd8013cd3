/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A heap that is tested, with what the tests have to know about it. */
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
	/* found by target_probe() */
	int fork_error;      /* -errno: no process could be made that would open it; or 0 */
	int open_error;      /* -errno, 0: it can be opened */
	bool maps;           /* its buffers can be mapped */
	size_t small, large; /* sizes to test with, in bytes; 0: not even a page can be allocated */
};

struct targets {
	ARRAY_OF(struct target);
};

/*
 * Opens the heap and finds out what can be done with it and which sizes suit it: at most an eighth
 * of what it and the machine have free.
 */
void target_probe(struct target *target) __attribute__((nonnull));

#endif
