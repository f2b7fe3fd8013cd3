// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name_word.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum sign {
	SIGN_OTHER,
	SIGN_SMALL,
	SIGN_CAPITAL,
	SIGN_DIGIT
};

/* Without the locale: a name is bytes. What is beyond ASCII belongs to the word around it. */
static enum sign sign_of(char c)
{
	if ((c >= 'a' && c <= 'z') || (uint8_t)c >= 0x80)
		return SIGN_SMALL;
	if (c >= 'A' && c <= 'Z')
		return SIGN_CAPITAL;
	return c >= '0' && c <= '9' ? SIGN_DIGIT : SIGN_OTHER;
}

static uint32_t hash_byte(uint32_t hash, char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 'a' - 'A');
	return (hash ^ (uint8_t)c) * VOCABULARY_HASH_STEP;
}

static uint32_t hash_word(uint32_t hash, const char *name, const struct name_word *word)
{
	for (size_t i = 0; i < word->length; i++)
		hash = hash_byte(hash, name[word->start + i]);
	return hash;
}

/* The end of the letters or digits that begin at START. */
static size_t word_end(const char *name, size_t length, size_t start)
{
	enum sign first = sign_of(name[start]), last = first;
	size_t end = start + 1;

	for (; end < length; end++) {
		enum sign sign = sign_of(name[end]);

		if (sign == SIGN_OTHER || (sign == SIGN_DIGIT) != (first == SIGN_DIGIT))
			break;
		if (sign == SIGN_CAPITAL && last == SIGN_SMALL)
			break; /* video|Cma */
		if (sign == SIGN_SMALL && last == SIGN_CAPITAL && end - start > 1 &&
		    end + 1 < length && sign_of(name[end + 1]) == SIGN_SMALL)
			return end - 1; /* CMA|Heap */
		last = sign;
	}
	return end;
}

/* Reads what follows the first @; says whether it is an address and no word. */
static bool read_unit(struct name_words *words, size_t at, size_t length)
{
	const char *name = words->name;
	size_t start = at + 1, end = start, digits;

	while (end < length && isalnum((unsigned char)name[end]))
		end++;
	words->at = at;
	words->unit_start = start;
	words->unit_length = end - start;
	digits = start;
	if (end - start > 2 && name[start] == '0' && (name[start + 1] | 0x20) == 'x')
		digits += 2;
	words->unit_is_address = end > digits;
	words->unit = 0;
	for (; digits < end; digits++) {
		char c = name[digits];
		uint64_t digit = c <= '9' ? (uint64_t)(c - '0') : (uint64_t)((c | 0x20) - 'a' + 10);

		if (digit > 15) {
			words->unit_is_address = false;
			break;
		}
		words->unit = words->unit >> 60 ? UINT64_MAX : words->unit << 4 | digit;
	}
	return words->unit_is_address;
}

/*
 * Looks the last COUNT words up and joins those that are one of the vocabulary; as a plural, too.
 */
static void look_up(struct name_words *words, size_t first, const struct vocabulary_entry *entry)
{
	struct name_word *word = &words->words[first];
	const struct name_word *last = &words->words[words->count - 1];

	word->length = (uint16_t)(last->start + last->length - word->start);
	word->entry = entry;
	word->class = entry->class;
	word->property = entry->property;
	words->count = first + 1;
}

static const struct vocabulary_entry *find_word(const struct name_words *words, uint32_t *hash,
						bool *begins)
{
	struct name_word word = words->words[words->count - 1];
	const struct vocabulary_entry *entry;
	uint32_t singular = VOCABULARY_HASH_START;
	bool ignored;

	for (size_t i = 0; i + 1 < word.length; i++)
		singular = hash_byte(singular, words->name[word.start + i]);
	*hash = hash_byte(singular, words->name[word.start + word.length - 1]);
	entry = vocabulary_find(words->name, &word, 1, *hash, begins);
	if (entry || word.length < 4 || (words->name[word.start + word.length - 1] | 0x20) != 's')
		return entry;
	word.length--;
	return vocabulary_find(words->name, &word, 1, singular, &ignored);
}

/* What the words before the last one began. */
struct beginnings {
	struct {
		size_t first;
		uint32_t hash;
	} open[2];
	size_t count;
};

