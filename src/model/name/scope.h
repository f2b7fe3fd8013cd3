/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of one machine, tree or list, each of which has to identify one region. */
#ifndef MODEL_NAME_SCOPE_H
#define MODEL_NAME_SCOPE_H

#include "model/name/evidence.h"
#include "model/name/words.h"

struct name_scope;
struct name_scope *name_scope_new(void) __attribute__((returns_nonnull));
/* Takes NULL. */
void name_scope_free(struct name_scope *scope);

/*
 * Adds a name and its evidence (NULL: nothing is known), which have to live as long as the scope.
 * Where an earlier name is the same or differs only in case, separators or redundant words, *same
 * gets that and *same_memory whether both are known to name the same memory; else they are
 * untouched. Returns false where the very same name was there more than once already.
 */
bool name_scope_add(struct name_scope *scope, const struct name_words *words,
		    const struct name_evidence *evidence, const char **same, bool *same_memory)
	__attribute__((nonnull(1, 2, 4, 5)));

/* Says whether a name of the scope is the same as NAME, or as good as the same. */
bool name_scope_has(const struct name_scope *scope, const char *name) __attribute__((nonnull));

#endif
