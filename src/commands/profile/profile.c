// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/absent_heap.h"
#include "cli/heaps.h"
#include "cli/report_options.h"
#include "cli/tree_options.h"
#include "commands/profile/profile_choice.h"
#include "model/devicetree/tree.h"
#include "model/profile/profile_heaps.h"
#include "view/units.h"

struct profile_options {
	struct strings words; /* the action and its file */
	const char *dtb;      /* NULL: the machine */
	struct tree_options tree;
	struct report_options report;
	bool record;
	const char *file; /* "-": standard output or input */
};

static const struct option_row option_rows[] = {
	{.word = "record|verify",
	 LIST_TO(struct profile_options, words),
	 .required = "",
	 .offer = "file",
	 .help = "'dmaheap profile record' writes a profile, 'verify FILE' compares with one"},
	{"dtb", 0, INPUT_TO(struct profile_options, dtb), "FILE",
	 "Compare, or record, what a boot of this device tree makes of it",
	 .needed_by = "overlay kernel page-size cmdline backport memory taken kconfig",
	 .excludes = "sysroot"},
	ROWS_TO(tree_rows, struct profile_options, tree),
	ROWS_TO(report_rows, struct profile_options, report),
	{0},
};

static char *check(void *given, const struct context *context)
{
	struct profile_options *options = given;
	const char *action = options->words.items[0];

	options->record = !strcmp(action, "record");
	if (!options->record && strcmp(action, "verify") != 0)
		return xasprintf("it is 'record' or 'verify', not '%s'", action);
	if (options->words.count > 2)
		return xasprintf("%s takes one file", action);
	options->file = options->words.count > 1 ? options->words.items[1] : "-";
	if (!options->record && options->words.count < 2)
		return xstrdup("verify needs the FILE of a profile, a directory of some, or -");
	if (options->record && (context->json || options->report.format ||
				options->report.threshold != SEVERITY_ERROR))
		return xstrdup("record writes a profile, and nothing else");
	return report_options_check(&options->report, context);
}

static const struct option_table option_table = {
	.usage = "record [FILE]\nverify FILE|DIRECTORY",
	.summary = "Keep what a board's heaps are expected to be, and compare with that.",
	.details =
		"Exit status 3: a heap is lost, or one of its facts is another than the profile "
		"says. Of a directory the profile is taken that is for the machine's compatible.",
	.rows = option_rows,
	.common = COMMON_JSON | COMMON_SYSROOT | COMMON_QUIET | COMMON_VERBOSE | COMMON_COLOR,
	.check = check,
};

static const struct rule board_differs = {
	.id = "board-differs",
	.severity = SEVERITY_ERROR,
	.sentence = "a profile is for the board that the compatible of its tree's root names",
	.instead = "the profile of this board",
};
static const struct rule heap_lost = {
	.id = "heap-lost",
	.severity = SEVERITY_ERROR,
	.sentence = "each heap of the profile is there",
	.instead = "what 'dmaheap map', or of a tree 'dmaheap regions', says of the region",
};
static const struct rule heap_changed = {
	.id = "heap-changed",
	.severity = SEVERITY_ERROR,
	.sentence = "each fact that the profile has of a heap is as it says",
	.instead = "a new profile, where the change was meant",
};
static const struct rule fact_unknown = {
	.id = "fact-unknown",
	.severity = SEVERITY_NOTE,
	.sentence = "what is not known of the machine is not compared",
	.instead = "root, where only that may read it",
};
static const struct rule heap_new = {
	.id = "heap-new",
	.severity = SEVERITY_NOTE,
	.sentence = "a heap that the profile does not have is no failure",
	.instead = "a new profile, where the heap is meant to stay",
};
static const struct rule *const rules[] = {&board_differs, &heap_lost, &heap_changed, &fact_unknown,
					   &heap_new};

/* The values of a key as people write them; the caller frees it. */
static char *words_of(const struct profile_fact *fact, enum profile_key key)
{
	uint64_t number = 0;

	if (!fact->values.count)
		return xstrdup("none");
	if (key == PROFILE_SIZE && !parse_number(fact->values.items[0], &number))
		return units_size(number);
	if (key == PROFILE_BASE && !parse_number(fact->values.items[0], &number))
		return xasprintf("0x%" PRIx64, number);
	return strings_join(&fact->values, ", ");
}

static char *changed_message(const struct difference *difference)
{
	AUTO_FREE char *is = words_of(difference->found, difference->key);
	AUTO_FREE char *expected = words_of(difference->expected, difference->key);

	return xasprintf("%s is %s, not %s", profile_key_name(difference->key), is, expected);
}

/* ABSENCES: what is known of lost heaps, read for the first of them; NULL: a tree is compared. */
static char *lost_message(const struct context *context, const char *name,
			  struct absences **absences)
{
	AUTO_FREE char *reason = NULL;

	if (!absences)
		return xstrdup("a boot of this tree makes no such heap");
	if (!*absences)
		*absences = cmd_absences_read(context->root);
	reason = cmd_why_absent(*absences, name);
	return reason ? xasprintf("there is no such heap: %s", reason)
		      : xstrdup("there is no such heap");
}

static const struct rule *rule_of(const struct difference *difference)
{
	switch (difference->kind) {
	case DIFFERENCE_LOST:
		return &heap_lost;
	case DIFFERENCE_CHANGED:
		return &heap_changed;
	case DIFFERENCE_UNKNOWN:
		return &fact_unknown;
	case DIFFERENCE_NEW:
		break;
	}
	return &heap_new;
}

