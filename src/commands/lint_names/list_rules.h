/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules as a table, and one of them explained. */
#ifndef COMMANDS_LINT_NAMES_LIST_RULES_H
#define COMMANDS_LINT_NAMES_LIST_RULES_H

#include "base/finding.h"
#include "cli/command.h"
#include "view/table.h"

extern const struct column lint_rule_columns[];
extern const size_t lint_rule_column_count;

void lint_list_rules(const struct context *context);
void lint_explain(const struct rule *rule);

#endif
