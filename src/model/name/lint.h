/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of names under the rules, with what the user set. */
#ifndef MODEL_NAME_LINT_H
#define MODEL_NAME_LINT_H

#include "base/array.h"
#include "model/name/rule.h"
#include "model/name/scope.h"

/* A name that the user accepts; of one rule, or of all where rule is NULL. */
struct name_allowance {
	char *name;
	const struct name_rule *rule;
};

struct name_settings {
	enum convention convention;
	/* by index in name_rules; SEVERITY_DEFAULT: as the finding says */
	int severity[NAME_RULES_MOST];
	uint32_t looks_for; /* of all rules together */
	struct {
		ARRAY_OF(struct name_allowance);
	} allowances;
};
#define SEVERITY_DEFAULT (-1)

/* The default convention, all rules on. */
void name_settings_init(struct name_settings *settings) __attribute__((nonnull));
void name_settings_free(struct name_settings *settings) __attribute__((nonnull));
/* Sets a rule's severity for all its findings; SEVERITY_OFF disables it. */
void name_settings_severity(struct name_settings *settings, const struct name_rule *rule,
			    enum severity severity) __attribute__((nonnull));
/* RULE may be NULL: all. Copies NAME. */
void name_settings_allow(struct name_settings *settings, const char *name,
			 const struct name_rule *rule) __attribute__((nonnull(1, 2)));
/* The severity that the settings make of a finding of NAME; SEVERITY_OFF: none. */
enum severity name_settings_judge(const struct name_settings *settings, const char *name,
				  const struct name_rule *rule, enum severity severity)
	__attribute__((nonnull));

/*
 * Judges a name that was split. SCOPE remembers it and EVIDENCE (NULL: nothing is known), which
 * have to live as long as the scope; without a scope not-unique stays silent. Returns false, with
 * no findings, where the very same name was there more than once already: it has been said. No
 * memory is allocated but the scope's.
 */
bool name_lint(const struct name_settings *settings, struct name_scope *scope,
	       const struct name_words *words, const struct name_evidence *evidence,
	       struct name_findings *findings) __attribute__((nonnull(1, 3, 5)));

/*
 * A better name, made of the WORDS of one and what the evidence says, or NULL where none can be
 * derived: it has no errors and fewer warnings than the FINDINGS of the first. The caller frees it.
 */
char *name_better(const struct name_settings *settings, const struct name_words *words,
		  const struct name_evidence *evidence, const struct name_findings *findings)
	__attribute__((nonnull(1, 2, 4)));

#endif
