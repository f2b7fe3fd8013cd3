// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/table.h"

#include <ctype.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/units.h"

struct row {
	struct json_object **cells;
	bool *given; /* a cell that a row has: an unknown value differs from one that does not apply
		      */
	bool below;
};

struct table {
	const struct column *columns;
	size_t count;
	struct table_style style;
	struct {
		ARRAY_OF(size_t);
	} shown;
	struct {
		ARRAY_OF(struct row);
	} rows;
};

static bool find_column(const struct table *table, const char *name, size_t length, size_t *index)
{
	for (size_t i = 0; i < table->count; i++) {
		if (strlen(table->columns[i].name) == length &&
		    !strncasecmp(table->columns[i].name, name, length)) {
			*index = i;
			return true;
		}
	}
	return false;
}

static void show_default(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		/* JSON is for programs: all that is known, unless they choose */
		if (table->style.json || table->columns[i].flags & COLUMN_DEFAULT)
			*array_add(&table->shown) = i;
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
		*array_add(&table->shown) = index;
		name = name[length] ? name + length + 1 : NULL;
	}
	return TAKE_POINTER(table);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	array_for_each (&table->rows, row) {
		for (size_t i = 0; i < table->count; i++)
			json_object_put(row->cells[i]);
		free(row->cells);
		free(row->given);
	}
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

void table_row(struct table *table)
{
	struct row *row = array_add(&table->rows);

	row->cells = xcalloc(table->count, sizeof(*row->cells));
	row->given = xcalloc(table->count, sizeof(*row->given));
}

void table_row_below(struct table *table)
{
	table_row(table);
	table->rows.items[table->rows.count - 1].below = true;
}

void table_set(struct table *table, size_t column, struct json_object *value)
{
	struct row *row = &table->rows.items[table->rows.count - 1];

	json_object_put(row->cells[column]);
	row->cells[column] = value;
	row->given[column] = true;
}

static bool is_tree(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		if (table->columns[i].flags & COLUMN_TREE)
			return true;
	}
	return false;
}

static struct json_object *row_value(const struct table *table, const struct row *row)
{
	struct json_object *map = value_map();

	array_for_each (&table->shown, index) {
		AUTO_FREE char *key = xstrdup(table->columns[*index].name);

		for (char *c = key; *c; c++)
			*c = (char)(*c == '-' ? '_' : tolower((unsigned char)*c));
		value_set(map, key, json_object_get(row->cells[*index]));
	}
	return map;
}

struct json_object *table_value(const struct table *table)
{
	struct json_object *array = value_array(), *children = NULL;

	array_for_each (&table->rows, row) {
		struct json_object *map = row_value(table, row);

		if (row->below && children) {
			value_append(children, map);
			continue;
		}
		if (is_tree(table)) {
			children = value_array();
			value_set(map, "children", children);
		}
		value_append(array, map);
	}
	return array;
}

char *table_text(const struct column *column, struct json_object *value, bool bytes)
{
	if (!value)
		return NULL;
	if (json_object_is_type(value, json_type_array)) {
		bool commas_inside = column->text || column->flags & COLUMN_NAMES;
		const char *separator = commas_inside ? ", " : ",";
		size_t count = json_object_array_length(value);
		char *text = NULL;

		for (size_t i = 0; i < count; i++) {
			AUTO_FREE char *before = text;
			AUTO_FREE char *item =
				table_text(column, json_object_array_get_idx(value, i), bytes);

			text = xasprintf("%s%s%s", before ? before : "", before ? separator : "",
					 item ? item : "");
		}
		return text;
	}
	if (column->text)
		return column->text(value);
	if (json_object_is_type(value, json_type_boolean))
		return xstrdup(json_object_get_boolean(value) ? "yes" : "no");
	if (column->flags & COLUMN_SIZE && !bytes)
		return units_size(json_object_get_uint64(value));
	if (column->flags & COLUMN_TIME && !bytes)
		return units_time(json_object_get_uint64(value));
	return text_escape(json_object_get_string(value));
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

static void print_text(const struct table *table)
{
	struct libscols_table *out = MUST_HAVE(scols_new_table());
	struct libscols_line *parent = NULL;

	scols_table_enable_noheadings(out, table->style.noheadings);
	scols_table_enable_raw(out, table->style.raw);
	scols_table_enable_noencoding(out, 1); /* table_text() has escaped what must be */
	array_for_each (&table->shown, index) {
		const struct column *column = &table->columns[*index];
		bool tree = column->flags & COLUMN_TREE && !table->style.raw;
		AUTO_FREE char *heading = text_escape(column->name);

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
						table->style.bytes);

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

void table_print(const struct table *table, const char *key)
{
	if (table->style.json) {
		struct json_object *document = json_document();

		value_set(document, key, table_value(table));
		json_print(document);
	} else if (table->rows.count) {
		print_text(table);
	}
}
