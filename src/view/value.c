// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/value.h"

#include <inttypes.h>
#include <stdio.h>

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

/* JSON lets DEL and C1 stand in strings, a terminal acts on them. */
static void write_text(FILE *out, const char *text)
{
	if (!text)
		out_of_memory();
	for (const uint8_t *c = (const uint8_t *)text; *c; c++) {
		if (*c == 0x7f)
			fputs("\\u007f", out);
		else if (*c == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
			fprintf(out, "\\u%04x", *++c);
		else
			putc(*c, out);
	}
}

void json_write(FILE *out, struct json_object *value)
{
	write_text(out, json_object_to_json_string_ext(
				value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(value);
}

void json_print(struct json_object *document)
{
	write_text(stdout, json_object_to_json_string_ext(
				   document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
						     JSON_C_TO_STRING_NOSLASHESCAPE));
	putchar('\n');
	json_object_put(document);
}
