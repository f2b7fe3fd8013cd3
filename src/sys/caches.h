/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Caches of the processor and of the kernel, as far as they can be known and emptied. */
#ifndef SYS_CACHES_H
#define SYS_CACHES_H

#include <stdint.h>

#include "sys/root.h"

/*
 * Bytes of the largest cache of processor 0 (/sys/devices/system/cpu/cpu0/cache, since 2.6.26); 0:
 * unknown, as under emulators.
 */
uint64_t cache_size(const struct root *root) __attribute__((nonnull));

/*
 * Lets the kernel give back what it can shrink: slabs, and the pages that some heaps keep for the
 * next buffer; not the page cache (/proc/sys/vm/drop_caches, 2:
 * Documentation/admin-guide/sysctl/vm.rst). It says so in its log. Returns 0 or -errno: -EACCES to
 * all but root.
 */
int kernel_caches_drop(const struct root *root) __attribute__((nonnull));

#endif
