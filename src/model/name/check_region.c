// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules on what a name identifies, and for how long. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/name/rule.h"

static void check_not_unique(struct name_check *check)
{
	const char *text =
		"differs from '{1}' only in case, separators or redundant words: a program that "
		"asks for one may get the other";

	if (!check->same || check->same_memory)
		return;
	if (!strcmp(check->same, check->words->name))
		text = "the name is there twice: the kernel makes a heap of the first only, and "
		       "nobody can say which that was";
	check_add(check, SEVERITY_ERROR, 0, check->words->length, text, check->same);
}

const struct name_rule rule_not_unique = {
	{
		.id = "not-unique",
		.severity = SEVERITY_ERROR,
		.sentence = "The name identifies one region of the platform.",
		.source = NAMING_CONVENTION,
		.looks_at = "names that are the same, or differ only in case, separators and "
			    "redundant words; not aliases of one region",
		.good = "video@42000000 and video@52000000",
		.bad = "camera_left@42000000 and camera-left@42000000",
	},
	ALL_CONVENTIONS,
	check_not_unique,
};

static const struct name_word *first_of(const struct name_words *words, enum word_class class)
{
	for (size_t i = 0; i < words->count; i++) {
		if (words->words[i].class == class)
			return &words->words[i];
	}
	return NULL;
}

/* dsp1, dsp-memory: the memory of a device; dsp alone is its user only. */
static bool names_device_memory(const struct name_words *words)
{
	if (!name_has(words, WORD_DEVICE))
		return false;
	return name_has(words, WORD_NUMBER) || name_has(words, WORD_MEMORY);
}

static bool found_above_note(const struct name_check *check, const struct name_rule *rule)
{
	array_for_each (check->findings, finding) {
		if (finding->severity > SEVERITY_NOTE && (!rule || finding->rule == &rule->rule))
			return true;
	}
	return false;
}

static void opaque_word(struct name_check *check, enum word_class class, const char *text)
{
	const struct name_word *word = first_of(check->words, class);

	check_add(check, SEVERITY_WARNING, word->start, word->length, text, NULL);
}

static void check_no_region(struct name_check *check)
{
	const struct name_words *words = check->words;

	if (!words->length || words->unit_is_address)
		return;
	if (found_above_note(check, &rule_unstable_name) ||
	    found_above_note(check, &rule_unit_address) ||
	    found_above_note(check, &rule_characters))
		return; /* they say it already; what can't be a name is not read for more */
	if (check->evidence->dynamic && name_is_of_node(check->evidence, words->name) &&
	    (name_has(words, WORD_USE) || name_has(words, WORD_DEVICE) ||
	     name_has(words, WORD_OTHER))) {
		check_add_detail(check, 0, words->length,
				 "only the use says which memory this is; its place is not kept, "
				 "so that there is no address to write",
				 NULL);
	} else if (!name_has(words, WORD_USE) && !name_has(words, WORD_SYSTEM) &&
		   !names_device_memory(words)) {
		if (name_has(words, WORD_DEVICE))
			opaque_word(
				check, WORD_DEVICE,
				"'{}' says who uses the memory, not which memory it is, and there "
				"is no unit address");
		else
			check_add(check, SEVERITY_WARNING, 0, words->length,
				  "nothing in the name says which memory this is: neither a unit "
				  "address (use@address) nor a use that others understand",
				  NULL);
	} else if (name_has(words, WORD_VENDOR)) {
		opaque_word(check, WORD_VENDOR,
			    "'{}' and no unit address: only the vendor's code shows which memory "
			    "this is");
	} else if (name_has(words, WORD_OTHER)) {
		opaque_word(
			check, WORD_OTHER,
			"'{}' and no unit address: which memory this is cannot be read from the "
			"name without knowing the platform");
	} else if (name_has(words, WORD_SYSTEM)) {
		return; /* the memory of the system, not of a region */
	} else if (name_has(words, WORD_REDUNDANT) && !names_device_memory(words)) {
		opaque_word(check, WORD_REDUNDANT,
			    "'{}' is where the region should be, and there is no unit address");
	} else if (!found_above_note(check, NULL)) {
		check_add_detail(check, 0, words->length,
				 "only the use says which memory this is: good as long as no "
				 "second region has the same",
				 NULL);
	}
}

