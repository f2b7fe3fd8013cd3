/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a statement can be tried here. */
#ifndef CONFORMANCE_ENGINE_NEEDS_H
#define CONFORMANCE_ENGINE_NEEDS_H

#include "conformance/engine/statement.h"
#include "conformance/engine/target.h"

/*
 * Why a statement with these NEEDS, its suite's and its own, can't be tried on the target with
 * these dangers allowed, or SKIP_NONE; *detail says more and belongs to the caller, or stays
 * untouched.
 */
enum skip needs_unmet(const struct statement *statement, unsigned int needs,
		      const struct target *target, uint32_t kernel, unsigned int allowed,
		      char **detail) __attribute__((nonnull(1, 6)));

/*
 * Why a file can't be used that gave -errno: no-access, not-mounted where the file system is
 * missing that it is in (/proc, /sys, debugfs), else OTHERWISE.
 */
enum skip needs_reason(const char *path, int error, enum skip otherwise) __attribute__((nonnull));

#endif
