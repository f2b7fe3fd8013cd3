// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/array.h"

#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"

void *array_grow(void *items, size_t *count, size_t *allocated, size_t size, void **new_items)
{
	char *bytes = items;

	if (*count == *allocated) {
		size_t more = *allocated ? *allocated * 2 : 8;

		bytes = xreallocarray(items, more, size);
		*allocated = more;
	}
	*new_items = bytes;
	bytes += *count * size;
	memset(bytes, 0, size);
	++*count;
	return bytes;
}

void strings_add(struct strings *strings, const char *text)
{
	strings_take(strings, xstrdup(text));
}

void strings_take(struct strings *strings, char *text)
{
	*array_add(strings) = text;
}

int strings_have(const struct strings *strings, const char *text)
{
	array_for_each (strings, item) {
		if (!strcmp(*item, text))
			return 1;
	}
	return 0;
}

char *strings_join(const struct strings *strings, const char *separator)
{
	char *text;
	size_t size;
	FILE *stream;

	if (!strings->count)
		return NULL;
	stream = xmemopen(&text, &size);
	array_for_each (strings, item)
		fprintf(stream, "%s%s", item == strings->items ? "" : separator, *item);
	xmemclose(stream);
	return text;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strings_sort(struct strings *strings)
{
	if (strings->count)
		qsort(strings->items, strings->count, sizeof(*strings->items), compare);
}

void strings_free(struct strings *strings)
{
	array_for_each (strings, item)
		free(*item);
	array_free(strings);
}
