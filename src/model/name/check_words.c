// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that look at single words and signs. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "model/boot/known_names.h"
#include "model/name/check.h"
#include "model/name/vocabulary.h"

/* Notes say nothing where something graver marks the same part. */
static bool is_marked(const struct name_findings *findings, size_t start, size_t length)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct name_finding *other = &findings->items[i];

		if (start < other->start + other->length && other->start < start + length)
			return true;
	}
	return false;
}

struct name_finding *check_add(struct name_check *check, enum severity severity, size_t start,
			       size_t length, const char *text, const char *argument)
{
	struct name_findings *findings = check->findings;
	struct name_finding *finding;

	if (findings->count == FINDINGS_MOST)
		return NULL;
	if (severity == SEVERITY_NOTE && is_marked(findings, start, length))
		return NULL;
	finding = &findings->items[findings->count++];
	finding->rule = check->rule;
	finding->fixed = check->fixed;
	finding->severity = check->fixed ? SEVERITY_NOTE : severity;
	finding->start = start;
	finding->length = length;
	finding->text = text;
	finding->argument = argument;
	finding->number[0] = '\0';
	return finding;
}

static void each_of(struct name_check *check, enum word_class class, enum severity severity,
		    const char *text)
{
	const struct name_words *words = check->words;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];

		if (word->class == class)
			check_add(check, severity, word->start, word->length, text,
				  word->entry ? word->entry->what : NULL);
	}
}

void check_allocator_name(struct name_check *check)
{
	each_of(check, WORD_ALLOCATOR, SEVERITY_ERROR,
		"'{}' names {1}; another may serve this memory tomorrow, and the name has to stay");
}

static bool word_is(const struct name_words *words, const struct name_word *word, const char *text)
{
	return strlen(text) == word->length &&
	       !strncasecmp(words->name + word->start, text, word->length);
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

void check_implementation_detail(struct name_check *check)
{
	const struct name_words *words = check->words;

	each_of(check, WORD_DETAIL, SEVERITY_ERROR,
		"'{}' tells {1}, which may change while the name has to stay");
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

void check_vendor_prefix(struct name_check *check)
{
	static const char text[] =
		"'{}' is a vendor's name, which says nothing of the memory; allowed, but then its "
		"purpose has to be documented elsewhere";
	const struct name_words *words = check->words;

	for (size_t i = 0; i < words->count; i++) {
		const struct name_word *word = &words->words[i];
		size_t end = (size_t)word->start + word->length;
		bool comma = i == 0 && end < words->length && words->name[end] == ',';

		/* ti, st, arm are parts of other things when they stand further back */
		if ((word->class == WORD_VENDOR && (i == 0 || word->length > 2) &&
		     (i == 0 || !word_is(words, word, "arm"))) ||
		    (comma && word->class == WORD_OTHER))
			check_add(check, SEVERITY_NOTE, word->start, word->length + comma, text,
				  NULL);
		if (!name_has(words, WORD_VENDOR))
			return;
	}
}

void check_redundant_word(struct name_check *check)
{
	each_of(check, WORD_REDUNDANT, SEVERITY_NOTE,
		"'{}' fits every heap and helps nobody to find this one");
}

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
	const char *text = "'{}' is outside the signs of a devicetree node's name: letters, digits "
			   "and , . _ + - @";

	if (memchr(part, '%', length))
		text = "'{}': the kernel takes the name as a format, in which % begins a directive";
	else if (memchr(part, '/', length))
		text = "'{}' parts folders: the device node would get another name";
	else
		for (size_t i = 0; i < length; i++) {
			if ((uint8_t)part[i] < 0x20 || part[i] == 0x7f)
				text = "'{}' is a control character, which terminals act on and no "
				       "devicetree node's name may have";
		}
	check_add(check, SEVERITY_ERROR, start, length, text, NULL);
}

void check_characters(struct name_check *check)
{
	const char *name = check->words->name;
	size_t length = check->words->length, at = check->words->at;

	if (!length) {
		check_add(check, SEVERITY_ERROR, 0, 0,
			  "the name is empty: the kernel refuses such a heap", NULL);
		return;
	}
	if (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'))) {
		check_add(check, SEVERITY_ERROR, 0, length, "'{}' names a folder, not a device",
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
