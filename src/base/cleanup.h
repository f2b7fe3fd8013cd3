/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cleanup attributes for types of the C library; each of our own stands beside its destructor. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

/* Defines NAME(type *) as a cleanup function that calls DESTROY unless the value is EMPTY. */
#define DEFINE_CLEANUP(name, type, empty, destroy) \
	static inline void name(type *value) \
	{ \
		if (*value != (empty)) \
			destroy(*value); \
	}

DEFINE_CLEANUP(cleanup_close, int, -1, close)
DEFINE_CLEANUP(cleanup_fclose, FILE *, NULL, fclose)
DEFINE_CLEANUP(cleanup_closedir, DIR *, NULL, closedir)

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

#define AUTO_FREE     CLEANUP(cleanup_free)
#define AUTO_CLOSE    CLEANUP(cleanup_close)
#define AUTO_FCLOSE   CLEANUP(cleanup_fclose)
#define AUTO_CLOSEDIR CLEANUP(cleanup_closedir)

/* Moves a pointer or descriptor out of an automatic variable, which then holds nothing. */
#define TAKE(variable, empty) \
	({ \
		__typeof__(variable) taken_ = (variable); \
		(variable) = (empty); \
		taken_; \
	})
#define TAKE_POINTER(pointer) TAKE(pointer, NULL)
#define TAKE_FD(fd)           TAKE(fd, -1)

#endif
