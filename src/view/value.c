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

/* Writes JSON text; which lets DEL and C1 stand in strings, a terminal acts on them. */
static void write_value(FILE *out, struct json_object *value, int flags)
{
	const char *text =
		json_object_to_json_string_ext(value, flags | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (!text)
		out_of_memory();
	for (;;) {
		size_t plain = strcspn(text, "\x7f\xc2");
		unsigned int code;

		fwrite(text, 1, plain, out);
		text += plain;
		if (!*text)
			return;
		code = (uint8_t)*text++;
		if (code == 0xc2 && (uint8_t)*text >= 0x80 && (uint8_t)*text <= 0x9f)
			code = (uint8_t)*text++;
		if (code == 0xc2)
			putc((int)code, out);
		else
			fprintf(out, "\\u%04x", code);
	}
}

void json_write(FILE *out, struct json_object *value)
{
	write_value(out, value, JSON_C_TO_STRING_SPACED);
	json_object_put(value);
}

void json_print(struct json_object *document)
{
	write_value(stdout, document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
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
	write_value(stdout, item, JSON_C_TO_STRING_SPACED);
	json_object_put(item);
}

void json_end(struct json_object *rest)
{
	fputs(first_item ? "]" : "\n  ]", stdout);
	if (rest) {
		json_object_object_foreach(rest, key, value)
		{
			printf(",\n  \"%s\": ", key);
			write_value(stdout, value, JSON_C_TO_STRING_SPACED);
		}
	}
	puts("\n}");
	json_object_put(rest);
}
