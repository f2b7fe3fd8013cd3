// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/import/import_output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/constant.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/units.h"

const struct column import_columns[IMPORT_COLUMN_COUNT] = {
	[IMPORT_HEAP] = {"HEAP", "whose buffers they were: a heap, or udmabuf", COLUMN_DEFAULT,
			 NULL},
	[IMPORT_DEVICE] = {"DEVICE", "the node that was tried", COLUMN_DEFAULT, NULL},
	[IMPORT_QUEUE] = {"QUEUE", "of a video node: capture (it writes) or output (it reads)",
			  COLUMN_DEFAULT, NULL},
	[IMPORT_DRIVER] = {"DRIVER", "its driver", COLUMN_DEFAULT, NULL},
	[IMPORT_NAME] = {"NAME", "the device's name in sysfs", 0, NULL},
	[IMPORT_RESULT] = {"RESULT", "what it does with them", COLUMN_DEFAULT, NULL},
	[IMPORT_TAKEN] = {"TAKEN", "number of buffers that it took", COLUMN_DEFAULT | COLUMN_RIGHT,
			  NULL},
	[IMPORT_TRIED] = {"TRIED", "number of buffers that it was given",
			  COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[IMPORT_SIZE] = {"SIZE", "bytes of each", COLUMN_SIZE, NULL},
	[IMPORT_CALL] = {"CALL", "the call that failed", 0, NULL},
	[IMPORT_ERROR] = {"ERROR", "with which error", COLUMN_DEFAULT, NULL},
	[IMPORT_REASON] = {"REASON", "what that means there", COLUMN_WRAP, NULL},
	[IMPORT_ATTACHED] = {"ATTACHED", "it is attached to them", 0, NULL},
	[IMPORT_MAPPED] = {"MAPPED", "it has them mapped", 0, NULL},
	[IMPORT_CONTIGUOUS] = {"CONTIGUOUS", "each lay in one piece", 0, NULL},
	[IMPORT_PIECES] = {"PIECES", "of how many pieces the worst one was", COLUMN_RIGHT, NULL},
	[IMPORT_ADDRESS] = {"ADDRESS", "physical address of one of them", COLUMN_RIGHT, NULL},
	[IMPORT_SYNC] = {"SYNC", "with --sync: maintenance, nothing, or the error", 0, NULL},
	[IMPORT_ABSENT] = {"ABSENT", "with --sync: a pair of SYNC calls before the import",
			   COLUMN_TIME, NULL},
	[IMPORT_HELD] = {"HELD", "with --sync: the same with the import", COLUMN_TIME, NULL},
	[IMPORT_LINE] = {"LINE", "with --sync: ns more for each 64 bytes", COLUMN_RIGHT, NULL},
	[IMPORT_DATA] = {"DATA", "with --data: what the device did with the bytes", 0, NULL},
	[IMPORT_RIGHT] = {"RIGHT",
			  "with --data: how many bytes were written, or copied as they "
			  "were",
			  COLUMN_RIGHT, NULL},
	[IMPORT_ALL] = {"ALL", "with --data: of how many", COLUMN_RIGHT, NULL},
};

static struct value *value_error(int error)
{
	return error ? value_text(error_name(-error)) : NULL;
}

/* What the attempt's own mappings say of where its buffers lay. */
static void set_shape(struct table *table, const struct attempt *attempt)
{
	struct matrix_shape shape = {0};

	matrix_add_shapes(attempt, &shape);
	table_set(table, IMPORT_CONTIGUOUS, value_tristate(shape.answer));
	table_set(table, IMPORT_PIECES, value_maybe(shape.most));
	if (shape.base.known)
		table_set(table, IMPORT_ADDRESS, value_address(shape.base.value));
}

static void set_sync(struct table *table, const struct attempt *attempt)
{
	const struct attempt_sync *sync = &attempt->sync;

	if (sync->error)
		table_set(table, IMPORT_SYNC, value_error(sync->error));
	else if (sync->maintains != UNKNOWN)
		table_set(table, IMPORT_SYNC,
			  value_text(sync->maintains == YES ? "maintenance" : "nothing"));
	table_set(table, IMPORT_ABSENT, value_maybe(sync->absent));
	table_set(table, IMPORT_HELD, value_maybe(sync->held));
	if (sync->held.known && sync->absent.known && attempt->size)
		table_set(table, IMPORT_LINE,
			  value_decimal(((double)sync->held.value - (double)sync->absent.value) *
						64 / (double)attempt->size,
					2));
}

static void set_data(struct table *table, const struct attempt *attempt,
		     const struct importer *importer)
{
	const struct attempt_data *data = &attempt->data;

	if (!data->tried)
		return;
	if (data->error) {
		table_set(table, IMPORT_DATA, value_error(data->error));
		return;
	}
	table_set(table, IMPORT_DATA,
		  value_text(importer_is_output(importer) ? "copied" : "written"));
	table_set(table, IMPORT_RIGHT, value_number(data->right));
	table_set(table, IMPORT_ALL, value_number(data->all));
}

static const char *queue_name(const struct importer *importer)
{
	if (importer->kind != IMPORTER_VIDEO || !importer->queue)
		return NULL;
	return importer_is_output(importer) ? "output" : "capture";
}

static void set_place(struct table *table, const struct import_source *source,
		      const struct importer *importer)
{
	table_row(table);
	table_set(table, IMPORT_HEAP, value_text(source->name));
	table_set(table, IMPORT_DEVICE, value_text(importer->path));
	table_set(table, IMPORT_QUEUE, value_text(queue_name(importer)));
	table_set(table, IMPORT_DRIVER, value_text(importer->driver));
	table_set(table, IMPORT_NAME, value_text(importer->device));
}

static void set_row(struct table *table, const struct import_source *source,
		    const struct importer *importer, const struct attempt *attempt)
{
	set_place(table, source, importer);
	table_set(table, IMPORT_RESULT, value_text(attempt_result_name(attempt->result)));
	table_set(table, IMPORT_TAKEN, value_number(attempt->taken));
	table_set(table, IMPORT_TRIED, value_number(attempt->tried));
	if (attempt->size)
		table_set(table, IMPORT_SIZE, value_number(attempt->size));
	if (attempt->error) {
		AUTO_FREE char *meaning = attempt_meaning(attempt, importer);

		table_set(table, IMPORT_CALL,
			  value_text(attempt_stage_name(attempt->stage, importer)));
		table_set(table, IMPORT_ERROR, value_error(attempt->error));
		table_set(table, IMPORT_REASON, value_text(meaning));
	}
	table_set(table, IMPORT_ATTACHED, value_tristate(attempt->attached));
	table_set(table, IMPORT_MAPPED, value_tristate(attempt->mapped));
	set_shape(table, attempt);
	set_sync(table, attempt);
	set_data(table, attempt, importer);
}

/* A row for each cell, by device. */
static void set_rows(struct table *table, const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->importers.count; i++) {
		for (size_t j = 0; j < matrix->sources.count; j++)
			set_row(table, &matrix->sources.items[j], &matrix->importers.items[i],
				matrix_cell(matrix, i, j));
	}
}

