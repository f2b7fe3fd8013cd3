/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the words of a name are: part of name_split(). */
#ifndef MODEL_NAME_NAME_CLASS_H
#define MODEL_NAME_NAME_CLASS_H

#include "model/name/words.h"

/* The compounds that the words before the last one may have begun. */
struct beginnings {
	struct {
		size_t first, length;
		uint64_t key;
	} open[2];
	size_t count;
};

/*
 * Looks the last word up, which is read but for its class: alone, and as the end of a compound,
 * whose words it then joins. BEGINNINGS is that of the words before, empty where none can go on.
 */
void name_classify(struct name_words *words, struct beginnings *beginnings)
	__attribute__((nonnull));

/* What can be said of a word only once it joins no other: a misspelt attribute, an exact one. */
void name_classify_late(const struct name_words *words, struct name_word *word)
	__attribute__((nonnull));

#endif
