/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A heap's name, split into words. Words end at - _ , . @ and at any other sign, between letters
 * and digits, and where a small letter meets a capital one; a unit address (@42000000) is no word.
 */
#ifndef MODEL_NAME_WORDS_H
#define MODEL_NAME_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NAME_MAX of Linux: no file in /dev can have a longer name, and no more is looked at. */
#define NAME_LONGEST 255

enum word_class {
	WORD_OTHER, /* says nothing to us */
	WORD_NUMBER,
	WORD_ALLOCATOR, /* cma, ion, carveout … */
	WORD_DETAIL,    /* dma32, page, direct … */
	WORD_ATTRIBUTE, /* a word for what the buffers are, of the convention or not: see property
			 */
	WORD_REDUNDANT, /* heap, region … */
	WORD_VENDOR,
	WORD_USE,       /* what the buffers hold or are for: video, framebuffer … */
	WORD_DEVICE,    /* who uses them: dsp, ipu … */
	WORD_MEMORY,    /* memory, buffer: makes a region of the word before it */
	WORD_QUALIFIER, /* shared, main, left …: neither good nor bad */
	WORD_SYSTEM,    /* the memory of the whole system, as the heap of that name */
	WORD_VERSION,   /* old, new, test …, a name for today */
	WORD_ORDINAL,   /* part, bank, nid …: with a number behind it, a count and no name */
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

struct vocabulary_entry;

struct name_word {
	uint8_t start, length; /* in bytes */
	uint8_t class;         /* enum word_class */
	uint8_t property;      /* enum word_property */
	bool exact;            /* an attribute as the convention's second draft writes it */
	char before;           /* the separator before it; 0: none (a digit behind a letter …) */
	uint64_t key;          /* word_key() of its letters or digits */
	const struct vocabulary_entry *entry; /* NULL: not in the vocabulary */
};

/* What a rule may look for beside words: a name that has nothing of it need not be looked at. */
enum name_feature {
	FEATURE_STRANGE = 1 << 24,    /* signs that no devicetree node's name has; . in front */
	FEATURE_LENGTH = 1 << 25,     /* empty, or longer than one may be */
	FEATURE_NO_ADDRESS = 1 << 26, /* no unit address that can be read */
	FEATURE_ODD_UNIT =
		1 << 27, /* an @ whose address is not as the devicetree writes it, or 0 */
	FEATURE_COMMA = 1 << 28,
	/* not of the name: */
	FEATURE_EVIDENCE = 1 << 29,
	FEATURE_SAME = 1 << 30, /* an earlier name can't be told from it */
};

struct name_words {
	const char *name;
	size_t length; /* of the whole name */
	/* 1 << class of each word that is there, and enum name_feature */
	uint32_t features;
	size_t count;
	/* where the first @ stands and what follows it up to the next sign; at == length: none */
	size_t at, unit_start, unit_length;
	bool unit_is_address; /* hexadecimal, as it stands or behind 0x */
	uint64_t unit;        /* its value; saturated */
	uint64_t words_hash;  /* of all but the unit address */
	uint32_t hash; /* the same for names that differ in case, separators, redundant words */
	struct name_word words[NAME_LONGEST];
};

/* One more step of a hash. */
static inline uint64_t name_hash_step(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/* The hash of a name by those of its words and the value of its unit address, 0: none. */
static inline uint32_t name_hash(uint64_t words_hash, uint64_t unit)
{
	return (uint32_t)(name_hash_step(words_hash, unit) >> 16);
}

/* Splits a name; WORDS points into it. No memory is allocated. */
void name_split(const char *name, size_t length, struct name_words *words) __attribute__((nonnull));

/* Says whether two names differ at most in case, separators and redundant words. */
bool name_words_same(const struct name_words *a, const struct name_words *b)
	__attribute__((nonnull));

/* Says whether a word of the class is there. */
static inline bool name_has(const struct name_words *words, enum word_class class)
{
	return words->features & 1u << class;
}

/* The word of the second draft for a property, or NULL. */
const char *property_word(enum word_property property);

/*
 * The property whose word in the second draft LENGTH small letters seem to be meant for: one of
 * them is wrong, missing, added or transposed. PROPERTY_NONE: none.
 */
enum word_property property_misspelt(const char *text, size_t length) __attribute__((nonnull));

#endif
