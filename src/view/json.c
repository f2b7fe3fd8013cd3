// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

enum {
	ONE_LINE = -1
};

/* How much of a string may be written as it is: whole sequences of UTF-8. */
static size_t plain_length(const char *text, size_t length)
{
	size_t plain = 0;

	while (plain < length) {
		unsigned int code = (unsigned char)text[plain];
		size_t step = 1;

		if (code >= 0x80) {
			step = text_utf8(text + plain, length - plain, &code);
			if (!step)
				return plain;
		}
		if (code == '"' || code == '\\' || text_acts(code))
			return plain;
		plain += step;
	}
	return plain;
}

/* A string of valid UTF-8. JSON lets stand in strings what a terminal acts on. */
static void write_string(FILE *out, const char *text, size_t length)
{
	putc_unlocked('"', out);
	while (length) {
		size_t step = plain_length(text, length);
		unsigned int code = 0;

		if (step) {
			fwrite_unlocked(text, 1, step, out);
		} else {
			step = text_utf8(text, length, &code);
			if (!step)
				step = 1; /* value_text() lets none in */
			if (code == '"' || code == '\\')
				fprintf(out, "\\%c", (int)code);
			else
				fprintf(out, "\\u%04x", code);
		}
		text += step;
		length -= step;
	}
	putc_unlocked('"', out);
}

/* Begins a line at that depth; or stays on the line, behind a blank. */
static void write_space(FILE *out, int depth)
{
	if (depth == ONE_LINE) {
		putc_unlocked(' ', out);
		return;
	}
	putc_unlocked('\n', out);
	while (depth--)
		fputs_unlocked("  ", out);
}

static void write_number(FILE *out, const struct value *value)
{
	char digits[20], *at = digits + sizeof(digits);
	uint64_t number = value->number;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	if (value->negative)
		putc_unlocked('-', out);
	fwrite_unlocked(at, 1, (size_t)(digits + sizeof(digits) - at), out);
}

static void write_value(FILE *out, const struct value *value, int depth);

static void write_array(FILE *out, const struct value *array, int depth)
{
	int inside = depth == ONE_LINE ? ONE_LINE : depth + 1;
	bool first = true;

	putc_unlocked('[', out);
	array_for_each (&array->items, item) {
		if (!first)
			putc_unlocked(',', out);
		first = false;
		write_space(out, inside);
		write_value(out, *item, inside);
	}
	if (!first)
		write_space(out, depth);
	putc_unlocked(']', out);
}

static void write_map(FILE *out, const struct value *map, int depth)
{
	int inside = depth == ONE_LINE ? ONE_LINE : depth + 1;
	bool first = true;

	putc_unlocked('{', out);
	array_for_each (&map->members, member) {
		if (!first)
			putc_unlocked(',', out);
		first = false;
		write_space(out, inside);
		write_string(out, member->key, strlen(member->key));
		fputs_unlocked(": ", out);
		write_value(out, member->value, inside);
	}
	if (!first)
		write_space(out, depth);
	putc_unlocked('}', out);
}

/* Writes JSON text, with the nested values on lines of their own from DEPTH on, or all on ONE_LINE.
 */
static void write_value(FILE *out, const struct value *value, int depth)
{
	if (!value) {
		fputs_unlocked("null", out);
		return;
	}
	switch (value->type) {
	case VALUE_TEXT:
		write_string(out, value->text, strlen(value->text));
		break;
	case VALUE_NUMBER:
		write_number(out, value);
		break;
	case VALUE_DECIMAL:
		fputs_unlocked(value->text, out);
		break;
	case VALUE_BOOL:
		fputs_unlocked(value->is_true ? "true" : "false", out);
		break;
	case VALUE_ARRAY:
		write_array(out, value, depth);
		break;
	case VALUE_MAP:
		write_map(out, value, depth);
		break;
	}
}

void json_write(FILE *out, struct value *value)
{
	write_value(out, value, ONE_LINE);
	value_free(value);
}

void json_begin(void)
{
	fputs("{\n  \"dmaheap\": \"" DMAHEAP_VERSION "\"", stdout);
}

static void write_key(const char *key)
{
	fputs(",\n  ", stdout);
	write_string(stdout, key, strlen(key));
	fputs(": ", stdout);
}

void json_member(const char *key, struct value *value, enum json_layout layout)
{
	write_key(key);
	write_value(stdout, value, layout == JSON_LINES ? 1 : ONE_LINE);
	value_free(value);
}

void json_member_text(const char *key, const char *text)
{
	write_key(key);
	fputs(text, stdout);
}

/* Of the list that is open. */
static struct {
	enum json_layout layout;
	bool items; /* there was one */
} list;

void json_list(const char *key, enum json_layout layout)
{
	write_key(key);
	putchar('[');
	list.layout = layout;
	list.items = false;
}

void json_item(struct value *item)
{
	fputs(list.items ? ",\n    " : "\n    ", stdout);
	list.items = true;
	write_value(stdout, item, list.layout == JSON_LINES ? 2 : ONE_LINE);
	value_free(item);
}

void json_list_end(void)
{
	fputs(list.items ? "\n  ]" : "]", stdout);
}

void json_end(void)
{
	fputs("\n}\n", stdout);
}

void json_print(const char *key, struct value *value)
{
	json_begin();
	json_member(key, value, JSON_LINES);
	json_end();
}
