/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name that keeps what a bad one says of the memory, in the convention's form. */
#ifndef MODEL_NAME_BETTER_H
#define MODEL_NAME_BETTER_H

#include "model/name/lint.h"

/*
 * A better name, made of the WORDS of one and what the evidence says (NULL: nothing), or NULL where
 * none can be derived: it has no errors and fewer warnings than the FINDINGS of the first. The
 * caller frees it.
 */
char *name_better(const struct name_settings *settings, const struct name_words *words,
		  const struct name_evidence *evidence, const struct findings *findings)
	__attribute__((nonnull(1, 2, 4)));

#endif
