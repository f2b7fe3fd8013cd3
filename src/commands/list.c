// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/heaps.h"
#include "commands/heap_columns.h"
#include "view/table.h"

static const struct option_table options = {
	.summary = "List the DMA-BUF heaps with the memory behind each.",
	.details = "Unknown values are shown as - (null in JSON). Two heaps that share their "
		   "memory name each other under ALIASES: do not add up their sizes.",
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_SYSROOT | COMMON_QUIET,
	.columns = heap_columns,
	.column_count = HEAP_COLUMN_COUNT,
};

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct inventory inventory = {0};
	AUTO_TABLE struct table *table = NULL;
	enum exit_code status;

	cmd_parse(context, &options, argc, argv, NULL);
	table = cmd_table(context, heap_columns, HEAP_COLUMN_COUNT);

	status = cmd_read_wanted(context, heap_columns_want(table), &inventory);

	if (status == EXIT_DONE)
		cmd_note_empty(context, &inventory);
	/* a program gets a document in any case, a person the message above */
	table_begin(table, "list");
	array_for_each (&inventory.memories, memory)
		heap_row(table, memory);
	table_print(table, "list");
	inventory_free(&inventory);

	return status;
}

const struct command cmd_list = {
	.name = "list",
	.help = "list the heaps with their memory",
	.options = &options,
	.run = run,
};
