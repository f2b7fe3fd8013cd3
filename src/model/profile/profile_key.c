// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/profile/profile_key.h"

#include <stdlib.h>
#include <string.h>

const struct profile_key_row profile_keys[PROFILE_KEYS] = {
	[PROFILE_KIND] = {"kind", VALUE_WORD, "cma pages coherent protected carve-out"},
	[PROFILE_BASE] = {"base", VALUE_ADDRESS, NULL},
	[PROFILE_SIZE] = {"size", VALUE_SIZE, NULL},
	[PROFILE_OWNER] = {"owner", VALUE_NAME, NULL},
	[PROFILE_GROUP] = {"group", VALUE_NAME, NULL},
	[PROFILE_MODE] = {"mode", VALUE_MODE, NULL},
	[PROFILE_CONTIGUOUS] = {"contiguous", VALUE_WORD, "yes no"},
	[PROFILE_CACHEABLE] = {"cacheable", VALUE_WORD, "yes no"},
	[PROFILE_PROTECTED] = {"protected", VALUE_WORD, "yes no"},
	[PROFILE_ALIAS] = {"alias", VALUE_NAMES, NULL},
	[PROFILE_CONSUMER] = {"consumer", VALUE_NAMES, NULL},
};

const char *profile_key_name(enum profile_key key)
{
	return profile_keys[key].name;
}

void profile_sort(struct strings *values)
{
	size_t kept = 0;

	strings_sort(values);
	array_for_each (values, value) {
		if (kept && !strcmp(values->items[kept - 1], *value))
			free(*value);
		else
			values->items[kept++] = *value;
	}
	values->count = kept;
}
