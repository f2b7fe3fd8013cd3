// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/quick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/xalloc.h"
#include "model/name/vocabulary.h"

enum {
	LONGEST = 63, /* what is longer, or has more before its @, breaks a rule */
	LONGEST_STEM = 31,
	LONGEST_NUMBER = 7 /* eight digits may be a date */
};

struct name_quick {
	uint32_t looks_for; /* classes of words, 1 << each, that may be a finding */
	/* 1 << a set of attributes, which is 1 << each of them: no finding */
	uint64_t good_sets;
	/* the words of the convention */
	const struct vocabulary_entry *attributes[PROPERTY_COUNT];
};

_Static_assert(PROPERTY_PROTECTED < 6, "a set of attributes is the number of a bit");

/* Asks the rules whether a name with these attributes is good. */
static bool is_good_set(const struct name_settings *settings, unsigned int set)
{
	char name[128] = "memory@1000";
	size_t length = strlen(name);
	struct name_words words;
	struct name_findings findings;

	for (enum word_property i = 0; i <= PROPERTY_PROTECTED; i++) {
		if (!(set & 1u << i))
			continue;
		if (!property_word(i))
			return false;
		length += (size_t)snprintf(name + length, sizeof(name) - length, "-%s",
					   property_word(i));
	}
	name_split(name, length, &words);
	name_lint(settings, NULL, &words, NULL, &findings);
	return !findings.count;
}

static const struct vocabulary_entry *entry_of(const char *text)
{
	struct name_words words;

	name_split(text, strlen(text), &words);
	return words.words[0].entry;
}

struct name_quick *name_quick_new(const struct name_settings *settings)
{
	struct name_quick *quick = xcalloc(1, sizeof(*quick));

	quick->looks_for = settings->looks_for & ~(1u << WORD_ATTRIBUTE);
	for (enum word_property i = 0; i < PROPERTY_COUNT; i++) {
		if (property_word(i))
			quick->attributes[i] = entry_of(property_word(i));
	}
	for (unsigned int set = 0; set < 64; set++) {
		if (is_good_set(settings, set))
			quick->good_sets |= UINT64_C(1) << set;
	}
	return quick;
}

void name_quick_free(struct name_quick *quick)
{
	free(quick);
}

/* How far a name was read, and what was read. */
struct reading {
	const char *at;
	uint64_t begun;          /* the key of the word before, where a compound begins so; or 0 */
	uint64_t hash;           /* of the words */
	uint32_t classes;        /* of words, 1 << each */
	unsigned int attributes; /* 1 << each */
	bool bad;
};

/* The key of letters with others behind them. */
static inline uint64_t join_keys(uint64_t key, uint64_t next, size_t next_length)
{
	unsigned int bits = 8 * (unsigned int)next_length % 64;

	return (key << bits | key >> (-bits % 64)) ^ next;
}

static inline uint64_t read_letters(struct reading *reading)
{
	uint64_t key = 0;
	unsigned int count;

	do {
		uint64_t bytes = bytes_at(reading->at);

		count = bytes_before(bytes_outside(bytes, 'a', 'z'));
		if (count)
			key = join_keys(key, bytes >> (64 - 8 * count), count);
		reading->at += count;
	} while (count == 8);
	return key;
}

