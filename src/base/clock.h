/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* The time LIMIT_NS from now; UINT64_MAX, which never comes, where that is too far. */
uint64_t clock_deadline(uint64_t limit_ns);

#endif
