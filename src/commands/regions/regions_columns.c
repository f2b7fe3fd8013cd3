// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/regions/regions_columns.h"

#include <string.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/consumer.h"
#include "model/boot/known_names.h"

static char *range_text(struct value *value)
{
	const char *base = value_string(value_get(value, "base"));
	const char *end = value_string(value_get(value, "end"));

	return end ? xasprintf("%s..%s", base, end) : xasprintf("%s (empty)", base);
}

static char *finding_text(struct value *value)
{
	return xstrdup(value_string(value_get(value, "id")));
}

static char *property_text(struct value *value)
{
	AUTO_FREE char *name = text_show(value_string(value_get(value, "name")));
	const char *text = value_string(value_get(value, "value"));

	return *text ? xasprintf("%s=%s", name, text) : xstrdup(name);
}

const struct column regions_columns[REGIONS_COLUMN_COUNT] = {
	[REGIONS_FILE] = {"FILE", "where the tree was read", 0, NULL},
	[REGIONS_NODE] = {"NODE", "name of the node", COLUMN_DEFAULT, NULL},
	[REGIONS_BASE] = {"BASE", "first address; unknown for dynamic regions",
			  COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[REGIONS_SIZE] = {"SIZE", "size in bytes", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[REGIONS_END] = {"END", "last address", COLUMN_RIGHT, NULL},
	[REGIONS_PLACEMENT] = {"PLACEMENT", "static (reg) or dynamic (placed at boot)", 0, NULL},
	[REGIONS_ALIGNMENT] = {"ALIGNMENT", "alignment of a dynamic region", COLUMN_SIZE, NULL},
	[REGIONS_ALLOC_RANGES] = {"ALLOC-RANGES", "where a dynamic region may be placed", 0,
				  range_text},
	[REGIONS_KIND] = {"KIND", "what the kernel makes of the node", COLUMN_DEFAULT, NULL},
	[REGIONS_FLAGS] = {"FLAGS",
			   "reusable, no-map, linux,cma-default, linux,dma-default, export", 0,
			   NULL},
	[REGIONS_STATUS] = {"STATUS", "its status property", 0, NULL},
	[REGIONS_COMPATIBLE] = {"COMPATIBLE", "compatible strings", 0, NULL},
	[REGIONS_LABELS] = {"LABELS", "labels from __symbols__", 0, NULL},
	[REGIONS_CONSUMERS] = {"CONSUMERS", "nodes whose memory-region refers to it", 0,
			       consumer_text},
	[REGIONS_OUTCOME] = {"OUTCOME", "heap, no-heap, dropped or open", 0, NULL},
	[REGIONS_FATE] = {"FATE", "what becomes of it at boot", COLUMN_DEFAULT, NULL},
	[REGIONS_HEAPS] = {"HEAPS", "names of its heaps; unknown where the fate is open",
			   COLUMN_NAMES, NULL},
	[REGIONS_AREA] = {"AREA", "name of its CMA area, as in /sys/kernel/mm/cma", 0, NULL},
	[REGIONS_FINDINGS] = {"FINDINGS", "what is wrong with it", 0, finding_text},
	[REGIONS_PROPERTIES] = {"PROPERTIES", "properties that the program does not know", 0,
				property_text},
};

static void set_place(struct table *table, uint64_t base, uint64_t size)
{
	table_set(table, REGIONS_BASE, value_address(base));
	table_set(table, REGIONS_SIZE, value_number(size));
	if (size)
		table_set(table, REGIONS_END, value_address(last_address(base, size)));
}

static struct value *flags_value(const struct region *region)
{
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{region->reusable, "reusable"},
		{region->no_map, "no-map"},
		{region->cma_default, "linux,cma-default"},
		{region->dma_default, "linux,dma-default"},
		{region->exported, "export"},
	};
	struct value *array = value_array();

	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		if (flags[i].set)
			value_append(array, value_text(flags[i].name));
	}
	return array;
}

static struct value *compatible_value(const struct property *compatible)
{
	struct value *array = value_array();
	const char *at = NULL;

	while ((at = property_next_string(compatible, at)))
		value_append(array, value_text(at));
	return array;
}

static struct value *consumers_value(const struct consumers *consumers)
{
	struct value *array = value_array();

	array_for_each (consumers, consumer)
		value_append(array, consumer_value(consumer));
	return array;
}