const struct name_rule rule_no_region = {
	{
		.id = "no-region",
		.severity = SEVERITY_WARNING,
		.sentence = "The name describes the memory region that the heap allocates from.",
		.source = NAMING_CONVENTION,
		.looks_at = "names without a unit address from which neither a region nor a use "
			    "can be read; a note with -v: a use alone, or what may be one in "
			    "the name of a region that the kernel places",
		.good = "video@42000000",
		.bad = "frob",
	},
	ALL_CONVENTIONS,
	check_no_region,
};

/* The address of a unit as it has to be written. */
static void report_form(struct name_check *check, const char *text)
{
	const struct name_words *words = check->words;

	check_add(check, SEVERITY_ERROR, words->unit_start, words->unit_length, text, NULL);
}

static void check_form(struct name_check *check)
{
	const struct name_words *words = check->words;
	const char *unit = words->name + words->unit_start;
	size_t end = words->unit_start + words->unit_length;

	if (memchr(unit, ',', words->unit_length)) {
		report_form(check, "'{}': the devicetree writes a unit address as one number, "
				   "without commas");
	} else if (unit[0] == '0' && words->unit_length > 1 && (unit[1] | 0x20) == 'x') {
		report_form(check, "'{}': the devicetree writes a unit address without 0x");
	} else if (unit[0] == '0' && words->unit_length > 1) {
		report_form(check, "'{}': the devicetree writes a unit address without leading "
				   "zeros");
	} else if (words->unit_length > 16) {
		report_form(check, "'{}': no address has more than 64 bits");
	} else {
		for (size_t i = 0; i < words->unit_length; i++) {
			if (unit[i] >= 'A' && unit[i] <= 'F') {
				report_form(check, "'{}': the devicetree writes a unit address in "
						   "lower-case letters");
				break;
			}
		}
	}
	if (end < words->length && memchr(words->name + end, '@', words->length - end)) {
		const char *second = memchr(words->name + end, '@', words->length - end);
		size_t start = (size_t)(second - words->name);

		check_add(check, SEVERITY_ERROR, start, words->length - start,
			  "'{}': a name has one unit address", NULL);
	}
}

/* As `regions` does: of a node, whose name is the author's; a driver may call its heap anything. */
static void report_missing(struct name_check *check)
{
	const struct name_evidence *evidence = check->evidence;

	if (evidence->placed && name_is_of_node(evidence, check->words->name)) {
		AUTO_FREE char *base = xasprintf("%" PRIx64, evidence->base);

		check_add(check, SEVERITY_WARNING, check->words->length, 0,
			  "the node has reg and no unit address: the region begins at {1}", base);
	}
}

static void check_unit_address(struct name_check *check)
{
	const struct name_words *words = check->words;
	const struct name_evidence *evidence = check->evidence;

	if (words->at == words->length) {
		report_missing(check);
		return;
	}
	if (!words->unit_is_address) {
		check_add(check, SEVERITY_ERROR, words->at, words->unit_length + 1,
			  "'{}': after the @ comes the region's address, in hexadecimal", NULL);
		return;
	}
	check_form(check);
	if (evidence->dynamic) {
		check_add(check, SEVERITY_WARNING, words->at, words->unit_length + 1,
			  "'{}' promises a place, but the kernel chooses it anew at each boot",
			  NULL);
	} else if (evidence->placed && words->unit != evidence->base) {
		AUTO_FREE char *base = xasprintf("%" PRIx64, evidence->base);

		check_add(check, SEVERITY_ERROR, words->unit_start, words->unit_length,
			  "'{}' is not where the region is: it begins at {1}", base);
	} else if (!evidence->placed && !words->unit) {
		check_add(check, SEVERITY_WARNING, words->at, words->unit_length + 1,
			  "'{}' looks like a placeholder: hardly any region begins at 0", NULL);
	}
}

const struct name_rule rule_unit_address = {
	{
		.id = "unit-address",
		.severity = SEVERITY_ERROR,
		.sentence = "What follows the @ is the address of the region, as the devicetree "
			    "writes it.",
		.source = "Devicetree Specification 0.4, 2.2.1.1; " NAMING_CONVENTION,
		.looks_at =
			"addresses with 0x, leading zeros, commas or upper-case letters, or what "
			"is not an address; not the region's base; a warning: none for a region "
			"with reg, one for a region that the kernel places anew at each boot, and "
			"the placeholder 0",
		.good = "video@42000000",
		.bad = "video@0x42000000",
	},
	ALL_CONVENTIONS,
	check_unit_address,
};

