// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "base/ascii.h"

#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/xalloc.h"

size_t text_utf8(const char *text, size_t length, unsigned int *code)
{
	static const struct {
		uint8_t mask, lead;
		unsigned int least;
	} forms[] = {
		{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
	const uint8_t *bytes = (const uint8_t *)text;

	if (length && bytes[0] < 0x80) {
		*code = bytes[0];
		return 1;
	}
	for (size_t extra = 0; extra < COUNT_OF(forms) && extra < length; extra++) {
		unsigned int value;

		if ((bytes[0] & forms[extra].mask) != forms[extra].lead)
			continue;
		value = bytes[0] & (uint8_t)~forms[extra].mask;
		for (size_t i = 1; i <= extra; i++) {
			if ((bytes[i] & 0xc0) != 0x80)
				return 0;
			value = value << 6 | (bytes[i] & 0x3f);
		}
		if (value < forms[extra].least || value > 0x10ffff ||
		    (value >= 0xd800 && value <= 0xdfff))
			return 0;
		*code = value;
		return extra + 1;
	}
	return 0;
}

bool text_acts(unsigned int code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c || code == 0x200e ||
	       code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* What is escaped, beside bytes that are not valid UTF-8. */
enum escape {
	ESCAPE_NOTHING,
	ESCAPE_ACTS,  /* what text_acts() says */
	ESCAPE_8_BIT, /* and what a terminal that does not read UTF-8 acts on */
};

bool text_locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* C1 as ECMA-48 has it: 0x80 and 0x81 are not assigned */
static bool has_c1(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((uint8_t)text[i] >= 0x82 && (uint8_t)text[i] <= 0x9f)
			return true;
	}
	return false;
}

/* Length of what stays as it is from the beginning of TEXT on. */
static size_t plain_length(const char *text, size_t length, enum escape what)
{
	size_t plain = 0, step;
	unsigned int code;

	for (; plain < length; plain += step) {
		step = text_utf8(text + plain, length - plain, &code);
		if (!step || (what >= ESCAPE_ACTS && text_acts(code)) ||
		    (what == ESCAPE_8_BIT && has_c1(text + plain, step)))
			break;
	}
	return plain;
}

static char *escape(const char *text, size_t length, enum escape what)
{
	size_t step = plain_length(text, length, what), size;
	char *escaped;
	FILE *stream;

	if (step == length)
		return xstrndup(text, length);
	stream = xmemopen(&escaped, &size);
	while (length) {
		unsigned int code;
		size_t bad;

		fwrite(text, 1, step, stream);
		text += step;
		length -= step;
		bad = length ? text_utf8(text, length, &code) : 0;
		if (length && !bad)
			bad = 1;
		for (size_t i = 0; i < bad; i++)
			fprintf(stream, "\\x%02x", (unsigned int)(uint8_t)text[i]);
		text += bad;
		length -= bad;
		step = plain_length(text, length, what);
	}
	xmemclose(stream);
	return escaped;
}

char *text_escape_bytes(const char *text, size_t length)
{
	return escape(text, length, ESCAPE_ACTS);
}

char *text_escape(const char *text)
{
	return escape(text, strlen(text), ESCAPE_ACTS);
}

char *text_show_bytes(const char *text, size_t length)
{
	return escape(text, length, text_locale_is_utf8() ? ESCAPE_ACTS : ESCAPE_8_BIT);
}

char *text_show(const char *text)
{
	return text_show_bytes(text, strlen(text));
}

char *text_make_utf8(const char *text)
{
	return escape(text, strlen(text), ESCAPE_NOTHING);
}

const char *error_words(int error)
{
	static _Thread_local char words[128];

	snprintf(words, sizeof(words), "%s", strerror(abs(error)));
	/* but not "I/O error", "RFS specific error" */
	if (ascii_is_lower(words[1]))
		words[0] = ascii_lower(words[0]);
	return words;
}

bool text_starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

unsigned int text_distance(const char *a, const char *b)
{
	enum {
		MOST = 64
	};
	unsigned int rows[3][MOST + 1];
	size_t a_length = strnlen(a, MOST), b_length = strnlen(b, MOST);

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned int *row = rows[i % 3], *last = rows[(i + 2) % 3],
			     *before = rows[(i + 1) % 3];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= b_length; j++) {
			unsigned int best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *text, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	unsigned int least = (unsigned int)strlen(text) / 3 + 2;

	for (size_t i = 0; i < count; i++) {
		unsigned int distance = text_distance(text, names[i]);

		/* what was begun right is nearer than its length says */
		if (*text && text_starts_with(names[i], text))
			distance = 1;
		if (distance < least) {
			least = distance;
			nearest = names[i];
		}
	}
	return nearest;
}
