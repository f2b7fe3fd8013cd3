// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/finding_text.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

struct json_object *region_consumer_value(const struct consumer *consumer)
{
	struct json_object *map = value_map();

	value_set(map, "node", value_text(consumer->path));
	value_set(map, "name", value_text(consumer->name));
	value_set(map, "enabled", value_bool(consumer->enabled));
	return map;
}

char *region_consumer_text(struct json_object *value)
{
	const char *node = json_object_get_string(json_object_object_get(value, "node"));
	const char *name = json_object_get_string(json_object_object_get(value, "name"));
	AUTO_FREE char *text = name ? xasprintf("%s (%s)", node, name) : xstrdup(node);

	return text_escape(text);
}

void region_print_finding(const struct context *context, enum severity severity,
			  const char *subject, const char *message, const char *id)
{
	static const char *const colors[] = {[SEVERITY_NOTE] = "\033[36m",
					     [SEVERITY_WARNING] = "\033[33m",
					     [SEVERITY_ERROR] = "\033[31m"};
	AUTO_FREE char *what = text_escape(subject);
	AUTO_FREE char *why = text_escape(message);

	printf("%s%s%s: %s: %s [%s]\n", context->color ? colors[severity] : "",
	       severity_name(severity), context->color ? "\033[0m" : "", what, why, id);
}
