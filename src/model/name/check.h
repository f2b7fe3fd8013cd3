/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the functions of the rules share. */
#ifndef MODEL_NAME_CHECK_H
#define MODEL_NAME_CHECK_H

#include "model/name/rule.h"

/*
 * Adds a finding of LENGTH bytes at START, unless there are very many. In TEXT, {} is that part and
 * {1} the ARGUMENT.
 */
void check_add(struct name_check *check, enum severity severity, size_t start, size_t length,
	       const char *text, const char *argument) __attribute__((nonnull(1, 5)));

#endif