static void classify(struct name_words *words, struct beginnings *beginnings)
{
	size_t last = words->count - 1;
	struct beginnings next = {.count = 0};
	const struct vocabulary_entry *entry, *compound = NULL;
	size_t first = last;
	uint32_t hash;
	bool begins;

	entry = find_word(words, &hash, &begins);
	for (size_t i = 0; i < beginnings->count && !compound; i++) {
		uint32_t longer =
			hash_word(beginnings->open[i].hash, words->name, &words->words[last]);
		bool goes_on;

		first = beginnings->open[i].first;
		compound = vocabulary_find(words->name, &words->words[first], last - first + 1,
					   longer, &goes_on);
		if (!compound && goes_on && next.count < 2) {
			next.open[next.count].first = first;
			next.open[next.count++].hash = longer;
		}
	}
	if (compound) {
		look_up(words, first, compound);
		next.count = 0;
	} else {
		if (entry)
			look_up(words, last, entry);
		if (begins && next.count < 2) {
			next.open[next.count].first = last;
			next.open[next.count++].hash = hash;
		}
	}
	*beginnings = next;
}

/* One wrong, missing, added or transposed letter in an attribute of the second draft. */
static void recognise_misspelling(struct name_words *words, struct name_word *word)
{
	static const enum word_property long_words[] = {PROPERTY_CACHEABLE, PROPERTY_UNCACHEABLE,
							PROPERTY_CONTIGUOUS, PROPERTY_PROTECTED};
	char text[16];

	if (word->length < 8 || word->length >= sizeof(text))
		return;
	for (size_t i = 0; i < word->length; i++) {
		char c = words->name[word->start + i];

		text[i] = (char)tolower((unsigned char)c);
	}
	text[word->length] = '\0';
	if (!strcmp(text, "projected"))
		return;
	for (size_t i = 0; i < sizeof(long_words) / sizeof(long_words[0]); i++) {
		const char *right = property_word(long_words[i]);

		if (text[0] == right[0] && text_distance(text, right) <= 1) {
			word->class = WORD_ATTRIBUTE;
			word->property = long_words[i];
		}
	}
}

static void finish(struct name_words *words)
{
	uint32_t hash = VOCABULARY_HASH_START;

	words->classes = 0;
	for (size_t i = 0; i < words->count; i++) {
		struct name_word *word = &words->words[i];

		if (word->class == WORD_OTHER && word->length >= 8)
			recognise_misspelling(words, word);
		if (word->class == WORD_ATTRIBUTE && word->entry) {
			const char *right = property_word(word->property);

			word->exact = right && strlen(right) == word->length &&
				      !strncmp(words->name + word->start, right, word->length);
		}
		words->classes |= 1u << word->class;
		if (word->class != WORD_REDUNDANT)
			hash = hash_word(hash, words->name, word) * VOCABULARY_HASH_STEP;
	}
	hash ^= (uint32_t)words->unit ^ (uint32_t)(words->unit >> 32);
	words->hash = hash * 2654435761u;
}

void name_split(const char *name, size_t length, struct name_words *words)
{
	struct beginnings beginnings = {.count = 0};
	size_t seen = length < NAME_LONGEST ? length : NAME_LONGEST;
	char before = 0;

	words->name = name;
	words->length = words->at = length;
	words->unit_start = words->unit_length = words->count = 0;
	words->unit_is_address = false;
	words->unit = 0;
	for (size_t i = 0; i < seen;) {
		struct name_word *word = &words->words[words->count];
		size_t end;

		if (sign_of(name[i]) == SIGN_OTHER) {
			before = name[i];
			if (before == '@' && words->at == length && read_unit(words, i, seen)) {
				i += words->unit_length;
				beginnings.count = 0;
			}
			i++;
			continue;
		}
		end = word_end(name, seen, i);
		*word = (struct name_word){.start = (uint16_t)i,
					   .length = (uint16_t)(end - i),
					   .class = sign_of(name[i]) == SIGN_DIGIT ? WORD_NUMBER
										   : WORD_OTHER,
					   .before = before};
		words->count++;
		classify(words, &beginnings);
		before = 0;
		i = end;
	}
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
		if (hash_byte(0, a[word_a->start + i]) != hash_byte(0, b[word_b->start + i]))
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

const char *property_word(enum word_property property)
{
	static const char *const words[PROPERTY_COUNT] = {
		[PROPERTY_CACHEABLE] = "cacheable",
		[PROPERTY_UNCACHEABLE] = "uncacheable",
		[PROPERTY_CONTIGUOUS] = "contiguous",
		[PROPERTY_PROTECTED] = "protected",
	};

	return words[property];
}
