// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/pattern.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Two numbers anywhere in memory, as a register of most machines takes them at once. */
typedef uint64_t vector __attribute__((vector_size(16), may_alias, aligned(1)));

static int parse_random(const char *seed, struct pattern *pattern)
{
	struct pattern random = {.random = true};

	if (!*seed) {
		if (getrandom(&random.seed, sizeof(random.seed), 0) < 0)
			random.seed = 1;
		random.seed &= UINT32_MAX; /* short enough to be typed again */
	} else if (*seed != ':' || parse_number(seed + 1, &random.seed)) {
		return -EINVAL;
	}
	*pattern = random;
	return 0;
}

static int parse_hexadecimal(const char *digits, struct pattern *pattern)
{
	struct pattern bytes = {.length = strlen(digits) / 2};

	if (!*digits || strlen(digits) % 2 || bytes.length > PATTERN_BYTES_MAX)
		return -EINVAL;
	for (size_t i = 0; i < bytes.length; i++) {
		const char pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};

		if (!isxdigit((unsigned char)pair[0]) || !isxdigit((unsigned char)pair[1]))
			return -EINVAL;
		bytes.bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	*pattern = bytes;
	return 0;
}

int pattern_parse(const char *text, struct pattern *pattern)
{
	uint64_t byte;

	if (text_starts_with(text, "random"))
		return parse_random(text + strlen("random"), pattern);
	if (text_starts_with(text, "0x"))
		return parse_hexadecimal(text + strlen("0x"), pattern);
	if (parse_number(text, &byte) || byte > UINT8_MAX)
		return -EINVAL;
	*pattern = (struct pattern){.length = 1, .bytes = {(uint8_t)byte}};
	return 0;
}

char *pattern_text(const struct pattern *pattern)
{
	char digits[2 * PATTERN_BYTES_MAX + 1] = "";

	if (pattern->random)
		return xasprintf("random:%" PRIu64, pattern->seed);
	for (size_t i = 0; i < pattern->length; i++)
		snprintf(digits + 2 * i, 3, "%02x", pattern->bytes[i]);
	return xasprintf("0x%s", digits);
}

enum {
	LINE = 64, /* of most caches */
	LINE_VECTORS = LINE / sizeof(vector),
	CACHE = 16 << 20 /* few processors have more for one program */
};

_Static_assert(LINE *PATTERN_BYTES_MAX <= PATTERN_CHUNK, "a chunk may hold no whole pattern");

/* A pattern, chunk by chunk: each is the block, with every eight bytes XOR the key of the chunk. */
struct source {
	bool random;
	uint64_t state; /* of the numbers */
	uint64_t key;   /* 0 where bytes are repeated */
	size_t size;    /* of a chunk: whole patterns, and lines of a cache */
	bool past_cache;
	/* as far into a page as what it is copied to: else processors see false dependencies */
	_Alignas(PATTERN_CHUNK) uint8_t block[PATTERN_CHUNK];
};

/* splitmix64 (Steele, Lea, Flood 2014): any seed is good, and a state is one number */
static uint64_t next_random(uint64_t *state)
{
	uint64_t value = *state += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return htole64(value ^ value >> 31);
}

static void source_begin(struct source *source, const struct pattern *pattern)
{
	source->random = pattern->random;
	source->state = pattern->seed;
	source->key = 0;
	source->size = PATTERN_CHUNK;
	source->past_cache = false;
	if (pattern->random) {
		for (size_t i = 0; i < PATTERN_CHUNK; i += sizeof(uint64_t)) {
			uint64_t number = next_random(&source->state);

			memcpy(source->block + i, &number, sizeof(number));
		}
		return;
	}
	source->size -= PATTERN_CHUNK % (LINE * pattern->length);
	memcpy(source->block, pattern->bytes, pattern->length);
	for (size_t done = pattern->length, step; done < source->size; done += step) {
		step = done < source->size - done ? done : source->size - done;
		memcpy(source->block + done, source->block, step);
	}
}

static void source_next(struct source *source)
{
	if (source->random)
		source->key = next_random(&source->state);
}

/*
 * x86 reads each line before it overwrites it, unless told that all of it will be written, as
 * memset() tells it; without, memory beyond the caches takes a third longer.
 */
static void line_write(vector *place, const vector *line, bool past_cache)
{
#ifdef __SSE2__
	if (past_cache) {
#pragma GCC unroll 4
		for (size_t i = 0; i < LINE_VECTORS; i++)
			_mm_stream_si128((__m128i *)&place[i], (__m128i)line[i]);
		return;
	}
#endif
	(void)past_cache;
#pragma GCC unroll 4
	for (size_t i = 0; i < LINE_VECTORS; i++)
		place[i] = line[i];
}

/* The two loops that are all the work, unrolled to a line; memory is their limit. */
static void chunk_write(const struct source *source, void *memory)
{
	const vector *block = (const vector *)source->block;
	size_t count = source->size / sizeof(vector);
	uint64_t key = source->key;
	vector *place = memory;

	for (size_t i = 0; i < count; i += LINE_VECTORS) {
		vector line[LINE_VECTORS]; /* for the compiler place may be in the block */

#pragma GCC unroll 4
		for (size_t j = 0; j < LINE_VECTORS; j++)
			line[j] = block[i + j] ^ key;
		line_write(place + i, line, source->past_cache);
	}
}

static bool chunk_equals(const struct source *source, const void *memory)
{
	const vector *block = (const vector *)source->block, *place = memory;
	size_t count = source->size / sizeof(vector);
	uint64_t key = source->key;
	vector difference = {0};

	for (size_t i = 0; i < count; i += LINE_VECTORS) {
#pragma GCC unroll 4
		for (size_t j = i; j < i + LINE_VECTORS; j++)
			difference |= place[j] ^ block[j] ^ key;
	}
	return !(difference[0] | difference[1]);
}

void pattern_write(const struct pattern *pattern, void *memory, size_t size)
{
	uint8_t *place = memory, last[PATTERN_CHUNK];
	struct source source;

	if (!pattern->random && pattern->length == 1) {
		memset(memory, pattern->bytes[0], size);
		return;
	}
	source_begin(&source, pattern);
	source.past_cache = size > CACHE && (uintptr_t)memory % sizeof(vector) == 0;
	for (; size >= source.size; size -= source.size, place += source.size) {
		source_next(&source);
		chunk_write(&source, place);
	}
	source.past_cache = false;
	source_next(&source);
	chunk_write(&source, last);
	memcpy(place, last, size);
#ifdef __SSE2__
	_mm_sfence();
#endif
}

bool pattern_equals(const struct pattern *pattern, const void *memory, size_t size,
		    struct mismatch *mismatch)
{
	const uint8_t *place = memory;
	uint8_t expected[PATTERN_CHUNK] = {0};
	struct source source;
	size_t step;

	source_begin(&source, pattern);
	for (size_t start = 0; start < size; start += step) {
		step = size - start < source.size ? size - start : source.size;
		source_next(&source);
		if (step == source.size && chunk_equals(&source, place + start))
			continue;
		chunk_write(&source, expected);
		for (size_t i = 0; i < step; i++) {
			if (place[start + i] == expected[i])
				continue;
			*mismatch = (struct mismatch){start + i, place[start + i], expected[i]};
			return false;
		}
	}
	return true;
}
