// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/finding_text.h"
#include "commands/regions/picture.h"
#include "commands/regions/regions_columns.h"
#include "commands/regions/regions_options.h"
#include "model/devicetree/tree.h"
#include "view/progress.h"

struct summary {
	size_t trees, failed, regions, heaps;
	size_t findings[SEVERITY_ERROR + 1];
};

struct work {
	const struct context *context;
	const struct regions_options *options;
	struct summary summary;
	struct json_object *tree_findings; /* of all trees; NULL without --json */
	struct progress progress;
	enum exit_code status;
};

/* Reads the tree of FILE, the machine's where it is NULL, with the overlays applied. */
static bool load(struct work *work, const char *file, struct tree **tree)
{
	AUTO_FREE char *problem = NULL;
	int error =
		tree_options_load(&work->options->tree, work->context->root, file, tree, &problem);

	if (!error)
		return true;
	progress_wipe(&work->progress);
	cmd_error(work->context, "%s", problem);
	work->summary.failed++;
	work->status = file ? EXIT_OPERATION : cmd_status(error);
	return false;
}

static void print_properties(const struct region *region)
{
	AUTO_FREE char *node = text_escape(region->name);

	array_for_each (&region->unknown, property) {
		AUTO_FREE char *raw = regions_property_text(property);
		AUTO_FREE char *value = text_escape(raw);
		AUTO_FREE char *name = text_escape(property->name);

		printf("%s: %s%s%s\n", node, name, *value ? " = " : "", value);
	}
}

static void print_finding(const struct work *work, const struct finding *finding)
{
	const struct rule *rule = finding->rule;

	region_print_finding(work->context, rule->severity,
			     finding->region ? finding->region->name : finding->path,
			     finding->message, rule->id);
	if (work->context->verbosity > 0)
		printf("  kernel: %s\n  write:  %s\n", rule->rule, rule->instead);
}

static void print_text(const struct work *work, const struct table *table,
		       const struct judged *judged)
{
	bool several = work->options->files.count > 1;

	if (several && (judged->regions.count || judged->findings.count)) {
		AUTO_FREE char *file = text_escape(judged->file);

		printf("%s:\n", file);
	}
	if (work->options->draw)
		regions_draw(work->context, judged);
	else
		table_print(table, "regions");
	if (work->context->verbosity > 0) {
		array_for_each (&judged->regions, region)
			print_properties(region);
	}
	if (work->context->columns || work->context->raw || work->context->noheadings)
		return; /* who chooses columns wants them alone; FINDINGS is one of them */
	array_for_each (&judged->findings, finding) {
		if (finding->rule->severity > SEVERITY_NOTE || work->context->verbosity >= 0)
			print_finding(work, finding);
	}
	if (several && (judged->regions.count || judged->findings.count))
		putchar('\n');
}

static void print_json(struct work *work, const struct table *table, const struct judged *judged)
{
	struct json_object *rows = table_json(table);
	size_t count = json_object_array_length(rows);

	for (size_t i = 0; i < count; i++)
		json_item(json_object_get(json_object_array_get_idx(rows, i)));
	json_object_put(rows);
	array_for_each (&judged->findings, finding) {
		if (!finding->region)
			value_append(work->tree_findings, regions_finding(judged, finding));
	}
}

static void count(struct work *work, const struct judged *judged)
{
	struct summary *summary = &work->summary;

	summary->trees++;
	summary->regions += judged->regions.count;
	array_for_each (&judged->fates, fate)
		summary->heaps += fate->kind == FATE_HEAP ? fate->heaps.count : 0;
	summary->heaps += judged->fates.other.heaps.count;
	array_for_each (&judged->findings, finding) {
		summary->findings[finding->rule->severity]++;
		if ((int)finding->rule->severity >= work->options->fail_on &&
		    work->status == EXIT_DONE)
			work->status = EXIT_FINDINGS;
	}
}

static void judge(struct work *work, struct judged *judged, bool live)
{
	regions_read(judged->tree, &judged->regions);
	regions_options_facts(work->context, work->options, live, judged->regions.bootargs,
			      &judged->facts);
	fates_decide(&judged->regions, &judged->facts, &judged->fates);
	findings_collect(&judged->regions, &judged->fates, &judged->facts, &judged->findings);
}

