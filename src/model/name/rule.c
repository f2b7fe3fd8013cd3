// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/rule.h"

#include <string.h>

/* baseline.c compares lists: it looks at no single name. */
const struct name_rule rule_baseline = {
	{
		.id = "baseline",
		.severity = SEVERITY_ERROR,
		.sentence = "The name stays the same from one version to the next.",
		.source = NAMING_CONVENTION,
		.looks_at = "with --baseline: heaps that disappeared, were renamed or moved since "
			    "the file was saved; a note: new ones",
		.good = "the names of the last release",
		.bad = "a name of the last release that is gone",
	},
	ALL_CONVENTIONS,
	NULL,
};

#define ADDRESS(symbol) &rule_##symbol,
const struct name_rule *const name_rules[NAME_RULE_COUNT] = {NAME_RULES(ADDRESS)};

const struct rule *name_rule_find(const char *id)
{
	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		if (!strcmp(name_rules[i]->rule.id, id))
			return &name_rules[i]->rule;
	}
	return NULL;
}
