/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of the machine's memory. */
#ifndef SYS_MEMINFO_H
#define SYS_MEMINFO_H

#include "base/known.h"
#include "sys/root.h"

/* MemAvailable of /proc/meminfo, in bytes. */
struct maybe memory_available(const struct root *root) __attribute__((nonnull));

#endif
