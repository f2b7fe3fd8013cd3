// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name_word.h"

#include <string.h>

#include "base/array.h"
#include "model/name_vocabulary.h"

enum {
	SIGN_SMALL = 1 << 0,
	SIGN_CAPITAL = 1 << 1,
	SIGN_DIGIT = 1 << 2,
	SIGN_WORD = SIGN_SMALL | SIGN_CAPITAL | SIGN_DIGIT,
	SIGN_STRANGE = 1 << 3, /* not in a devicetree node's name */
};

/*
 * Without the locale: a name is bytes. What is beyond ASCII is strange, and belongs to the word
 * around it.
 */
static const uint8_t signs[256] = {
	[0 ... 0x1f] = SIGN_STRANGE,
	[' ' ... '*'] = SIGN_STRANGE,
	['/'] = SIGN_STRANGE,
	[':' ... '?'] = SIGN_STRANGE,
	['[' ... '^'] = SIGN_STRANGE,
	['`'] = SIGN_STRANGE,
	['{' ... 0x7f] = SIGN_STRANGE,
	['0' ... '9'] = SIGN_DIGIT,
	['A' ... 'Z'] = SIGN_CAPITAL,
	['a' ... 'z'] = SIGN_SMALL,
	[0x80 ... 0xff] = SIGN_SMALL | SIGN_STRANGE,
};

static uint8_t small(uint8_t byte)
{
	return signs[byte] & SIGN_CAPITAL ? byte | 0x20 : byte;
}

static uint64_t add_to_key(uint64_t key, const char *name, const struct name_word *word)
{
	for (size_t i = 0; i < word->length; i++)
		key = word_key(key, small((uint8_t)name[word->start + i]));
	return key;
}

/*
 * As read_letters(), for what is not small letters only: a word ends where a capital begins the
 * next one.
 */
static unsigned int read_mixed_letters(const char *name, size_t length, size_t start,
				       struct name_word *word)
{
	unsigned int all = 0, last = SIGN_CAPITAL;
	uint64_t key = 0;
	size_t end;

	for (end = start; end < length; end++) {
		unsigned int sign = signs[(uint8_t)name[end]];

		if (!(sign & (SIGN_SMALL | SIGN_CAPITAL)))
			break;
		if (sign & SIGN_CAPITAL && last & SIGN_SMALL)
			break; /* video|Cma */
		if (sign & SIGN_SMALL && last & SIGN_CAPITAL && end - start > 1 &&
		    end + 1 < length && signs[(uint8_t)name[end + 1]] & SIGN_SMALL) {
			end--; /* CMA|Heap */
			key = word_key_without(key, small((uint8_t)name[end]));
			break;
		}
		all |= sign;
		last = sign;
		key = word_key(key, small((uint8_t)name[end]));
	}
	word->length = (uint8_t)(end - start);
	word->key = key;
	return all;
}

/* Reads signs of one kind from START on; returns what stands behind them. */
static unsigned int read_run(const char *name, size_t length, size_t start, unsigned int kind,
			     struct name_word *word)
{
	unsigned int sign = 0;
	uint64_t key = 0;
	size_t end;

	for (end = start; end < length; end++) {
		sign = signs[(uint8_t)name[end]];
		if (sign != kind)
			break;
		key = word_key(key, (uint8_t)name[end]);
		sign = 0;
	}
	word->length = (uint8_t)(end - start);
	word->key = key;
	return sign;
}

/* Sets the length and the key of the letters that begin at START; returns all their signs. */
static unsigned int read_letters(const char *name, size_t length, size_t start,
				 struct name_word *word)
{
	unsigned int behind = read_run(name, length, start, SIGN_SMALL, word);

	if (behind & (SIGN_SMALL | SIGN_CAPITAL))
		return read_mixed_letters(name, length, start, word);
	return SIGN_SMALL;
}

