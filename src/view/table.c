// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/table.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/units.h"

struct row {
	struct value **cells;
	bool *given; /* a cell that a row has: an unknown value differs from one that does not apply
		      */
	bool below;
};

struct key {
	size_t column;
	char *name;
};

struct table {
	const struct column *columns;
	size_t count;
	struct table_style style;
	bool streams; /* rows go out as they come */
	struct {
		ARRAY_OF(size_t);
	} shown;
	struct {
		ARRAY_OF(struct key);
	} keys; /* of the shown columns in JSON, each once */
	struct {
		ARRAY_OF(struct row);
	} rows;
};

static bool find_column(const struct table *table, const char *name, size_t length, size_t *index)
{
	for (size_t i = 0; i < table->count; i++) {
		if (strlen(table->columns[i].name) == length &&
		    ascii_begins_same(table->columns[i].name, name, length)) {
			*index = i;
			return true;
		}
	}
	return false;
}

char *column_percent(struct value *value)
{
	return xasprintf("%s%%", value_string(value));
}

char *column_key(const struct column *column)
{
	char *key = xstrdup(column->name);

	for (char *c = key; *c; c++)
		*c = (char)(*c == '-' ? '_' : *c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	return key;
}

static void show(struct table *table, size_t column)
{
	if (!table_wants(table, column))
		*array_add(&table->keys) =
			(struct key){column, column_key(&table->columns[column])};
	*array_add(&table->shown) = column;
}

static void show_default(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		/* JSON is for programs: all that is known, unless they choose */
		if (table->style.json || table->columns[i].flags & COLUMN_DEFAULT)
			show(table, i);
	}
}

struct table *table_new(const struct column *columns, size_t count, const struct table_style *style,
			const char **wrong, int *wrong_length)
{
	AUTO_TABLE struct table *table = xcalloc(1, sizeof(*table));
	const char *name = style->columns;

	table->columns = columns;
	table->count = count;
	table->style = *style;
	if (!name || *name == '+')
		show_default(table);
	if (name && *name == '+')
		name++;
	while (name) {
		size_t length = strcspn(name, ","), index;

		if (!find_column(table, name, length, &index)) {
			*wrong = name;
			*wrong_length = (int)length;
			return NULL;
		}
		show(table, index);
		name = name[length] ? name + length + 1 : NULL;
	}
	return TAKE_POINTER(table);
}

static void free_row(const struct table *table, struct row *row)
{
	for (size_t i = 0; i < table->count; i++)
		value_free(row->cells[i]);
	free(row->cells);
	free(row->given);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	array_for_each (&table->rows, row)
		free_row(table, row);
	array_for_each (&table->keys, key)
		free(key->name);
	array_free(&table->keys);
	array_free(&table->rows);
	array_free(&table->shown);
	free(table);
}

bool table_wants(const struct table *table, size_t column)
{
	array_for_each (&table->shown, index) {
		if (*index == column)
			return true;
	}
	return false;
}

void table_stream(struct table *table)
{
	table->streams = table->style.json;
}

void table_begin(struct table *table, const char *key)
{
	if (!table->style.json)
		return;
	json_begin();
	json_list(key, JSON_LINES);
	table->streams = true;
}

static bool is_tree(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		if (table->columns[i].flags & COLUMN_TREE)
			return true;
	}
	return false;
}

/* A row as a map, which takes the cells. */
static struct value *take_row(const struct table *table, struct row *row)
{
	struct value *map = value_map();

	array_for_each (&table->keys, key)
		value_set(map, key->name, TAKE_POINTER(row->cells[key->column]));
	return map;
}

struct value *table_value(struct table *table)
{
	struct value *array = value_array(), *children = NULL;

	array_for_each (&table->rows, row) {
		struct value *map = take_row(table, row);

		value_append(row->below && children ? children : array, map);
		if (is_tree(table) && !(row->below && children)) {
			children = value_array();
			value_set(map, "children", children);
		}
		free_row(table, row);
	}
	table->rows.count = 0;
	return array;
}

void table_flush(struct table *table)
{
	struct value *rows = table_value(table);

	array_for_each (&rows->items, row)
		json_item(TAKE_POINTER(*row));
	value_free(rows);
}

static void add_row(struct table *table, bool below)
{
	struct row *row = array_add(&table->rows);

	row->cells = xcalloc(table->count, sizeof(*row->cells));
	row->given = xcalloc(table->count, sizeof(*row->given));
	row->below = below;
}

