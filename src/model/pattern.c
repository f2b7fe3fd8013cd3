// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/pattern.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Small enough for the first-level cache, a multiple of eight. */
#define BLOCK 16384

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

/* splitmix64 (Steele, Lea, Flood 2014): any seed is good, and a state is one number */
static uint64_t next_random(uint64_t *state)
{
	uint64_t value = *state += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

/* Makes one block of the pattern; repeated ones are the same in every block. */
static size_t make_block(const struct pattern *pattern, uint64_t *state, uint8_t *block)
{
	size_t size = 0, whole, step;

	if (pattern->random) {
		for (; size < BLOCK; size += sizeof(uint64_t)) {
			uint64_t value = next_random(state);

			memcpy(block + size, &value, sizeof(value));
		}
		return size;
	}
	whole = BLOCK - BLOCK % pattern->length;
	memcpy(block, pattern->bytes, pattern->length);
	for (size = pattern->length; size < whole; size += step) {
		step = size < whole - size ? size : whole - size;
		memcpy(block + size, block, step);
	}
	return size;
}

void pattern_write(const struct pattern *pattern, void *memory, size_t size)
{
	uint64_t state = pattern->seed;
	uint8_t block[BLOCK];
	uint8_t *place = memory;
	size_t step = 0;

	if (!pattern->random && pattern->length == 1) {
		memset(memory, pattern->bytes[0], size);
		return;
	}
	for (; size; size -= step, place += step) {
		if (pattern->random || !step)
			step = make_block(pattern, &state, block);
		if (step > size)
			step = size;
		memcpy(place, block, step);
	}
}

bool pattern_equals(const struct pattern *pattern, const void *memory, size_t size,
		    struct mismatch *mismatch)
{
	uint64_t state = pattern->seed;
	uint8_t block[BLOCK];
	const uint8_t *place = memory;
	size_t step = 0;

	for (; size; size -= step, place += step) {
		if (pattern->random || !step)
			step = make_block(pattern, &state, block);
		if (step > size)
			step = size;
		if (!memcmp(place, block, step))
			continue;
		for (size_t i = 0; i < step; i++) {
			if (place[i] == block[i])
				continue;
			*mismatch = (struct mismatch){(size_t)(place - (const uint8_t *)memory) + i,
						      place[i], block[i]};
			return false;
		}
	}
	return true;
}
