// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/consumer.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

struct value *consumer_value(const struct consumer *consumer)
{
	struct value *map = value_map();

	value_set(map, "node", value_text(consumer->path));
	value_set(map, "name", value_text(consumer->name));
	value_set(map, "enabled", value_bool(consumer->enabled));
	return map;
}

char *consumer_text(struct value *value)
{
	const char *node = value_string(value_get(value, "node"));
	const char *name = value_string(value_get(value, "name"));
	AUTO_FREE char *text = name ? xasprintf("%s (%s)", node, name) : xstrdup(node);

	return text_show(text);
}
