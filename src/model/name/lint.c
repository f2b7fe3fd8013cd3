// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/lint.h"
#include "model/boot/known_names.h"

#include <string.h>

#include "base/xalloc.h"

void name_settings_init(struct name_settings *settings)
{
	*settings = (struct name_settings){.convention = CONVENTION_V2};
	for (size_t i = 0; i < COUNT_OF(settings->severity); i++)
		settings->severity[i] = SEVERITY_DEFAULT;
	for (size_t i = 0; i < name_rule_count; i++)
		settings->looks_for |= name_rules[i].looks_for;
}

void name_settings_free(struct name_settings *settings)
{
	array_for_each (&settings->allowances, allowance)
		free(allowance->name);
	array_free(&settings->allowances);
}

void name_settings_severity(struct name_settings *settings, const struct name_rule *rule,
			    enum severity severity)
{
	settings->severity[rule - name_rules] = (int)severity;
}

void name_settings_allow(struct name_settings *settings, const char *name,
			 const struct name_rule *rule)
{
	struct name_allowance *allowance = array_add(&settings->allowances);

	allowance->name = xstrdup(name);
	allowance->rule = rule;
}

enum severity name_settings_judge(const struct name_settings *settings, const char *name,
				  const struct name_rule *rule, enum severity severity)
{
	int wanted = settings->severity[rule - name_rules];

	array_for_each (&settings->allowances, allowance) {
		if ((!allowance->rule || allowance->rule == rule) && !strcmp(allowance->name, name))
			return SEVERITY_OFF;
	}
	return wanted == SEVERITY_DEFAULT ? severity : (enum severity)wanted;
}

/* Drops what the user does not want to know and sets the severities. */
static void judge(const struct name_settings *settings, const char *name,
		  struct name_findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		struct name_finding *finding = &findings->items[i];

		finding->severity =
			name_settings_judge(settings, name, finding->rule, finding->severity);
		if (finding->severity != SEVERITY_OFF) {
			if (kept != i)
				findings->items[kept] = *finding;
			kept++;
		}
	}
	findings->count = kept;
}

bool name_lint(const struct name_settings *settings, struct name_scope *scope,
	       const struct name_words *words, const struct name_evidence *evidence,
	       struct name_findings *findings)
{
	static const struct name_evidence nothing;
	struct name_check check = {.words = words,
				   .evidence = evidence ? evidence : &nothing,
				   .convention = settings->convention,
				   .findings = findings};

	uint32_t features = words->features;

	findings->count = 0;
	if (scope && !name_scope_remember(scope, words, evidence, &check.same, &check.same_memory))
		return false;
	if (evidence)
		features |= FEATURE_EVIDENCE;
	if (check.same)
		features |= FEATURE_SAME;
	if (!(features & settings->looks_for))
		return true;
	check.fixed = known_name(words->name, words->length) != NULL;
	for (size_t i = 0; i < name_rule_count; i++) {
		check.rule = &name_rules[i];
		if (features & check.rule->looks_for && settings->severity[i] != SEVERITY_OFF &&
		    check.rule->conventions & 1u << settings->convention)
			check.rule->check(&check);
	}
	if (findings->count)
		judge(settings, words->name, findings);
	return true;
}