static void check_known(struct name_check *check)
{
	static const char not_with_cma[] =
		"'{}' is the heap's name only without cma= on the command line; with cma= the "
		"name is 'reserved' (5.6 to 6.16 and since 6.19; in 6.17 and 6.18 with "
		"DMABUF_HEAPS_CMA_LEGACY). Since Linux 6.17 the same memory is also "
		"default_cma_region";
	static const struct {
		const char *name, *text;
	} known[] = {
		{RESERVED_AREA,
		 "'{}' is the default area's name only if cma= or the kernel's configuration makes "
		 "the area; if a devicetree node makes it, it has that node's name. Since Linux "
		 "6.17 the same memory is also default_cma_region"},
		{"linux,cma", not_with_cma},
		{"default-pool", not_with_cma},
	};
	const struct name_words *words = check->words;

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (!strcmp(words->name, known[i].name))
			check_add(check, SEVERITY_ERROR, 0, words->length, known[i].text, NULL);
	}
}

static const struct name_word *word_after(const struct name_words *words, size_t i)
{
	return i + 1 < words->count ? &words->words[i + 1] : NULL;
}

static void check_counting(struct name_check *check)
{
	static const unsigned int counted = 1u << WORD_REDUNDANT | 1u << WORD_MEMORY |
					    1u << WORD_ORDINAL | 1u << WORD_ALLOCATOR;
	const struct name_words *words = check->words;

	if (words->unit_is_address)
		return;
	for (size_t i = 0; i + 1 < words->count; i++) {
		const struct name_word *word = &words->words[i], *number = word + 1;

		if (number->class == WORD_NUMBER && counted & 1u << word->class &&
		    (number->before == '-' || number->before == '_' || !number->before))
			check_add(check, SEVERITY_ERROR, word->start,
				  (size_t)(number->start + number->length - word->start),
				  "'{}' only counts heaps: with another configuration or probe "
				  "order another heap has this number",
				  NULL);
	}
}

static unsigned long number_of(const struct name_words *words, const struct name_word *word)
{
	unsigned long number = 0;

	for (size_t i = 0; i < word->length && i < 9; i++)
		number = number * 10 + (unsigned long)(words->name[word->start + i] - '0');
	return number;
}

/* 20250616, or a year of our time at the end. */
static bool is_date(const struct name_words *words, size_t i)
{
	const struct name_word *word = &words->words[i];
	unsigned long number = number_of(words, word);

	if (word->length == 4)
		return word->before && number >= 2005 && number < 2045 &&
		       (i + 1 == words->count || words->words[i + 1].before);
	return word->length == 8 && number / 10000 >= 2005 && number / 10000 < 2045 &&
	       number / 100 % 100 >= 1 && number / 100 % 100 <= 12 && number % 100 >= 1 &&
	       number % 100 <= 31;
}

static void check_suffix(struct name_check *check)
{
	static const char text[] =
		"'{}' describes a state of today: the next version would have to "
		"change the name";
	const struct name_words *words = check->words;

	if (!name_has(words, WORD_NUMBER) && !name_has(words, WORD_VERSION))
		return;
	for (size_t i = 1; i < words->count; i++) {
		const struct name_word *word = &words->words[i], *next = word_after(words, i);
		size_t end = (size_t)word->start + word->length;
		bool version = false;

		if (word->class == WORD_OTHER && word->length == 1 && word->before &&
		    (words->name[word->start] | 0x20) == 'v' && next &&
		    next->class == WORD_NUMBER && !next->before) {
			const struct name_word *after = word_after(words, i + 1);

			version = !after || after->before;
			end = (size_t)next->start + next->length;
		} else if (word->class == WORD_VERSION) {
			version = !next || next->class == WORD_NUMBER;
			if (next)
				end = (size_t)next->start + next->length;
		} else if (word->class == WORD_NUMBER) {
			version = is_date(words, i);
		}
		if (version)
			check_add(check, SEVERITY_ERROR, word->start, end - word->start, text,
				  NULL);
	}
}

static void check_unstable_name(struct name_check *check)
{
	if (check->words->length)
		check_known(check);
	if (name_has(check->words, WORD_NUMBER))
		check_counting(check);
	check_suffix(check);
}

const struct name_rule rule_unstable_name = {
	{
		.id = "unstable-name",
		.severity = SEVERITY_ERROR,
		.sentence = "The name stays the same from one version to the next.",
		.source = NAMING_CONVENTION,
		.looks_at = "names known to change with the kernel or its command line; counting "
			    "(heap0, cma_1); suffixes with a version or a date",
		.good = "video@42000000",
		.bad = "video@42000000-v2",
	},
	ALL_CONVENTIONS,
	check_unstable_name,
};
