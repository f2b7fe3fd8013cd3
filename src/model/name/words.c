// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/words.h"

#include <inttypes.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/devicetree/property.h"

/* Without the locale: a name is bytes. What is beyond ASCII belongs to the word around it. */
static bool is_digit(char sign)
{
	return sign >= '0' && sign <= '9';
}

static bool is_capital(char sign)
{
	return sign >= 'A' && sign <= 'Z';
}

static bool is_letter(char sign)
{
	return is_capital(sign) || (sign >= 'a' && sign <= 'z') || (uint8_t)sign >= 0x80;
}

static bool is_hex(char sign)
{
	return is_digit(sign) || ((sign | 0x20) >= 'a' && (sign | 0x20) <= 'f');
}

static bool is_ascii_word(char sign)
{
	return is_digit(sign) || (is_letter(sign) && (uint8_t)sign < 0x80);
}

/* How many digits, or letters of one word, there are from START on. */
static size_t word_length(const char *name, size_t length, size_t start)
{
	size_t end = start + 1;

	if (is_digit(name[start])) {
		while (end < length && is_digit(name[end]))
			end++;
		return end - start;
	}
	for (; end < length && is_letter(name[end]); end++) {
		bool capital = is_capital(name[end]), after_capital = is_capital(name[end - 1]);

		if (capital && !after_capital)
			break; /* video|Cma */
		if (!capital && after_capital && end - start > 1 && end + 1 < length &&
		    is_letter(name[end + 1]) && !is_capital(name[end + 1]))
			return end - 1 - start; /* CMA|Heap */
	}
	return end - start;
}

/* The length of a word at the beginning of TEXT, or of an address in parts ("1,200000"). */
static size_t parts_length(const char *text, size_t length)
{
	size_t end = 0, next;

	while (end < length && is_ascii_word(text[end]))
		end++;
	for (next = end; next < length && (text[next] == ',' || is_hex(text[next])); next++)
		;
	/* not the beginning of a word */
	return next > end + 1 && (next == length || !is_letter(text[next])) ? next : end;
}

/* Reads what follows the first @; says whether it is an address, not a word. */
static bool read_unit(struct name_words *words, size_t at, size_t length)
{
	const char *name = words->name;
	char part[NAME_LONGEST + 1];
	const char *digits = part + 1;
	size_t start = at + 1, end = start;

	end += parts_length(name + start, length - start);
	snprintf(part, sizeof(part), "%.*s", (int)(end - at), name + at);
	words->at = at;
	words->unit_start = start;
	words->unit_length = end - start;
	words->unit_is_address = unit_address(part, &words->unit);
	if (digits[0] == '0' && (digits[1] | 0x20) == 'x')
		digits += 2;
	if (!words->unit_is_address && strlen(digits) > 16 &&
	    !digits[strspn(digits, "0123456789abcdefABCDEF")]) {
		words->unit_is_address = true; /* of more than 64 bits */
		words->unit = UINT64_MAX;
	}
	return words->unit_is_address;
}

static void set_meaning(struct name_word *word, const struct vocabulary_entry *entry)
{
	word->class = entry->class;
	word->property = entry->property;
	word->what = entry->what;
}

/* One word as it stands, or as a plural. */
static const struct vocabulary_entry *find_word(const char *name, struct name_word word)
{
	const struct vocabulary_entry *entry = vocabulary_find(name, &word, 1);

	if (entry || word.length < 4 || (name[word.start + word.length - 1] | 0x20) != 's')
		return entry;
	word.length--;
	return vocabulary_find(name, &word, 1);
}

/*
 * Looks the last word up: as the end of a compound, whose words then become one, or alone. *FIRST
 * is the first word with which a compound may begin.
 */
static void look_up(struct name_words *words, size_t *first)
{
	size_t last = words->count - 1;
	struct name_word *word = &words->words[last];
	const struct vocabulary_entry *entry;

	if (last - *first >= VOCABULARY_PARTS)
		*first = last - VOCABULARY_PARTS + 1;
	for (size_t i = *first; i < last; i++) {
		struct name_word *compound = &words->words[i];

		entry = vocabulary_find(words->name, compound, last - i + 1);
		if (!entry)
			continue;
		compound->length = (uint8_t)(word->start + word->length - compound->start);
		set_meaning(compound, entry);
		words->count = *first = i + 1;
		return;
	}
	entry = word->class == WORD_NUMBER ? NULL : find_word(words->name, *word);
	if (entry)
		set_meaning(word, entry);
}

/* What can be said of a word only once it joins no other: a misspelt attribute, an exact one. */
static void look_at_attribute(const struct name_words *words, struct name_word *word)
{
	const char *text = words->name + word->start, *right;

	if (word->class == WORD_OTHER) {
		word->property = property_misspelt(text, word->length);
		if (word->property)
			word->class = WORD_ATTRIBUTE;
	}
	right = property_word(word->property);
	word->exact = word->class == WORD_ATTRIBUTE && right && strlen(right) == word->length &&
		      !memcmp(text, right, word->length);
}

void name_split(const char *name, size_t length, struct name_words *words)
{
	size_t seen = length < NAME_LONGEST ? length : NAME_LONGEST, first = 0;
	char before = 0;

	words->name = name;
	words->length = words->at = length;
	words->unit_start = words->unit_length = words->count = 0;
	words->unit_is_address = false;
	words->unit = 0;
	words->classes = 0;
	for (size_t i = 0; i < seen;) {
		struct name_word *word = &words->words[words->count];

		if (!is_digit(name[i]) && !is_letter(name[i])) {
			before = name[i];
			if (before == '@' && words->at == length && read_unit(words, i, seen)) {
				i += words->unit_length;
				first = words->count; /* no compound goes on after it */
			}
			i++;
			continue;
		}
		*word = (struct name_word){
			.start = (uint8_t)i,
			.length = (uint8_t)word_length(name, seen, i),
			.before = before,
			.class = is_digit(name[i]) ? WORD_NUMBER : WORD_OTHER,
		};
		i += word->length;
		before = 0;
		words->count++;
		look_up(words, &first);
	}
	for (size_t i = 0; i < words->count; i++) {
		look_at_attribute(words, &words->words[i]);
		words->classes |= 1u << words->words[i].class;
	}
}

char *name_key(const struct name_words *words)
{
	bool meaningful = words->unit_is_address;
	char *key;
	size_t size;
	FILE *stream = xmemopen(&key, &size);

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];

		if (word->class == WORD_REDUNDANT)
			continue;
		meaningful = true;
		for (size_t c = word->start; c < (size_t)word->start + word->length; c++) {
			if (is_digit(words->name[c]) || is_letter(words->name[c]))
				fputc(word_lower(words->name[c]), stream);
		}
		fputc('-', stream);
	}
	if (words->unit_is_address)
		fprintf(stream, "@%" PRIx64, words->unit);
	xmemclose(stream);
	if (meaningful)
		return key;
	free(key);
	return NULL;
}
