/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The suites, one in each file src/suite/<name>.c. */
#ifndef SUITE_SUITES_H
#define SUITE_SUITES_H

#include "suite/statement.h"

extern const struct suite suite_heap;

#endif
