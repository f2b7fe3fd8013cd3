/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing arrays. An array is a structure of its own with the three fields of ARRAY_OF(type):
 *
 *	struct heaps { ARRAY_OF(struct heap); };
 *	struct heap *heap = array_add(&heaps);
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>
#include <stdlib.h>

#define ARRAY_OF(type) \
	type *items; \
	size_t count; \
	size_t allocated

/* Makes room for one more of SIZE bytes, zeroed, and returns its address; see array_add(). */
void *array_grow(void *items, size_t *count, size_t *allocated, size_t size, void **new_items);

/* Adds a zeroed item and returns a pointer to it, good until the next one is added. */
#define array_add(array) \
	({ \
		void *new_items_; \
		__typeof__((array)->items) item_ = \
			array_grow((array)->items, &(array)->count, &(array)->allocated, \
				   sizeof(*(array)->items), &new_items_); \
		(array)->items = new_items_; \
		item_; \
	})

/* Frees the memory of the array, not what its items own. */
#define array_free(array) \
	({ \
		free((array)->items); \
		(array)->items = NULL; \
		(array)->count = (array)->allocated = 0; \
	})

#define array_for_each(array, item) \
	/* an empty array may have no memory, to which not even 0 may be added */ \
	for (__typeof__((array)->items[0]) *(item) = (array)->items; \
	     (item) && (item) < (array)->items + (array)->count; (item)++)

/* Number of elements of a C array. */
#define COUNT_OF(c_array) (sizeof(c_array) / sizeof((c_array)[0]))

/* A list of strings that it owns. */
struct strings {
	ARRAY_OF(char *);
};

/* Adds a copy of TEXT. */
void strings_add(struct strings *strings, const char *text);
/* Adds TEXT itself, which the list then owns. */
void strings_take(struct strings *strings, char *text);
/* Says whether TEXT is in the list. */
int strings_have(const struct strings *strings, const char *text);
/* The strings with SEPARATOR between them; NULL where there are none. The caller frees it. */
char *strings_join(const struct strings *strings, const char *separator) __attribute__((nonnull));
/* Sorts by byte value, as LC_ALL=C sort does. */
void strings_sort(struct strings *strings);
/* Frees the strings and the list. */
void strings_free(struct strings *strings);

#define AUTO_STRINGS __attribute__((cleanup(strings_free)))

#endif
