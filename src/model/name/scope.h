/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that have to tell the regions of one machine, tree or list apart. */
#ifndef MODEL_NAME_SCOPE_H
#define MODEL_NAME_SCOPE_H

#include "model/name/rule.h"

/*
 * The names of one platform, against which the uniqueness of another is judged. EXPECTED is a guess
 * at their number; more are welcome.
 */
struct name_scope;
struct name_scope *name_scope_new(size_t expected) __attribute__((returns_nonnull));
/* Takes NULL. */
void name_scope_free(struct name_scope *scope);

/*
 * Remembers a name and its evidence (NULL: nothing is known), which have to live as long as the
 * scope. Where an earlier name is the same or can't be told from it, *same gets that and
 * *same_memory whether both are known to name the same memory; else they are untouched. Returns
 * false where the very same name was there more than once already.
 */
bool name_scope_remember(struct name_scope *scope, const struct name_words *words,
			 const struct name_evidence *evidence, const char **same, bool *same_memory)
	__attribute__((nonnull(1, 2, 4, 5)));

/*
 * Remembers a name by its hash as name_split() makes it. Returns false, and remembers nothing,
 * where an earlier name may be the same: name_scope_remember() can tell.
 */
bool name_scope_add(struct name_scope *scope, const char *name, uint32_t hash)
	__attribute__((nonnull));

/*
 * Tells the scope that a name with this hash comes soon: among a million names much of the time
 * goes by waiting for the place of the next in memory.
 */
void name_scope_expect(const struct name_scope *scope, uint32_t hash) __attribute__((nonnull));

#endif
