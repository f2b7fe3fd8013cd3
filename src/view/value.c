// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

static struct value *value_new(enum value_type type)
{
	struct value *value = xcalloc(1, sizeof(*value));

	value->type = type;
	return value;
}

struct value *value_text(const char *text)
{
	struct value *value;

	if (!text)
		return NULL;
	value = value_new(VALUE_TEXT);
	value->text = text_make_utf8(text);
	return value;
}

struct value *value_number(uint64_t number)
{
	struct value *value = value_new(VALUE_NUMBER);

	value->number = number;
	return value;
}

struct value *value_signed(int64_t number)
{
	struct value *value = value_number(number < 0 ? -(uint64_t)number : (uint64_t)number);

	value->negative = number < 0;
	return value;
}

struct value *value_decimal(double number, unsigned int digits)
{
	struct value *value;

	if (!isfinite(number))
		return NULL;
	value = value_new(VALUE_DECIMAL);
	/* the locale's point is never set: see main() */
	value->text = xasprintf("%.*f", (int)digits, number);
	return value;
}

struct value *value_maybe(struct maybe number)
{
	return number.known ? value_number(number.value) : NULL;
}

struct value *value_tristate(enum tristate answer)
{
	return answer == UNKNOWN ? NULL : value_bool(answer == YES);
}

struct value *value_bool(bool is_true)
{
	struct value *value = value_new(VALUE_BOOL);

	value->is_true = is_true;
	return value;
}

struct value *value_address(uint64_t address)
{
	struct value *value = value_new(VALUE_TEXT);

	value->text = xasprintf("0x%" PRIx64, address);
	return value;
}

struct value *value_array(void)
{
	return value_new(VALUE_ARRAY);
}

struct value *value_map(void)
{
	return value_new(VALUE_MAP);
}

struct value *value_strings(const struct strings *strings)
{
	struct value *array = value_array();

	array_for_each (strings, item)
		value_append(array, value_text(*item));
	return array;
}

void value_append(struct value *array, struct value *value)
{
	*array_add(&array->items) = value;
}

void value_set(struct value *map, const char *key, struct value *value)
{
	*array_add(&map->members) = (struct value_member){.key = key, .value = value};
}

void value_set_any(struct value *map, const char *key, struct value *value)
{
	char *copy;

	array_for_each (&map->members, member) {
		if (!strcmp(member->key, key)) {
			value_free(member->value);
			member->value = value;
			return;
		}
	}
	copy = xstrdup(key);
	*array_add(&map->members) =
		(struct value_member){.key = copy, .copy = copy, .value = value};
}

void value_free(struct value *value)
{
	if (!value)
		return;
	switch (value->type) {
	case VALUE_TEXT:
	case VALUE_DECIMAL:
		free(value->text);
		break;
	case VALUE_ARRAY:
		array_for_each (&value->items, item)
			value_free(*item);
		array_free(&value->items);
		break;
	case VALUE_MAP:
		array_for_each (&value->members, member) {
			free(member->copy);
			value_free(member->value);
		}
		array_free(&value->members);
		break;
	case VALUE_NUMBER:
	case VALUE_BOOL:
		break;
	}
	free(value);
}

const char *value_string(const struct value *value)
{
	return value && (value->type == VALUE_TEXT || value->type == VALUE_DECIMAL) ? value->text
										    : NULL;
}

bool value_is_true(const struct value *value)
{
	return value_is_bool(value) && value->is_true;
}

bool value_is_bool(const struct value *value)
{
	return value && value->type == VALUE_BOOL;
}

bool value_is_array(const struct value *value)
{
	return value && value->type == VALUE_ARRAY;
}

size_t value_count(const struct value *array)
{
	return value_is_array(array) ? array->items.count : 0;
}

struct value *value_item(const struct value *array, size_t index)
{
	return index < value_count(array) ? array->items.items[index] : NULL;
}

struct value *value_get(const struct value *map, const char *key)
{
	if (!map || map->type != VALUE_MAP)
		return NULL;
	array_for_each (&map->members, member) {
		if (!strcmp(member->key, key))
			return member->value;
	}
	return NULL;
}

bool value_as_number(const struct value *value, uint64_t *number)
{
	if (!value || value->type != VALUE_NUMBER || value->negative)
		return false;
	*number = value->number;
	return true;
}
