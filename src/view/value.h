/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Typed values on their way to the reader: NULL is "not known". Tables and JSON documents are made
 * from the same values. Each has one owner. Memory that is missing ends the program
 * (base/xalloc.h).
 */
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/known.h"

/* How it is kept is of interest to view/json.c alone. */
enum value_type {
	VALUE_TEXT,
	VALUE_NUMBER,
	VALUE_DECIMAL,
	VALUE_BOOL,
	VALUE_ARRAY,
	VALUE_MAP,
};

struct value_member {
	const char *key;
	char *copy; /* the key, where it is the member's own */
	struct value *value;
};

struct value {
	enum value_type type;
	union {
		char *text; /* valid UTF-8; of a decimal its digits */
		struct {
			uint64_t number;
			bool negative;
		};
		bool is_true;
		struct {
			ARRAY_OF(struct value *);
		} items;
		struct {
			ARRAY_OF(struct value_member);
		} members; /* in the order in which they were set */
	};
};

/* A string, with bytes that are no valid UTF-8 written as \xNN; NULL gives NULL. */
struct value *value_text(const char *text);
struct value *value_number(uint64_t number);
struct value *value_signed(int64_t number);
struct value *value_maybe(struct maybe number);
/* A number with so many digits after the point; infinite and no number give NULL. */
struct value *value_decimal(double number, unsigned int digits);
struct value *value_bool(bool value);
struct value *value_tristate(enum tristate answer);
/* An address: "0x42000000". */
struct value *value_address(uint64_t address);
/* An array of strings, [] where there are none. */
struct value *value_strings(const struct strings *strings);
struct value *value_array(void);
struct value *value_map(void);

/* Add VALUE, which the container then owns; NULL adds null. */
void value_append(struct value *array, struct value *value);
/* KEY is a constant, set once in a map. */
void value_set(struct value *map, const char *key, struct value *value);
/* The same with a key of any origin, which is copied; a value that it had is replaced. */
void value_set_any(struct value *map, const char *key, struct value *value);

/* Frees a value and what it owns; takes NULL. */
void value_free(struct value *value);

/* What a value is: NULL, false, 0 where it is something else or NULL; a decimal is its digits. */
const char *value_string(const struct value *value);
bool value_is_true(const struct value *value);
bool value_is_bool(const struct value *value);
bool value_is_array(const struct value *value);
/* Of an array; the items stay its own. */
size_t value_count(const struct value *array);
struct value *value_item(const struct value *array, size_t index);
/* Of a map; NULL as well where the key is not there. */
struct value *value_get(const struct value *map, const char *key);
/* A number that is not negative; false where it is none. */
bool value_as_number(const struct value *value, uint64_t *number);

#endif
