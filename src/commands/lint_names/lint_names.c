// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "base/xalloc.h"
#include "commands/lint_names/list_rules.h"
#include "commands/lint_names/sources.h"

static enum exit_code lint(struct lint_run *run)
{
	enum exit_code status = lint_begin(run);

	if (status != EXIT_DONE)
		return lint_end(run, status);
	if (run->options.trees.count)
		status = lint_trees(run);
	else
		status = run->options.names.count ? lint_arguments(run) : lint_machine(run);
	return lint_end(run, status);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct lint_run *run = xcalloc(1, sizeof(*run));
	enum exit_code status = EXIT_DONE;

	run->context = context;
	lint_options_init(&run->options, context);
	cmd_parse(context, &lint_options, argc, argv, &run->options);
	if (run->options.list_rules)
		lint_list_rules(context);
	else if (run->options.explain)
		lint_explain(run->options.explain);
	else
		status = lint(run);
	baseline_free(run->baseline);
	baseline_free(run->to_be_saved);
	lint_options_free(&run->options);
	free(run);
	return status;
}

const struct command cmd_lint_names = {
	.name = "lint-names",
	.help = "check the names of heaps against the convention",
	.options = &lint_options,
	.run = run,
};
