/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands against a fence source, in words. */
#ifndef MODEL_FENCE_UNAVAILABLE_H
#define MODEL_FENCE_UNAVAILABLE_H

#include "model/fence/fence.h"

/* Fills the obstacle for the -errno of an attempt to open a source of KIND (FENCE_KINDS: its page).
 */
void fence_obstacle_set(struct fence_obstacle *obstacle, enum fence_kind kind, int error)
	__attribute__((nonnull));

#endif
