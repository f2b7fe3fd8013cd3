/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run of lint-names: its names are checked and reported one by one. */
#ifndef COMMANDS_LINT_NAMES_CHECK_NAMES_H
#define COMMANDS_LINT_NAMES_CHECK_NAMES_H

#include "cli/command.h"
#include "commands/lint_names/lint_names_options.h"
#include "model/name/baseline.h"
#include "model/name/lint.h"
#include "view/report.h"

struct lint_run {
	const struct context *context;
	struct lint_options options;
	struct report report;
	const struct rule *rules[NAME_RULE_COUNT];
	struct name_scope *scope;                /* of the machine, tree or list at hand */
	struct baseline *baseline, *to_be_saved; /* NULL: not asked for */
};

/* Begins the report and reads the baseline. Returns EXIT_DONE, or says why not. */
enum exit_code lint_begin(struct lint_run *run);

/*
 * Checks and reports one name; it and the evidence have to live as long as run->scope. SOURCE, the
 * file that it comes from, and EVIDENCE may be NULL.
 */
void lint_name(struct lint_run *run, const char *name, const char *source,
	       const struct name_evidence *evidence);

/*
 * Ends the report and saves the baseline. STATUS says whether all names could be read. Returns the
 * status of the command.
 */
enum exit_code lint_end(struct lint_run *run, enum exit_code status);

#endif
