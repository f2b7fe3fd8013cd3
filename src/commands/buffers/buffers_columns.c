// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_columns.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/units.h"

/* "vivid.0,2 refs", "vivid.0,? refs": attached devices, and references that no process explains */
static char *kernel_text(struct value *value)
{
	struct value *devices = value_get(value, "devices");
	uint64_t references = 0;
	bool known = value_as_number(value_get(value, "references"), &references);
	size_t count = value_count(devices), size;
	char *text;
	FILE *stream;

	if (!count && known && !references)
		return xstrdup("0");
	stream = xmemopen(&text, &size);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *name = text_show(value_string(value_item(devices, i)));

		fprintf(stream, "%s%s", i ? "," : "", name);
	}
	if (!known)
		fprintf(stream, "%s? refs", count ? "," : "");
	else if (references)
		fprintf(stream, "%s%" PRIu64 " ref%s", count ? "," : "", references,
			references == 1 ? "" : "s");
	xmemclose(stream);
	return text;
}

/* "1 write,2 read" */
static char *fences_text(struct value *value)
{
	static const char *const usages[] = {"write", "read", "other"};
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	const char *comma = "";

	for (size_t i = 0; i < COUNT_OF(usages); i++) {
		uint64_t count;

		if (!value_as_number(value_get(value, usages[i]), &count) || !count)
			continue;
		fprintf(stream, "%s%" PRIu64 " %s", comma, count, usages[i]);
		comma = ",";
	}
	if (!*comma)
		fputs("0", stream);
	xmemclose(stream);
	return text;
}

/* "0x50000000", "0x50000000 and 2 more pieces", "0x50000000, 1M known" */
static char *address_text(struct value *value)
{
	struct value *pieces = value_get(value, "pieces");
	const char *first = value_string(value_get(value, "first"));
	uint64_t unknown = 0;
	AUTO_FREE char *size = NULL;
	AUTO_FREE char *more = value_count(pieces) > 1
				       ? xasprintf(" and %zu more piece%s", value_count(pieces) - 1,
						   value_count(pieces) == 2 ? "" : "s")
				       : xstrdup("");

	value_as_number(value_get(value, "unknown"), &unknown);
	size = units_size(unknown);
	return xasprintf("%s%s%s%s", first ? first : "?", more, unknown ? ", unknown: " : "",
			 unknown ? size : "");
}

const struct column buffers_columns[BUFFERS_COLUMN_COUNT] = {
	[BUFFERS_ID] = {"ID", "the buffer's inode number, the process's id, or the group's name",
			COLUMN_DEFAULT | COLUMN_TREE, NULL},
	[BUFFERS_TYPE] = {"TYPE", "buffer, process, candidate(s), heap, exporter, fence or waiter",
			  0, NULL},
	[BUFFERS_INODE] = {"INODE", "inode number of the buffer", COLUMN_RIGHT, NULL},
	[BUFFERS_PID] = {"PID", "id of the process", COLUMN_RIGHT, NULL},
	[BUFFERS_NSPID] = {"NSPID", "id of the process in its own namespace", COLUMN_RIGHT, NULL},
	[BUFFERS_SIZE] = {"SIZE", "size of the buffer; of several, each counted once",
			  COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[BUFFERS_SHARE] = {"SHARE", "size divided by the number of processes that hold it",
			   COLUMN_SIZE, NULL},
	[BUFFERS_EXPORTER] = {"EXPORTER", "the driver or heap that made it", COLUMN_DEFAULT, NULL},
	[BUFFERS_HEAP] = {"HEAP", "the heap that made it", 0, NULL},
	[BUFFERS_NAME] = {"NAME", "the name that a process gave it", COLUMN_DEFAULT, NULL},
	[BUFFERS_AGE] = {"AGE", "time since it was made", COLUMN_TIME, NULL},
	[BUFFERS_ADDRESS] = {"ADDRESS",
			     "physical address, where a mapping of the CPU shows it: not of heaps",
			     0, address_text},
	[BUFFERS_BUFFERS] = {"BUFFERS", "number of buffers", COLUMN_RIGHT, NULL},
	[BUFFERS_HOLDERS] = {"HOLDERS", "number of processes that hold it", COLUMN_RIGHT, NULL},
	[BUFFERS_FDS] = {"FDS", "number of descriptors", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BUFFERS_MAPS] = {"MAPS", "number of mapped ranges", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[BUFFERS_MAPPED] = {"MAPPED", "bytes of the mapped ranges, touched or not", COLUMN_SIZE,
			    NULL},
	[BUFFERS_KERNEL] = {"KERNEL", "attached devices, and references that nobody explains",
			    COLUMN_DEFAULT, kernel_text},
	[BUFFERS_FENCES] = {"FENCES", "pending fences", COLUMN_DEFAULT, fences_text},
	[BUFFERS_USER] = {"USER", "user of the process", 0, NULL},
	[BUFFERS_COMMAND] = {"COMMAND", "name of the process", COLUMN_DEFAULT, NULL},
	[BUFFERS_UNIT] = {"UNIT", "systemd unit or container: the last part of the control group",
			  0, NULL},
	[BUFFERS_HOW] = {"HOW", "descriptors and mappings of a process; what a task waits in",
			 COLUMN_DEFAULT | COLUMN_FEW, NULL},
};