static struct value *ranges_value(const struct ranges *ranges)
{
	struct value *array = value_array();

	array_for_each (ranges, range) {
		struct value *map = value_map();

		value_set(map, "base", value_address(range->base));
		value_set(map, "size", value_number(range->size));
		value_set(map, "end",
			  range->size ? value_address(last_address(range->base, range->size))
				      : NULL);
		value_append(array, map);
	}
	return array;
}

/* Strings that dtc would print as such: printable, each with its NUL, none of them empty. */
static bool is_strings(const struct property *property)
{
	const char *data = property->data;

	if (!property->length || data[property->length - 1] || !data[0])
		return false;
	for (uint32_t i = 0; i < property->length; i++) {
		if (!ascii_is_print(data[i]) && (data[i] || !data[i - 1]))
			return false;
	}
	return true;
}

char *regions_property_text(const struct property *property)
{
	enum {
		MOST = 64
	};
	const unsigned char *data = property->data;
	uint32_t length = property->length > MOST ? MOST : property->length;
	bool strings = is_strings(property), cells = !strings && property->length % 4 == 0;
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	fputs(!length ? "" : strings ? "\"" : cells ? "<" : "[", stream);
	for (uint32_t i = 0; i < length; i++) {
		if (strings && !data[i])
			fputs(i + 1 == property->length ? "" : "\", \"", stream);
		else if (strings)
			fputc(data[i], stream);
		else
			fprintf(stream, "%s%02x", i && (!cells || i % 4 == 0) ? " " : "", data[i]);
	}
	if (length < property->length)
		fputs(" …", stream);
	fputs(!length ? "" : strings ? "\"" : cells ? ">" : "]", stream);
	xmemclose(stream);
	return text;
}

static struct value *properties_value(const struct region *region)
{
	struct value *array = value_array();

	array_for_each (&region->unknown, property) {
		struct value *map = value_map();
		AUTO_FREE char *text = regions_property_text(property);

		value_set(map, "name", value_text(property->name));
		value_set(map, "value", value_text(text));
		value_append(array, map);
	}
	return array;
}

struct value *regions_finding_value(const struct finding *finding, bool tree)
{
	struct value *map = value_map();

	if (tree) {
		value_set(map, "file", value_text(finding->where.file));
		value_set(map, "node", value_text(finding->where.node));
	}
	value_set(map, "id", value_text(finding->rule->id));
	value_set(map, "severity", value_text(severity_name(finding->severity)));
	value_set(map, "message", value_text(finding->message));
	return map;
}

static struct value *findings_value(const struct findings *findings)
{
	struct value *array = value_array();

	array_for_each (findings, finding)
		value_append(array, regions_finding_value(finding, false));
	return array;
}

/* Sets a cell with a value that is only made where the column is shown. */
#define SET(table, column, value) \
	do { \
		if (table_wants(table, column)) \
			table_set(table, column, value); \
	} while (0)

static void set_area(struct table *table, const struct fate *fate, const char *name)
{
	AUTO_FREE char *area = cma_area_name(name);

	if (fate->area && fate->kind != FATE_OPEN)
		SET(table, REGIONS_AREA, value_text(area));
}

static void set_region(struct table *table, const struct tree_report *report,
		       const struct region *region)
{
	const struct fate *fate = &report->fates.items[region - report->regions.items];
	bool dynamic = region->placement == REGION_DYNAMIC;

	SET(table, REGIONS_NODE, value_text(region->name));
	if (region->placement == REGION_STATIC)
		set_place(table, region->base, region->size);
	else if (dynamic)
		SET(table, REGIONS_SIZE, value_number(region->size));
	SET(table, REGIONS_PLACEMENT, value_text(region_placement_name(region->placement)));
	if (dynamic && region->alignment)
		SET(table, REGIONS_ALIGNMENT, value_number(region->alignment));
	if (dynamic && region->has_alloc_ranges)
		SET(table, REGIONS_ALLOC_RANGES, ranges_value(&region->alloc_ranges));
	SET(table, REGIONS_KIND, value_text(region_kind_name(region->kind)));
	SET(table, REGIONS_FLAGS, flags_value(region));
	SET(table, REGIONS_STATUS, value_text(region->status));
	SET(table, REGIONS_COMPATIBLE, compatible_value(&region->compatible));
	SET(table, REGIONS_LABELS, value_strings(&region->labels));
	SET(table, REGIONS_CONSUMERS, consumers_value(&region->consumers));
	SET(table, REGIONS_OUTCOME, value_text(fate_kind_name(fate->kind)));
	SET(table, REGIONS_FATE, value_text(fate->text));
	if (fate->kind != FATE_OPEN)
		SET(table, REGIONS_HEAPS, value_strings(&fate->heaps));
	set_area(table, fate, region->name);
	SET(table, REGIONS_FINDINGS,
	    findings_value(&report->findings.regions[region - report->regions.items]));
	SET(table, REGIONS_PROPERTIES, properties_value(region));
}

