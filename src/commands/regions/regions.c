// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/report_options.h"
#include "cli/source_options.h"
#include "cli/tree_options.h"
#include "commands/regions/picture.h"
#include "commands/regions/regions_columns.h"
#include "model/boot/decide.h"
#include "model/devicetree/tree.h"
#include "view/finding_groups.h"
#include "view/finding_text.h"
#include "view/json.h"
#include "view/progress.h"

struct regions_options {
	struct strings files;
	struct tree_options tree;
	const char *svg;
	bool all, draw;
	struct report_options report;
	struct source_options source;
};

static const struct option_row option_rows[] = {
	ROWS_TO(tree_rows, struct regions_options, tree),
	{"all", 'a', FLAG_TO(struct regions_options, all), .group = "Results",
	 .help = "Also show banks of RAM, /memreserve/ and the CMA area of cma= or the "
		 "configuration"},
	{"draw", 'd', FLAG_TO(struct regions_options, draw),
	 .help = "Draw the memory map in the terminal", .excludes = "json output raw bytes all"},
	{"svg", 0, TEXT_TO(struct regions_options, svg), "FILE",
	 "Write the memory map of one tree as SVG ('-': stdout)", .offer = "file"},
	ROWS_TO(report_rows, struct regions_options, report),
	ROWS_TO(source_rows, struct regions_options, source),
	{.word = "FILE",
	 INPUTS_TO(struct regions_options, files),
	 .help = "A device tree (.dtb)",
	 .excludes = "sysroot",
	 .needed_by = "source source-map"},
	{0},
};

/* The picture alone goes to standard output. */
static bool is_alone(const struct regions_options *options)
{
	return options->svg && !strcmp(options->svg, "-");
}

/* A picture, or a report of findings alone, leaves no table that options could change. */
static char *check(void *given, const struct context *context)
{
	struct regions_options *options = given;
	const struct report_format *format = report_options_format(context, &options->report);
	bool alone = is_alone(options);
	const char *other = options->draw                            ? "--draw"
			    : options->all && format != &report_json ? "--all"
								     : NULL;

	if (options->svg && options->files.count > 1)
		return xstrdup("--svg needs one tree, not several");
	if (alone && options->report.format)
		return xstrdup("--svg - and --format must not be combined");
	if (alone && !other)
		other = context->json ? "--json" : table_option(context);
	if (alone && other)
		return xasprintf("--svg - and %s must not be combined", other);
	if (options->report.format && format != &report_text && other)
		return xasprintf("--format %s and %s must not be combined", format->name, other);
	return report_options_check(&options->report, context);
}

static const struct option_table option_table = {
	.usage = "[FILE...]",
	.summary = "Show which region of a device tree becomes which heap under which kernel, or "
		   "why none.",
	.details = "Without FILE the machine's own tree is read (/sys/firmware/fdt, else "
		   "/proc/device-tree); FILE is a .dtb, '-' is standard input. Exit status 3: "
		   "there are findings as severe as --fail-on says.",
	.rows = option_rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_SYSROOT | COMMON_QUIET | COMMON_VERBOSE |
		  COMMON_COLOR,
	.columns = regions_columns,
	.column_count = REGIONS_COLUMN_COUNT,
	.check = check,
};

struct summary {
	size_t trees, failed, regions, heaps, hidden;
	size_t findings[SEVERITY_ERROR + 1];
};

struct work {
	const struct context *context;
	struct regions_options *options;
	struct summary summary;
	const struct report_format *format;
	struct report report; /* for formats other than text and JSON */
	struct {
		FILE *stream;
		char *text;
		size_t size;
		bool any;
	} tree_findings;               /* of all trees, in JSON, where they follow the regions */
	struct finding_groups *groups; /* of the text about several trees, at its end */
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
	AUTO_FREE char *node = text_show(region->name);

