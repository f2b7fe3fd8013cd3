/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of itself while a statement runs: its log and its taint flags. */
#ifndef CONFORMANCE_ENGINE_KERNEL_LOG_H
#define CONFORMANCE_ENGINE_KERNEL_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct root;

struct kernel_log;

/* Begins to watch from now on; kernel_log_free() ends it. */
struct kernel_log *kernel_log_new(const struct root *root)
	__attribute__((nonnull, returns_nonnull));
void kernel_log_free(struct kernel_log *log);

/* Says whether the log may be read: /dev/kmsg, CAP_SYSLOG or kernel.dmesg_restrict=0. */
bool kernel_log_is_readable(const struct kernel_log *log) __attribute__((nonnull));

/* Forgets what has come until now. */
void kernel_log_reset(struct kernel_log *log) __attribute__((nonnull));

/*
 * The first bad line since the last kernel_log_reset(): from the kernel, with level warning or
 * worse (QUIET_OK: only what an oops, a warning or a bug begins with). NULL: there is none. The
 * caller frees it.
 */
char *kernel_log_complaint(struct kernel_log *log, bool quiet_ok) __attribute__((nonnull));

/* The taint bits that are new since the last kernel_log_reset(), /proc/sys/kernel/tainted. */
uint64_t kernel_log_new_taint(struct kernel_log *log) __attribute__((nonnull));

#endif
