// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules on the words for what the buffers are. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "model/name/rule.h"

static const struct name_word *with_property(const struct name_words *words,
					     enum word_property property, size_t from)
{
	for (size_t i = from; i < words->count; i++) {
		if (words->words[i].class == WORD_ATTRIBUTE && words->words[i].property == property)
			return &words->words[i];
	}
	return NULL;
}

static size_t times(const struct name_words *words, enum word_property property)
{
	size_t count = 0;

	for (size_t i = 0; i < words->count; i++)
		count += words->words[i].class == WORD_ATTRIBUTE &&
			 words->words[i].property == property;
	return count;
}

/* A word that another text of the convention has: not wrong, as long as all three are in use. */
static void report_exact(struct name_check *check, const struct name_word *word)
{
	const char *text = "'{}' is a word of the later texts; the first draft lists no attributes";

	if (check->convention == CONVENTION_LINUX)
		text = "'{}' is a word of the second draft; the merged text lists contiguous and "
		       "protected only";
	/* attribute-repeated has more to say */
	if (!convention_has(check->convention, word->property) &&
	    times(check->words, word->property) == 1)
		check_add_detail(check, word->start, word->length, text, NULL);
}

static void check_unknown_attribute(struct name_check *check)
{
	const struct name_words *words = check->words;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];

		if (word->class != WORD_ATTRIBUTE)
			continue;
		if (word->exact)
			report_exact(check, word);
		else if (convention_has(check->convention, word->property))
			check_add(check, SEVERITY_WARNING, word->start, word->length,
				  "'{}' is not an attribute of the convention, whose word is '{1}'",
				  property_word(word->property));
		else
			check_add(
				check, SEVERITY_WARNING, word->start, word->length,
				"'{}' is not an attribute of the convention, which has no word for "
				"it",
				NULL);
	}
}

const struct name_rule rule_unknown_attribute = {
	{
		.id = "unknown-attribute",
		.severity = SEVERITY_WARNING,
		.sentence = "Attributes are the convention's own words, so that "
			    "programs can look for them.",
		.source = SECOND_DRAFT,
		.looks_at = "words like uncached, cached, secure, restricted, contig; a note with "
			    "-v: words of another text of the convention",
		.good = "video@42000000-contiguous",
		.bad = "video@42000000-contig",
	},
	ALL_CONVENTIONS,
	check_unknown_attribute,
};

static void check_attribute_conflict(struct name_check *check)
{
	static const enum word_property opposites[][2] = {
		{PROPERTY_CACHEABLE, PROPERTY_UNCACHEABLE},
		{PROPERTY_CONTIGUOUS, PROPERTY_SCATTERED},
		{PROPERTY_PROTECTED, PROPERTY_UNPROTECTED},
	};
	const struct name_words *words = check->words;

	for (size_t i = 0; i < COUNT_OF(opposites); i++) {
		const struct name_word *a = with_property(words, opposites[i][0], 0);
		const struct name_word *b = with_property(words, opposites[i][1], 0);

		if (!a || !b)
			continue;
		if (a->start > b->start) {
			const struct name_word *first = b;

			b = a;
			a = first;
		}
		check_add(check, SEVERITY_ERROR, a->start,
			  (size_t)(b->start + b->length - a->start),
			  "'{}' says two things about the buffers that cannot both be true", NULL);
	}
}

const struct name_rule rule_attribute_conflict = {
	{
		.id = "attribute-conflict",
		.severity = SEVERITY_ERROR,
		.sentence = "The attributes of a name can all be true.",
		.source = SECOND_DRAFT,
		.looks_at = "cacheable with uncacheable, protected with its opposite, and so on",
		.good = "video@42000000-cacheable",
		.bad = "video@42000000-cacheable-uncacheable",
	},
	ALL_CONVENTIONS,
	check_attribute_conflict,
};

static void check_attribute_repeated(struct name_check *check)
{
	const struct name_words *words = check->words;

	for (size_t i = 1; i < words->count; i++) {
		const struct name_word *word = &words->words[i];
		const struct name_word *first;

		if (word->class != WORD_ATTRIBUTE || word->property == PROPERTY_OTHER)
			continue;
		first = with_property(words, word->property, 0);
		if (first == word)
			continue;
		check_add(check, SEVERITY_WARNING, word->start, word->length,
			  property_word(word->property)
				  ? "'{}' says once more that the buffers are {1}"
				  : "'{}' says once more what another word says about the buffers",
			  property_word(word->property));
	}
}