	array_for_each (&region->unknown, property) {
		AUTO_FREE char *raw = regions_property_text(property);
		AUTO_FREE char *value = text_show(raw);
		AUTO_FREE char *name = text_show(property->name);

		printf("%s: %s%s%s\n", node, name, *value ? " = " : "", value);
	}
}

static void print_findings(const struct work *work, const struct tree_report *report,
			   const struct findings *findings)
{
	if (work->groups) {
		array_for_each (findings, finding)
			finding_groups_add(work->groups, report->file, finding);
		return;
	}
	findings_write(stdout, findings->items, findings->count, work->context->color,
		       work->context->verbosity);
}

/* Who chooses columns wants them alone; FINDINGS is one of them. */
static bool wants_findings(const struct context *context)
{
	return !context->columns && !context->raw && !context->noheadings;
}

static void print_text(const struct work *work, struct table *table,
		       const struct tree_report *report)
{
	bool several = work->options->files.count > 1 &&
		       (report->regions.count || report->findings.tree.count);

	if (several) {
		AUTO_FREE char *file = text_show(report->file);

		printf("%s:\n", file);
	}
	if (work->options->draw)
		regions_draw(work->context, report);
	else
		table_print(table, "regions");
	if (work->context->verbosity > 0) {
		array_for_each (&report->regions, region)
			print_properties(region);
	}
	if (!wants_findings(work->context))
		return;
	for (size_t i = 0; i < report->findings.region_count; i++)
		print_findings(work, report, &report->findings.regions[i]);
	print_findings(work, report, &report->findings.tree);
	if (several)
		putchar('\n');
}

/* The regions are written already. */
static void keep_findings(struct work *work, const struct tree_report *report)
{
	array_for_each (&report->findings.tree, finding) {
		fputs(work->tree_findings.any ? ", " : " ", work->tree_findings.stream);
		work->tree_findings.any = true;
		json_write(work->tree_findings.stream, regions_finding_value(finding, true));
	}
}

static void report_findings(struct work *work, const struct tree_report *report, const char *name,
			    const struct finding *findings, size_t count)
{
	report_subject(&work->report, &(struct report_subject){.name = name,
							       .source = report->file,
							       .findings = findings,
							       .count = count});
}

/* Each region is a subject, and each other node that has findings. */
static void report_tree(struct work *work, const struct tree_report *report)
{
	const struct findings *others = &report->findings.tree;
	size_t end;

	array_for_each (&report->regions, region) {
		const struct findings *findings =
			&report->findings.regions[region - report->regions.items];

		report_findings(work, report, region->name, findings->items, findings->count);
	}
	for (size_t start = 0; start < others->count; start = end) {
		const char *name = others->items[start].subject;

		for (end = start + 1; end < others->count; end++) {
			if (strcmp(others->items[end].subject, name) != 0)
				break;
		}
		report_findings(work, report, name, &others->items[start], end - start);
	}
}

/* Counts a tree's findings. */
static void count_findings(struct work *work, const struct findings *findings)
{
	array_for_each (findings, finding) {
		work->summary.findings[finding->severity]++;
		if (finding->severity >= work->options->report.threshold &&
		    work->status == EXIT_DONE)
			work->status = EXIT_FINDINGS;
	}
}

/* What is open has names of heaps as well. */
static size_t heap_count(const struct fate *fate)
{
	return fate->kind == FATE_HEAP ? fate->heaps.count : 0;
}

static void count(struct work *work, const struct tree_report *report)
{
	struct summary *summary = &work->summary;

	summary->trees++;
	summary->regions += report->regions.count;
	array_for_each (&report->fates, fate)
		summary->heaps += heap_count(fate);
	summary->heaps += heap_count(&report->fates.other);
	for (size_t i = 0; i < report->findings.region_count; i++)
		count_findings(work, &report->findings.regions[i]);
	count_findings(work, &report->findings.tree);
}

