// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that look at single words and characters. */
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "model/boot/known_names.h"
#include "model/name/rule.h"

static void each_of(struct name_check *check, enum word_class class, enum severity severity,
		    const char *text)
{
	const struct name_words *words = check->words;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];

		if (word->class == class)
			check_add(check, severity, word->start, word->length, text, word->what);
	}
}

static void check_allocator_name(struct name_check *check)
{
	each_of(check, WORD_ALLOCATOR, SEVERITY_ERROR,
		"'{}' names {1}; another may serve this memory tomorrow, and the name has to stay");
}

const struct name_rule rule_allocator_name = {
	{
		.id = "allocator-name",
		.severity = SEVERITY_ERROR,
		.sentence =
			"The name does not name the allocator: another may serve the same memory "
			"tomorrow.",
		.source = NAMING_CONVENTION,
		.looks_at = "whole words: cma, gcma, ion, carveout, coherent, buddy, slab, "
			    "genpool, mmz, codec_mm …",
		.good = "video@42000000",
		.bad = "cma-video@42000000",
	},
	ALL_CONVENTIONS,
	check_allocator_name,
};

static bool word_is(const struct name_words *words, const struct name_word *word, const char *text)
{
	return strlen(text) == word->length &&
	       ascii_begins_same(words->name + word->start, text, word->length);
}

/*
 * Says whether a number and the word glued to it are a size of memory. Not 2k, 4k and 8k, which are
 * pictures, 44k and 48k, which are sound, and 2g to 5g, which are networks.
 */
static bool is_size(const struct name_words *words, const struct name_word *number,
		    const struct name_word *unit)
{
	static const char *const units[] = {"k", "m", "g", "kb", "mb", "gb", "kib", "mib", "gib"};
	unsigned long value = 0;

	if (number->length > 6)
		return false;
	for (size_t i = 0; i < number->length; i++)
		value = value * 10 + (unsigned long)(words->name[number->start + i] - '0');
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (!word_is(words, unit, units[i]))
			continue;
		if (i == 0)
			return value >= 16 && !(value & (value - 1));
		return i != 2 || value > 5;
	}
	return false;
}

static void check_implementation_detail(struct name_check *check)
{
	const struct name_words *words = check->words;

	each_of(check, WORD_DETAIL, SEVERITY_ERROR,
		"'{}' describes {1}, which may change while the name has to stay");
	for (size_t i = 0; i + 1 < words->count; i++) {
		const struct name_word *number = &words->words[i], *unit = number + 1;

		if (number->class == WORD_NUMBER && !unit->before && is_size(words, number, unit))
			check_add(check, SEVERITY_ERROR, number->start,
				  (size_t)(unit->start + unit->length - number->start),
				  "'{}' is a size, which changes with the next board or "
				  "configuration while the name has to stay",
				  NULL);
	}
}

const struct name_rule rule_implementation_detail = {
	{
		.id = "implementation-detail",
		.severity = SEVERITY_ERROR,
		.sentence = "The name does not say how the driver works, which may change while "
			    "the name must not.",
		.source = NAMING_CONVENTION,
		.looks_at = "whole words: dma32, direct, page, aligned, iommu …, and sizes of "
			    "memory (64k, 16mb)",
		.good = "video@42000000",
		.bad = "video@42000000-dma32",
	},
	ALL_CONVENTIONS,
	check_implementation_detail,
};

static void check_vendor_prefix(struct name_check *check)
{
	static const char text[] = "'{}' is a vendor's name, which says nothing about the memory; "
				   "allowed, but then its "
				   "purpose has to be documented elsewhere";
	const struct name_words *words = check->words;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];
		size_t end = (size_t)word->start + word->length;
		bool comma = i == 0 && end < words->length && words->name[end] == ',';

		/* ti, st, arm are parts of other things after the first word */
		if ((word->class == WORD_VENDOR && (i == 0 || word->length > 2) &&
		     (i == 0 || !word_is(words, word, "arm"))) ||
		    (comma && word->class == WORD_OTHER))
			check_add(check, SEVERITY_NOTE, word->start, word->length + comma, text,
				  NULL);
		if (!name_has(words, WORD_VENDOR))
			return;
	}
}

