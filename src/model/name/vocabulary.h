/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that the rules know, and how a word is found among them. */
#ifndef MODEL_NAME_VOCABULARY_H
#define MODEL_NAME_VOCABULARY_H

#include "model/name/words.h"

struct vocabulary_entry {
	/* small letters; "gen-pool" stands for genpool, gen-pool, gen_pool … */
	const char *spelling;
	uint8_t class;
	/* of an allocator: what its buffers always are */
	uint8_t property;
	/* what it is, to end a sentence with, or NULL */
	const char *what;
};

extern const struct vocabulary_entry vocabulary[];
extern const size_t vocabulary_count;

/* A letter of ASCII as a small one, whatever the locale; all else as it is. */
static inline uint8_t word_small(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* A byte of a word joins its key: up to eight bytes a key is the word itself, in small letters. */
static inline uint64_t word_key(uint64_t key, uint8_t small)
{
	return (key << 8 | key >> 56) ^ small;
}

/* The key of a word without its last byte. */
static inline uint64_t word_key_without(uint64_t key, uint8_t small)
{
	key ^= small;
	return key >> 8 | key << 56;
}

enum {
	VOCABULARY_SLOTS = 4096 /* ten times the words and beginnings */
};

/* A hash table by key. The keys stand apart: most look-ups end there, at a free one (0). */
extern uint64_t vocabulary_keys[VOCABULARY_SLOTS];
extern struct vocabulary_slot {
	const struct vocabulary_entry *entry; /* of this very spelling, or NULL */
	const char *letters;                  /* its spelling without - */
	uint32_t joints;                      /* 1 << where a compound may be divided */
	uint8_t length;
	bool begins; /* a compound begins so */
} vocabulary_slots[VOCABULARY_SLOTS];

static inline size_t vocabulary_place(uint64_t key)
{
	return (key * UINT64_C(0x9e3779b97f4a7c15)) >> 52;
}

/* The first slot with the key, whose word, if it is a long one, may be another; NULL: none. */
static inline const struct vocabulary_slot *vocabulary_first(uint64_t key)
{
	for (size_t i = vocabulary_place(key); vocabulary_keys[i]; i = (i + 1) % VOCABULARY_SLOTS) {
		if (vocabulary_keys[i] == key)
			return &vocabulary_slots[i];
	}
	return NULL;
}

/*
 * Finds a word, or COUNT of them in a row as the parts of a compound, with the KEY and LENGTH of
 * all their letters; *begins says whether a compound begins so. NULL: not in it.
 */
const struct vocabulary_entry *vocabulary_find(const char *name, const struct name_word *parts,
					       size_t count, uint64_t key, size_t length,
					       bool *begins) __attribute__((nonnull));

#endif
