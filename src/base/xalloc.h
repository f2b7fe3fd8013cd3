/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is there or ends the program: a command that can't get a few kilobytes can't do its
 * work, and says so in one line with exit status 1. Sizes that come from input are bounded before.
 */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Ends the program with "dmaheap: out of memory" and exit status 1. */
void out_of_memory(void) __attribute__((noreturn, cold));

/* Returns POINTER, or ends the program where it is NULL: for what libraries allocate. */
void *must_have(void *pointer);
#define MUST_HAVE(pointer) ((__typeof__(pointer))must_have(pointer))

/* As calloc, reallocarray, strdup, strndup, memdup, asprintf and vasprintf; the caller frees the
 * result. */
void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
void *xreallocarray(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((returns_nonnull, nonnull, malloc));
/* The same of a text that may be NULL, which gives NULL. */
char *xstrdup_maybe(const char *text);
char *xstrndup(const char *text, size_t length) __attribute__((returns_nonnull, nonnull, malloc));
void *xmemdup(const void *data, size_t size) __attribute__((returns_nonnull, malloc));
char *xasprintf(const char *format, ...)
	__attribute__((returns_nonnull, malloc, format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list arguments)
	__attribute__((returns_nonnull, malloc, format(printf, 1, 0)));

/* open_memstream(); the stream's writes can only fail for want of memory: close with xmemclose().
 */
FILE *xmemopen(char **text, size_t *size) __attribute__((returns_nonnull));
void xmemclose(FILE *stream);

#endif
