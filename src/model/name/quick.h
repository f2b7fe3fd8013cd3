/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long lists judged quickly. Most names are small letters with dashes around an address as it
 * should be: dsp1-memory@42000000-contiguous. Those are read eight letters at a time, and cleared
 * where they have no word that a rule looks for; all others go through name_split() and
 * name_lint().
 */
#ifndef MODEL_NAME_QUICK_H
#define MODEL_NAME_QUICK_H

#include "model/name/lint.h"

struct name_quick;

/* Keeps nothing of SETTINGS, in which allowances don't count. */
struct name_quick *name_quick_new(const struct name_settings *settings)
	__attribute__((nonnull, returns_nonnull));
/* Takes NULL. */
void name_quick_free(struct name_quick *quick);

enum name_verdict {
	NAME_OPEN, /* to be judged in full; *length and *hash are untouched */
	NAME_BAD,  /* there may be findings, which name_lint() tells */
	NAME_GOOD, /* name_lint() finds nothing but not-unique, if that */
};

enum {
	NAME_QUICK_BEHIND = 8 /* bytes behind the end of the line that may be read */
};

/*
 * Judges the name that is a LINE, which a newline ends. *length gets its bytes without that, *hash
 * what name_split() says.
 */
enum name_verdict name_quick(const struct name_quick *quick, const char *line, size_t *length,
			     uint32_t *hash) __attribute__((nonnull));

#endif
