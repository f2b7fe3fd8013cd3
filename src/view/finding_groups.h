/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of many trees for people: equal ones are one, with the trees that have it. */
#ifndef VIEW_FINDING_GROUPS_H
#define VIEW_FINDING_GROUPS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/finding.h"

struct finding_groups;

struct finding_groups *finding_groups_new(void) __attribute__((returns_nonnull));
/* Takes NULL. */
void finding_groups_free(struct finding_groups *groups);

/* Adds a copy of a finding in the tree SOURCE. Returns whether no other tree had it. */
bool finding_groups_add(struct finding_groups *groups, const char *source,
			const struct finding *finding) __attribute__((nonnull));

/*
 * Writes them in the order in which they came, as findings_write() does, each with the trees: the
 * first ones and their number, or all where VERBOSITY is above 0.
 */
void finding_groups_write(const struct finding_groups *groups, FILE *out, bool color, int verbosity)
	__attribute__((nonnull));

#endif