/* "2 of 3" where that was luck; else the result. */
static char *cell_text(const struct attempt *attempt)
{
	if (attempt->taken && attempt->taken < attempt->tried && attempt->result != ATTEMPT_GONE)
		return xasprintf("%u of %u", attempt->taken, attempt->tried);
	return xstrdup(attempt_result_name(attempt->result));
}

static void print_matrix(const struct context *context, const struct matrix *matrix)
{
	size_t count = matrix->sources.count + 2;
	AUTO_FREE struct column *columns = xcalloc(count, sizeof(*columns));
	struct context plain = *context;
	AUTO_TABLE struct table *table = NULL;

	columns[0] = (struct column){"DEVICE", "", COLUMN_DEFAULT, NULL};
	columns[1] = (struct column){"DRIVER", "", COLUMN_DEFAULT, NULL};
	for (size_t i = 0; i < matrix->sources.count; i++)
		columns[i + 2] =
			(struct column){matrix->sources.items[i].name, "", COLUMN_DEFAULT, NULL};
	plain.columns = NULL;
	table = cmd_table(&plain, columns, count);
	for (size_t i = 0; i < matrix->importers.count; i++) {
		const struct importer *importer = &matrix->importers.items[i];
		AUTO_FREE char *label = importer_label(importer);

		table_row(table);
		table_set(table, 0, value_text(label));
		table_set(table, 1, value_text(importer->driver));
		for (size_t j = 0; j < matrix->sources.count; j++) {
			AUTO_FREE char *text = cell_text(matrix_cell(matrix, i, j));

			table_set(table, j + 2, value_text(text));
		}
	}
	table_print_text(table, stdout);
}

