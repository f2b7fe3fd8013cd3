// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "cli/option_parser.h"
#include "view/units.h"

char *option_takes(const struct option_row *row, const char *expected, const char *argument)
{
	return xasprintf(OPTION_TAKES, row->name, expected, argument);
}

size_t option_word_length(const char *words)
{
	return strcspn(words, "|,");
}

/* The number of a word, or -1. */
static int word_number(const char *words, const char *text, size_t length)
{
	for (int number = 0;; number++) {
		size_t this = option_word_length(words);

		if (this == length && !strncmp(words, text, length))
			return number;
		if (words[this] != '|')
			return -1;
		words += this + 1;
	}
}

/* "oom, taint or noise" */
static char *words_text(const char *words)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	for (size_t length = option_word_length(words); length;
	     length = option_word_length(words)) {
		fprintf(stream, "%.*s", (int)length, words);
		words += length;
		if (*words != '|')
			break;
		words++;
		fputs(words[option_word_length(words)] == '|' ? ", " : " or ", stream);
	}
	xmemclose(stream);
	return text;
}

static char *store_number(uint64_t *field, const struct option_row *row, const char *text)
{
	AUTO_FREE char *expected = NULL;
	uint64_t number;

	if (!parse_number(text, &number) && number >= row->min && number <= row->max) {
		*field = number;
		return NULL;
	}
	expected = xasprintf("a number from %" PRIu64 " to %" PRIu64, row->min, row->max);
	return option_takes(row, expected, text);
}

static char *store_size(uint64_t *field, const struct option_row *row, const char *text)
{
	AUTO_FREE char *most = row->max ? units_size(row->max) : NULL, *expected = NULL;
	uint64_t size;
	int error = parse_size(text, &size);

	if (!error && (!row->max || size <= row->max)) {
		*field = size;
		return NULL;
	}
	expected = most               ? xasprintf("a size from 1 to %s", most)
		   : error == -ERANGE ? xstrdup("a size of less than 16E")
				      : xstrdup("a size such as 4096, 8M or 8MB");
	return option_takes(row, expected, text);
}

static char *store_time(uint64_t *field, const struct option_row *row, const char *text)
{
	const char *word = strchr(row->word, '|');
	uint64_t ns = UINT64_MAX;

	if (!word || strcmp(text, word + 1) != 0) {
		if (parse_duration(text, &ns))
			return option_takes(row, "a time such as 10s or 500ms", text);
		if (ns < row->min)
			return option_takes(row, "a time of more than 0", text);
	}
	*field = ns;
	return NULL;
}

static char *store_words(void *field, const struct option_row *row, const char *text)
{
	bool several = row->kind == KIND_CHOICES;
	unsigned int bits = 0;
	int number = -1;

	for (const char *word = text; *word || !several;) {
		size_t length = several ? strcspn(word, ",") : strlen(word);

		number = word_number(row->word, word, length);
		if (number < 0) {
			AUTO_FREE char *expected = words_text(row->word);
			AUTO_FREE char *wrong = xstrndup(word, length);

			return option_takes(row, expected, wrong);
		}
		if (!several)
			break;
		bits |= 1u << number;
		word += length + (word[length] == ',');
	}
	if (several)
		*(unsigned int *)field |= bits;
	else
		*(int *)field = (int)row->min + number;
	return NULL;
}

static char *store(void *options, const struct option_row *row, const char *text)
{
	void *field = option_value(options, row);

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)field = true;
		break;
	case KIND_NUMBER:
		return store_number(field, row, text);
	case KIND_SIZE:
		return store_size(field, row, text);
	case KIND_TIME:
		return store_time(field, row, text);
	case KIND_CHOICE:
	case KIND_CHOICES:
		return store_words(field, row, text);
	case KIND_TEXT:
	case KIND_INPUT:
		*(const char **)field = text;
		break;
	case KIND_LIST:
	case KIND_WORDS:
	case KIND_INPUTS:
		strings_add(field, text);
		break;
	case KIND_REST:
	case KIND_ROWS:
	case KIND_SET:
		break;
	}
	return NULL;
}

static char *set_one(const struct known *known, const char *argument)
{
	const struct option_row *row = known->row;
	char *message = store(known->options, row, argument);

	return !message && row->set ? row->set(known->options, row, argument) : message;
}

char *option_store(const struct known *known, const char *argument)
{
	char *message = NULL;

	if (known->row->kind != KIND_WORDS)
		return set_one(known, argument);
	for (const char *word = argument; word && !message;) {
		size_t length = strcspn(word, ",");
		AUTO_FREE char *text = xstrndup(word, length);

		message = set_one(known, text);
		word = word[length] ? word + length + 1 : NULL;
	}
	return message;
}
