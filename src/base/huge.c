// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/huge.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/xalloc.h"

enum {
	HUGE_PAGE = 2 << 20 /* of most machines; on others it is no more than a good number */
};

static size_t size_of(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - HUGE_PAGE)
		out_of_memory();
	return bytes;
}

void *huge_calloc(size_t count, size_t size)
{
	size_t bytes = size_of(count, size);
	void *memory;

	if (bytes < HUGE_PAGE)
		return xcalloc(count, size);
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		out_of_memory();
	madvise(memory, bytes, MADV_HUGEPAGE); /* a wish */
	return memory;
}

void huge_free(void *memory, size_t count, size_t size)
{
	size_t bytes = size_of(count, size);

	if (bytes < HUGE_PAGE)
		free(memory);
	else if (memory)
		munmap(memory, bytes);
}
