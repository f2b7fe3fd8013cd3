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

/* In bytes; from a huge page on in whole ones. */
static size_t size_of(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - (size_t)2 * HUGE_PAGE)
		out_of_memory();
	if (bytes > HUGE_PAGE)
		bytes += -bytes % HUGE_PAGE;
	return bytes;
}

void *huge_calloc(size_t count, size_t size)
{
	size_t bytes = size_of(count, size), before;
	char *memory;

	if (bytes < HUGE_PAGE)
		return xcalloc(count, size);
	memory = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	if (memory == MAP_FAILED)
		out_of_memory();
	/* keep what begins where a huge page may */
	before = -(uintptr_t)memory % HUGE_PAGE;
	if (before)
		munmap(memory, before);
	memory += before;
	munmap(memory + bytes, HUGE_PAGE - before);
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
