// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/heap_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

/* libudev knows those that a rule makes elsewhere in /dev */
#ifdef DMAHEAP_UDEV
#define LINKS "symbolic links"
#else
#define LINKS "symbolic links in /dev/dma_heap (built without libudev)"
#endif

static const char *const properties[] = {"contiguous", "cacheable", "protected"};

/* "contiguous,cacheable"; a property that is known to be absent is left out */
static char *buffers_text(struct value *buffers)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	const char *comma = "";

	for (size_t i = 0; i < COUNT_OF(properties); i++) {
		if (value_is_true(value_get(buffers, properties[i]))) {
			fprintf(stream, "%s%s", comma, properties[i]);
			comma = ",";
		}
	}
	xmemclose(stream);
	return text;
}

/* "/dev/vidbuf (symlink)" */
static char *alias_text(struct value *alias)
{
	AUTO_FREE char *name = text_show(value_string(value_get(alias, "name")));
	const char *type = value_string(value_get(alias, "type"));

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
	[HEAP_USED] = {"USED", "bytes of the buffers that it made", COLUMN_SIZE, NULL},
	[HEAP_COUNT] = {"COUNT", "number of the buffers that it made", COLUMN_RIGHT, NULL},
	[HEAP_BUFFERS] = {"BUFFERS",
			  "what is known about its buffers: contiguous, cacheable, protected", 0,
			  buffers_text},
	[HEAP_ALIASES] = {"ALIASES", "other heaps of the same memory, and " LINKS,
			  COLUMN_DEFAULT | COLUMN_FEW, alias_text},
};

static struct value *alias_value(const char *name, const char *type)
{
	struct value *map = value_map();

	value_set(map, "name", value_text(name));
	value_set(map, "type", value_text(type));
	return map;
}

static struct value *aliases_value(const struct memory *memory)
{
	struct value *array = value_array();

	array_for_each (&memory->same_region, name)
		value_append(array, alias_value(*name, "heap"));
	array_for_each (&memory->heap->symlinks, link)
		value_append(array, alias_value(*link, "symlink"));
	return array;
}

static struct value *buffers_value(const struct memory *memory)
{
	struct value *map = value_map();

	value_set(map, properties[0], value_tristate(memory->buffers.contiguous));
	value_set(map, properties[1], value_tristate(memory->buffers.cacheable));
	value_set(map, properties[2], value_tristate(memory->buffers.protected));
	value_set(map, "source", value_text(memory->buffers.source));
	return map;
}

/* What has to be read for a column. */
static unsigned int wanted(enum heap_column column)
{
	switch (column) {
	case HEAP_NAME:
	case HEAP_NODE:
	case HEAP_DEVICE:
	case HEAP_MODE:
	case HEAP_COLUMN_COUNT:
		return 0;
	case HEAP_OWNER:
	case HEAP_GROUP:
		return WANT_OWNERS;
	case HEAP_ACCESS:
		return WANT_ACCESS;
	case HEAP_PROVENANCE:
	case HEAP_KIND:
	case HEAP_BASE:
	case HEAP_SIZE:
	case HEAP_FREE:
	case HEAP_LARGEST:
	case HEAP_USED:
	case HEAP_COUNT:
	case HEAP_BUFFERS:
		return WANT_MEMORY;
	case HEAP_ALIASES:
		return WANT_MEMORY | WANT_LINKS;
	}
	return 0;
}

unsigned int heap_columns_want(const struct table *table)
{
	unsigned int all = 0;

	for (enum heap_column column = 0; column < HEAP_COLUMN_COUNT; column++)
		all |= table_wants(table, column) ? wanted(column) : 0;
	return all;
}

bool heap_columns_want_buffers(const struct table *table)
{
	return table_wants(table, HEAP_USED) || table_wants(table, HEAP_COUNT);
}

/*
 * What the kernel's heaps make has the heap's name as its exporter. Whether that is so for the
 * buffers of another driver is known once there is one.
 */
static struct value *usage_value(const struct memory *memory, const struct bufinfos *buffers,
				 enum heap_column column)
{
	struct bufinfo_sum sum;

	if (!buffers || bufinfos_sum(buffers, memory->heap->name, &sum) ||
	    (!sum.buffers && memory->kind != MEMORY_PAGES && memory->kind != MEMORY_CMA))
		return NULL;
	return value_number(column == HEAP_USED ? sum.size : sum.buffers);
}

static struct value *column_value(const struct memory *memory, const struct bufinfos *buffers,
				  enum heap_column column)
{
	const struct heap *heap = memory->heap;
	AUTO_FREE char *text = NULL;

	switch (column) {
	case HEAP_NAME:
		return value_text(heap->name);
	case HEAP_NODE:
		return value_text(heap->node);
	case HEAP_DEVICE:
		text = xasprintf("%u:%u", major(heap->device), minor(heap->device));
		return value_text(text);
	case HEAP_OWNER:
		return value_text(heap->owner);
	case HEAP_GROUP:
		return value_text(heap->group);
	case HEAP_MODE:
		text = heap_mode_text(heap);
		return value_text(text);
	case HEAP_ACCESS:
		return value_tristate(heap->access);
	case HEAP_PROVENANCE:
		return value_text(provenance_name(memory->provenance));
	case HEAP_KIND:
		return value_text(memory_kind_name(memory->kind));
	case HEAP_BASE:
		return memory->base.number.known ? value_address(memory->base.number.value) : NULL;
	case HEAP_SIZE:
		return value_maybe(memory->size.number);
	case HEAP_FREE:
		return value_maybe(memory->free.number);
	case HEAP_LARGEST:
		return value_maybe(memory->largest.number);
	case HEAP_USED:
	case HEAP_COUNT:
		return usage_value(memory, buffers, column);
	case HEAP_BUFFERS:
		return buffers_value(memory);
	case HEAP_ALIASES:
		return aliases_value(memory);
	case HEAP_COLUMN_COUNT:
		break;
	}
	return NULL;
}

void heap_row(struct table *table, const struct memory *memory, const struct bufinfos *buffers)
{
	table_row(table);
	for (enum heap_column column = 0; column < HEAP_COLUMN_COUNT; column++)
		table_set(table, column, column_value(memory, buffers, column));
}

char *heap_column_source(const struct memory *memory, enum heap_column column)
{
	const struct heap *heap = memory->heap;
	const char *source = NULL;

	switch (column) {
	case HEAP_NAME:
	case HEAP_NODE:
		source = HEAP_DIRECTORY;
		break;
	case HEAP_DEVICE:
	case HEAP_OWNER:
	case HEAP_GROUP:
	case HEAP_MODE:
		return xasprintf("stat %s", heap->node);
	case HEAP_ACCESS:
		return xasprintf("open %s%s%s", heap->node, heap->access_error ? ": " : "",
				 heap->access_error ? error_words(heap->access_error) : "");
	case HEAP_PROVENANCE:
	case HEAP_KIND:
		source = memory->how;
		break;
	case HEAP_BASE:
		source = memory->base.source;
		break;
	case HEAP_SIZE:
		source = memory->size.source;
		break;
	case HEAP_FREE:
		source = memory->free.source;
		break;
	case HEAP_LARGEST:
		source = memory->largest.source;
		break;
	case HEAP_USED:
	case HEAP_COUNT:
		source = BUFINFO_PATH;
		break;
	case HEAP_BUFFERS:
		source = memory->buffers.source;
		break;
	case HEAP_ALIASES:
		source = memory->same_region.count ? "the memory of both names" : HEAP_DIRECTORY;
		break;
	case HEAP_COLUMN_COUNT:
		break;
	}
	return xstrdup_maybe(source);
}
