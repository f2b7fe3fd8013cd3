/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Characters of ASCII, in place of those of <ctype.h>, whose answers are the locale's (banned.h):
 * in Turkish an I has no i. No other character, and no byte of one, is of any kind here.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

/* 0 to 9 */
static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* a to z */
static inline bool ascii_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* C with A to Z made a to z */
static inline char ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* C with a to z made A to Z */
static inline char ascii_upper(char c)
{
	return (char)(ascii_is_lower(c) ? c & ~0x20 : c);
}

/* A to Z, a to z */
static inline bool ascii_is_alpha(char c)
{
	return ascii_is_lower(ascii_lower(c));
}

/* 0 to 9, A to Z, a to z */
static inline bool ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* 0 to 9, A to F, a to f */
static inline bool ascii_is_hex(char c)
{
	return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

/* A blank and \t \n \v \f \r */
static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What is seen, and the blank */
static inline bool ascii_is_print(char c)
{
	return c >= ' ' && c <= '~';
}

/* What is seen and neither a letter nor a digit */
static inline bool ascii_is_punct(char c)
{
	return c > ' ' && c <= '~' && !ascii_is_alnum(c);
}

/* Says whether the first LENGTH bytes of A and B, or all if there are fewer, are the same but for
 * A to Z and a to z. */
static inline bool ascii_begins_same(const char *a, const char *b, size_t length)
{
	for (; length && ascii_lower(*a) == ascii_lower(*b); a++, b++, length--) {
		if (!*a)
			return true;
	}
	return !length;
}

/* Says whether A and B are the same but for A to Z and a to z. */
static inline bool ascii_same(const char *a, const char *b)
{
	return ascii_begins_same(a, b, (size_t)-1);
}

#endif
