/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of typed values, shown as a table (libsmartcols) or as JSON. A column is declared once; the
 * table, --output, --help and the JSON keys follow from that.
 */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "view/value.h"

enum column_flags {
	COLUMN_DEFAULT = 1 << 0, /* shown without --output */
	COLUMN_SIZE = 1 << 1,    /* bytes: "16M" unless --bytes; right-aligned */
	COLUMN_TIME = 1 << 2,    /* nanoseconds: "1.25 ms" unless --bytes; right-aligned */
	COLUMN_RIGHT = 1 << 3,   /* right-aligned */
	COLUMN_NAMES = 1 << 4,   /* strings that may hold commas: a space between them as well */
	COLUMN_WRAP = 1 << 5,    /* long text: may be wrapped or cut at the terminal's width */
	COLUMN_TREE = 1 << 6,    /* shows which rows stand below which */
	COLUMN_FEW = 1 << 7,     /* of a long array only the beginning, unless --raw */
};

struct column {
	const char *name; /* heading, escaped when it is shown; the JSON key: in lower case, with _
			     for - */
	const char *help;
	unsigned int flags;
	/*
	 * Text of a value that is neither string, number nor bool, or of each item of an array;
	 * NULL: the usual. The caller frees it.
	 */
	char *(*text)(struct value *value);
};

/* A text for struct column: "12.5%". */
char *column_percent(struct value *value) __attribute__((nonnull, returns_nonnull, malloc));

struct table;

/* The key of a column in JSON; the caller frees it. */
char *column_key(const struct column *column) __attribute__((nonnull, returns_nonnull, malloc));

/* How a table is shown; from the common options. */
struct table_style {
	bool json, raw, noheadings, bytes;
	const char *columns; /* --output, or NULL */
};

/*
 * Makes a table. Returns NULL where style->columns names a column that is not there, with the name
 * in *wrong (part of style->columns, to be printed with its length in *wrong_length). Free with
 * table_free().
 */
struct table *table_new(const struct column *columns, size_t count, const struct table_style *style,
			const char **wrong, int *wrong_length) __attribute__((nonnull));
/* Takes NULL. */
void table_free(struct table *table);
static inline void table_cleanup(struct table **table)
{
	table_free(*table);
}
#define AUTO_TABLE __attribute__((cleanup(table_cleanup)))

/* Says whether the column will be shown: what nobody asked for need not be read. */
bool table_wants(const struct table *table, size_t column) __attribute__((nonnull));

/*
 * With --json, begins the document {"dmaheap": …, KEY: rows}: each row is then written and
 * forgotten when the next one begins. table_print() ends it.
 */
void table_begin(struct table *table, const char *key) __attribute__((nonnull));
/* The same for rows of the list that is open (view/json.h), which table_flush() ends. */
void table_stream(struct table *table) __attribute__((nonnull));
void table_flush(struct table *table) __attribute__((nonnull));

/* Begins a row; the cells that are set belong to the last one. */
void table_row(struct table *table) __attribute__((nonnull));
/* The same below the last row that table_row() began; in JSON one of its "children". */
void table_row_below(struct table *table) __attribute__((nonnull));

/* Sets a cell of the last row; VALUE then belongs to the table, NULL is "not known". */
void table_set(struct table *table, size_t column, struct value *value) __attribute__((nonnull(1)));

/* Takes the value of a cell of the last row out of the table. */
struct value *table_take(struct table *table, size_t column) __attribute__((nonnull));

/*
 * What a person sees of a value in a column in this style, escaped for a terminal; NULL where it is
 * not known. The caller frees it.
 */
char *table_text(const struct column *column, struct value *value, const struct table_style *style)
	__attribute__((nonnull(1, 3)));

/* The rows as an array that the caller owns, with the wanted columns as keys; the table has none
 * then. */
struct value *table_value(struct table *table) __attribute__((nonnull));

/* Prints {"dmaheap": …, KEY: rows} with --json, or what table_begin() left of it; else the table.
 */
void table_print(struct table *table, const char *key) __attribute__((nonnull));

/* Writes the table as text; nothing where it has no rows. */
void table_print_text(const struct table *table, FILE *stream) __attribute__((nonnull));

#endif