static void judged_release(struct judged *judged)
{
	findings_release(&judged->findings);
	fates_free(&judged->fates);
	kernel_facts_free(&judged->facts);
	regions_free(&judged->regions);
	tree_free(judged->tree);
}

/* One tree, from its file to its rows. */
static void work_on(struct work *work, const char *file)
{
	struct judged judged = {0};
	AUTO_TABLE struct table *table = NULL;

	if (!load(work, file, &judged.tree))
		return;
	judged.file = tree_origin(judged.tree);
	judge(work, &judged, !file);
	if (judged.regions.is_overlay)
		cmd_note(work->context,
			 "%s is an overlay: give it with --overlay and its base as "
			 "FILE",
			 judged.file);
	count(work, &judged);
	table = cmd_table(work->context, regions_columns, REGIONS_COLUMN_COUNT);
	regions_rows(table, &judged, work->options->all);
	progress_wipe(&work->progress);
	if (work->context->json)
		print_json(work, table, &judged);
	else if (!work->options->svg || strcmp(work->options->svg, "-") != 0)
		print_text(work, table, &judged);
	if (work->options->svg && regions_svg(work->context, &judged, work->options->svg))
		work->status = EXIT_OPERATION;
	judged_release(&judged);
}

static struct json_object *summary_value(const struct summary *summary)
{
	struct json_object *map = value_map();

	value_set(map, "trees", value_number(summary->trees));
	value_set(map, "failed", value_number(summary->failed));
	value_set(map, "regions", value_number(summary->regions));
	value_set(map, "heaps", value_number(summary->heaps));
	value_set(map, "errors", value_number(summary->findings[SEVERITY_ERROR]));
	value_set(map, "warnings", value_number(summary->findings[SEVERITY_WARNING]));
	value_set(map, "notes", value_number(summary->findings[SEVERITY_NOTE]));
	return map;
}

static void conclude(struct work *work)
{
	const struct summary *summary = &work->summary;
	struct json_object *rest;

	progress_wipe(&work->progress);
	if (work->context->json) {
		rest = value_map();
		value_set(rest, "findings", work->tree_findings);
		value_set(rest, "summary", summary_value(summary));
		json_end(rest);
	} else if (work->options->files.count > 1 && !work->context->raw &&
		   !work->context->noheadings) {
		printf("%zu trees, %zu failed; %zu regions, %zu heaps; %zu errors, %zu warnings, "
		       "%zu notes\n",
		       summary->trees, summary->failed, summary->regions, summary->heaps,
		       summary->findings[SEVERITY_ERROR], summary->findings[SEVERITY_WARNING],
		       summary->findings[SEVERITY_NOTE]);
	}
}

static void work_on_all(struct work *work)
{
	const struct strings *files = &work->options->files;

	progress_begin(&work->progress, files->count, PROGRESS_STEPS,
		       files->count > 1 && work->context->verbosity >= 0);
	if (work->context->json) {
		work->tree_findings = value_array();
		json_begin("regions");
	}
	if (!files->count)
		work_on(work, NULL);
	for (size_t i = 0; i < files->count; i++) {
		progress_step(&work->progress, i, files->items[i]);
		work_on(work, files->items[i]);
	}
	conclude(work);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct regions_options options = {.fail_on = SEVERITY_ERROR};
	struct work work = {.context = context, .options = &options, .status = EXIT_DONE};

	cmd_parse(context, &regions_argp, argc, argv, &options, regions_columns,
		  REGIONS_COLUMN_COUNT);
	table_free(cmd_table(context, regions_columns, REGIONS_COLUMN_COUNT)); /* checks --output */

	if (options.svg && !strcmp(options.svg, "-") && (context->json || options.draw)) {
		cmd_error(context,
			  "--svg - and %s exclude each other: both write to standard output",
			  context->json ? "--json" : "--draw");
		work.status = EXIT_USAGE;
	} else {
		work.status = regions_options_read(context, &options);
	}
	if (work.status == EXIT_DONE)
		work_on_all(&work);

	regions_options_release(&options);
	return work.status;
}

const struct command cmd_regions = {
	.name = "regions", .help = "tell what becomes of a device tree's regions", .run = run};