/* Drops what only -v shows, and counts it. */
static void drop_details(struct work *work, const struct tree_report *report)
{
	for (size_t i = 0; i < report->findings.region_count; i++) {
		struct findings *findings = &report->findings.regions[i], all = *findings;

		*findings = (struct findings){0};
		array_for_each (&all, finding) {
			if (!finding->detail) {
				*array_add(findings) = *finding;
				continue;
			}
			work->summary.hidden++;
			free(finding->message);
			free(finding->where.node);
		}
		array_free(&all);
	}
}

/* Finds the lines of the findings in the source of the tree. */
static void place_findings(const struct work *work, const struct tree_report *report)
{
	const struct tree_findings *findings = &report->findings;

	for (size_t i = 0; i < findings->region_count; i++)
		source_options_place(&work->options->source, report->file, report->tree,
				     &findings->regions[i]);
	source_options_place(&work->options->source, report->file, report->tree, &findings->tree);
}

static void analyse(struct work *work, struct tree_report *report, bool live)
{
	regions_read(report->tree, &report->regions);
	tree_options_facts(&work->options->tree, work->context->root, live,
			   report->regions.bootargs, &report->facts);
	ram_settle(&report->regions, &report->facts);
	fates_decide(&report->regions, &report->facts, &report->fates);
	tree_findings_collect(report->file, &report->regions, &report->fates, &report->facts,
			      work->options->tree.kconfig != NULL, &report->findings);
	if (work->context->verbosity < 1)
		drop_details(work, report);
	place_findings(work, report);
}

static void tree_report_free(struct tree_report *report)
{
	tree_findings_free(&report->findings);
	fates_free(&report->fates);
	kernel_facts_free(&report->facts);
	regions_free(&report->regions);
	tree_free(report->tree);
}

/* Says why a table is empty; of many trees that would be many lines. */
static void note_empty(const struct work *work, const struct tree_report *report)
{
	const struct regions *regions = &report->regions;

	if (regions->count || regions->is_overlay ||
	    (work->options->files.count > 1 && work->context->verbosity < 1))
		return;
	if (regions->present)
		cmd_note(work->context, "/reserved-memory of %s has no regions", report->file);
	else
		cmd_note(work->context, "%s has no /reserved-memory", report->file);
}

static void print_table(struct work *work, const struct tree_report *report)
{
	AUTO_TABLE struct table *table =
		cmd_table(work->context, regions_columns, REGIONS_COLUMN_COUNT);

	if (work->format == &report_json) {
		table_stream(table);
		regions_rows(table, report, work->options->all);
		table_flush(table);
		keep_findings(work, report);
		return;
	}
	regions_rows(table, report, work->options->all);
	print_text(work, table, report);
	if (work->format == &report_text && !work->options->draw)
		note_empty(work, report);
}

/* One tree, from its file to its rows. */
static void work_on(struct work *work, const char *file)
{
	const char *svg = work->options->svg;
	struct tree_report report = {0};

	if (!load(work, file, &report.tree))
		return;
	report.file = tree_origin(report.tree);
	analyse(work, &report, !file);
	if (report.regions.is_overlay)
		cmd_note(work->context,
			 "%s is an overlay: give it with --overlay and its base as "
			 "FILE",
			 report.file);
	count(work, &report);
	progress_wipe(&work->progress);
	if (work->report.format)
		report_tree(work, &report);
	else if (!is_alone(work->options))
		print_table(work, &report);
	if (svg && regions_svg(work->context, &report, svg))
		work->status = EXIT_OPERATION;
	tree_report_free(&report);
}

static struct value *summary_value(const struct summary *summary)
{
	struct value *map = value_map();

	value_set(map, "trees", value_number(summary->trees));
	value_set(map, "failed", value_number(summary->failed));
	value_set(map, "regions", value_number(summary->regions));
	value_set(map, "heaps", value_number(summary->heaps));
	value_set(map, "errors", value_number(summary->findings[SEVERITY_ERROR]));
	value_set(map, "warnings", value_number(summary->findings[SEVERITY_WARNING]));
	value_set(map, "notes", value_number(summary->findings[SEVERITY_NOTE]));
	return map;
}

