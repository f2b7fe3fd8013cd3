/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of strings, in which a search takes log n steps whatever the strings are. */
#ifndef BASE_SET_H
#define BASE_SET_H

/* {0} is the empty set. */
struct set {
	void *tree; /* of tsearch(3) */
};

/*
 * Adds KEY, which stays the caller's and has to live as long as the set. Returns an equal one that
 * was there before, or NULL where KEY is new.
 */
const char *set_add(struct set *set, const char *key) __attribute__((nonnull));
/* The one that is equal to KEY, or NULL. */
const char *set_find(const struct set *set, const char *key) __attribute__((nonnull));
/* Forgets all. */
void set_free(struct set *set) __attribute__((nonnull));
#define AUTO_SET __attribute__((cleanup(set_free)))

#endif
