/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of itself while a statement runs: its log and its taint flags. */
#ifndef CONFORMANCE_ENGINE_KERNEL_LOG_H
#define CONFORMANCE_ENGINE_KERNEL_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "sys/root.h"

struct watch;

/* Begins to watch from now on; watch_close() ends it. */
struct watch *watch_open(const struct root *root) __attribute__((nonnull, returns_nonnull));
void watch_close(struct watch *watch);

/* Says whether the log may be read: /dev/kmsg, CAP_SYSLOG or kernel.dmesg_restrict=0. */
bool watch_reads_log(const struct watch *watch) __attribute__((nonnull));

/* Forgets what has come until now. */
void watch_reset(struct watch *watch) __attribute__((nonnull));

/*
 * The first bad line since the last watch_reset(): from the kernel, with level warning or worse
 * (QUIET_OK: only what an oops, a warning or a bug begins with). NULL: there is none. The caller
 * frees it.
 */
char *watch_complaint(struct watch *watch, bool quiet_ok) __attribute__((nonnull));

/* The taint bits that are new since the last watch_reset(), /proc/sys/kernel/tainted. */
uint64_t watch_new_taint(struct watch *watch) __attribute__((nonnull));

#endif
