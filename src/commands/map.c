// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/finding_text.h"
#include "cli/heap_argument.h"
#include "model/heap/cma_probe.h"
#include "model/heap/comparison.h"
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
static char *heap_text(struct json_object *value)
{
	AUTO_FREE char *name =
		text_escape(json_object_get_string(json_object_object_get(value, "name")));
	const char *link = json_object_get_string(json_object_object_get(value, "link"));

	return link ? xasprintf("%s (%s)", name, link) : xstrdup(name);
}

static const struct column columns[COLUMN_COUNT] = {
	[COLUMN_HEAPS] = {"HEAPS", "heaps, and how the link to the memory is known", COLUMN_DEFAULT,
			  heap_text},
	[COLUMN_REGION] = {"REGION", "node of /reserved-memory behind them", COLUMN_DEFAULT, NULL},
	[COLUMN_AREA] = {"AREA", "CMA area behind them, as in /sys/kernel/mm/cma", 0, NULL},
	[COLUMN_BASE] = {"BASE", "first address", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[COLUMN_BYTES] = {"SIZE", "size of the memory", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[COLUMN_DEVICES] = {"DEVICES", "nodes that use the region (memory-region)", COLUMN_DEFAULT,
			    region_consumer_text},
	[COLUMN_STATE] = {"STATE", "heap, none (and none was to be), or missing", 0, NULL},
	[COLUMN_MISSING] = {"MISSING", "heaps that were to be and are not there", COLUMN_NAMES,
			    NULL},
	[COLUMN_REASON] = {"REASON", "why there is no heap", COLUMN_DEFAULT, NULL},
};

enum {
	OPTION_PROVE = 0x100
};

static const struct argp_option options[] = {
	{"prove", OPTION_PROVE, NULL, 0,
	 "Allocate small buffers, and see which CMA area they are taken from", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	bool *wants_probe = state->input;

	(void)argument;
	if (key != OPTION_PROVE)
		return ARGP_ERR_UNKNOWN;
	*wants_probe = true;
	return 0;
}

/* What is wrong with a heap. */
struct complaint {
	const char *id, *heap;
	char *message;
};

/* All that the command knows. */
struct survey {
	struct context *context;
	struct inventory inventory;
	struct kernel_facts facts;
	struct fates fates;
	struct comparison comparison;
	struct cma_probe *probes; /* one a heap, or NULL */
	struct {
		ARRAY_OF(struct complaint);
	} complaints;
	enum exit_code status;
};

/* Takes MESSAGE. */
static void find(struct survey *survey, const char *id, const char *heap, char *message)
{
	*array_add(&survey->complaints) = (struct complaint){id, heap, message};
	if (survey->status == EXIT_DONE)
		survey->status = EXIT_FINDINGS;
}

static void check_probe(struct survey *survey, const struct memory *memory,
			const struct cma_probe *probe)
{
	const char *name = memory->heap->name;

	if (probe->result == PROBE_IMPOSSIBLE) {
		cmd_error(survey->context, "%s: can't be measured: %s", name,
			  probe->error == -ENODATA
				  ? "the kernel has no counters of CMA areas (CONFIG_CMA_SYSFS)"
				  : error_words(probe->error));
		survey->status = cmd_status(probe->error == -ENODATA ? -EOPNOTSUPP : probe->error);
	} else if (probe->result == PROBE_NOISE) {
		cmd_error(survey->context,
			  "%s: can't be measured: others allocate from CMA areas all the time",
			  name);
		survey->status = EXIT_OPERATION;
	} else if (probe->contradicts) {
		find(survey, "link-contradicted", name,
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

static struct json_object *probe_value(const struct cma_probe *probe)
{
	static const char *const results[] = {"area", "no-area", "noise", "impossible"};
	struct json_object *map = value_map(), *pages = value_array();

	value_set(map, "result", value_text(results[probe->result]));
	value_set(map, "area", value_text(probe->area ? probe->area->name : NULL));
	for (size_t i = 0; i < PROBE_ROUNDS && probe->result <= PROBE_NO_AREA; i++)
		value_append(pages, value_number(probe->pages[i]));
	value_set(map, "pages", pages);
	return map;
}

static struct json_object *heaps_value(const struct survey *survey,
				       const struct comparison_row *row)
{
	struct json_object *array = value_array();

	array_for_each (&row->heaps, item) {
		const struct memory *memory = *item;
		const struct cma_probe *probe =
			survey->probes ? &survey->probes[memory - survey->inventory.memories.items]
				       : NULL;
		enum link link = memory->link;
		struct json_object *map = value_map();

		if (probe && probe->result == PROBE_AREA && !probe->contradicts)
			link = LINK_MEASURED;
		value_set(map, "name", value_text(memory->heap->name));
		value_set(map, "link", value_text(link_name(link)));
		value_set(map, "proof", probe ? probe_value(probe) : NULL);
		value_append(array, map);
	}
	return array;
}

static struct json_object *devices_value(const struct region *region)
{
	struct json_object *array = value_array();

	if (!region)
		return array;
	array_for_each (&region->consumers, consumer) {
		struct json_object *map = region_consumer_value(consumer);

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
			find(survey, "heap-missing", *name, xstrdup(row->reason));
	}
}

static struct json_object *findings_value(const struct survey *survey)
{
	struct json_object *array = value_array();

	array_for_each (&survey->complaints, complaint) {
		struct json_object *map = value_map();

		value_set(map, "id", value_text(complaint->id));
		value_set(map, "severity", value_text(severity_name(SEVERITY_ERROR)));
		value_set(map, "heap", value_text(complaint->heap));
		value_set(map, "message", value_text(complaint->message));
		value_append(array, map);
	}
	return array;
}

static void render(const struct survey *survey)
{
	const struct context *context = survey->context;
	AUTO_TABLE struct table *table = cmd_table(context, columns, COLUMN_COUNT);

	array_for_each (&survey->comparison, row)
		set_row(table, survey, row);
	if (context->json) {
		struct json_object *document = json_document();

		value_set(document, "map", table_json(table));
		value_set(document, "findings", findings_value(survey));
		json_print(document);
		return;
	}
	table_print(table, "map");
	if (context->columns || context->raw || context->noheadings)
		return;
	array_for_each (&survey->complaints, complaint)
		region_print_finding(context, SEVERITY_ERROR, complaint->heap, complaint->message,
				     complaint->id);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Show which memory is behind each heap, and which heap is made of each "
		       "region.\v"
		       "A link is known by name, unit-address, alias (the kernel's rule), property "
		       "(of "
		       "the device tree) or measured (--prove). Exit status 3: heaps are missing, "
		       "or a "
		       "measurement contradicts a link.",
	};
	struct survey survey = {.context = context, .status = EXIT_DONE};
	bool wants_probe = false;
	int error;

	cmd_parse(context, &argp, argc, argv, &wants_probe, columns, COLUMN_COUNT);
	if (wants_probe && context->sysroot) {
		cmd_error(context,
			  "--prove and --sysroot exclude each other: it measures the live machine");
		return EXIT_USAGE;
	}
	table_free(cmd_table(context, columns, COLUMN_COUNT)); /* checks --output */

	inventory_read_all(context->root, &survey.inventory, &error);
	cmd_note_strange(context, &survey.inventory);
	if (error)
		survey.status = cmd_heaps_error(context, error);
	else
		cmd_note_empty(context, &survey.inventory);
	kernel_facts_read(&survey.facts, context->root);
	fates_decide(&survey.inventory.regions, &survey.facts, &survey.fates);
	comparison_make(&survey.inventory, &survey.fates, error, &survey.comparison);
	find_missing(&survey);
	if (wants_probe)
		prove_all(&survey);

	render(&survey);

	array_for_each (&survey.complaints, complaint)
		free(complaint->message);
	array_free(&survey.complaints);
	free(survey.probes);
	comparison_free(&survey.comparison);
	fates_free(&survey.fates);
	kernel_facts_free(&survey.facts);
	inventory_free(&survey.inventory);
	return survey.status;
}

const struct command cmd_map = {.name = "map",
				.help = "show the memory behind heaps, and the heap of each region",
				.run = run};
