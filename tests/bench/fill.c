// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filling and comparing as alloc does, against memset() and memcmp(), in ordinary memory: GB/s and
 * the ratio, for a buffer that fits into the cache and one that does not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/buffer/pattern.h"

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

enum work {
	MEMSET,
	FILL,
	MEMCMP,
	VERIFY,
	WORKS
};

static void work(enum work kind, const struct pattern *pattern, char *memory, const char *other,
		 size_t size)
{
	struct mismatch mismatch;

	switch (kind) {
	case MEMSET:
		memset(memory, 0xaa, size);
		break;
	case FILL:
		pattern_write(pattern, memory, size);
		break;
	case MEMCMP:
		if (memcmp(memory, other, size))
			abort();
		break;
	default:
		if (!pattern_equals(pattern, memory, size, &mismatch))
			abort();
	}
	__asm__ volatile("" : : "r"(memory) : "memory");
}

static void measure(const char *text, size_t size)
{
	double best[WORKS] = {1e9, 1e9, 1e9, 1e9};
	char *memory = aligned_alloc(4096, size), *other = aligned_alloc(4096, size);
	int rounds = (int)((size_t)1 << 31 >> 3) / (int)size + 3;
	struct pattern pattern;

	if (!memory || !other || pattern_parse(text, &pattern))
		abort();
	pattern_write(&pattern, memory, size);
	pattern_write(&pattern, other, size);
	for (int round = 0; round < rounds; round++) {
		for (enum work kind = MEMSET; kind < WORKS; kind++) {
			double start = now();

			work(kind, &pattern, memory, other, size);
			if (now() - start < best[kind])
				best[kind] = now() - start;
		}
	}
	printf("%-12s %7zu KiB %8.1f %8.1f %6.0f %% %10.1f %8.1f %6.0f %%\n", text, size >> 10,
	       1e-9 * (double)size / best[MEMSET], 1e-9 * (double)size / best[FILL],
	       100 * best[MEMSET] / best[FILL], 1e-9 * (double)size / best[MEMCMP],
	       1e-9 * (double)size / best[VERIFY], 100 * best[MEMCMP] / best[VERIFY]);
	free(memory);
	free(other);
}

int main(void)
{
	static const char *const texts[] = {"0xaa", "0xdeadbeef", "0x010203", "random:1"};

	printf("%-12s %11s %8s %8s %8s %10s %8s %8s\n", "GB/s", "", "memset", "fill", "", "memcmp",
	       "verify", "");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		measure(texts[i], 256 << 10);
		measure(texts[i], 64 << 20);
	}
	return 0;
}
