// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/capture/capture_list.h"

#include "base/text.h"
#include "model/capture/archive.h"
#include "view/table.h"

const struct column capture_columns[CAPTURE_COLUMN_COUNT] = {
	[CAPTURE_COLUMN_TYPE] = {"TYPE", "file, directory, link, or other: what no capture has",
				 COLUMN_DEFAULT, NULL},
	[CAPTURE_COLUMN_BYTES] = {"SIZE", "size of a file", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[CAPTURE_COLUMN_PATH] = {"PATH", "name in the archive", COLUMN_DEFAULT, NULL},
	[CAPTURE_COLUMN_TARGET] = {"TARGET", "where a link leads", 0, NULL},
};

enum exit_code capture_list(const struct context *context, const char *file)
{
	AUTO_TABLE struct table *table = cmd_table(context, capture_columns, CAPTURE_COLUMN_COUNT);
	struct archive_members members = {0};
	const char *reason = NULL;
	int error = archive_list(file, &members, &reason);

	if (error) {
		cmd_error(context, "%s: %s", file, reason ? reason : error_words(error));
		return cmd_status(error);
	}
	table_begin(table, "capture");
	array_for_each (&members, member) {
		table_row(table);
		table_set(table, CAPTURE_COLUMN_TYPE, value_text(member->type));
		table_set(table, CAPTURE_COLUMN_BYTES, value_maybe(member->size));
		table_set(table, CAPTURE_COLUMN_PATH, value_text(member->path));
		table_set(table, CAPTURE_COLUMN_TARGET, value_text(member->target));
	}
	table_print(table, "capture");
	archive_members_free(&members);
	return EXIT_DONE;
}