static void add_finding(const struct context *context, const struct difference *difference,
			struct absences **absences, struct findings *findings)
{
	const struct rule *rule = rule_of(difference);
	char *message = rule == &heap_lost      ? lost_message(context, difference->heap, absences)
			: rule == &heap_changed ? changed_message(difference)
			: rule == &heap_new     ? xstrdup("the profile has no such heap")
						: xasprintf("%s is not known here",
							    profile_key_name(difference->key));

	*array_add(findings) = (struct finding){.rule = rule,
						.severity = rule->severity,
						.detail = rule == &fact_unknown,
						.subject = difference->heap,
						.message = message};
}

/* The findings of one heap, which follow each other. */
static void report_heap(struct report *report, const char *name, const struct findings *findings)
{
	report_subject(report, &(struct report_subject){.name = name,
							.findings = findings->items,
							.count = findings->count});
}

static void report_board(struct report *report, const struct profile *expected,
			 const struct profile *found)
{
	AUTO_FREE char *is = strings_join(&found->compatible, ", ");
	AUTO_FINDINGS struct findings findings = {0};

	if (!expected->compatible.count || profile_is_of(expected, found))
		return;
	*array_add(&findings) = (struct finding){
		.rule = &board_differs,
		.severity = board_differs.severity,
		.subject = expected->compatible.items[0],
		.message = is ? xasprintf("this board is %s", is)
			      : xstrdup("this machine has no device tree that names its board"),
	};
	report_subject(report, &(struct report_subject){.name = expected->compatible.items[0],
							.uncounted = true,
							.findings = findings.items,
							.count = findings.count});
}

/* Each heap of either side with what differs. */
static void report_heaps(const struct context *context, struct report *report,
			 const struct profile *expected, const struct profile *found, bool live)
{
	struct differences differences = {0};
	struct absences *read = NULL, **absences = live ? &read : NULL;
	size_t next = 0;

	profile_compare(expected, found, &differences);
	array_for_each (&expected->heaps, heap) {
		AUTO_FINDINGS struct findings findings = {0};

		for (; next < differences.count &&
		       !strcmp(differences.items[next].heap, heap->name) &&
		       differences.items[next].kind != DIFFERENCE_NEW;
		     next++)
			add_finding(context, &differences.items[next], absences, &findings);
		report_heap(report, heap->name, &findings);
	}
	for (; next < differences.count; next++) {
		AUTO_FINDINGS struct findings findings = {0};

		add_finding(context, &differences.items[next], absences, &findings);
		report_heap(report, differences.items[next].heap, &findings);
	}
	array_free(&differences);
	cmd_absences_free(read);
}

static enum exit_code verify(const struct context *context, const struct profile_options *options,
			     const struct profile *found)
{
	struct report report =
		report_options_report(context, &options->report, "dmaheap profile verify");
	AUTO_PROFILE struct profile expected = {0};
	enum exit_code status = profile_choose(context, options->file, found, &expected);

	if (status != EXIT_DONE)
		return status;
	if (options->dtb)
		profile_keep_tree(&expected);
	report.subjects = "heaps";
	report.next = "if the change was meant, record a new profile";
	report.rules = rules;
	report.rule_count = COUNT_OF(rules);
	report_begin(&report);
	report_board(&report, &expected, found);
	report_heaps(context, &report, &expected, found, !options->dtb);
	report_end(&report);
	if (expected.kernel && found->kernel && strcmp(expected.kernel, found->kernel) != 0)
		cmd_note(context, "the profile is of Linux %s, this is %s", expected.kernel,
			 found->kernel);
	return report.failed ? EXIT_FINDINGS : EXIT_DONE;
}

static enum exit_code record(const struct context *context, const char *file,
			     const struct profile *found)
{
	AUTO_FREE char *text = profile_text(found);

	return cmd_write_file(context, file, text, strlen(text)) ? EXIT_OPERATION : EXIT_DONE;
}

static enum exit_code read_machine(const struct context *context, struct profile *found)
{
	struct inventory inventory = {0};
	enum exit_code status = cmd_read_wanted(context, WANT_OWNERS | WANT_MEMORY, &inventory);

	if (status == EXIT_DONE)
		profile_of_machine(context->root, &inventory, found);
	inventory_free(&inventory);
	return status;
}

static enum exit_code read_tree(const struct context *context, struct profile_options *options,
				struct profile *found)
{
	AUTO_FREE char *problem = NULL;
	AUTO_TREE struct tree *tree = NULL;
	struct kernel_facts facts;
	enum exit_code status = tree_options_read(context, &options->tree);

	if (status != EXIT_DONE)
		return status;
	if (tree_options_load(&options->tree, context->root, options->dtb, &tree, &problem)) {
		cmd_error(context, "%s", problem);
		return EXIT_OPERATION;
	}
	tree_options_facts(&options->tree, context->root, false, NULL, &facts);
	profile_of_tree(tree, &facts, found);
	kernel_facts_free(&facts);
	return EXIT_DONE;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct profile_options options = {.report = {.threshold = SEVERITY_ERROR}};
	AUTO_PROFILE struct profile found = {0};
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	status = options.dtb ? read_tree(context, &options, &found) : read_machine(context, &found);
	if (status == EXIT_DONE)
		status = options.record ? record(context, options.file, &found)
					: verify(context, &options, &found);
	tree_options_free(&options.tree);
	strings_free(&options.words);
	return status;
}

const struct command cmd_profile = {
	.name = "profile",
	.help = "keep what a board's heaps are expected to be, and compare",
	.options = &option_table,
	.run = run,
};
