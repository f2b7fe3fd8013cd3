/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a heap in a profile, and what their values are. */
#ifndef MODEL_PROFILE_PROFILE_KEY_H
#define MODEL_PROFILE_PROFILE_KEY_H

#include "base/array.h"

/* Of a heap. */
enum profile_key {
	PROFILE_KIND,
	PROFILE_BASE, /* only of regions whose place the device tree gives */
	PROFILE_SIZE,
	PROFILE_OWNER,
	PROFILE_GROUP,
	PROFILE_MODE,
	PROFILE_CONTIGUOUS,
	PROFILE_CACHEABLE,
	PROFILE_PROTECTED,
	PROFILE_ALIAS,    /* another heap of the same memory; several */
	PROFILE_CONSUMER, /* the path of a node whose memory-region is the heap's region; several */
	PROFILE_KEYS
};

enum profile_value {
	VALUE_WORD,    /* one of the words of the row */
	VALUE_ADDRESS, /* kept in decimal, written in hexadecimal */
	VALUE_SIZE,    /* kept as bytes, written with the largest unit of which it is a multiple */
	VALUE_NAME,
	VALUE_MODE,  /* kept and written in octal, four digits */
	VALUE_NAMES, /* several, each in a line */
};

struct profile_key_row {
	const char *name;
	enum profile_value value;
	const char *words; /* with blanks between */
};

extern const struct profile_key_row profile_keys[PROFILE_KEYS];

/* "kind", "base" …: constant. */
const char *profile_key_name(enum profile_key key) __attribute__((returns_nonnull));
/* Sorts the values of a key; of equal ones one stays. */
void profile_sort(struct strings *values) __attribute__((nonnull));

#endif
