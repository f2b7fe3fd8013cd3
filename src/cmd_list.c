// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/array.h"
#include "cmd.h"
#include "view/table.h"

enum {
	COLUMN_NAME
};

static const struct column columns[] = {
	{"NAME", "name of the heap", COLUMN_DEFAULT, NULL},
};

static enum exit_code run(struct context *context, int argc, char **argv)
{
	const struct argp argp = {.doc = "List the DMA-BUF heaps."};
	AUTO_TABLE struct table *table = NULL;

	cmd_parse(context, &argp, argc, argv, NULL, columns, COUNT_OF(columns));
	table = cmd_table(context, columns, COUNT_OF(columns));
	table_print(table, "list");
	return EXIT_DONE;
}

const struct command cmd_list = {.name = "list", .help = "list the heaps", .run = run};
