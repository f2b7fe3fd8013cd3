// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the convention for what buffers are. */
#include <string.h>

#include "base/array.h"
#include "model/name/words.h"

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

/* Says whether one wrong, missing, added or transposed letter makes A of B, if any. */
static bool is_near(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length > b_length + 1 || b_length > a_length + 1)
		return false;
	while (a_length && b_length && *a == *b) {
		a++, a_length--;
		b++, b_length--;
	}
	while (a_length && b_length && a[a_length - 1] == b[b_length - 1])
		a_length--, b_length--;
	if (a_length == 2 && b_length == 2)
		return a[0] == b[1] && a[1] == b[0];
	return a_length <= 1 && b_length <= 1;
}

enum word_property property_misspelt(const char *text, size_t length)
{
	static const enum word_property long_words[] = {PROPERTY_CACHEABLE, PROPERTY_UNCACHEABLE,
							PROPERTY_CONTIGUOUS, PROPERTY_PROTECTED};

	if (length < 8 || length > 12 || (*text != 'c' && *text != 'u' && *text != 'p'))
		return PROPERTY_NONE;
	if (length == 9 && !memcmp(text, "projected", length))
		return PROPERTY_NONE; /* a word of its own */
	for (size_t i = 0; i < COUNT_OF(long_words); i++) {
		const char *right = property_word(long_words[i]);

		if (*text == *right && is_near(text, length, right, strlen(right)))
			return long_words[i];
	}
	return PROPERTY_NONE;
}
