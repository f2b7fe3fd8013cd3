// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/name_class.h"

#include <string.h>

#include "base/array.h"
#include "model/name/vocabulary.h"

static uint64_t add_to_key(uint64_t key, const char *name, const struct name_word *word)
{
	for (size_t i = 0; i < word->length; i++)
		key = word_key(key, word_small((uint8_t)name[word->start + i]));
	return key;
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
	    word_small((uint8_t)name[word->start + word->length - 1]) != 's')
		return entry;
	singular.length--;
	return vocabulary_find(name, &singular, 1, word_key_without(word->key, 's'),
			       singular.length, &ignored);
}

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

void name_classify(struct name_words *words, struct beginnings *beginnings)
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
static void recognise_misspelling(const struct name_words *words, struct name_word *word)
{
	enum word_property property;
	char text[16];

	if (word->length >= sizeof(text))
		return;
	for (size_t i = 0; i < word->length; i++)
		text[i] = (char)word_small((uint8_t)words->name[word->start + i]);
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

void name_classify_late(const struct name_words *words, struct name_word *word)
{
	if (word->class == WORD_OTHER && word->length >= 8)
		recognise_misspelling(words, word);
	if (word->class == WORD_ATTRIBUTE)
		word->exact = is_exact(words, word);
}
