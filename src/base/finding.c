// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/finding.h"

void findings_free(struct findings *findings)
{
	array_for_each (findings, finding) {
		free(finding->message);
		free(finding->instead);
		free(finding->where.node);
	}
	array_free(findings);
}

size_t rule_index(const struct rule *const *rules, size_t count, const struct rule *rule)
{
	size_t i = 0;

	while (i < count && rules[i] != rule)
		i++;
	return i;
}
