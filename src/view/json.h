/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents (RFC 8259): {"dmaheap": VERSION, …}. They are written to standard output as they
 * are made, in parts that are not kept. What may fail comes before json_begin(): a part that has
 * been written stays. Strings are without control characters, which JSON would let stand.
 */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include "view/value.h"

/* How what is inside of a value is laid out. */
enum json_layout {
	JSON_ONE_LINE,
	JSON_LINES, /* each on a line of its own */
};

void json_begin(void);
/* A member of the document; releases VALUE. */
void json_member(const char *key, struct value *value, enum json_layout layout);
/* A member whose JSON is text already. */
void json_member_text(const char *key, const char *text);
/* A member that is an array, of which each item is written when it is there. */
void json_list(const char *key, enum json_layout layout);
void json_item(struct value *item); /* releases ITEM */
void json_list_end(void);
void json_end(void);

/* A document of one member. */
void json_print(const char *key, struct value *value);

/* Writes a value on one line, without its end, and releases it. */
void json_write(FILE *out, struct value *value);

#endif
