// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/huge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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

void *huge_resize(void *memory, size_t count, size_t new_count, size_t size)
{
	size_t bytes = size_of(count, size), new_bytes = size_of(new_count, size);
	void *resized;

	if (bytes < HUGE_PAGE || new_bytes < HUGE_PAGE) {
		resized = huge_calloc(new_count, size);
		memcpy(resized, memory, bytes < new_bytes ? bytes : new_bytes);
		huge_free(memory, count, size);
		return resized;
	}
	resized = mremap(memory, bytes, new_bytes, MREMAP_MAYMOVE);
	if (resized == MAP_FAILED)
		out_of_memory();
	return resized;
}

void huge_free(void *memory, size_t count, size_t size)
{
	size_t bytes = size_of(count, size);

	if (bytes < HUGE_PAGE)
		free(memory);
	else if (memory)
		munmap(memory, bytes);
}
