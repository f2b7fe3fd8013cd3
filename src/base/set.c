// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/set.h"

#include <search.h>
#include <stddef.h>
#include <string.h>

#include "base/xalloc.h"

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *set_add(struct set *set, const char *key)
{
	const char *const *node = must_have(tsearch(key, &set->tree, compare));

	return *node == key ? NULL : *node;
}

const char *set_find(const struct set *set, const char *key)
{
	const char *const *node = tfind(key, &set->tree, compare);

	return node ? *node : NULL;
}

static void keep(void *key)
{
	(void)key; /* belongs to the caller */
}

void set_free(struct set *set)
{
	tdestroy(set->tree, keep);
	set->tree = NULL;
}
