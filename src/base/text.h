/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings from elsewhere, made safe to show. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns a copy of LENGTH bytes of TEXT in which what text_acts() says and
 * bytes that are not valid UTF-8 are written as \xNN. The caller frees it. For what is kept,
 * compared or read by programs: it is the same in every locale.
 */
char *text_escape_bytes(const char *text, size_t length)
	__attribute__((returns_nonnull, nonnull, malloc));
/* The same of a whole string. */
char *text_escape(const char *text) __attribute__((returns_nonnull, nonnull, malloc));

/*
 * The same for text that is for people. Where the locale is not of UTF-8, a terminal may read
 * single bytes: there the characters with a byte that is a control character of ECMA-48 (0x82 to
 * 0x9f) are written as \xNN as well.
 */
char *text_show_bytes(const char *text, size_t length)
	__attribute__((returns_nonnull, nonnull, malloc));
/* The same of a whole string. */
char *text_show(const char *text) __attribute__((returns_nonnull, nonnull, malloc));

/* Says whether the character set of the locale (LC_CTYPE, which main() sets) is UTF-8. */
bool text_locale_is_utf8(void);

/*
 * Says whether a terminal, or the eye of a reader, acts on a code point: C0, DEL, C1, and what
 * changes the direction of the text around it (Unicode TR36, 3.1).
 */
bool text_acts(unsigned int code);

/* The same as text_escape(), but what acts stays: for formats that escape those themselves. */
char *text_make_utf8(const char *text) __attribute__((returns_nonnull, nonnull, malloc));

/*
 * Length in bytes of the valid UTF-8 sequence (RFC 3629) at TEXT of LENGTH bytes; 0 where there is
 * none. The code point goes to *code.
 */
size_t text_utf8(const char *text, size_t length, unsigned int *code) __attribute__((nonnull));

/* strerror() of an errno or -errno in the lower case of our messages, English as these are; good
 * until the next call. */
const char *error_words(int error) __attribute__((returns_nonnull));

/* Says whether TEXT begins with PREFIX. */
bool text_starts_with(const char *text, const char *prefix) __attribute__((nonnull));

/*
 * Edit distance (Damerau-Levenshtein, adjacent transpositions) of A and B, of which the first 64
 * bytes count.
 */
unsigned int text_distance(const char *a, const char *b) __attribute__((nonnull));

/* The value of a macro as text: TEXT_OF(BUFFER_NAME_MAX) is "31". */
#define TEXT_OF(macro) TEXT_OF_(macro)
#define TEXT_OF_(text) #text

/* The one of COUNT names that is nearest to TEXT and near enough for a suggestion, or NULL. */
const char *text_nearest(const char *text, const char *const *names, size_t count)
	__attribute__((nonnull(1)));

#endif
