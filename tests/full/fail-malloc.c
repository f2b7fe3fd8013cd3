// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LD_PRELOAD: the allocation with the number FAIL_MALLOC, counted from 1, finds no memory. The
 * number of all allocations is written into the file FAIL_MALLOC_COUNT at exit, where that is
 * given.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static unsigned long fail_at, seen;
static const char *count_file;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("FAIL_MALLOC");

	fail_at = number ? strtoul(number, NULL, 10) : 0;
	count_file = getenv("FAIL_MALLOC_COUNT");
	seen = 0;
}

__attribute__((destructor)) static void end(void)
{
	unsigned long total = seen;
	FILE *stream = count_file ? fopen(count_file, "w") : NULL;

	if (stream) {
		fprintf(stream, "%lu\n", total);
		fclose(stream);
	}
}

static int fails(void)
{
	if (++seen != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}
