/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Typed values on their way to the reader, as json-c objects: NULL is "not known". Tables and JSON
 * documents are made from the same values. Memory that is missing ends the program (base/xalloc.h).
 */
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/array.h"
#include "base/known.h"

/* A string, with bytes that are no valid UTF-8 written as \xNN; NULL gives NULL. */
struct json_object *value_text(const char *text);
struct json_object *value_number(uint64_t number);
struct json_object *value_maybe(struct maybe number);
struct json_object *value_bool(bool value);
struct json_object *value_tristate(enum tristate answer);
/* An address: "0x42000000". */
struct json_object *value_address(uint64_t address);
/* An array of strings, [] where there are none. */
struct json_object *value_strings(const struct strings *strings);
struct json_object *value_array(void);
struct json_object *value_map(void);

/* Add VALUE, which the container then owns; NULL adds null. */
void value_append(struct json_object *array, struct json_object *value);
void value_set(struct json_object *map, const char *key, struct json_object *value);

/* A document {"dmaheap": VERSION}, to which a command adds its key. */
struct json_object *json_document(void);
/* Writes a value on one line, without its end, as json_print() does, and releases it. */
void json_write(FILE *out, struct json_object *value);
/* Prints a document on stdout, without control characters even inside strings, and releases it. */
void json_print(struct json_object *document);

/*
 * The same document, of which one array is printed item by item: for more than memory should hold.
 * json_begin() prints {"dmaheap": …, KEY: [ and json_end() what closes it, with the members of REST
 * (which it releases; may be NULL) behind the array. json_item() releases ITEM.
 */
void json_begin(const char *key);
void json_item(struct json_object *item);
void json_end(struct json_object *rest);

#endif