/* A line of text from elsewhere, made safe. */
__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	va_list arguments;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *shown = NULL;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	shown = text_show(text);
	puts(shown);
}

static bool fails_alike(const struct attempt *a, const struct attempt *b)
{
	return a->error && a->error == b->error && a->stage == b->stage &&
	       (a->taken == 0) == (b->taken == 0);
}

/* The names of the sources of which the importer took ALL buffers, or only some; or NULL. */
static char *taken_names(const struct matrix *matrix, size_t importer, bool all)
{
	AUTO_STRINGS struct strings names = {0};

	for (size_t i = 0; i < matrix->sources.count; i++) {
		const struct attempt *attempt = matrix_cell(matrix, importer, i);

		if (attempt->taken && (attempt->taken == attempt->tried) == all)
			strings_add(&names, matrix->sources.items[i].name);
	}
	return strings_join(&names, ", ");
}

/* What a person can do about it. */
static char *advice(const struct matrix *matrix, size_t importer, const struct attempt *attempt)
{
	AUTO_FREE char *names = taken_names(matrix, importer, true);
	AUTO_FREE char *some = taken_names(matrix, importer, false);

	switch (attempt->result) {
	case ATTEMPT_BUSY:
		return xstrdup("left alone; try again when it is free");
	case ATTEMPT_NO_ACCESS:
		return xstrdup("root may, or the group of the node");
	case ATTEMPT_NO_ANSWER:
		return xstrdup("the kernel's log may say why; --timeout gives it longer");
	case ATTEMPT_FAILED:
		return xstrdup("the device was not asked");
	case ATTEMPT_GONE:
		return xstrdup("it was unplugged, or its driver unbound");
	case ATTEMPT_DIED:
		return xstrdup("the kernel's log may say why");
	default:
		return names  ? xasprintf("it takes %s", names)
		       : some ? xasprintf("it took only some buffers of %s", some)
			      : xstrdup("it took nothing that was tried");
	}
}

/* A line for all sources that failed alike on one importer. */
static void explain(const struct matrix *matrix, size_t importer, size_t first)
{
	const struct importer *device = &matrix->importers.items[importer];
	const struct attempt *attempt = matrix_cell(matrix, importer, first);
	AUTO_FREE char *meaning = attempt_meaning(attempt, device);
	AUTO_STRINGS struct strings alike = {0};
	AUTO_FREE char *names = NULL;
	AUTO_FREE char *label = importer_label(device);
	AUTO_FREE char *next = advice(matrix, importer, attempt);

	for (size_t i = 0; i < matrix->sources.count; i++) {
		if (fails_alike(attempt, matrix_cell(matrix, importer, i)))
			strings_add(&alike, matrix->sources.items[i].name);
	}
	names = strings_join(&alike, ", ");
	say("%s: %s: %s: %s (%s)%s%s; %s", label, names, attempt_stage_name(attempt->stage, device),
	    error_words(attempt->error), error_name(-attempt->error), meaning ? ": " : "",
	    meaning ? meaning : "", next);
}

static void explain_all(const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->importers.count; i++) {
		for (size_t j = 0; j < matrix->sources.count; j++) {
			const struct attempt *attempt = matrix_cell(matrix, i, j);
			bool said = !attempt->error;

			for (size_t k = 0; k < j && !said; k++)
				said = fails_alike(matrix_cell(matrix, i, k), attempt);
			if (!said)
				explain(matrix, i, j);
		}
	}
}

/* Where the buffers of each heap lay. */
static void say_shapes(const struct import_report *report)
{
	for (size_t i = 0; i < report->matrix->sources.count; i++) {
		const char *name = report->matrix->sources.items[i].name;
		struct matrix_shape shape;

		matrix_shape(report->matrix, i, &shape);
		if (!shape.buffers && report->tracing_error)
			continue;
		if (!shape.buffers)
			say("%s: contiguous: unknown: no device mapped a buffer", name);
		else if (shape.answer == YES)
			say("%s: contiguous: yes: %u of %u buffers, 1 piece, one at 0x%" PRIx64,
			    name, shape.contiguous, shape.buffers, shape.base.value);
		else if (shape.most.known && shape.answer == NO)
			say("%s: contiguous: no: %u of %u buffers; up to %" PRIu64 " pieces", name,
			    shape.contiguous, shape.buffers, shape.most.value);
		else
			say("%s: contiguous: %s: %u of %u buffers", name,
			    shape.answer == NO ? "no" : "unknown", shape.contiguous, shape.buffers);
	}
}

