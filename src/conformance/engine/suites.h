/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The suites, one in each file conformance/cases/<name>_cases.c; map has a second one. */
#ifndef CONFORMANCE_ENGINE_SUITES_H
#define CONFORMANCE_ENGINE_SUITES_H

#include "conformance/engine/statement.h"

/*
 * All of them, in the order in which they are run; the last is NULL. A suite in several files is
 * there in several parts of the same name, one after the other.
 */
extern const struct suite *const suites[];

#endif
