// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/import/import_document.h"

#include "base/cleanup.h"
#include "model/import/choice.h"
#include "view/json.h"

/* Where the buffers of each source lay. */
static void add_heaps(const struct matrix *matrix)
{
	json_list("heaps", JSON_LINES);
	for (size_t i = 0; i < matrix->sources.count; i++) {
		struct value *item = value_map();
		struct matrix_shape shape;

		matrix_shape(matrix, i, &shape);
		value_set(item, "heap", value_text(matrix->sources.items[i].name));
		value_set(item, "contiguous", value_tristate(shape.answer));
		value_set(item, "buffers", value_number(shape.buffers));
		value_set(item, "in_one_piece", value_number(shape.contiguous));
		value_set(item, "least_pieces", value_maybe(shape.least));
		value_set(item, "most_pieces", value_maybe(shape.most));
		value_set(item, "address",
			  shape.base.known ? value_address(shape.base.value) : NULL);
		json_item(item);
	}
	json_list_end();
}

static void add_devices(const struct matrix *matrix)
{
	json_list("devices", JSON_LINES);
	array_for_each (&matrix->importers, importer) {
		struct value *item = value_map();

		value_set(item, "device", value_text(importer->path));
		value_set(item, "nodes", value_strings(&importer->nodes));
		value_set(item, "driver", value_text(importer->driver));
		value_set(item, "name", value_text(importer->device));
		value_set(item, "of_node", value_text(importer->of_node));
		value_set(item, "coherent", value_tristate(importer->coherent));
		value_set(item, "coherent_source", value_text(importer->coherent_why));
		value_set(item, "dma_mask_bits", value_maybe(importer->mask));
		value_set(item, "memory_region", value_strings(&importer->regions));
		value_set(item, "memory_to_memory", value_bool(importer->memory_to_memory));
		json_item(item);
	}
	json_list_end();
}

static void add_choices(const struct import_report *report)
{
	json_list("choice", JSON_LINES);
	for (size_t i = 0; i < report->matrix->importers.count; i++) {
		const struct importer *importer = &report->matrix->importers.items[i];
		struct value *item = value_map();
		AUTO_FREE char *label = importer_label(importer);
		struct choice choice;

		choice_make(report->matrix, report->inventory, i, &choice);
		value_set(item, "device", value_text(label));
		value_set(item, "driver", value_text(importer->driver));
		value_set(item, "name", value_text(importer->device));
		value_set(item, "heap", value_text(choice.source ? choice.source->name : NULL));
		value_set(item, "why", value_text(choice.why));
		json_item(item);
		choice_free(&choice);
	}
	json_list_end();
}

void import_document(const struct import_report *report)
{
	add_heaps(report->matrix);
	add_devices(report->matrix);
	if (report->choose)
		add_choices(report);
	json_member("without", value_strings(&report->matrix->importers.without), JSON_LINES);
	json_member("traced", value_bool(!report->tracing_error), JSON_LINES);
}

void import_print_choices(const struct context *context, const struct import_report *report)
{
	static const struct column columns[] = {
		{"DEVICE", "", COLUMN_DEFAULT, NULL},
		{"DRIVER", "", COLUMN_DEFAULT, NULL},
		{"HEAP", "", COLUMN_DEFAULT, NULL},
		{"WHY", "", COLUMN_DEFAULT | COLUMN_WRAP, NULL},
	};
	AUTO_TABLE struct table *table = cmd_table(context, columns, COUNT_OF(columns));

	for (size_t i = 0; i < report->matrix->importers.count; i++) {
		const struct importer *importer = &report->matrix->importers.items[i];
		AUTO_FREE char *label = importer_label(importer);
		struct choice choice;

		choice_make(report->matrix, report->inventory, i, &choice);
		table_row(table);
		table_set(table, 0, value_text(label));
		table_set(table, 1, value_text(importer->driver));
		table_set(table, 2, value_text(choice.source ? choice.source->name : NULL));
		table_set(table, 3, value_text(choice.why));
		choice_free(&choice);
	}
	table_print_text(table, stdout);
}
