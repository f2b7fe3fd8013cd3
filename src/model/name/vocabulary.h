/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that the rules know, and how a word is found among them. */
#ifndef MODEL_NAME_VOCABULARY_H
#define MODEL_NAME_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum word_class {
	WORD_OTHER, /* not in the vocabulary */
	WORD_NUMBER,
	WORD_ALLOCATOR, /* cma, ion, carveout … */
	WORD_DETAIL,    /* dma32, page, direct … */
	WORD_ATTRIBUTE, /* what the buffers are, in a word of the convention or not: see property */
	WORD_REDUNDANT, /* heap, region … */
	WORD_VENDOR,
	WORD_USE,       /* what the buffers hold or are for: video, framebuffer … */
	WORD_DEVICE,    /* who uses them: dsp, ipu … */
	WORD_MEMORY,    /* memory, buffer: makes a region of the word before it */
	WORD_QUALIFIER, /* shared, main, left …: neither good nor bad */
	WORD_SYSTEM,    /* the memory of the whole system, as the heap of that name */
	WORD_VERSION,   /* old, new, test …, a name for today */
	WORD_ORDINAL,   /* part, bank, nid …: with a number after it, a count and not a name */
};

/* What a word says of the buffers. */
enum word_property {
	PROPERTY_NONE,
	PROPERTY_CACHEABLE,
	PROPERTY_UNCACHEABLE,
	PROPERTY_CONTIGUOUS,
	PROPERTY_SCATTERED,
	PROPERTY_PROTECTED,
	PROPERTY_UNPROTECTED,
	PROPERTY_OTHER, /* a property that no draft has a word for */
	PROPERTY_COUNT,
};

struct vocabulary_entry {
	/* lower-case letters; "gen-pool" means genpool, gen-pool, gen_pool … */
	const char *spelling;
	enum word_class class;
	/* of an allocator: what its buffers always are */
	enum word_property property;
	/* what it is, to end a sentence with, or NULL */
	const char *what;
};

enum {
	VOCABULARY_PARTS = 3 /* no spelling has more of them */
};

extern const struct vocabulary_entry vocabulary[];
extern const size_t vocabulary_count;

/* A letter of ASCII in lower case, whatever the locale; all else as it is. */
static inline char word_lower(char sign)
{
	return (char)(sign >= 'A' && sign <= 'Z' ? sign | 0x20 : sign);
}

/* A word of a name. */
struct name_word {
	uint8_t start, length; /* in bytes */
	char before;           /* the separator before it; 0: none (a digit after a letter …) */
	enum word_class class;
	enum word_property property;
	bool exact;       /* an attribute as the convention's second draft writes it */
	const char *what; /* what the word means, to end a sentence with, or NULL */
};

/* Finds a word of NAME, or COUNT of them in a row as the parts of a compound. NULL: not in it. */
const struct vocabulary_entry *vocabulary_find(const char *name, const struct name_word *parts,
					       size_t count) __attribute__((nonnull));

/* The word of the second draft for a property, or NULL. */
const char *property_word(enum word_property property);

/*
 * The property whose word in the second draft LENGTH letters seem to be meant for: one of them is
 * wrong, missing, added or transposed. PROPERTY_NONE: none.
 */
enum word_property property_misspelt(const char *text, size_t length) __attribute__((nonnull));

#endif
