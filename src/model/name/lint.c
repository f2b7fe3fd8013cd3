// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/lint.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sys/file.h"

void name_settings_init(struct name_settings *settings)
{
	*settings = (struct name_settings){.convention = CONVENTION_LINUX};
	for (size_t i = 0; i < COUNT_OF(settings->severity); i++)
		settings->severity[i] = SEVERITY_DEFAULT;
}

/* A name that the user accepts. */
struct allowance {
	uint32_t rules; /* 1 << the index of each */
	char name[];
};

static int by_name(const void *a, const void *b)
{
	const struct allowance *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static int name_with(const void *name, const void *allowance)
{
	return strcmp(name, ((const struct allowance *)allowance)->name);
}

void name_settings_free(struct name_settings *settings)
{
	tdestroy(settings->allowances, free);
	settings->allowances = NULL;
}

int name_settings_read(const char *path, char **text, size_t *size)
{
	return file_read(path, SETTINGS_SIZE_MAX, text, size);
}

/* The index of a rule in the settings. */
static size_t index_of(const struct rule *rule)
{
	size_t i = 0;

	while (&name_rules[i]->rule != rule)
		i++;
	return i;
}

void name_settings_set_severity(struct name_settings *settings, const struct rule *rule,
				enum severity severity)
{
	settings->severity[index_of(rule)] = (int)severity;
}

void name_settings_allow(struct name_settings *settings, const char *name, const struct rule *rule)
{
	size_t size = strlen(name) + 1;
	struct allowance *new = xcalloc(1, sizeof(*new) + size), *allowance;

	memcpy(new->name, name, size);
	allowance = *(struct allowance **)must_have(tsearch(new, &settings->allowances, by_name));
	if (allowance != new)
		free(new);
	allowance->rules |= rule ? 1u << index_of(rule) : ~(1u << index_of(&rule_baseline.rule));
}

enum severity name_settings_severity(const struct name_settings *settings, const char *name,
				     const struct rule *rule, enum severity severity)
{
	size_t index = index_of(rule);
	int wanted = settings->severity[index];
	struct allowance *const *allowance = tfind(name, &settings->allowances, name_with);

	if (allowance && (*allowance)->rules & 1u << index)
		return SEVERITY_OFF;
	return wanted == SEVERITY_DEFAULT ? severity : (enum severity)wanted;
}

/* Drops what the user does not want to know and sets the severities. */
static void apply(const struct name_settings *settings, struct findings *findings)
{
	struct findings all = *findings;

	*findings = (struct findings){0};
	array_for_each (&all, finding) {
		finding->severity = name_settings_severity(settings, finding->subject,
							   finding->rule, finding->severity);
		/* who sets a severity asks for it */
		finding->detail &= settings->severity[index_of(finding->rule)] == SEVERITY_DEFAULT;
		if (finding->severity != SEVERITY_OFF)
			*array_add(findings) = *finding;
		else
			free(finding->message);
	}
	array_free(&all);
}

bool name_lint(const struct name_settings *settings, struct name_scope *scope,
	       const struct name_words *words, const struct name_evidence *evidence,
	       struct findings *findings)
{
	static const struct name_evidence nothing;
	struct name_check check = {.words = words,
				   .evidence = evidence ? evidence : &nothing,
				   .convention = settings->convention,
				   .strict = settings->strict,
				   .findings = findings};
	bool fixed = !settings->strict && name_is_fixed(words, check.evidence);

	if (scope && !name_scope_add(scope, words, evidence, &check.same, &check.same_memory))
		return false;
	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		const struct name_rule *rule = name_rules[i];

		check.rule = &rule->rule;
		if (!rule->check || settings->severity[i] == SEVERITY_OFF ||
		    !(rule->conventions & 1u << settings->convention))
			continue;
		if (!fixed || rule == &rule_fixed_name || rule == &rule_vendor_name ||
		    rule == &rule_not_unique)
			rule->check(&check);
	}
	apply(settings, findings);
	return true;
}
