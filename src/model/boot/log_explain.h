/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the lines of a boot log about reserved memory and CMA mean, and what to do. */
#ifndef MODEL_BOOT_LOG_EXPLAIN_H
#define MODEL_BOOT_LOG_EXPLAIN_H

#include "model/boot/log_account.h"

/* The rules of the findings. */
extern const struct rule *const log_rules[];
extern const size_t log_rule_count;

/*
 * Explains each entry of a log, which has to outlive the accounts, as FILE of the findings. REGIONS
 * are those of the tree that booted, and TREE its name; both NULL: it is not known. The caller
 * frees the accounts with log_accounts_free().
 */
void log_explain(const struct boot_log *log, const char *file, const struct regions *regions,
		 const char *tree, struct log_accounts *accounts) __attribute__((nonnull(1, 2, 5)));
void log_accounts_free(struct log_accounts *accounts) __attribute__((nonnull));
#define AUTO_LOG_ACCOUNTS __attribute__((cleanup(log_accounts_free)))

#endif
