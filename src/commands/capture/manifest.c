// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/capture/manifest.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/constant.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/json.h"

/* "2026-11-27T18:40:36Z" */
static struct value *time_value(uint64_t seconds)
{
	time_t moment = (time_t)seconds;
	struct tm parts;
	char text[64];

	if (!gmtime_r(&moment, &parts) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts))
		return NULL;
	return value_text(text);
}

static struct value *missing_value(const struct capture *capture)
{
	struct value *array = value_array();

	array_for_each (&capture->missing, missing) {
		struct value *map = value_map();

		value_set(map, "path", value_text(missing->path));
		value_set(map, "error", value_text(error_name(-missing->error)));
		value_set(map, "reason", value_text(error_words(missing->error)));
		value_append(array, map);
	}
	return array;
}

static struct value *acls_value(const struct capture *capture)
{
	struct value *array = value_array();

	array_for_each (&capture->acls, acl) {
		struct value *map = value_map();

		value_set(map, "path", value_text(acl->path));
		value_set(map, "entries", value_strings(&acl->entries));
		value_append(array, map);
	}
	return array;
}

char *manifest_text(const struct capture *capture, uint64_t made_at, bool redacted, size_t *size)
{
	struct value *document = value_map(), *map = value_map();
	struct utsname machine = {0};
	uint64_t bytes = 0;
	FILE *stream;
	char *text;

	array_for_each (capture, captured)
		bytes += captured->size;
	uname(&machine);
	value_set(map, "time", time_value(made_at));
	value_set(map, "kernel", value_text(machine.release));
	value_set(map, "machine", value_text(machine.machine));
	value_set(map, "root", value_bool(!geteuid()));
	value_set(map, "redacted", value_bool(redacted));
	value_set(map, "entries", value_number(capture->count));
	value_set(map, "bytes", value_number(bytes));
	value_set(map, "unread_processes", value_number(capture->unread_processes));
	value_set(map, "missing", missing_value(capture));
	value_set(map, "acls", acls_value(capture));
	value_set(document, "dmaheap", value_text(DMAHEAP_VERSION));
	value_set(document, "manifest", map);
	stream = xmemopen(&text, size);
	json_write(stream, document);
	fputc('\n', stream);
	xmemclose(stream);
	return text;
}
