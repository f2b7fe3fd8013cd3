// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/set.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/consumer.h"
#include "cli/heaps.h"
#include "cli/report_options.h"
#include "commands/map_log.h"
#include "model/boot/decide.h"
#include "model/boot/log_explain.h"
#include "model/heap/cma_probe.h"
#include "model/heap/comparison.h"
#include "view/finding_text.h"
#include "view/json.h"
#include "view/table.h"

enum {
	COLUMN_HEAPS,
	COLUMN_REGION,
	COLUMN_AREA,
	COLUMN_BASE,
	COLUMN_BYTES,
	COLUMN_DEVICES,
	COLUMN_STATE,
	COLUMN_MISSING,
	COLUMN_REASON,
	COLUMN_COUNT
};

/* "video@42000000 (name)" */
static char *heap_text(struct value *value)
{
	AUTO_FREE char *name = text_show(value_string(value_get(value, "name")));
	const char *link = value_string(value_get(value, "link"));

	return link ? xasprintf("%s (%s)", name, link) : xstrdup(name);
}

static const struct column columns[COLUMN_COUNT] = {
	[COLUMN_HEAPS] = {"HEAPS", "heaps, and how the link to the memory is known", COLUMN_DEFAULT,
			  heap_text},
	[COLUMN_REGION] = {"REGION", "node of /reserved-memory that they allocate from",
			   COLUMN_DEFAULT, NULL},
	[COLUMN_AREA] = {"AREA", "their CMA area, as in /sys/kernel/mm/cma", 0, NULL},
	[COLUMN_BASE] = {"BASE", "first address", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[COLUMN_BYTES] = {"SIZE", "size of the memory", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[COLUMN_DEVICES] = {"DEVICES", "nodes that use the region (memory-region)", COLUMN_DEFAULT,
			    consumer_text},
	[COLUMN_STATE] = {"STATE", "heap, none (as predicted), missing or open", 0, NULL},
	[COLUMN_MISSING] = {"MISSING", "heaps that should be there and are not", COLUMN_NAMES,
			    NULL},
	[COLUMN_REASON] = {"REASON", "why there is no heap", COLUMN_DEFAULT, NULL},
};

struct map_options {
	bool prove;
	const char *log, *tree;
	struct report_options report;
};

static const struct option_row option_rows[] = {
	{"prove", 0, FLAG_TO(struct map_options, prove), .excludes = "sysroot",
	 .help = "Allocate small buffers, and see which CMA area they are taken from"},
	{"log", 0, INPUT_TO(struct map_options, log), "FILE",
	 "Explain what this boot log says about reserved memory and CMA ('-': stdin)",
	 .excludes = "prove sysroot output bytes"},
	{"dtb", 0, INPUT_TO(struct map_options, tree), "FILE",
	 "The device tree (.dtb) that booted, for --log", .needs = "log"},
	ROWS_TO(report_rows, struct map_options, report),
	{0},
};

static char *check(void *given, const struct context *context)
{
	struct map_options *options = given;

	return report_options_check(&options->report, context);
}

static const struct option_table option_table = {
	.summary = "Show which memory is behind each heap, and which heap is made of each region.",
	.details = "A link is known by name, unit-address, alias (the kernel's rule), property (of "
		   "the device tree) or measured (--prove). Exit status 3: heaps are missing or "
		   "dead, a measurement contradicts a link, or --log finds an error.",
	.rows = option_rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_SYSROOT | COMMON_QUIET | COMMON_VERBOSE |
		  COMMON_COLOR,
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.check = check,
};

static const struct rule heap_missing = {
	.id = "heap-missing",
	.severity = SEVERITY_ERROR,
	.sentence = "a region that the running kernel makes a heap of has that heap",
	.source = "drivers/dma-buf/heaps/cma_heap.c, drivers/dma-buf/dma-heap.c",
	.instead = "nothing, if the driver is a module that is loaded later",
};

static const struct rule link_contradicted = {
	.id = "link-contradicted",
	.severity = SEVERITY_ERROR,
	.sentence = "a heap allocates from the memory that its name and the devicetree say",
	.source = "drivers/dma-buf/heaps/cma_heap.c, cma_heap_allocate",
	.instead = "the name of the region that the buffers come from",
};

static const struct rule heap_dead = {
	.id = "heap-dead",
	.severity = SEVERITY_ERROR,
	.sentence = "the CMA area of a heap lies in one zone of memory, else it is not activated",
	.source = "mm/cma.c, cma_activate_area",
	.instead = "a region on one side of the border of zones",
};

static const struct rule *const rules[] = {&heap_missing, &heap_dead, &link_contradicted};

/* All that the command knows. */
struct survey {
	struct context *context;
	struct inventory inventory;
	struct kernel_facts facts;
	struct fates fates;
	struct comparison comparison;
	struct cma_probe *probes; /* one a heap, or NULL */
	struct findings findings; /* their subjects are heaps */
	enum exit_code status;
};

/* Takes MESSAGE. */
static void find(struct survey *survey, const struct rule *rule, const char *heap, char *message)
{
	*array_add(&survey->findings) = (struct finding){
		.rule = rule, .severity = rule->severity, .subject = heap, .message = message};
}

static void check_probe(struct survey *survey, const struct memory *memory,
			const struct cma_probe *probe)
{
	const char *name = memory->heap->name;

	if (probe->result == PROBE_IMPOSSIBLE) {
		cmd_error(survey->context, "%s: cannot be measured: %s", name,
			  probe->error == -ENODATA
				  ? "the kernel has no counters of CMA areas (since Linux 5.13, "
				    "with CONFIG_CMA_SYSFS)"
				  : error_words(probe->error));
		survey->status = cmd_status(probe->error == -ENODATA ? -EOPNOTSUPP : probe->error);
	} else if (probe->result == PROBE_NOISE) {
		cmd_error(survey->context,
			  "%s: cannot be measured: others allocate from CMA areas all the time",
			  name);
		survey->status = EXIT_OPERATION;
	} else if (probe->contradicts) {
		find(survey, &link_contradicted, name,
		     xasprintf("its buffers come from %s%s, not from %s%s",
			       probe->area ? "the CMA area " : "no CMA area",
			       probe->area ? probe->area->name : "",
			       memory->area ? "the CMA area " : "the page allocator",
			       memory->area ? memory->area->name : ""));
	}
}

static void prove_all(struct survey *survey)
{
	const struct inventory *inventory = &survey->inventory;

	survey->probes = xcalloc(inventory->memories.count + 1, sizeof(*survey->probes));
	for (size_t i = 0; i < inventory->memories.count; i++) {
		const struct memory *memory = &inventory->memories.items[i];

		cma_probe(survey->context->root, inventory, memory, &survey->probes[i]);
		check_probe(survey, memory, &survey->probes[i]);
	}
}

static struct value *probe_value(const struct cma_probe *probe)
{
	static const char *const results[] = {"area", "no-area", "noise", "impossible"};
	struct value *map = value_map(), *pages = value_array();

	value_set(map, "result", value_text(results[probe->result]));
	value_set(map, "area", value_text(probe->area ? probe->area->name : NULL));
	for (size_t i = 0; i < PROBE_ROUNDS && probe->result <= PROBE_NO_AREA; i++)
		value_append(pages, value_number(probe->pages[i]));
	value_set(map, "pages", pages);
	return map;
}

static struct value *heaps_value(const struct survey *survey, const struct comparison_row *row)
{
	struct value *array = value_array();

	array_for_each (&row->heaps, item) {
		const struct memory *memory = *item;
		const struct cma_probe *probe =
			survey->probes ? &survey->probes[memory - survey->inventory.memories.items]
				       : NULL;
		enum link link = memory->link;
		struct value *map = value_map();

		if (probe && probe->result == PROBE_AREA && !probe->contradicts)
			link = LINK_MEASURED;
		value_set(map, "name", value_text(memory->heap->name));
		value_set(map, "link", value_text(link_name(link)));
		value_set(map, "proof", probe ? probe_value(probe) : NULL);
		value_append(array, map);
	}
	return array;
}

static struct value *devices_value(const struct region *region)
{
	struct value *array = value_array();

	if (!region)
		return array;
	array_for_each (&region->consumers, consumer) {
		struct value *map = consumer_value(consumer);

		value_set(map, "link", value_text(link_name(LINK_PROPERTY)));
		value_append(array, map);
	}
	return array;
}

static void set_row(struct table *table, const struct survey *survey,
		    const struct comparison_row *row)
{
	table_row(table);
	table_set(table, COLUMN_HEAPS, heaps_value(survey, row));
	table_set(table, COLUMN_REGION, value_text(row->region ? row->region->name : NULL));
	table_set(table, COLUMN_AREA, value_text(row->area ? row->area->name : NULL));
	table_set(table, COLUMN_BASE, row->base.known ? value_address(row->base.value) : NULL);
	table_set(table, COLUMN_BYTES, value_maybe(row->size));
	table_set(table, COLUMN_DEVICES, devices_value(row->region));
	table_set(table, COLUMN_STATE, value_text(comparison_state_name(row->state)));
	table_set(table, COLUMN_MISSING, value_strings(&row->missing));
	table_set(table, COLUMN_REASON, value_text(row->reason));
}

static void find_missing(struct survey *survey)
{
	array_for_each (&survey->comparison, row) {
		array_for_each (&row->missing, name)
			find(survey, &heap_missing, *name, xstrdup(row->reason));
		if (!row->dead)
			continue;
		array_for_each (&row->heaps, memory)
			find(survey, &heap_dead, (*memory)->heap->name, xstrdup(row->reason));
	}
}

static void write_findings(const struct survey *survey)
{
	json_list("findings", JSON_LINES);
	array_for_each (&survey->findings, finding) {
		struct value *map = value_map();

		value_set(map, "id", value_text(finding->rule->id));
		value_set(map, "severity", value_text(severity_name(finding->severity)));
		value_set(map, "heap", value_text(finding->subject));
		value_set(map, "message", value_text(finding->message));
		json_item(map);
	}
	json_list_end();
}

static const char *next_step(const struct survey *survey)
{
	array_for_each (&survey->findings, finding) {
		if (finding->rule == &heap_missing)
			return "load the driver that makes the heap, or see what 'dmaheap regions' "
			       "says of the region";
	}
	return "see what 'dmaheap regions' says of the region";
}

static void render_table(const struct survey *survey, const struct report_format *format)
{
	const struct context *context = survey->context;
	AUTO_TABLE struct table *table = cmd_table(context, columns, COLUMN_COUNT);
	bool json = format == &report_json;

	if (json) {
		json_begin();
		json_list("map", JSON_LINES);
		table_stream(table);
	}
	array_for_each (&survey->comparison, row)
		set_row(table, survey, row);
	if (json) {
		table_flush(table);
		json_list_end();
		write_findings(survey);
		json_end();
		return;
	}
	table_print(table, "map");
	if (context->columns || context->raw || context->noheadings)
		return;
	findings_write(stdout, survey->findings.items, survey->findings.count, context->color,
		       context->verbosity);
	if (survey->findings.count && context->verbosity >= 0)
		findings_write_end(stdout, next_step(survey), 0);
}

/* By their heap, and of one heap in the order in which they were found. */
static int compare_findings(const void *a, const void *b)
{
	const struct finding *const *left = a, *const *right = b;
	int order = strcmp((*left)->subject, (*right)->subject);

	return order ? order : (*left > *right) - (*left < *right);
}

static const struct finding **sort_findings(const struct findings *findings)
{
	const struct finding **sorted = xcalloc(findings->count + 1, sizeof(*sorted));

	for (size_t i = 0; i < findings->count; i++)
		sorted[i] = &findings->items[i];
	if (findings->count)
		qsort(sorted, findings->count, sizeof(*sorted), compare_findings);
	return sorted;
}

/*
 * A heap is a subject, and its device file is where its findings are: those of SORTED, which ends
 * with NULL, that are NAME's.
 */
static void report_heap(struct report *report, const struct finding **sorted, size_t count,
			const char *name)
{
	AUTO_FREE char *file = xasprintf("/dev/dma_heap/%s", name);
	struct findings own = {0};
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(sorted[middle]->subject, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; sorted[low] && !strcmp(sorted[low]->subject, name); low++) {
		struct finding *copy = array_add(&own);

		*copy = *sorted[low];
		copy->where.file = file;
	}
	report_subject(report, &(struct report_subject){
				       .name = name, .findings = own.items, .count = own.count});
	array_free(&own); /* what they own is the survey's */
}

static void render_report(const struct survey *survey, const struct report_options *chosen)
{
	struct report report = report_options_report(survey->context, chosen, "dmaheap map");
	size_t count = survey->findings.count;
	AUTO_FREE const struct finding **sorted = sort_findings(&survey->findings);

	report.subjects = "heaps";
	report.rules = rules;
	report.rule_count = COUNT_OF(rules);
	report.incomplete = survey->status != EXIT_DONE;
	report_begin(&report);
	array_for_each (&survey->inventory.memories, memory)
		report_heap(&report, sorted, count, memory->heap->name);
	array_for_each (&survey->comparison, row) {
		array_for_each (&row->missing, name)
			report_heap(&report, sorted, count, *name);
	}
	report_end(&report);
}

static int compare_rows(const void *a, const void *b)
{
	const struct comparison_row *const *left = a, *const *right = b;

	return strcmp((*left)->region->name, (*right)->region->name);
}

/* The rows that have a reason, by their region. */
struct open_rows {
	ARRAY_OF(struct comparison_row *);
};

static void find_rows(struct survey *survey, struct open_rows *rows)
{
	array_for_each (&survey->comparison, row) {
		if (row->region && row->reason)
			*array_add(rows) = row;
	}
	if (rows->count)
		qsort(rows->items, rows->count, sizeof(struct comparison_row *), compare_rows);
}

/* The first line that says what went wrong with a region is quoted. */
static void quote_line(const struct open_rows *rows, struct set *quoted,
		       const struct log_account *account)
{
	const struct region region = {.name = account->region};
	struct comparison_row wanted = {.region = &region}, *key = &wanted, **found;

	if (account->level < SEVERITY_WARNING || !account->region ||
	    set_add(quoted, account->region))
		return;
	found = bsearch(&key, rows->items, rows->count, sizeof(struct comparison_row *),
			compare_rows);
	if (found) {
		AUTO_FREE char *reason = (*found)->reason;

		(*found)->reason =
			xasprintf("%s; the kernel's log: \"%s\"", reason, account->entry->text);
	}
}

/* Adds to the reason for a heap that is not there what the kernel said of its region. */
static void quote_log(struct survey *survey)
{
	AUTO_BOOT_LOG struct boot_log log = {0};
	AUTO_LOG_ACCOUNTS struct log_accounts accounts = {0};
	AUTO_SET struct set quoted = {0};
	struct open_rows rows = {0};

	if (boot_log_read(survey->context->root, &log))
		return; /* no right to read it, or a captured machine, which has none */
	find_rows(survey, &rows);
	log_explain(&log, "/dev/kmsg", &survey->inventory.regions, "the device tree", &accounts);
	if (rows.count) {
		array_for_each (&accounts, account)
			quote_line(&rows, &quoted, account);
	}
	array_free(&rows);
}

/* Reads the machine and what its tree is to become, and compares. */
static void look(struct survey *survey)
{
	struct context *context = survey->context;
	int error;

	inventory_read_all(context->root, &survey->inventory, &error);
	cmd_note_strange(context, &survey->inventory);
	if (error) {
		survey->status = cmd_heaps_error(context, error);
	} else {
		cmd_note_empty(context, &survey->inventory);
		cmd_note_other_interface(context);
	}
	kernel_facts_read(&survey->facts, context->root);
	ram_settle(&survey->inventory.regions, &survey->facts);
	fates_decide(&survey->inventory.regions, &survey->facts, &survey->fates);
	comparison_make(&survey->inventory, &survey->fates, error, &survey->comparison);
	quote_log(survey);
	find_missing(survey);
}

static void survey_free(struct survey *survey)
{
	findings_free(&survey->findings);
	free(survey->probes);
	comparison_free(&survey->comparison);
	fates_free(&survey->fates);
	kernel_facts_free(&survey->facts);
	inventory_free(&survey->inventory);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct survey survey = {.context = context, .status = EXIT_DONE};
	struct map_options options = {.report.threshold = SEVERITY_ERROR};
	const struct report_format *format;

	cmd_parse(context, &option_table, argc, argv, &options);
	format = report_options_format(context, &options.report);
	context->json = format == &report_json;
	if (options.log)
		return map_log(context, options.log, options.tree, &options.report);

	look(&survey);
	if (options.prove)
		prove_all(&survey);

	if (format == &report_text || format == &report_json)
		render_table(&survey, format);
	else
		render_report(&survey, &options.report);

	array_for_each (&survey.findings, finding) {
		if (finding->severity >= options.report.threshold && survey.status == EXIT_DONE)
			survey.status = EXIT_FINDINGS;
	}
	survey_free(&survey);
	return survey.status;
}

const struct command cmd_map = {
	.name = "map",
	.help = "show the memory behind heaps, and the heap of each region",
	.options = &option_table,
	.run = run,
};