/* Reads what follows the first @; says whether it is an address and no word. */
static bool read_unit(struct name_words *words, size_t at, size_t length)
{
	enum {
		DIGIT = 0x10,
		CAPITAL = 0x20
	};
	/* 0: no digit */
	static const uint8_t digits[256] = {
		['0'] = DIGIT,
		['1'] = DIGIT | 1,
		['2'] = DIGIT | 2,
		['3'] = DIGIT | 3,
		['4'] = DIGIT | 4,
		['5'] = DIGIT | 5,
		['6'] = DIGIT | 6,
		['7'] = DIGIT | 7,
		['8'] = DIGIT | 8,
		['9'] = DIGIT | 9,
		['a'] = DIGIT | 10,
		['b'] = DIGIT | 11,
		['c'] = DIGIT | 12,
		['d'] = DIGIT | 13,
		['e'] = DIGIT | 14,
		['f'] = DIGIT | 15,
		['A'] = DIGIT | CAPITAL | 10,
		['B'] = DIGIT | CAPITAL | 11,
		['C'] = DIGIT | CAPITAL | 12,
		['D'] = DIGIT | CAPITAL | 13,
		['E'] = DIGIT | CAPITAL | 14,
		['F'] = DIGIT | CAPITAL | 15,
	};
	const uint8_t *name = (const uint8_t *)words->name;
	size_t start = at + 1, first = start, end;
	unsigned int all = 0;
	uint64_t unit = 0;

	if (start + 2 < length && name[start] == '0' && (name[start + 1] | 0x20) == 'x' &&
	    digits[name[start + 2]])
		first += 2;
	for (end = first; end < length && digits[name[end]]; end++) {
		all |= digits[name[end]];
		unit = unit << 4 | (digits[name[end]] & 0xf);
	}
	words->at = at;
	words->unit_start = start;
	words->unit_is_address = end > first;
	if (end < length && signs[name[end]] & SIGN_WORD && !(signs[name[end]] & SIGN_STRANGE)) {
		words->unit_is_address = false; /* letters behind the digits: words */
		unit = 0;
		while (end < length && signs[name[end]] & SIGN_WORD &&
		       !(signs[name[end]] & SIGN_STRANGE))
			end++;
	}
	words->unit = end - first > 16 && unit ? UINT64_MAX : unit;
	words->unit_length = end - start;
	if (!unit || name[start] == '0' || words->unit_length > 16 || all & CAPITAL)
		words->features |= FEATURE_ODD_UNIT;
	return words->unit_is_address;
}

/* Joins the words from FIRST on: they are one of the vocabulary. */
static void join(struct name_words *words, size_t first, const struct vocabulary_entry *entry,
		 uint64_t key)
{
	struct name_word *word = &words->words[first];
	const struct name_word *last = &words->words[words->count - 1];

	word->length = (uint8_t)(last->start + last->length - word->start);
	word->key = key;
	word->entry = entry;
	word->class = entry->class;
	word->property = entry->property;
	words->count = first + 1;
}

/* As it stands, or as a plural. */
static const struct vocabulary_entry *find_word(const char *name, const struct name_word *word,
						bool *begins)
{
	const struct vocabulary_entry *entry =
		vocabulary_find(name, word, 1, word->key, word->length, begins);
	struct name_word singular = *word;
	bool ignored;

	if (entry || word->length < 4 ||
	    small((uint8_t)name[word->start + word->length - 1]) != 's')
		return entry;
	singular.length--;
	return vocabulary_find(name, &singular, 1, word_key_without(word->key, 's'),
			       singular.length, &ignored);
}

/* The compounds that the words before the last one may have begun. */
struct beginnings {
	struct {
		size_t first, length;
		uint64_t key;
	} open[2];
	size_t count;
};

static void begin(struct beginnings *beginnings, size_t first, uint64_t key, size_t length)
{
	if (beginnings->count < COUNT_OF(beginnings->open)) {
		beginnings->open[beginnings->count].first = first;
		beginnings->open[beginnings->count].length = length;
		beginnings->open[beginnings->count++].key = key;
	}
}

/* Goes on with compounds that were begun; says whether the last word has ended one. */
static bool end_compound(struct name_words *words, struct beginnings *beginnings)
{
	size_t last = words->count - 1;
	const struct name_word *word = &words->words[last];
	struct beginnings next = {.count = 0};

	for (size_t i = 0; i < beginnings->count; i++) {
		size_t first = beginnings->open[i].first;
		size_t length = beginnings->open[i].length + word->length;
		uint64_t key = add_to_key(beginnings->open[i].key, words->name, word);
		const struct vocabulary_entry *entry;
		bool begins;

		entry = vocabulary_find(words->name, &words->words[first], last - first + 1, key,
					length, &begins);
		if (entry) {
			join(words, first, entry, key);
			beginnings->count = 0;
			return true;
		}
		if (begins)
			begin(&next, first, key, length);
	}
	*beginnings = next;
	return false;
}

static void classify(struct name_words *words, struct beginnings *beginnings)
{
	size_t last = words->count - 1;
	struct name_word *word = &words->words[last];
	const struct vocabulary_entry *entry;
	bool begins;

	if (beginnings->count && end_compound(words, beginnings))
		return;
	if (word->class == WORD_NUMBER)
		return;
	entry = find_word(words->name, word, &begins);
	if (begins)
		begin(beginnings, last, word->key, word->length);
	if (!entry)
		return;
	word->entry = entry;
	word->class = entry->class;
	word->property = entry->property;
}

