/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Large memory that is read here and there: in huge pages, where the system gives some, a random
 * access costs a fraction.
 */
#ifndef BASE_HUGE_H
#define BASE_HUGE_H

#include <stddef.h>

/* COUNT times SIZE bytes of zeros, or the end of the program; freed with huge_free(). */
void *huge_calloc(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
/* The same memory with NEW_COUNT, of which the new ones are zero; the old address is no more. */
void *huge_resize(void *memory, size_t count, size_t new_count, size_t size)
	__attribute__((returns_nonnull));
/* Takes NULL. */
void huge_free(void *memory, size_t count, size_t size);

#endif
