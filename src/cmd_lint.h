/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of lint-names. */
#ifndef CMD_LINT_H
#define CMD_LINT_H

#include "cmd.h"
#include "cmd_lint_options.h"
#include "model/name_baseline.h"
#include "model/name_lint.h"
#include "view/report.h"
#include "view/table.h"

enum {
	LINT_MESSAGE_MOST = 1024 /* bytes; a name has 255 at most */
};

struct lint_run {
	const struct context *context;
	struct lint_options options;
	struct report report;
	struct report_rule *rules;
	struct name_scope *scope;                /* of the machine, tree or list at hand */
	struct baseline *baseline, *to_be_saved; /* NULL: not asked for */
	struct name_findings findings;
	struct report_finding shown[FINDINGS_MOST];
	char messages[FINDINGS_MOST][LINT_MESSAGE_MOST];
};

/*
 * Judges and reports one name; it and the evidence have to live as long as run->scope. SOURCE and
 * EVIDENCE may be NULL.
 */
void lint_judge(struct lint_run *run, const char *name, const char *source,
		const struct name_evidence *evidence);

/* cmd_lint_sources.c: judge all that the options name. */
enum exit_code lint_arguments(struct lint_run *run);
enum exit_code lint_machine(struct lint_run *run);
enum exit_code lint_trees(struct lint_run *run);

/* cmd_lint_rules.c */
extern const struct column lint_rule_columns[];
extern const size_t lint_rule_column_count;
enum exit_code lint_list_rules(const struct context *context);
enum exit_code lint_explain(const struct name_rule *rule);

#endif
