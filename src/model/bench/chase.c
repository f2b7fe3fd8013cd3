// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/chase.h"

#include "base/cleanup.h"
#include "base/xalloc.h"

void chase_prepare(void *memory, size_t size)
{
	volatile uint64_t *words = memory;
	size_t count = size / CHASE_STRIDE;
	AUTO_FREE uint32_t *next = xcalloc(count, sizeof(*next));
	uint64_t state = 1;

	for (size_t i = 0; i < count; i++)
		next[i] = (uint32_t)i;
	/* Sattolo: one cycle through all of them; Knuth's generator, always with the same seed */
	for (size_t i = count - 1; i > 0; i--) {
		size_t other;
		uint32_t was = next[i];

		state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		other = (size_t)(state >> 33) % i;
		next[i] = next[other];
		next[other] = was;
	}
	for (size_t i = 0; i < count; i++)
		words[i * (CHASE_STRIDE / sizeof(*words))] = (uint64_t)next[i] * CHASE_STRIDE;
}

#if defined(__x86_64__)

static void flush_line(const void *line)
{
	__asm__ volatile("clflush %0\n\tmfence" : : "m"(*(const volatile char *)line) : "memory");
}

bool chase_can_flush(void)
{
	return true;
}

#elif defined(__aarch64__)

/* Linux lets programs do that: SCTLR_EL1.UCI, arch/arm64/include/asm/sysreg.h */
static void flush_line(const void *line)
{
	__asm__ volatile("dc civac, %0\n\tdsb ish" : : "r"(line) : "memory");
}

bool chase_can_flush(void)
{
	return true;
}

#else

static void flush_line(const void *line)
{
	(void)line;
}

bool chase_can_flush(void)
{
	return false;
}

#endif

uint64_t chase(const void *memory, size_t loads, bool flush)
{
	uint64_t at = 0;

	if (!flush) {
		while (loads--)
			at = *(const volatile uint64_t *)((const char *)memory + at);
		return at;
	}
	while (loads--) {
		const char *line = (const char *)memory + at;

		at = *(const volatile uint64_t *)line;
		flush_line(line);
	}
	return at;
}
