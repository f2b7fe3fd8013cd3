// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/lint_names/list_rules.h"

#include <stdio.h>

#include "base/array.h"
#include "model/name/rule.h"
#include "view/value.h"

enum {
	COLUMN_ID,
	COLUMN_SEVERITY,
	COLUMN_CONVENTIONS,
	COLUMN_SENTENCE,
	COLUMN_SOURCE
};

const struct column lint_rule_columns[LINT_RULE_COLUMN_COUNT] = {
	[COLUMN_ID] = {"ID", "id of the rule", COLUMN_DEFAULT, NULL},
	[COLUMN_SEVERITY] = {"SEVERITY", "severity of its most severe finding", COLUMN_DEFAULT,
			     NULL},
	[COLUMN_CONVENTIONS] = {"CONVENTIONS", "the conventions that have it", COLUMN_DEFAULT,
				NULL},
	[COLUMN_SENTENCE] = {"SENTENCE", "what the convention says", COLUMN_DEFAULT, NULL},
	[COLUMN_SOURCE] = {"SOURCE", "where it says so", 0, NULL},
};

void lint_list_rules(const struct context *context)
{
	AUTO_TABLE struct table *table =
		cmd_table(context, lint_rule_columns, LINT_RULE_COLUMN_COUNT);

	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		const struct rule *rule = &name_rules[i]->rule;
		AUTO_STRINGS struct strings conventions = {0};

		for (unsigned int c = 0; c < CONVENTION_COUNT; c++) {
			if (name_rules[i]->conventions & 1u << c)
				strings_add(&conventions, convention_name(c));
		}
		table_row(table);
		table_set(table, COLUMN_ID, value_text(rule->id));
		table_set(table, COLUMN_SEVERITY, value_text(severity_name(rule->severity)));
		table_set(table, COLUMN_CONVENTIONS, value_strings(&conventions));
		table_set(table, COLUMN_SENTENCE, value_text(rule->sentence));
		table_set(table, COLUMN_SOURCE, value_text(rule->source));
	}
	table_print(table, "rules");
}

void lint_explain(const struct rule *rule)
{
	printf("%s (%s)\n\n%s\n\nSource:   %s\nLooks at: %s\nGood:     %s\nBad:      %s\n",
	       rule->id, severity_name(rule->severity), rule->sentence, rule->source,
	       rule->looks_at, rule->good, rule->bad);
}
