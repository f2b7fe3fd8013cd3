// SPDX-License-Identifier: GPL-2.0-or-later
/* The hash table over the vocabulary. */
#include <string.h>

#include "base/xalloc.h"
#include "model/name/vocabulary.h"

uint64_t vocabulary_keys[VOCABULARY_SLOTS];
struct vocabulary_slot vocabulary_slots[VOCABULARY_SLOTS];

static struct vocabulary_slot *insert(const char *letters, size_t length)
{
	uint64_t key = 0;
	size_t i;

	for (size_t c = 0; c < length; c++)
		key = word_key(key, (uint8_t)letters[c]);
	for (i = vocabulary_place(key); vocabulary_keys[i]; i = (i + 1) % VOCABULARY_SLOTS) {
		if (vocabulary_keys[i] == key && vocabulary_slots[i].length == length &&
		    !memcmp(vocabulary_slots[i].letters, letters, length))
			return &vocabulary_slots[i];
	}
	vocabulary_keys[i] = key;
	vocabulary_slots[i].letters = xstrndup(letters, length); /* lives as long as the program */
	vocabulary_slots[i].length = (uint8_t)length;
	return &vocabulary_slots[i];
}

static void insert_entry(const struct vocabulary_entry *entry)
{
	char letters[32];
	size_t length = 0;
	uint32_t joints = 0;
	struct vocabulary_slot *slot;

	for (const char *c = entry->spelling; *c && length < sizeof(letters) - 1; c++) {
		if (*c != '-') {
			letters[length++] = *c;
		} else {
			joints |= 1u << length;
			insert(letters, length)->begins = true;
		}
	}
	slot = insert(letters, length);
	slot->entry = entry;
	slot->joints = joints;
}

__attribute__((constructor)) static void fill(void)
{
	for (size_t i = 0; i < vocabulary_count; i++)
		insert_entry(&vocabulary[i]);
}

/* Says whether the slot's letters are those of the parts; *joints gets where they are divided. */
static bool spells(const struct vocabulary_slot *slot, const char *name,
		   const struct name_word *parts, size_t count, uint32_t *joints)
{
	size_t at = 0;

	if (count == 1 && !memcmp(slot->letters, name + parts->start, parts->length))
		return true;
	for (size_t part = 0; part < count; part++) {
		if (part)
			*joints |= 1u << at;
		for (size_t i = 0; i < parts[part].length; i++) {
			if (word_small((uint8_t)name[parts[part].start + i]) !=
			    (uint8_t)slot->letters[at++])
				return false;
		}
	}
	return true;
}

const struct vocabulary_entry *vocabulary_find(const char *name, const struct name_word *parts,
					       size_t count, uint64_t key, size_t length,
					       bool *begins)
{
	for (size_t i = vocabulary_place(key); vocabulary_keys[i]; i = (i + 1) % VOCABULARY_SLOTS) {
		const struct vocabulary_slot *slot = &vocabulary_slots[i];
		uint32_t joints = 0;

		if (vocabulary_keys[i] != key || slot->length != length)
			continue;
		/* one short word is its key */
		if ((count > 1 || length > sizeof(key)) &&
		    !spells(slot, name, parts, count, &joints))
			continue;
		*begins = slot->begins;
		return joints & ~slot->joints ? NULL : slot->entry;
	}
	*begins = false;
	return NULL;
}