static void say_sync(const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->importers.count; i++) {
		const struct importer *importer = &matrix->importers.items[i];
		AUTO_FREE char *label = importer_label(importer);

		for (size_t j = 0; j < matrix->sources.count; j++) {
			const struct attempt *attempt = matrix_cell(matrix, i, j);
			const struct attempt_sync *sync = &attempt->sync;
			AUTO_FREE char *absent = units_time(sync->absent.value);
			AUTO_FREE char *held = units_time(sync->held.value);

			if (sync->error)
				say("%s: %s: SYNC: %s (%s)", label, matrix->sources.items[j].name,
				    error_words(sync->error), error_name(-sync->error));
			if (!sync->held.known || !sync->absent.known)
				continue;
			say("%s: %s: SYNC: %s: %s for a pair with the import, %s without", label,
			    matrix->sources.items[j].name,
			    sync->maintains == YES  ? "maintenance"
			    : sync->maintains == NO ? "nothing is done"
						    : "unknown whether anything is done",
			    held, absent);
		}
	}
}

static void say_data(const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->importers.count; i++) {
		const struct importer *importer = &matrix->importers.items[i];
		AUTO_FREE char *label = importer_label(importer);

		for (size_t j = 0; j < matrix->sources.count; j++) {
			const struct attempt_data *data = &matrix_cell(matrix, i, j)->data;
			const char *name = matrix->sources.items[j].name;

			if (!data->tried)
				continue;
			if (data->error == -EOPNOTSUPP)
				say("%s: %s: data: not compared: what goes out has another format "
				    "than what comes in",
				    label, name);
			else if (data->error)
				say("%s: %s: data: %s (%s)", label, name,
				    data->error == -ETIMEDOUT ? "no picture came"
							      : error_words(data->error),
				    error_name(-data->error));
			else
				say("%s: %s: data: %" PRIu64 " of %" PRIu64 " bytes %s", label,
				    name, data->right, data->all,
				    importer_is_output(importer) ? "copied as they were"
								 : "written");
		}
	}
}

/* Which nodes are not in the matrix. */
static void say_without(const struct matrix *matrix)
{
	AUTO_FREE char *paths = strings_join(&matrix->importers.without, ", ");

	if (paths)
		say("left out, takes no dma-bufs of others: %s", paths);
}

static void print_list(const struct context *context, const struct matrix *matrix)
{
	AUTO_TABLE struct table *table = cmd_table(context, import_columns, IMPORT_COLUMN_COUNT);

	set_rows(table, matrix);
	table_print_text(table, stdout);
}

static void print_document(const struct context *context, const struct import_report *report)
{
	AUTO_TABLE struct table *table = cmd_table(context, import_columns, IMPORT_COLUMN_COUNT);

	json_begin();
	json_list("import", JSON_LINES);
	table_stream(table);
	set_rows(table, report->matrix);
	table_flush(table);
	json_list_end();
	import_document(report);
	json_end();
}

void import_print(const struct context *context, const struct import_report *report)
{
	if (context->json) {
		print_document(context, report);
		return;
	}
	if (context->columns || context->raw) {
		print_list(context, report->matrix);
		return;
	}
	if (report->choose) {
		import_print_choices(context, report);
		return;
	}
	print_matrix(context, report->matrix);
	if (context->verbosity < 0)
		return;
	putchar('\n');
	explain_all(report->matrix);
	say_shapes(report);
	if (report->sync)
		say_sync(report->matrix);
	if (report->data)
		say_data(report->matrix);
	say_without(report->matrix);
}

void import_print_plan(const struct context *context, const struct import_report *report)
{
	struct context chosen = *context;
	AUTO_TABLE struct table *table = NULL;

	if (!chosen.columns && !chosen.json)
		chosen.columns = "HEAP,DEVICE,QUEUE,DRIVER,NAME";
	table = cmd_table(&chosen, import_columns, IMPORT_COLUMN_COUNT);
	for (size_t i = 0; i < report->matrix->importers.count; i++) {
		for (size_t j = 0; j < report->matrix->sources.count; j++)
			set_place(table, &report->matrix->sources.items[j],
				  &report->matrix->importers.items[i]);
	}
	table_print(table, "import");
}
