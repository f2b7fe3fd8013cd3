/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of lint-names. */
#ifndef COMMANDS_LINT_NAMES_JUDGE_H
#define COMMANDS_LINT_NAMES_JUDGE_H

#include "cli/command.h"
#include "commands/lint_names/lint_names_options.h"
#include "model/name/baseline.h"
#include "model/name/lint.h"
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
void lint_judge(struct lint_run *run, const struct name_words *words, const char *source,
		const struct name_evidence *evidence);

/* The same for a name that the scope knows and that has no findings. */
void lint_good(struct lint_run *run, const char *name);

/* cmd_lint_lines.c: names from standard input, one a line. All zero: none. */
struct lint_lines {
	char *data;
	size_t size, allocated;
	struct strings escaped; /* names that had to be written anew */
};

/* Reads standard input to its end, 1 GiB at most. Returns EXIT_DONE, or says why not. */
enum exit_code lint_lines_read(struct lint_lines *lines, const struct context *context);
/* About how many lines there are: as in the beginning, so on. */
size_t lint_lines_count(const struct lint_lines *lines);
/* Judges and reports them, the first time that it is asked to. */
void lint_lines_judge(struct lint_lines *lines, struct lint_run *run);
void lint_lines_free(struct lint_lines *lines);

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