/* A word that is one of the second draft's attributes but for a slip. */
static void recognise_misspelling(struct name_words *words, struct name_word *word)
{
	enum word_property property;
	char text[16];

	if (word->length >= sizeof(text))
		return;
	for (size_t i = 0; i < word->length; i++)
		text[i] = (char)small((uint8_t)words->name[word->start + i]);
	property = property_misspelt(text, word->length);
	if (property) {
		word->class = WORD_ATTRIBUTE;
		word->property = property;
	}
}

static bool is_exact(const struct name_words *words, const struct name_word *word)
{
	const char *right = property_word(word->property);

	return right && strlen(right) == word->length &&
	       !memcmp(words->name + word->start, right, word->length);
}

static void finish(struct name_words *words)
{
	uint64_t hash = words->unit_is_address;

	if (!words->unit_is_address)
		words->features |= FEATURE_NO_ADDRESS;
	if (!words->length || words->length > 63 || words->at > 31)
		words->features |= FEATURE_LENGTH;
	for (size_t i = 0; i < words->count; i++) {
		struct name_word *word = &words->words[i];

		if (word->class == WORD_OTHER && word->length >= 8)
			recognise_misspelling(words, word);
		if (word->class == WORD_ATTRIBUTE)
			word->exact = is_exact(words, word);
		words->features |= 1u << word->class;
		if (word->class != WORD_REDUNDANT)
			hash = name_hash_step(hash, word->key);
	}
	words->words_hash = hash;
	words->hash = name_hash(hash, words->unit);
}

void name_split(const char *name, size_t length, struct name_words *words)
{
	struct beginnings beginnings = {.count = 0};
	size_t seen = length < NAME_LONGEST ? length : NAME_LONGEST;
	unsigned int strange = 0;
	char before = 0;

	words->name = name;
	words->length = words->at = length;
	words->unit_start = words->unit_length = words->count = 0;
	words->unit_is_address = false;
	words->unit = 0;
	words->features = 0;
	for (size_t i = 0; i < seen;) {
		unsigned int sign = signs[(uint8_t)name[i]];
		struct name_word *word = &words->words[words->count];

		if (!(sign & SIGN_WORD)) {
			strange |= sign;
			before = name[i];
			if (before == ',')
				words->features |= FEATURE_COMMA;
			if (before == '@' && words->at != length) {
				words->features |= FEATURE_ODD_UNIT;
			} else if (before == '@' && read_unit(words, i, seen)) {
				i += words->unit_length;
				beginnings.count = 0;
			}
			i++;
			continue;
		}
		word->start = (uint8_t)i;
		word->class = sign & SIGN_DIGIT ? WORD_NUMBER : WORD_OTHER;
		word->property = PROPERTY_NONE;
		word->exact = false;
		word->before = before;
		word->entry = NULL;
		if (sign & SIGN_DIGIT)
			read_run(name, seen, i, SIGN_DIGIT, word);
		else
			strange |= read_letters(name, seen, i, word);
		i += word->length;
		words->count++;
		classify(words, &beginnings);
		before = 0;
	}
	if (strange & SIGN_STRANGE || (seen && name[0] == '.'))
		words->features |= FEATURE_STRANGE;
	finish(words);
}

static const struct name_word *next_telling(const struct name_words *words, size_t *index)
{
	while (*index < words->count) {
		const struct name_word *word = &words->words[(*index)++];

		if (word->class != WORD_REDUNDANT)
			return word;
	}
	return NULL;
}

/* Letters and digits of two words, without case and what stands between them. */
static bool same_letters(const char *a, const struct name_word *word_a, const char *b,
			 const struct name_word *word_b)
{
	if (word_a->length != word_b->length)
		return false;
	for (size_t i = 0; i < word_a->length; i++) {
		if (small((uint8_t)a[word_a->start + i]) != small((uint8_t)b[word_b->start + i]))
			return false;
	}
	return true;
}

bool name_words_same(const struct name_words *a, const struct name_words *b)
{
	size_t i = 0, j = 0;
	bool telling = a->unit_is_address; /* heap and region differ in redundant words only */

	if (a->unit != b->unit || a->unit_is_address != b->unit_is_address || a->hash != b->hash)
		return false;
	for (;;) {
		const struct name_word *from_a = next_telling(a, &i), *from_b = next_telling(b, &j);

		if (!from_a || !from_b)
			return !from_a && !from_b && telling;
		if (!same_letters(a->name, from_a, b->name, from_b))
			return false;
		telling = true;
	}
}
