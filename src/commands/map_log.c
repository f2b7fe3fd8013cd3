// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/map_log.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/log_explain.h"
#include "model/devicetree/tree.h"
#include "view/finding_text.h"
#include "view/json.h"
#include "view/table.h"

enum {
	COLUMN_LINE,
	COLUMN_LEVEL,
	COLUMN_REGION,
	COLUMN_MEANING,
	COLUMN_BASE,
	COLUMN_BYTES,
	COLUMN_COUNT,
	COLUMN_NODE,
	COLUMN_TEXT,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
	[COLUMN_LINE] = {"LINE", "number of the line in the log", COLUMN_DEFAULT | COLUMN_RIGHT,
			 NULL},
	[COLUMN_LEVEL] = {"LEVEL", "ok, note, warning or error", COLUMN_DEFAULT, NULL},
	[COLUMN_REGION] = {"REGION", "region or CMA area that the line is about", COLUMN_DEFAULT,
			   NULL},
	[COLUMN_MEANING] = {"MEANING", "what the line says", COLUMN_DEFAULT | COLUMN_WRAP, NULL},
	[COLUMN_BASE] = {"BASE", "first address that the line says", COLUMN_RIGHT, NULL},
	[COLUMN_BYTES] = {"SIZE", "size that the line says", COLUMN_SIZE, NULL},
	[COLUMN_COUNT] = {"COUNT", "how often the line is there, one after the other", COLUMN_RIGHT,
			  NULL},
	[COLUMN_NODE] = {"NODE", "node of the device tree", 0, NULL},
	[COLUMN_TEXT] = {"TEXT", "the line", 0, NULL},
};

/* A log on its way to its explanation. */
struct reading {
	struct context *context;
	const char *file;
	struct boot_log log;
	struct tree *tree; /* or NULL */
	struct regions regions;
	struct log_accounts accounts;
};

static const char *level_name(enum severity level)
{
	return level == SEVERITY_OFF ? "ok" : severity_name(level);
}

static void set_rows(struct table *table, const struct log_accounts *accounts)
{
	array_for_each (accounts, account) {
		AUTO_FREE char *node = account->node ? region_path(account->node) : NULL;

		table_row(table);
		table_set(table, COLUMN_LINE, value_number(account->entry->line));
		table_set(table, COLUMN_LEVEL, value_text(level_name(account->level)));
		table_set(table, COLUMN_REGION, value_text(account->region));
		table_set(table, COLUMN_MEANING, value_text(account->meaning));
		table_set(table, COLUMN_BASE,
			  account->base.known ? value_address(account->base.value) : NULL);
		table_set(table, COLUMN_BYTES, value_maybe(account->size));
		table_set(table, COLUMN_COUNT, value_number(account->entry->count));
		table_set(table, COLUMN_NODE, value_text(node));
		table_set(table, COLUMN_TEXT, value_text(account->entry->text));
	}
}

static void write_boots(const struct boot_log *log)
{
	json_list("boots", JSON_LINES);
	array_for_each (&log->boots, boot) {
		struct value *map = value_map();

		value_set(map, "line", boot->line ? value_number(boot->line) : NULL);
		value_set(map, "kernel", value_text(boot->release));
		value_set(map, "machine", value_text(boot->machine));
		value_set(map, "cmdline", value_text(boot->cmdline));
		value_set(map, "cma_bytes", value_maybe(boot->cma_bytes));
		json_item(map);
	}
	json_list_end();
}

static void write_findings(const struct findings *findings)
{
	json_list("findings", JSON_LINES);
	array_for_each (findings, finding) {
		struct value *map = value_map();

		value_set(map, "id", value_text(finding->rule->id));
		value_set(map, "severity", value_text(severity_name(finding->severity)));
		value_set(map, "region", value_text(finding->subject));
		value_set(map, "line", value_number(finding->where.line));
		value_set(map, "message", value_text(finding->message));
		json_item(map);
	}
	json_list_end();
}

static void render_table(const struct reading *reading, const struct report_format *format)
{
	const struct context *context = reading->context;
	AUTO_TABLE struct table *table = cmd_table(context, columns, COLUMNS);

	if (format == &report_json) {
		json_begin();
		json_list("log", JSON_LINES);
		table_stream(table);
		set_rows(table, &reading->accounts);
		table_flush(table);
		json_list_end();
		write_boots(&reading->log);
		write_findings(&reading->accounts.findings);
		json_end();
		return;
	}
	set_rows(table, &reading->accounts);
	table_print(table, "log");
	if (!context->raw && !context->noheadings)
		findings_write(stdout, reading->accounts.findings.items,
			       reading->accounts.findings.count, context->color,
			       context->verbosity);
}

/* Each finding is of a line; its subject is the region. */
static void render_report(const struct reading *reading, const struct report_options *options)
{
	struct report report =
		report_options_report(reading->context, options, "dmaheap map --log");

	report.subjects = "lines";
	report.rules = log_rules;
	report.rule_count = log_rule_count;
	report_begin(&report);
	array_for_each (&reading->accounts.findings, finding)
		report_subject(&report, &(struct report_subject){.name = finding->subject,
								 .source = reading->file,
								 .findings = finding,
								 .count = 1});
	report_end(&report);
}

/* What the log lacks, so that nobody takes silence for health. */
static void note_gaps(const struct reading *reading)
{
	const struct boot_log *log = &reading->log;

	if (!log->boots.items[0].line)
		cmd_note(reading->context,
			 "%s does not begin with the boot ('Linux version'): what the kernel said "
			 "before is missing; 'journalctl -k -b' may have it",
			 reading->file);
	else if (!log->entries.count)
		cmd_note(reading->context, "%s has no line about reserved memory or CMA",
			 reading->file);
	if (log->left_out)
		cmd_note(reading->context,
			 "%llu more lines of %s are not explained: only the first %d, of at most "
			 "%d boots, are",
			 (unsigned long long)log->left_out, reading->file, LOG_ENTRIES_MAX,
			 LOG_BOOTS_MAX);
}

static enum exit_code load(struct reading *reading, const char *tree)
{
	const char *reason = NULL;
	int error = boot_log_load(reading->file, &reading->log);

	if (error) {
		cmd_error(reading->context, "%s: %s", reading->file, error_words(error));
		return EXIT_OPERATION;
	}
	error = tree ? tree_load_file(tree, &reading->tree, &reason) : 0;
	if (error) {
		cmd_error(reading->context, "%s: %s", tree, reason ? reason : error_words(error));
		return EXIT_OPERATION;
	}
	if (tree)
		regions_read(reading->tree, &reading->regions);
	return EXIT_DONE;
}

enum exit_code map_log(struct context *context, const char *file, const char *tree,
		       const struct report_options *options)
{
	const struct report_format *format = report_options_format(context, options);
	struct reading reading = {.context = context, .file = file};
	enum exit_code status = load(&reading, tree);

	if (status == EXIT_DONE) {
		log_explain(&reading.log, file, tree ? &reading.regions : NULL, tree,
			    &reading.accounts);
		if (format == &report_text || format == &report_json)
			render_table(&reading, format);
		else
			render_report(&reading, options);
		note_gaps(&reading);
		array_for_each (&reading.accounts.findings, finding) {
			if (finding->severity >= options->threshold)
				status = EXIT_FINDINGS;
		}
	}
	log_accounts_free(&reading.accounts);
	regions_free(&reading.regions);
	tree_free(reading.tree);
	boot_log_free(&reading.log);
	return status;
}
