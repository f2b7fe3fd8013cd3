// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

struct json_object *value_text(const char *text)
{
	AUTO_FREE char *escaped = text ? text_make_utf8(text) : NULL;

	return text ? MUST_HAVE(json_object_new_string(escaped)) : NULL;
}

struct json_object *value_number(uint64_t number)
{
	return MUST_HAVE(json_object_new_uint64(number));
}

struct json_object *value_maybe(struct maybe number)
{
	return number.known ? value_number(number.value) : NULL;
}

struct json_object *value_tristate(enum tristate answer)
{
	return answer == UNKNOWN ? NULL : value_bool(answer == YES);
}

struct json_object *value_bool(bool value)
{
	return MUST_HAVE(json_object_new_boolean(value));
}

struct json_object *value_address(uint64_t address)
{
	char text[sizeof("0x") + 16];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	return MUST_HAVE(json_object_new_string(text));
}

struct json_object *value_array(void)
{
	return MUST_HAVE(json_object_new_array());
}

struct json_object *value_map(void)
{
	return MUST_HAVE(json_object_new_object());
}

struct json_object *value_strings(const struct strings *strings)
{
	struct json_object *array = value_array();

	array_for_each (strings, item)
		value_append(array, value_text(*item));
	return array;
}

void value_append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value))
		out_of_memory();
}

void value_set(struct json_object *map, const char *key, struct json_object *value)
{
	if (json_object_object_add(map, key, value))
		out_of_memory();
}

struct json_object *json_document(void)
{
	struct json_object *document = value_map();

	value_set(document, "dmaheap", value_text(DMAHEAP_VERSION));
	return document;
}

/* A string of valid UTF-8. JSON lets stand in strings what a terminal acts on. */
static void write_string(FILE *out, const char *text, size_t length)
{
	putc('"', out);
	while (length) {
		unsigned int code = 0;
		size_t step = text_utf8(text, length, &code);

		if (!step)
			step = 1; /* value_text() lets none in */
		if (text_acts(code))
			fprintf(out, "\\u%04x", code);
		else if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (int)code);
		else
			fwrite(text, 1, step, out);
		text += step;
		length -= step;
	}
	putc('"', out);
}

enum {
	ONE_LINE = -1
};

/* Begins a line at that depth; or stays on the line, behind a blank. */
static void write_space(FILE *out, int depth)
{
	if (depth == ONE_LINE)
		putc(' ', out);
	else
		fprintf(out, "\n%*s", 2 * depth, "");
}

static void write_value(FILE *out, struct json_object *value, int depth);

static void write_array(FILE *out, struct json_object *array, int depth)
{
	size_t count = json_object_array_length(array);
	int inside = depth == ONE_LINE ? ONE_LINE : depth + 1;

	putc('[', out);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? "," : "", out);
		write_space(out, inside);
		write_value(out, json_object_array_get_idx(array, i), inside);
	}
	if (count)
		write_space(out, depth);
	putc(']', out);
}

static void write_map(FILE *out, struct json_object *map, int depth)
{
	int inside = depth == ONE_LINE ? ONE_LINE : depth + 1;
	bool first = true;

	putc('{', out);
	json_object_object_foreach(map, key, value)
	{
		fputs(first ? "" : ",", out);
		first = false;
		write_space(out, inside);
		write_string(out, key, strlen(key));
		fputs(": ", out);
		write_value(out, value, inside);
	}
	if (!first)
		write_space(out, depth);
	putc('}', out);
}

/*
 * Writes JSON text, with the nested values on lines of their own from DEPTH on, or all on ONE_LINE.
 * json-c could do so, but leaves something out without a word where memory is missing.
 */
static void write_value(FILE *out, struct json_object *value, int depth)
{
	switch (json_object_get_type(value)) {
	case json_type_string:
		write_string(out, json_object_get_string(value),
			     (size_t)json_object_get_string_len(value));
		break;
	case json_type_int:
		if (json_object_get_int64(value) < 0)
			fprintf(out, "%" PRId64, json_object_get_int64(value));
		else
			fprintf(out, "%" PRIu64, json_object_get_uint64(value));
		break;
	case json_type_boolean:
		fputs(json_object_get_boolean(value) ? "true" : "false", out);
		break;
	case json_type_array:
		write_array(out, value, depth);
		break;
	case json_type_object:
		write_map(out, value, depth);
		break;
	default:
		fputs("null", out);
	}
}

void json_write(FILE *out, struct json_object *value)
{
	write_value(out, value, ONE_LINE);
	json_object_put(value);
}

void json_print(struct json_object *document)
{
	write_value(stdout, document, 0);
	putchar('\n');
	json_object_put(document);
}

static bool first_item;

void json_begin(const char *key)
{
	printf("{\n  \"dmaheap\": \"" DMAHEAP_VERSION "\",\n  \"%s\": [", key);
	first_item = true;
}

void json_item(struct json_object *item)
{
	fputs(first_item ? "\n    " : ",\n    ", stdout);
	first_item = false;
	write_value(stdout, item, ONE_LINE);
	json_object_put(item);
}

void json_end(struct json_object *rest)
{
	fputs(first_item ? "]" : "\n  ]", stdout);
	if (rest) {
		json_object_object_foreach(rest, key, value)
		{
			printf(",\n  \"%s\": ", key);
			write_value(stdout, value, ONE_LINE);
		}
	}
	puts("\n}");
	json_object_put(rest);
}
