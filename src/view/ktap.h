/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test results as the kernel's own tests write them: KTAP version 1, one level of subtests
 * (Documentation/dev-tools/ktap.rst). Every line is flushed, so that what came before a crash of
 * the machine is there to read.
 */
#ifndef VIEW_KTAP_H
#define VIEW_KTAP_H

#include <stdbool.h>
#include <stddef.h>

/* Begins a document of GROUPS subtests. */
void ktap_begin(size_t groups);

/* Begins the next subtest, with COUNT results. */
void ktap_group_begin(const char *name, size_t count) __attribute__((nonnull));

/* A line that explains the result that follows it. */
void ktap_comment(const char *key, const char *text) __attribute__((nonnull));

/* One result. SKIP: why it was skipped, or NULL. */
void ktap_result(const char *name, bool passed, const char *skip) __attribute__((nonnull(1)));

/* Ends a subtest; it failed if one of its results did. */
void ktap_group_end(void);

#endif