const struct name_rule rule_attribute_repeated = {
	{
		.id = "attribute-repeated",
		.severity = SEVERITY_WARNING,
		.sentence = "An attribute is given once.",
		.source = SECOND_DRAFT,
		.looks_at =
			"the same property twice, also in different words (protected and secure)",
		.good = "video@42000000-protected",
		.bad = "video@42000000-protected-protected",
	},
	ALL_CONVENTIONS,
	check_attribute_repeated,
};

static void report_false(struct name_check *check, enum word_property property, bool is_false,
			 const char *text)
{
	const struct name_word *word = is_false ? with_property(check->words, property, 0) : NULL;

	if (word)
		check_add(check, SEVERITY_ERROR, word->start, word->length, text, NULL);
}

static void check_attribute_false(struct name_check *check)
{
	const struct name_evidence *evidence = check->evidence;

	report_false(check, PROPERTY_CONTIGUOUS, evidence->contiguous == NO,
		     "'{}' is not true: the buffers are made of single pages");
	report_false(check, PROPERTY_SCATTERED, evidence->contiguous == YES,
		     "'{}' is not true: the buffers are contiguous");
	report_false(check, PROPERTY_CACHEABLE, evidence->cacheable == NO,
		     "'{}' is not true: the buffers are mapped uncached");
	report_false(check, PROPERTY_UNCACHEABLE, evidence->cacheable == YES,
		     "'{}' is not true: the buffers are mapped cached");
	report_false(check, PROPERTY_PROTECTED, evidence->mappable == YES,
		     "'{}' is not true: the CPU can map the buffers");
	if (evidence->mappable != YES)
		report_false(check, PROPERTY_PROTECTED, evidence->protected == NO,
			     "'{}' is not true: nothing protects these buffers");
	report_false(check, PROPERTY_UNPROTECTED, evidence->protected == YES,
		     "'{}' is not true: the buffers are protected");
}

const struct name_rule rule_attribute_false = {
	{
		.id = "attribute-false",
		.severity = SEVERITY_ERROR,
		.sentence = "The attributes are those of the buffers that the heap gives.",
		.source = SECOND_DRAFT,
		.looks_at = "evidence: contiguous from the page allocator, protected but mappable, "
			    "and so on",
		.good = "video@42000000-contiguous (memory of a reserved region)",
		.bad = "system-contiguous (memory of the page allocator)",
	},
	ALL_CONVENTIONS,
	check_attribute_false,
};

static void check_attribute_missing(struct name_check *check)
{
	const struct name_evidence *evidence = check->evidence;
	const struct {
		enum word_property property;
		bool is_true;
	} facts[] = {
		{PROPERTY_CACHEABLE, evidence->cacheable == YES},
		{PROPERTY_UNCACHEABLE, evidence->cacheable == NO},
		{PROPERTY_CONTIGUOUS, evidence->contiguous == YES},
		{PROPERTY_PROTECTED, evidence->protected == YES},
	};
	char missing[64];
	size_t length = 0;

	if (!evidence->region)
		return; /* nobody knows one */
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		if (facts[i].is_true && convention_has(check->convention, facts[i].property) &&
		    !with_property(check->words, facts[i].property, 0))
			length += (size_t)snprintf(missing + length, sizeof(missing) - length,
						   "%s%s", length ? ", " : "",
						   property_word(facts[i].property));
	}
	if (length)
		check_add_detail(
			check, check->words->length, 0,
			check->words->unit_is_address
				? "the buffers are {1}, which the convention lets a name say "
				  "behind "
				  "its address; the schema of device trees (dt-core.yaml) takes no "
				  "such node"
				: "the buffers are {1}, which the convention lets a name say",
			missing);
}

const struct name_rule rule_attribute_missing = {
	{
		.id = "attribute-missing",
		.severity = SEVERITY_NOTE,
		.sentence = "The name may say what the buffers are.",
		.source = SECOND_DRAFT,
		.looks_at = "with -v, evidence: attributes that are true of the buffers and not in "
			    "the name",
		.good = "video@42000000-contiguous",
		.bad = "video@42000000 (memory of a reserved region)",
	},
	WITH_ATTRIBUTES,
	check_attribute_missing,
};