const struct name_rule rule_vendor_prefix = {
	{
		.id = "vendor-prefix",
		.severity = SEVERITY_NOTE,
		.sentence =
			"A vendor's name says nothing about the memory; the convention does not "
			"forbid it.",
		.source = PRACTICE,
		.looks_at = "a first word with a comma after it; names of vendors anywhere",
		.good = "display@42000000",
		.bad = "qcom,display@42000000",
	},
	ALL_CONVENTIONS,
	check_vendor_prefix,
};

static void check_redundant_word(struct name_check *check)
{
	const struct name_words *words = check->words;

	for (size_t i = 0; i < words->count; i++) {
		if (words->words[i].class == WORD_REDUNDANT)
			check_add_detail(check, words->words[i].start, words->words[i].length,
					 "'{}' fits every heap and helps nobody to find this one",
					 NULL);
	}
}

const struct name_rule rule_redundant_word = {
	{
		.id = "redundant-word",
		.severity = SEVERITY_NOTE,
		.sentence = "A word that fits every heap helps nobody to find this one.",
		.source = PRACTICE,
		.looks_at = "with -v: heap, region, pool, mem, dma; memory is the convention's own "
			    "word",
		.good = "video@42000000",
		.bad = "video-region@42000000",
	},
	ALL_CONVENTIONS,
	check_redundant_word,
};

/* Length of the run of signs from START that are (or are not) of the devicetree's set. */
static size_t run_of(const char *name, size_t length, size_t start, bool allowed)
{
	static const char set[256] = {
		['0' ... '9'] = 1, ['a' ... 'z'] = 1, ['A' ... 'Z'] = 1, [','] = 1, ['.'] = 1,
		['_'] = 1,         ['+'] = 1,         ['-'] = 1,         ['@'] = 1,
	};
	size_t end = start;

	while (end < length && (bool)set[(uint8_t)name[end]] == allowed)
		end++;
	return end - start;
}

static void report_signs(struct name_check *check, size_t start, size_t length)
{
	const char *part = check->words->name + start;
	const char *text = "'{}' is not a character of a devicetree node's name: letters, digits "
			   "and , . _ + - @";

	if (memchr(part, '%', length))
		text = "'{}': the kernel takes the name as a format, in which % begins a directive";
	else if (memchr(part, '/', length))
		text = "'{}' separates directories: the device node would get another name";
	else
		for (size_t i = 0; i < length; i++) {
			if ((uint8_t)part[i] < 0x20 || part[i] == 0x7f)
				text = "'{}' is a control character, which terminals act on and "
				       "which no "
				       "devicetree node's name may have";
		}
	check_add(check, SEVERITY_ERROR, start, length, text, NULL);
}

static void check_characters(struct name_check *check)
{
	const char *name = check->words->name;
	size_t length = check->words->length, at = check->words->at;

	if (!length) {
		check_add(check, SEVERITY_ERROR, 0, 0,
			  "the name is empty: the kernel refuses such a heap", NULL);
		return;
	}
	if (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'))) {
		check_add(check, SEVERITY_ERROR, 0, length, "'{}' names a directory, not a device",
			  NULL);
		return;
	}
	for (size_t i = run_of(name, length, 0, true); i < length;) {
		size_t wrong = run_of(name, length, i, false);

		report_signs(check, i, wrong);
		i += wrong;
		i += run_of(name, length, i, true);
	}
	if (length > AREA_NAME_MAX) {
		check_add(check, SEVERITY_ERROR, AREA_NAME_MAX, length - AREA_NAME_MAX,
			  "over 63 bytes: the kernel cuts names of CMA areas there", NULL);
	} else if (at > NODE_NAME_MAX) {
		check_add(check, SEVERITY_NOTE, NODE_NAME_MAX, at - NODE_NAME_MAX,
			  "over 31 bytes, which is what the devicetree specification allows "
			  "before the unit address",
			  NULL);
	}
}

const struct name_rule rule_characters = {
	{
		.id = "characters",
		.severity = SEVERITY_ERROR,
		.sentence = "A name consists of the characters that a devicetree node's name may "
			    "have, and is short enough for the kernel to keep all of it.",
		.source = "Devicetree Specification 0.4, 2.2.1; Linux 7.2: CMA_MAX_NAME (64 with "
			  "the NUL), device_create() in drivers/dma-buf/dma-heap.c takes the name "
			  "as a format",
		.looks_at = "any character but letters, digits and , . _ + - @; an empty name, . "
			    "and ..; over 63 bytes (a note: over 31 before the @)",
		.good = "video@42000000",
		.bad = "vid%seo@42000000",
	},
	ALL_CONVENTIONS,
	check_characters,
};
