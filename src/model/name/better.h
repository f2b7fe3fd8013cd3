/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name that keeps what a bad one says of the memory, in the convention's form. */
#ifndef MODEL_NAME_BETTER_H
#define MODEL_NAME_BETTER_H

#include "model/name/lint.h"

/*
 * A better name, made of the WORDS of one and what the evidence says (NULL: nothing), or NULL where
 * none can be derived: lint-names, regions, dtc and the schema of reserved memory have nothing
 * against it. The caller frees it.
 */
char *name_better(const struct name_settings *settings, const struct name_words *words,
		  const struct name_evidence *evidence) __attribute__((nonnull(1, 2)));

#endif
