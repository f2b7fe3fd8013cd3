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
	if (run->options.dtb)
		status = lint_trees(run);
	else
		status = run->options.arguments.count ? lint_arguments(run) : lint_machine(run);
	return lint_end(run, status);
}

/* Says whether options that show rules are alone, where there are some. */
static bool shows_rules_only(const struct context *context, const struct lint_options *options)
{
	if (!options->explain && !options->list_rules)
		return true;
	if (options->explain && (options->list_rules || context->json)) {
		cmd_error(context, "--explain and %s must not be combined",
			  context->json ? "--json" : "--list-rules");
		return false;
	}
	if (options->arguments.count || options->report.format || options->baseline ||
	    options->save_baseline) {
		cmd_error(context,
			  "%s and NAME, --dtb, --format, --baseline or --save-baseline "
			  "must not be combined",
			  options->explain ? "--explain" : "--list-rules");
		return false;
	}
	return true;
}

/* Says whether the common options and the command's go together. */
static bool fits(const struct context *context, const struct lint_options *options)
{
	if (!report_options_fit(context, &options->report))
		return false;
	if (context->columns && !options->list_rules) {
		cmd_error(context, "--output goes with --list-rules only");
		return false;
	}
	if (options->needs_tree && !options->dtb) {
		cmd_error(context,
			  "--overlay, --kernel, --page-size and --cmdline go with --dtb only");
		return false;
	}
	return shows_rules_only(context, options);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct lint_run *run = xcalloc(1, sizeof(*run));
	enum exit_code status = EXIT_USAGE;

	run->context = context;
	lint_options_init(&run->options);
	cmd_parse(context, &lint_argp, argc, argv, &run->options, lint_rule_columns,
		  lint_rule_column_count);
	if (fits(context, &run->options)) {
		status = EXIT_DONE;
		if (run->options.list_rules)
			lint_list_rules(context);
		else if (run->options.explain)
			lint_explain(run->options.explain);
		else
			status = lint(run);
	}
	baseline_free(run->baseline);
	baseline_free(run->to_be_saved);
	lint_options_free(&run->options);
	free(run);
	return status;
}

const struct command cmd_lint_names = {.name = "lint-names",
				       .help = "check the names of heaps against the convention",
				       .run = run};