static void print_count(const char *before, size_t count, const char *what)
{
	printf("%s%zu %s%s", before, count, what, count == 1 ? "" : "s");
}

static void conclude(struct work *work)
{
	const struct summary *summary = &work->summary;

	progress_wipe(&work->progress);
	if (work->groups)
		finding_groups_write(work->groups, stdout, work->context->color,
				     work->context->verbosity);
	if (work->report.format) {
		work->report.incomplete = summary->failed;
		report_end(&work->report);
	} else if (work->format == &report_json) {
		fputs(work->tree_findings.any ? " ]" : "]", work->tree_findings.stream);
		xmemclose(work->tree_findings.stream);
		json_list_end();
		json_member_text("findings", work->tree_findings.text);
		json_member("summary", summary_value(summary), JSON_ONE_LINE);
		json_end();
		free(work->tree_findings.text);
	} else if (work->options->files.count > 1 && !work->context->raw &&
		   !work->context->noheadings && work->context->verbosity >= 0) {
		print_count("", summary->trees, "tree");
		printf(", %zu failed", summary->failed);
		print_count("; ", summary->regions, "region");
		print_count(", ", summary->heaps, "heap");
		print_count("; ", summary->findings[SEVERITY_ERROR], "error");
		print_count(", ", summary->findings[SEVERITY_WARNING], "warning");
		print_count(", ", summary->findings[SEVERITY_NOTE], "note");
		putchar('\n');
	}
	if (work->format == &report_text && wants_findings(work->context) &&
	    work->context->verbosity >= 0 && !is_alone(work->options))
		findings_write_end(
			stdout,
			summary->findings[SEVERITY_ERROR] + summary->findings[SEVERITY_WARNING]
				? "change the node that a finding names; -v adds the kernel's rule "
				  "and what to write instead"
				: NULL,
			summary->hidden);
}

static void begin(struct work *work)
{
	if (work->format == &report_text && work->options->files.count > 1)
		work->groups = finding_groups_new();
	if (work->format == &report_json) {
		work->tree_findings.stream =
			xmemopen(&work->tree_findings.text, &work->tree_findings.size);
		fputc('[', work->tree_findings.stream);
		json_begin();
		json_list("regions", JSON_ONE_LINE);
	} else if (work->format != &report_text) {
		work->report = report_options_report(work->context, &work->options->report,
						     "dmaheap regions");
		work->report.subjects = "regions";
		work->report.rules = region_rules;
		work->report.rule_count = region_rule_count;
		report_begin(&work->report);
	}
}

static void work_on_all(struct work *work)
{
	const struct strings *files = &work->options->files;

	progress_begin(&work->progress, files->count, PROGRESS_STEPS,
		       files->count > 1 && work->context->verbosity >= 0);
	if (!files->count)
		work_on(work, NULL);
	for (size_t i = 0; i < files->count; i++) {
		progress_step(&work->progress, i, files->items[i]);
		work_on(work, files->items[i]);
	}
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct regions_options options = {.report.threshold = SEVERITY_ERROR};
	struct work work = {.context = context, .options = &options};

	cmd_parse(context, &option_table, argc, argv, &options);
	work.format = report_options_format(context, &options.report);
	context->json = work.format == &report_json;
	work.status = tree_options_read(context, &options.tree);
	if (work.status == EXIT_DONE)
		work.status =
			source_options_read(context, &options.source, &options.tree.overlay_paths);
	begin(&work);
	if (work.status == EXIT_DONE)
		work_on_all(&work);
	else
		work.summary.failed = options.files.count ? options.files.count : 1;
	conclude(&work);

	strings_free(&options.files);
	tree_options_free(&options.tree);
	source_options_free(&options.source);
	finding_groups_free(work.groups);
	return work.status;
}

const struct command cmd_regions = {
	.name = "regions",
	.help = "show what becomes of a device tree's regions",
	.options = &option_table,
	.run = run,
};
