// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/pattern.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/ascii.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

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

		if (!ascii_is_hex(pair[0]) || !ascii_is_hex(pair[1]))
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

#define WORDS (PATTERN_CHUNK / sizeof(uint64_t))
#define LINE  64 /* of most caches */

/* A pattern, chunk by chunk. A random one is the same block each time, XOR a key of the chunk. */
struct source {
	bool random;
	uint64_t state; /* of the random numbers */
	size_t size;    /* of a chunk, bytes: whole patterns and whole lines of a cache */
	/* as far into a page as what it is copied to: else processors see false dependencies */
	_Alignas(PATTERN_CHUNK) uint64_t chunk[WORDS];
	uint64_t block[WORDS]; /* of a random pattern */
};

_Static_assert(LINE *PATTERN_BYTES_MAX <= PATTERN_CHUNK, "a chunk may hold no whole pattern");

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
	uint8_t *bytes = (uint8_t *)source->chunk;

	source->random = pattern->random;
	source->state = pattern->seed;
	source->size = PATTERN_CHUNK;
	if (pattern->random) {
		for (size_t i = 0; i < WORDS; i++)
			source->block[i] = next_random(&source->state);
		return;
	}
	source->size -= PATTERN_CHUNK % (LINE * pattern->length);
	for (size_t i = 0; i < source->size; i++)
		bytes[i] = pattern->bytes[i % pattern->length];
}

static void source_next(struct source *source)
{
	uint64_t key;

	if (!source->random)
		return;
	key = next_random(&source->state);
	for (size_t i = 0; i < WORDS; i++)
		source->chunk[i] = source->block[i] ^ key;
}

void pattern_write(const struct pattern *pattern, void *memory, size_t size)
{
	uint8_t *place = memory;
	struct source source;
	size_t step;

	if (!pattern->random && pattern->length == 1) {
		memset(memory, pattern->bytes[0], size);
		return;
	}
	source_begin(&source, pattern);
	for (size_t start = 0; start < size; start += step) {
		step = size - start < source.size ? size - start : source.size;
		source_next(&source);
		memcpy(place + start, source.chunk, step);
	}
}

bool pattern_equals(const struct pattern *pattern, const void *memory, size_t size,
		    struct mismatch *mismatch)
{
	const uint8_t *place = memory;
	struct source source;
	const uint8_t *expected = (const uint8_t *)source.chunk;
	size_t step;

	source_begin(&source, pattern);
	for (size_t start = 0; start < size; start += step) {
		step = size - start < source.size ? size - start : source.size;
		source_next(&source);
		if (!memcmp(place + start, expected, step))
			continue;
		for (size_t i = 0; i < step; i++) {
			if (place[start + i] == expected[i])
				continue;
			*mismatch = (struct mismatch){start + i, place[start + i], expected[i]};
			return false;
		}
	}
	return true;
}
