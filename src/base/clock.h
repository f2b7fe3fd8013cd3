/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/known.h"

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* The processor time of all threads of this process, in nanoseconds. */
uint64_t clock_processor_ns(void);

/* The time LIMIT_NS from now; UINT64_MAX, which never comes, where that is too far. */
uint64_t clock_deadline(uint64_t limit_ns);

/*
 * The time since a moment of CLOCK_REALTIME, both in nanoseconds. Unknown for one before the boot
 * or after now: the clock was set meanwhile.
 */
struct maybe clock_age(uint64_t moment);

#endif
