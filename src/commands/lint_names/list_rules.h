/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules as a table, and one of them explained. */
#ifndef COMMANDS_LINT_NAMES_LIST_RULES_H
#define COMMANDS_LINT_NAMES_LIST_RULES_H

#include "base/finding.h"
#include "cli/command.h"
#include "view/table.h"

#define LINT_RULE_COLUMN_COUNT 5
extern const struct column lint_rule_columns[LINT_RULE_COLUMN_COUNT];

void lint_list_rules(const struct context *context);
void lint_explain(const struct rule *rule);

#endif
