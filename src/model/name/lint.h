/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of names under the rules, with what the user set. */
#ifndef MODEL_NAME_LINT_H
#define MODEL_NAME_LINT_H

#include "model/name/rule.h"
#include "model/name/scope.h"

struct name_settings {
	enum convention convention;
	bool strict; /* judge names that nobody can change as any other */
	/* of all findings of a rule, in the order of name_rules; SEVERITY_DEFAULT: as they come */
	int severity[NAME_RULE_COUNT];
	void *allowances; /* names that the user accepts, and of which rules: a tree of tsearch(3)
			   */
};
#define SEVERITY_DEFAULT (-1)

/* The default convention, all rules on. */
void name_settings_init(struct name_settings *settings) __attribute__((nonnull));
void name_settings_free(struct name_settings *settings) __attribute__((nonnull));
#define SETTINGS_SIZE_MAX (1u << 20)
/*
 * Reads the text of a file of settings, one a line, or of standard input where PATH is "-": at most
 * this many bytes (else -EFBIG), with a NUL after its SIZE bytes. Returns 0 or -errno; the caller
 * frees *text.
 */
int name_settings_read(const char *path, char **text, size_t *size)
	__attribute__((nonnull, warn_unused_result));
/* Sets a rule's severity for all its findings; SEVERITY_OFF disables it. */
void name_settings_set_severity(struct name_settings *settings, const struct rule *rule,
				enum severity severity) __attribute__((nonnull));
/* RULE may be NULL: all that judge the name; that it has changed is another thing. Copies NAME. */
void name_settings_allow(struct name_settings *settings, const char *name, const struct rule *rule)
	__attribute__((nonnull(1, 2)));
/* The severity that the settings make of a finding about NAME; SEVERITY_OFF: none. */
enum severity name_settings_severity(const struct name_settings *settings, const char *name,
				     const struct rule *rule, enum severity severity)
	__attribute__((nonnull));

/*
 * Adds to FINDINGS, which is empty, what is wrong with a name that was split. SCOPE remembers it
 * and EVIDENCE (NULL: nothing is known), which have to live as long as the scope; without a scope
 * not-unique stays silent. Returns false, with no findings, where the very same name was there more
 * than once already: it has been said.
 */
bool name_lint(const struct name_settings *settings, struct name_scope *scope,
	       const struct name_words *words, const struct name_evidence *evidence,
	       struct findings *findings) __attribute__((nonnull(1, 3, 5)));

#endif