/* The area that no region of the tree makes. */
static void set_other(struct table *table, const struct tree_report *report)
{
	const struct default_area *place = &report->fates.other_place;
	const struct fate *fate = &report->fates.other;

	SET(table, REGIONS_NODE, value_text(RESERVED_AREA));
	if (place->fixed && place->size)
		set_place(table, place->base, place->size);
	else if (place->fixed)
		SET(table, REGIONS_BASE, value_address(place->base));
	else if (place->size)
		SET(table, REGIONS_SIZE, value_number(place->size));
	SET(table, REGIONS_PLACEMENT, value_text(place->fixed ? "static" : "dynamic"));
	SET(table, REGIONS_KIND,
	    value_text(report->facts.cmdline.cma_given ? "area of cma=" : "area of Kconfig"));
	SET(table, REGIONS_OUTCOME, value_text(fate_kind_name(fate->kind)));
	SET(table, REGIONS_FATE, value_text(fate->text));
	if (fate->kind != FATE_OPEN)
		SET(table, REGIONS_HEAPS, value_strings(&fate->heaps));
	set_area(table, fate, RESERVED_AREA);
}

/* A row of any sort, to be put in order. */
struct sorted_row {
	uint64_t base;
	int rank; /* RAM, then what lies in it, then what has no address */
	const struct bank *bank;
	const struct range *reserved;
	const struct region *region;
};

static int compare(const void *a, const void *b)
{
	const struct sorted_row *one = a, *other = b;

	if ((one->rank == 3) != (other->rank == 3))
		return one->rank < other->rank ? -1 : 1;
	if (one->rank == 3) /* in the order that the regions have */
		return one->region < other->region ? -1 : one->region > other->region;
	if (one->base != other->base)
		return one->base < other->base ? -1 : 1;
	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return one->region < other->region ? -1 : one->region > other->region;
}

static void set_row(struct table *table, const struct tree_report *report,
		    const struct sorted_row *row)
{
	table_row(table);
	SET(table, REGIONS_FILE, value_text(report->file));
	if (row->region) {
		set_region(table, report, row->region);
	} else if (row->bank) {
		SET(table, REGIONS_NODE, value_text(row->bank->name));
		set_place(table, row->bank->base, row->bank->size);
		SET(table, REGIONS_KIND, value_text("RAM"));
	} else {
		SET(table, REGIONS_NODE, value_text("/memreserve/"));
		set_place(table, row->reserved->base, row->reserved->size);
		SET(table, REGIONS_KIND, value_text("/memreserve/"));
	}
}

void regions_rows(struct table *table, const struct tree_report *report, bool all)
{
	struct {
		ARRAY_OF(struct sorted_row);
	} rows = {0};

	array_for_each (&report->regions, region)
		*array_add(&rows) =
			(struct sorted_row){.base = region->base,
					    .rank = region->placement == REGION_STATIC ? 2 : 3,
					    .region = region};
	if (all) {
		array_for_each (&report->regions.banks, bank)
			*array_add(&rows) = (struct sorted_row){.base = bank->base, .bank = bank};
		array_for_each (&report->regions.memreserve, range)
			*array_add(&rows) = (struct sorted_row){
				.base = range->base, .rank = 1, .reserved = range};
		if (rows.count)
			qsort(rows.items, rows.count, sizeof(*rows.items), compare);
	}
	array_for_each (&rows, row)
		set_row(table, report, row);
	if (all && report->fates.other.text) {
		table_row(table);
		SET(table, REGIONS_FILE, value_text(report->file));
		set_other(table, report);
	}
	array_free(&rows);
}
