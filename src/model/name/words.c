// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/words.h"

#include "model/name/name_class.h"
#include "model/name/vocabulary.h"

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
			key = word_key_without(key, word_small((uint8_t)name[end]));
			break;
		}
		all |= sign;
		last = sign;
		key = word_key(key, word_small((uint8_t)name[end]));
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

static void finish(struct name_words *words)
{
	uint64_t hash = words->unit_is_address;

	if (!words->unit_is_address)
		words->features |= FEATURE_NO_ADDRESS;
	if (!words->length || words->length > 63 || words->at > 31)
		words->features |= FEATURE_LENGTH;
	for (size_t i = 0; i < words->count; i++) {
		struct name_word *word = &words->words[i];

		name_classify_late(words, word);
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
		name_classify(words, &beginnings);
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
		if (word_small((uint8_t)a[word_a->start + i]) !=
		    word_small((uint8_t)b[word_b->start + i]))
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
