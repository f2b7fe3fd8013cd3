/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of lint-names, on the command line and in a file. */
#ifndef COMMANDS_LINT_NAMES_LINT_NAMES_OPTIONS_H
#define COMMANDS_LINT_NAMES_LINT_NAMES_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/array.h"
#include "cli/kernel_options.h"
#include "cli/report_options.h"
#include "model/name/lint.h"

struct lint_options {
	struct name_settings settings;
	struct report_options report;
	struct strings arguments; /* names, or trees where dtb is set */
	struct tree_options tree;
	bool dtb;
	size_t configs_of_input; /* --config - */
	bool needs_tree;         /* an option of the command line is about trees */
	bool list_rules;
	const struct rule *explain;
	char *baseline, *save_baseline;
};

/* The parser; its input is a struct lint_options. */
extern const struct argp lint_argp;

void lint_options_init(struct lint_options *options);
void lint_options_free(struct lint_options *options);

#endif
