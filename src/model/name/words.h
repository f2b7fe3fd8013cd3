/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A heap's name, split into words, and what each of them is. Words end at - _ , . @ and at any
 * other sign, between letters and digits, and where a lower-case letter meets an upper-case one; a
 * unit address (@42000000) is not a word.
 */
#ifndef MODEL_NAME_WORDS_H
#define MODEL_NAME_WORDS_H

#include "model/name/vocabulary.h"

/* NAME_MAX of Linux: no file in /dev can have a longer name, and no more is looked at. */
#define NAME_LONGEST 255

struct name_words {
	const char *name;
	size_t length;        /* of the whole name */
	unsigned int classes; /* 1 << class of each word that is there */
	size_t count;
	/* where the first @ is and what follows it up to the next sign; at == length: none */
	size_t at, unit_start, unit_length;
	bool unit_is_address; /* hexadecimal, with or without 0x */
	uint64_t unit;        /* its value; UINT64_MAX: more than 64 bits */
	struct name_word words[NAME_LONGEST];
};

/* Splits a name; WORDS points into it. No memory is allocated. */
void name_split(const char *name, size_t length, struct name_words *words) __attribute__((nonnull));

/*
 * A text that is the same for names that differ only in case, separators and redundant words, and
 * for no others; NULL where nothing but redundant words is there. The caller frees it.
 */
char *name_key(const struct name_words *words) __attribute__((nonnull));

/* Says whether a word of the class is there. */
static inline bool name_has(const struct name_words *words, enum word_class class)
{
	return words->classes & 1u << class;
}

#endif
