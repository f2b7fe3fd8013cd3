// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/better.h"

#include <inttypes.h>
#include <string.h>

#include "base/xalloc.h"

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

/* Writes the words of the region, with dashes. Returns false where they would say nothing. */
static bool put_region(FILE *out, const struct name_words *words, bool addressed)
{
	size_t meaningful = 0;
	bool first = true;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];

		if (!is_kept(words, i, addressed))
			continue;
		fprintf(out, "%s%.*s", !first && word->before ? "-" : "", (int)word->length,
			words->name + word->start);
		first = false;
		meaningful += word->class != WORD_QUALIFIER && word->class != WORD_NUMBER &&
			      word->class != WORD_ORDINAL && word->class != WORD_VENDOR;
	}
	return meaningful;
}

/* Says whether a word of the class says this of the buffers. */
static bool name_says(const struct name_words *words, enum word_class class,
		      enum word_property property)
{
	for (size_t i = 0; i < words->count; i++) {
		if (words->words[i].class == class && words->words[i].property == property)
			return true;
	}
	return false;
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
	return name_says(words, WORD_ATTRIBUTE, property) ||
	       name_says(words, WORD_ALLOCATOR, property);
}

/*
 * Behind an address only what the old name says there: the schema of device trees (dt-core.yaml)
 * takes no node with an attribute behind its unit address, though the kernel's document does.
 */
static void put_attributes(FILE *out, const struct name_words *words,
			   const struct name_evidence *evidence, enum convention convention,
			   bool addressed)
{
	static const enum word_property order[] = {PROPERTY_CACHEABLE, PROPERTY_UNCACHEABLE,
						   PROPERTY_CONTIGUOUS, PROPERTY_PROTECTED};
	bool contradictory = is_true(words, evidence, PROPERTY_CACHEABLE) &&
			     is_true(words, evidence, PROPERTY_UNCACHEABLE);

	for (size_t i = 0; i < COUNT_OF(order); i++) {
		if ((contradictory && i < 2) ||
		    (addressed && !name_says(words, WORD_ATTRIBUTE, order[i])))
			continue;
		if (convention_has(convention, order[i]) && is_true(words, evidence, order[i]))
			fprintf(out, "-%s", property_word(order[i]));
	}
}

/* The address to write; false: none that is known. */
static bool address_of(const struct name_words *words, const struct name_evidence *evidence,
		       uint64_t *address)
{
	if (evidence->dynamic)
		return false;
	*address = evidence->placed ? evidence->base : words->unit;
	return evidence->placed ||
	       (words->unit_is_address && words->unit && words->unit != UINT64_MAX);
}

/* Returns NULL where there is nothing to make a name of. */
static char *derive(const struct name_words *words, const struct name_evidence *evidence,
		    enum convention convention)
{
	uint64_t address = 0;
	bool addressed = address_of(words, evidence, &address), meaningful;
	char *region, *name;
	size_t size;
	FILE *stream = xmemopen(&region, &size);

	meaningful = put_region(stream, words, addressed);
	xmemclose(stream);
	stream = xmemopen(&name, &size);
	fputs(meaningful ? region : "memory", stream);
	free(region);
	if (addressed)
		fprintf(stream, "@%" PRIx64, address);
	put_attributes(stream, words, evidence, convention, addressed);
	xmemclose(stream);
	if (meaningful || addressed)
		return name;
	free(name);
	return NULL;
}

/* Says whether there is nothing to find in a name, but what only who asks for more wants to read.
 */
static bool is_good(const char *name, const struct name_evidence *evidence,
		    enum convention convention)
{
	AUTO_FINDINGS struct findings findings = {0};
	struct name_settings plain;
	struct name_words words;

	name_settings_init(&plain);
	plain.convention = convention;
	name_split(name, strlen(name), &words);
	if (name_is_fixed(&words, evidence))
		return false;
	name_lint(&plain, NULL, &words, evidence, &findings);
	array_for_each (&findings, finding) {
		if (!finding->detail)
			return false;
	}
	return true;
}

char *name_better(const struct name_settings *settings, const struct name_words *words,
		  const struct name_evidence *evidence)
{
	static const struct name_evidence nothing;
	char *better;

	if (!evidence)
		evidence = &nothing;
	if (name_is_fixed(words, evidence))
		return NULL;
	better = derive(words, evidence, settings->convention);
	if (!better)
		return NULL;
	if (strcmp(better, words->name) != 0 && is_good(better, evidence, settings->convention))
		return better;
	free(better);
	return NULL;
}
