// SPDX-License-Identifier: GPL-2.0-or-later
/* A name that keeps what a bad one says of the memory, in the convention's form. */
#include <string.h>

#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/name/lint.h"

/*
 * Says whether a word goes into the new name; the attributes are written last, all anew. A vendor
 * may be what makes a name unique where no address does.
 */
static bool is_kept(const struct name_words *words, size_t i, bool addressed)
{
	const struct name_word *word = &words->words[i];

	switch (word->class) {
	case WORD_ALLOCATOR:
	case WORD_DETAIL:
	case WORD_ATTRIBUTE:
	case WORD_REDUNDANT:
	case WORD_VERSION:
		return false;
	case WORD_VENDOR:
		return !addressed && !name_has(words, WORD_USE);
	case WORD_NUMBER: /* goes with the word that it is glued to; cma_1: with the one before */
		if (i + 1 < words->count && !word[1].before)
			return is_kept(words, i + 1, addressed);
		return i && is_kept(words, i - 1, addressed);
	default:
		return true;
	}
}

/* A text that grows on the stack: suggestions are made by the thousand. What is too long is cut. */
struct draft {
	char text[NAME_LONGEST + 1];
	size_t length;
};

static void put(struct draft *draft, const char *text, size_t length)
{
	if (length > sizeof(draft->text) - 1 - draft->length)
		length = sizeof(draft->text) - 1 - draft->length;
	memcpy(draft->text + draft->length, text, length);
	draft->length += length;
	draft->text[draft->length] = '\0';
}

/* Puts a unit address. snprintf() would take as long as all the rest. */
static void put_unit(struct draft *draft, uint64_t address)
{
	char unit[17];
	size_t at = sizeof(unit);

	do {
		unit[--at] = "0123456789abcdef"[address & 0xf];
	} while (address >>= 4);
	unit[--at] = '@';
	put(draft, unit + at, sizeof(unit) - at);
}

/* Writes the words of the region, with dashes; nothing where they would tell nothing. */
static void put_region(struct draft *draft, const struct name_words *words, bool addressed)
{
	size_t telling = 0;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];

		if (!is_kept(words, i, addressed))
			continue;
		if (draft->length && word->before)
			put(draft, "-", 1);
		put(draft, words->name + word->start, word->length);
		telling += word->class != WORD_QUALIFIER && word->class != WORD_NUMBER &&
			   word->class != WORD_ORDINAL && word->class != WORD_VENDOR;
	}
	if (!telling)
		draft->length = 0;
}

/* Says whether the buffers are known to have the property: evidence goes before words. */
static bool is_true(const struct name_words *words, const struct name_evidence *evidence,
		    enum word_property property)
{
	switch (property) {
	case PROPERTY_CACHEABLE:
	case PROPERTY_UNCACHEABLE:
		if (evidence->cacheable)
			return (evidence->cacheable == YES) == (property == PROPERTY_CACHEABLE);
		break;
	case PROPERTY_CONTIGUOUS:
		if (evidence->contiguous)
			return evidence->contiguous == YES;
		break;
	case PROPERTY_PROTECTED:
		if (evidence->protected)
			return evidence->protected == YES;
		if (evidence->mappable == YES)
			return false;
		break;
	default:
		return false;
	}
	for (size_t i = 0; i < words->count; i++) {
		if ((words->words[i].class == WORD_ATTRIBUTE ||
		     words->words[i].class == WORD_ALLOCATOR) &&
		    words->words[i].property == property)
			return true;
	}
	return false;
}

static void put_attributes(struct draft *draft, const struct name_words *words,
			   const struct name_evidence *evidence, enum convention convention)
{
	static const enum word_property order[] = {PROPERTY_CACHEABLE, PROPERTY_UNCACHEABLE,
						   PROPERTY_CONTIGUOUS, PROPERTY_PROTECTED};
	bool contradictory = is_true(words, evidence, PROPERTY_CACHEABLE) &&
			     is_true(words, evidence, PROPERTY_UNCACHEABLE);

	for (size_t i = 0; i < COUNT_OF(order); i++) {
		if (contradictory && i < 2)
			continue;
		if (convention_has(convention, order[i]) && is_true(words, evidence, order[i])) {
			const char *word = property_word(order[i]);

			put(draft, "-", 1);
			put(draft, word, strlen(word));
		}
	}
}

/* The address to write; false: none that is known. */
static bool address_of(const struct name_words *words, const struct name_evidence *evidence,
		       uint64_t *address)
{
	if (evidence->dynamic)
		return false;
	*address = evidence->placed ? evidence->base : words->unit;
	return evidence->placed || (words->unit_is_address && words->unit);
}

/* Returns false where there is nothing to make a name of. */
static bool derive(const struct name_words *words, const struct name_evidence *evidence,
		   enum convention convention, struct draft *draft)
{
	uint64_t address;
	bool addressed = address_of(words, evidence, &address);

	draft->length = 0;
	put_region(draft, words, addressed);
	if (!draft->length && !addressed)
		return false;
	if (!draft->length)
		put(draft, "memory", strlen("memory"));
	if (addressed)
		put_unit(draft, address);
	put_attributes(draft, words, evidence, convention);
	return true;
}

static void count(const struct name_findings *findings, size_t *errors, size_t *warnings)
{
	*errors = *warnings = 0;
	for (size_t i = 0; i < findings->count; i++) {
		*errors += findings->items[i].severity == SEVERITY_ERROR;
		*warnings += findings->items[i].severity == SEVERITY_WARNING;
	}
}

char *name_better(const struct name_settings *settings, const struct name_words *words,
		  const struct name_evidence *evidence, const struct name_findings *findings)
{
	static const struct name_evidence nothing;
	struct name_settings plain;
	struct name_words better_words;
	struct name_findings left;
	struct draft better;
	size_t errors, warnings, errors_left, warnings_left;

	if (known_name(words->name, words->length) ||
	    !derive(words, evidence ? evidence : &nothing, settings->convention, &better) ||
	    !strcmp(better.text, words->name) || known_name(better.text, better.length))
		return NULL;
	name_settings_init(&plain);
	plain.convention = settings->convention;
	name_split(better.text, better.length, &better_words);
	name_lint(&plain, NULL, &better_words, evidence, &left);
	count(findings, &errors, &warnings);
	count(&left, &errors_left, &warnings_left);
	if (errors_left || (warnings_left && warnings_left >= errors + warnings))
		return NULL;
	/* words between wrong signs are guesses */
	if (warnings_left && findings->items[0].rule == &name_rules[0])
		return NULL;
	return xstrndup(better.text, better.length);
}
