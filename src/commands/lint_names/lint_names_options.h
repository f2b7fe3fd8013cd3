/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of lint-names, on the command line and in a file. */
#ifndef COMMANDS_LINT_NAMES_LINT_NAMES_OPTIONS_H
#define COMMANDS_LINT_NAMES_LINT_NAMES_OPTIONS_H

#include "cli/report_options.h"
#include "cli/source_options.h"
#include "cli/tree_options.h"
#include "model/name/lint.h"

struct lint_options {
	struct context *context;
	struct name_settings settings;
	struct report_options report;
	struct strings names, trees; /* one of the two is empty */
	struct tree_options tree;
	struct source_options source;
	struct strings rules;      /* files of options … */
	struct strings rule_texts; /* … and what is in them, to which other fields point */
	struct strings measured;   /* files of bench and import */
	bool list_rules;
	const struct rule *explain;
	const char *baseline, *save_baseline;
	const char *relative_to; /* NULL: what the trees have in common */
};

extern const struct option_table lint_options;

void lint_options_init(struct lint_options *options, struct context *context);
void lint_options_free(struct lint_options *options);

#endif
