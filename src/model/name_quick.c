// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name_quick.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum {
	CACHE_BITS = 10,
	LONGEST = 63 /* what is longer breaks a rule, whatever its address */
};

/* A name in three parts: video @42000000 -contiguous. */
struct parts {
	const char *stem, *tail;
	size_t stem_length, tail_length;
	uint64_t unit;
};

struct name_quick {
	struct name_settings settings; /* without allowances, which are for single names */
	struct name_words words;
	struct name_findings findings;
	struct entry {
		char text[LONGEST + 1]; /* the stem and the tail */
		uint8_t stem_length, tail_length;
		uint8_t verdict; /* NAME_OPEN: the place is free */
		uint64_t words_hash;
	} cache[1 << CACHE_BITS];
};

struct name_quick *name_quick_new(const struct name_settings *settings)
{
	struct name_quick *quick = xcalloc(1, sizeof(*quick));

	quick->settings = *settings;
	memset(&quick->settings.allowances, 0, sizeof(quick->settings.allowances));
	return quick;
}

void name_quick_free(struct name_quick *quick)
{
	free(quick);
}

/* Returns false where the name has no address, or not in the form that it should have. */
static bool take_apart(const char *name, size_t length, struct parts *parts)
{
	/* the value of a digit, plus one */
	static const uint8_t digits[256] = {
		['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
		['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
		['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	};
	const char *end = name + length, *at = memchr(name, '@', length), *c;
	uint64_t unit = 0;
	uint8_t digit;

	if (!at || at + 1 == end || at[1] == '0')
		return false;
	for (c = at + 1; c < end && (digit = digits[(uint8_t)*c]); c++)
		unit = unit << 4 | (uint64_t)(digit - 1);
	if (c == at + 1 || c - at > 17 || (c < end && *c != '-' && *c != '_' && *c != ','))
		return false;
	*parts = (struct parts){name, c, (size_t)(at - name), (size_t)(end - c), unit};
	return true;
}

/* Of most texts all bytes join in. */
static uint64_t add_to_key(uint64_t key, const char *text, size_t length)
{
	uint64_t first = length, last = 0;

	if (length < sizeof(first)) {
		for (size_t i = 0; i < length; i++)
			last = last << 8 | (uint8_t)text[i];
	} else {
		memcpy(&first, text, sizeof(first));
		memcpy(&last, text + length - sizeof(last), sizeof(last));
	}
	return name_hash_step(name_hash_step(key, first), last);
}

static struct entry *place_of(struct name_quick *quick, const struct parts *parts)
{
	uint64_t key = add_to_key(0, parts->stem, parts->stem_length);

	if (parts->tail_length)
		key = add_to_key(key, parts->tail, parts->tail_length);
	return &quick->cache[key >> (64 - CACHE_BITS)];
}

static bool is_of(const struct entry *entry, const struct parts *parts)
{
	return entry->stem_length == parts->stem_length &&
	       entry->tail_length == parts->tail_length &&
	       !memcmp(entry->text, parts->stem, parts->stem_length) &&
	       !memcmp(entry->text + parts->stem_length, parts->tail, parts->tail_length);
}

/* Lets the rules judge the name and writes down what they say. */
static void learn(struct name_quick *quick, const char *name, size_t length,
		  const struct parts *parts, struct entry *entry)
{
	struct name_words *words = &quick->words;

	name_split(name, length, words);
	name_lint(&quick->settings, NULL, words, NULL, &quick->findings);
	memcpy(entry->text, parts->stem, parts->stem_length);
	memcpy(entry->text + parts->stem_length, parts->tail, parts->tail_length);
	entry->stem_length = (uint8_t)parts->stem_length;
	entry->tail_length = (uint8_t)parts->tail_length;
	entry->words_hash = words->words_hash;
	/* with `characters` disabled there may be a NUL in it */
	entry->verdict =
		quick->findings.count || words->features & FEATURE_STRANGE ? NAME_BAD : NAME_GOOD;
}

enum name_verdict name_quick(struct name_quick *quick, const char *name, size_t length,
			     uint32_t *hash)
{
	struct parts parts;
	struct entry *entry;

	if (length > LONGEST || !take_apart(name, length, &parts))
		return NAME_OPEN;
	entry = place_of(quick, &parts);
	if (!entry->verdict || !is_of(entry, &parts))
		learn(quick, name, length, &parts, entry);
	*hash = name_hash(entry->words_hash, parts.unit);
	return entry->verdict;
}