void table_row(struct table *table)
{
	if (table->streams)
		table_flush(table);
	add_row(table, false);
}

void table_row_below(struct table *table)
{
	add_row(table, true);
}

void table_set(struct table *table, size_t column, struct value *value)
{
	struct row *row = &table->rows.items[table->rows.count - 1];

	value_free(row->cells[column]);
	row->cells[column] = value;
	row->given[column] = true;
}

struct value *table_take(struct table *table, size_t column)
{
	struct row *row = &table->rows.items[table->rows.count - 1];

	return TAKE_POINTER(row->cells[column]);
}

static char *array_text(const struct column *column, const struct value *array,
			const struct table_style *style)
{
	enum {
		FEW = 8
	};
	bool commas_inside = column->text || column->flags & COLUMN_NAMES;
	size_t count = value_count(array), shown = count, size;
	char *text;
	FILE *stream;

	if (column->flags & COLUMN_FEW && !style->raw && count > FEW + 1)
		shown = FEW;
	if (!count)
		return NULL;
	stream = xmemopen(&text, &size);
	for (size_t i = 0; i < shown; i++) {
		AUTO_FREE char *item = table_text(column, value_item(array, i), style);

		fputs(!i ? "" : commas_inside ? ", " : ",", stream);
		fputs(item ? item : "", stream);
	}
	if (shown < count)
		fprintf(stream, " and %zu others", count - shown);
	xmemclose(stream);
	return text;
}

char *table_text(const struct column *column, struct value *value, const struct table_style *style)
{
	uint64_t number;

	if (!value)
		return NULL;
	if (value_is_array(value))
		return array_text(column, value, style);
	if (column->text)
		return column->text(value);
	if (value_is_bool(value))
		return xstrdup(value_is_true(value) ? "yes" : "no");
	if (!value_as_number(value, &number))
		return text_show(value_string(value));
	if (column->flags & COLUMN_SIZE && !style->bytes)
		return units_size(number);
	if (column->flags & COLUMN_TIME && !style->bytes)
		return units_time(number);
	return xasprintf("%" PRIu64, number);
}

static int column_style(const struct column *column)
{
	int flags = 0;

	if (column->flags & (COLUMN_SIZE | COLUMN_TIME | COLUMN_RIGHT))
		flags |= SCOLS_FL_RIGHT;
	if (column->flags & COLUMN_WRAP)
		flags |= SCOLS_FL_WRAP;
	return flags;
}

void table_print_text(const struct table *table, FILE *stream)
{
	struct libscols_table *out;
	struct libscols_line *parent = NULL;

	if (!table->rows.count)
		return;
	out = MUST_HAVE(scols_new_table());
	scols_table_set_stream(out, stream);
	scols_table_enable_noheadings(out, table->style.noheadings);
	scols_table_enable_raw(out, table->style.raw);
	scols_table_enable_noencoding(out, 1); /* table_text() has escaped what must be */
	array_for_each (&table->shown, index) {
		const struct column *column = &table->columns[*index];
		bool tree = column->flags & COLUMN_TREE && !table->style.raw;
		AUTO_FREE char *heading = text_show(column->name);

		must_have(scols_table_new_column(
			out, heading, 1, column_style(column) | (tree ? SCOLS_FL_TREE : 0)));
	}
	array_for_each (&table->rows, row) {
		struct libscols_line *line = MUST_HAVE(
			scols_table_new_line(out, row->below && !table->style.raw ? parent : NULL));
		size_t place = 0;

		parent = row->below ? parent : line;

		array_for_each (&table->shown, index) {
			char *text = table_text(&table->columns[*index], row->cells[*index],
						&table->style);

			if (text && !*text) {
				free(text);
				text = NULL;
			}
			if (!text && !table->style.raw && (row->given[*index] || !is_tree(table)))
				text = xstrdup("-");
			if (text && scols_line_refer_data(line, place, text))
				out_of_memory();
			place++;
		}
	}
	if (scols_print_table(out))
		out_of_memory();
	scols_unref_table(out);
}

void table_print(struct table *table, const char *key)
{
	if (!table->style.json) {
		table_print_text(table, stdout);
		return;
	}
	if (!table->streams)
		table_begin(table, key);
	table_flush(table);
	json_list_end();
	json_end();
}
