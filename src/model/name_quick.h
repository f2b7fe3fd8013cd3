/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long lists judged quickly. As long as nothing is known of the heaps, no rule but not-unique looks
 * at the value of a unit address that is written as it should be: what was found about
 * video@42000000-contiguous holds for video@52000000-contiguous. A small cache keeps that for names
 * without their addresses; what it can't answer goes through name_split() and name_lint().
 */
#ifndef MODEL_NAME_QUICK_H
#define MODEL_NAME_QUICK_H

#include "model/name_lint.h"

struct name_quick;

/* SETTINGS have to live as long, and to stay as they are. */
struct name_quick *name_quick_new(const struct name_settings *settings)
	__attribute__((nonnull, returns_nonnull));
/* Takes NULL. */
void name_quick_free(struct name_quick *quick);

enum name_verdict {
	NAME_OPEN, /* to be judged in full; *hash is untouched */
	NAME_BAD,  /* there may be findings, which name_lint() tells */
	NAME_GOOD, /* name_lint() finds nothing but not-unique, if that */
};

/*
 * Judges LENGTH bytes of a name, which need no NUL behind them; a good name has none inside. *hash
 * gets what name_split() says.
 */
enum name_verdict name_quick(struct name_quick *quick, const char *name, size_t length,
			     uint32_t *hash) __attribute__((nonnull));

#endif