/* The value of digits, eight at most, that end with the lowest byte. */
static inline uint64_t hexadecimal(uint64_t digits)
{
	uint64_t value = (digits & EACH_BYTE(0xf)) + 9 * (digits >> 6 & EACH_BYTE(1));

	value = (value | value >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	value = (value | value >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (value | value >> 16) & UINT32_MAX;
}

/* A word joins the name; false: it may be the end of a compound. */
static inline bool add_key(struct reading *reading, uint64_t key, size_t length)
{
	if (reading->begun && vocabulary_first(join_keys(reading->begun, key, length)))
		return false;
	reading->begun = 0;
	reading->hash = name_hash_step(reading->hash, key);
	return true;
}

static inline void add_attribute(const struct name_quick *quick, struct reading *reading,
				 const struct vocabulary_entry *entry)
{
	unsigned int attribute = 1u << entry->property;

	reading->bad |=
		entry != quick->attributes[entry->property] || reading->attributes & attribute;
	reading->attributes |= attribute;
}

/* Says whether a word that is not in the vocabulary may be one of it in another form. */
static inline bool may_be_known(const char *word, size_t length, uint64_t key)
{
	if (length < 4)
		return false;
	if (word[length - 1] == 's' && vocabulary_first(word_key_without(key, 's')))
		return true;
	return length >= 8 && property_misspelt(word, length);
}

/* Here and below: false where a closer look is needed. */
static inline bool read_word(const struct name_quick *quick, struct reading *reading)
{
	const char *start = reading->at;
	uint64_t key = read_letters(reading);
	size_t length = (size_t)(reading->at - start);
	const struct vocabulary_slot *slot;

	if (!length || !add_key(reading, key, length))
		return false;
	slot = vocabulary_first(key);
	if (!slot)
		return !may_be_known(start, length, key);
	if (length > sizeof(key) &&
	    (slot->length != length || memcmp(slot->letters, start, length) != 0))
		return false;
	reading->begun = slot->begins ? key : 0;
	if (!slot->entry)
		return !may_be_known(start, length, key);
	reading->classes |= 1u << slot->entry->class;
	if (slot->entry->class == WORD_ATTRIBUTE)
		add_attribute(quick, reading, slot->entry);
	return true;
}

/* dsp1: a short number that belongs to a word, or none */
static inline bool read_number(struct reading *reading, const char *word)
{
	const char *start = reading->at;
	size_t length;
	uint64_t key = 0;

	while (*reading->at >= '0' && *reading->at <= '9')
		key = word_key(key, (uint8_t)*reading->at++);
	length = (size_t)(reading->at - start);
	return !length ||
	       (length <= LONGEST_NUMBER && start - word > 1 && add_key(reading, key, length));
}

/* An address in the form that it should have, which is not 0. */
static inline bool read_unit(struct reading *reading, uint64_t *unit)
{
	const char *start = ++reading->at;
	unsigned int count;

	do {
		uint64_t bytes = bytes_at(reading->at);

		count = bytes_before(bytes_outside(bytes, '0', '9') &
				     bytes_outside(bytes, 'a', 'f'));
		if (count)
			*unit = *unit << 4 * count | hexadecimal(bytes >> (64 - 8 * count));
		reading->at += count;
	} while (count == 8);
	reading->begun = 0;
	return *unit && *start != '0' && reading->at - start <= 16;
}

static inline bool skip_separator(struct reading *reading)
{
	if (*reading->at != '-' && *reading->at != '_')
		return false;
	reading->at++;
	return true;
}

enum name_verdict name_quick(const struct name_quick *quick, const char *line, size_t *length,
			     uint32_t *hash)
{
	struct reading reading = {.at = line, .hash = 1};
	uint64_t unit = 0;

	do {
		const char *word = reading.at;

		if (!read_word(quick, &reading) || !read_number(&reading, word))
			return NAME_OPEN;
		if (*reading.at == '@' && !unit &&
		    (reading.at - line > LONGEST_STEM || !read_unit(&reading, &unit)))
			return NAME_OPEN;
	} while (skip_separator(&reading));
	if (*reading.at != '\n' || !unit || reading.at - line > LONGEST ||
	    reading.classes & 1u << WORD_REDUNDANT) /* of which a hash does not know */
		return NAME_OPEN;
	*length = (size_t)(reading.at - line);
	*hash = name_hash(reading.hash, unit);
	if (reading.bad || reading.classes & quick->looks_for ||
	    !(quick->good_sets >> reading.attributes & 1))
		return NAME_BAD;
	return NAME_GOOD;
}
