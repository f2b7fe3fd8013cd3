// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/heaps.h"
#include "cli/measured_files.h"
#include "commands/heap_columns.h"
#include "view/table.h"

struct list_options {
	struct strings measured;
};

static const struct option_row rows[] = {
	{"measured", 0, INPUTS_TO(struct list_options, measured), "FILE",
	 "Know from files of bench --save and import --save what buffers are (BUFFERS)"},
	{0},
};

static const struct option_table option_table = {
	.summary = "List the DMA-BUF heaps with the memory behind each.",
	.details = "Unknown values are shown as - (null in JSON). Two heaps that share their "
		   "memory name each other under ALIASES: do not add up their sizes.",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_SYSROOT | COMMON_QUIET,
	.columns = heap_columns,
	.column_count = HEAP_COLUMN_COUNT,
};

/* Reads the kernel's listing if a column needs it; NULL: it could not be read. */
static const struct bufinfos *read_buffers(const struct context *context, struct bufinfos *buffers)
{
	int error = bufinfos_read(context->root, buffers);

	/* a program sees that from the null */
	if (error && !context->json)
		cmd_note(context, "%s: %s: what is used is unknown", BUFINFO_PATH,
			 error_words(error));
	return error ? NULL : buffers;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct list_options options = {0};
	struct measured measured = {0};
	AUTO_STRINGS struct strings sources = {0};
	struct inventory inventory = {0};
	AUTO_TABLE struct table *table = NULL;
	struct bufinfos infos = {0};
	const struct bufinfos *buffers = NULL;
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	table = cmd_table(context, heap_columns, HEAP_COLUMN_COUNT);

	status = cmd_read_measured(context, &options.measured, &measured);
	strings_free(&options.measured);
	if (status != EXIT_DONE) {
		measured_free(&measured);
		return status;
	}
	status = cmd_read_wanted(context, heap_columns_want(table), &inventory);
	array_for_each (&inventory.memories, memory)
		cmd_take_measured(&measured, memory, &sources);

	if (status == EXIT_DONE && heap_columns_want_buffers(table))
		buffers = read_buffers(context, &infos);
	if (status == EXIT_DONE)
		cmd_note_empty(context, &inventory);
	/* a program gets a document in any case, a person the message above */
	table_begin(table, "list");
	array_for_each (&inventory.memories, memory)
		heap_row(table, memory, buffers);
	table_print(table, "list");
	bufinfos_free(&infos);
	inventory_free(&inventory);
	measured_free(&measured);
	return status;
}

const struct command cmd_list = {
	.name = "list",
	.help = "list the heaps with their memory",
	.options = &option_table,
	.run = run,
};
