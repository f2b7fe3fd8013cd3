// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/heap_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

static const char *const properties[] = {"contiguous", "cacheable", "protected"};

/* "contiguous,cacheable"; a property that is known to be absent is left out */
static char *buffers_text(struct json_object *buffers)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	const char *comma = "";

	for (size_t i = 0; i < COUNT_OF(properties); i++) {
		if (json_object_get_boolean(json_object_object_get(buffers, properties[i]))) {
			fprintf(stream, "%s%s", comma, properties[i]);
			comma = ",";
		}
	}
	xmemclose(stream);
	return text;
}

/* "/dev/vidbuf (symlink)" */
static char *alias_text(struct json_object *alias)
{
	AUTO_FREE char *name =
		text_escape(json_object_get_string(json_object_object_get(alias, "name")));
	const char *type = json_object_get_string(json_object_object_get(alias, "type"));

	return xasprintf("%s%s", name, *type == 's' ? " (symlink)" : "");
}

const struct column heap_columns[HEAP_COLUMN_COUNT] = {
	[HEAP_NAME] = {"NAME", "the kernel's name of the heap", COLUMN_DEFAULT, NULL},
	[HEAP_NODE] = {"NODE", "path of its device node", 0, NULL},
	[HEAP_DEVICE] = {"DEVICE", "major and minor number", 0, NULL},
	[HEAP_OWNER] = {"OWNER", "owner of the node", 0, NULL},
	[HEAP_GROUP] = {"GROUP", "group of the node", 0, NULL},
	[HEAP_MODE] = {"MODE", "permissions of the node", 0, NULL},
	[HEAP_ACCESS] = {"ACCESS", "whether you may open it", COLUMN_DEFAULT, NULL},
	[HEAP_PROVENANCE] = {"PROVENANCE",
			     "where the name comes from: kernel (fixed there) or device-tree", 0,
			     NULL},
	[HEAP_KIND] = {"KIND", "memory: cma, pages, coherent, protected or carve-out",
		       COLUMN_DEFAULT, NULL},
	[HEAP_BASE] = {"BASE", "first address of the region", COLUMN_DEFAULT | COLUMN_RIGHT, NULL},
	[HEAP_SIZE] = {"SIZE", "size of the region", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[HEAP_FREE] = {"FREE", "how much of it is free", COLUMN_DEFAULT | COLUMN_SIZE, NULL},
	[HEAP_LARGEST] = {"LARGEST", "longest free run", COLUMN_SIZE, NULL},
	[HEAP_BUFFERS] = {"BUFFERS",
			  "what is known about its buffers: contiguous, cacheable, protected", 0,
			  buffers_text},
	[HEAP_ALIASES] = {"ALIASES", "other heaps of the same memory, and symbolic links",
			  COLUMN_DEFAULT, alias_text},
};

static struct json_object *alias_value(const char *name, const char *type)
{
	struct json_object *map = value_map();

	value_set(map, "name", value_text(name));
	value_set(map, "type", value_text(type));
	return map;
}

static struct json_object *aliases_value(const struct memory *memory)
{
	struct json_object *array = value_array();

	array_for_each (&memory->same_region, name)
		value_append(array, alias_value(*name, "heap"));
	array_for_each (&memory->heap->symlinks, link)
		value_append(array, alias_value(*link, "symlink"));
	return array;
}

static struct json_object *buffers_value(const struct memory *memory)
{
	struct json_object *map = value_map();

	value_set(map, properties[0], value_tristate(memory->contiguous));
	value_set(map, properties[1], value_tristate(memory->cacheable));
	value_set(map, properties[2], value_tristate(memory->protected));
	value_set(map, "source", value_text(memory->buffers_source));
	return map;
}

unsigned int heap_columns_want(const struct table *table)
{
	static const unsigned int wanted[HEAP_COLUMN_COUNT] = {
		[HEAP_OWNER] = WANT_OWNERS,
		[HEAP_GROUP] = WANT_OWNERS,
		[HEAP_ACCESS] = WANT_ACCESS,
		[HEAP_PROVENANCE] = WANT_MEMORY,
		[HEAP_KIND] = WANT_MEMORY,
		[HEAP_BASE] = WANT_MEMORY,
		[HEAP_SIZE] = WANT_MEMORY,
		[HEAP_FREE] = WANT_MEMORY,
		[HEAP_LARGEST] = WANT_MEMORY,
		[HEAP_BUFFERS] = WANT_MEMORY,
		[HEAP_ALIASES] = WANT_MEMORY | WANT_LINKS,
	};
	unsigned int all = 0;

	for (size_t i = 0; i < HEAP_COLUMN_COUNT; i++)
		all |= table_wants(table, i) ? wanted[i] : 0;
	return all;
}

void heap_row(struct table *table, const struct memory *memory)
{
	const struct heap *heap = memory->heap;
	AUTO_FREE char *device = xasprintf("%u:%u", major(heap->device), minor(heap->device));
	AUTO_FREE char *mode = heap_mode_text(heap);
	struct maybe base = memory->base.number;

	table_set(table, HEAP_NAME, value_text(heap->name));
	table_set(table, HEAP_NODE, value_text(heap->node));
	table_set(table, HEAP_DEVICE, value_text(device));
	table_set(table, HEAP_OWNER, value_text(heap->owner));
	table_set(table, HEAP_GROUP, value_text(heap->group));
	table_set(table, HEAP_MODE, value_text(mode));
	table_set(table, HEAP_ACCESS, value_tristate(heap->access));
	table_set(table, HEAP_PROVENANCE, value_text(provenance_name(memory->provenance)));
	table_set(table, HEAP_KIND, value_text(memory_kind_name(memory->kind)));
	table_set(table, HEAP_BASE, base.known ? value_address(base.value) : NULL);
	table_set(table, HEAP_SIZE, value_maybe(memory->size.number));
	table_set(table, HEAP_FREE, value_maybe(memory->free.number));
	table_set(table, HEAP_LARGEST, value_maybe(memory->largest.number));
	table_set(table, HEAP_BUFFERS, buffers_value(memory));
	table_set(table, HEAP_ALIASES, aliases_value(memory));
}
