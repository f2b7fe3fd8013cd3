// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_watch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

static void find_holders(const struct usages *usages, const struct usage *usage,
			 struct strings *holders)
{
	const struct hold *holds = usages->scan.holds.items + usage->first_hold;

	for (size_t i = 0; i < usage->holds; i++) {
		const struct process *process = &usages->scan.processes.items[holds[i].process];

		if (!i || holds[i].process != holds[i - 1].process)
			strings_take(holders, xasprintf("%" PRIu64 " (%s)", process->pid,
							process->command ? process->command : "?"));
	}
	array_for_each (&usage->devices, device)
		strings_add(holders, *device);
	strings_sort(holders);
}

static void look(const struct buffers_view *view, struct buffers_known *known)
{
	known->any = true;
	for (size_t i = 0; i < view->usages->count; i++) {
		const struct usage *usage = &view->usages->items[i];
		struct known_buffer *buffer;

		if (!view->shown[i])
			continue;
		buffer = array_add(known);
		buffer->inode = usage->inode;
		buffer->size = usage->size;
		buffer->exporter = xstrdup_maybe(usage->exporter);
		buffer->name = xstrdup_maybe(usage->name);
		find_holders(view->usages, usage, &buffer->holders);
	}
}

/* WHAT: what there is to say of it, or "" */
static void print_change(const struct context *context, FILE *stream, char sign,
			 const struct known_buffer *buffer, const char *what)
{
	AUTO_FREE char *size =
		buffer->size.known ? cmd_size(context, buffer->size.value) : xstrdup("-");
	AUTO_FREE char *exporter = text_show(buffer->exporter ? buffer->exporter : "-");
	AUTO_FREE char *name = text_show(buffer->name ? buffer->name : "-");
	AUTO_FREE char *rest = text_show(what);

	fprintf(stream, "%c %" PRIu64 " %s %s %s%s\n", sign, buffer->inode, size, exporter, name,
		rest);
}

/* ": +12 (viewer), -vgem"; the caller frees it. */
static char *holder_changes(const struct strings *before, const struct strings *now)
{
	char *text;
	size_t size, a = 0, b = 0;
	FILE *stream = xmemopen(&text, &size);
	const char *comma = ": ";

	while (a < before->count || b < now->count) {
		int order = a == before->count ? 1
			    : b == now->count  ? -1
					       : strcmp(before->items[a], now->items[b]);

		if (order)
			fprintf(stream, "%s%c%s", comma, order < 0 ? '-' : '+',
				order < 0 ? before->items[a] : now->items[b]);
		comma = order ? ", " : comma;
		a += order <= 0;
		b += order >= 0;
	}
	xmemclose(stream);
	return text;
}

static void print_holders(const struct context *context, FILE *stream,
			  const struct known_buffer *before, const struct known_buffer *now)
{
	AUTO_FREE char *changes = holder_changes(&before->holders, &now->holders);

	if (*changes)
		print_change(context, stream, '=', now, changes);
}

void buffers_changes(const struct context *context, struct buffers_known *known,
		     const struct buffers_view *view, FILE *stream)
{
	struct buffers_known now = {0};
	size_t a = 0, b = 0;

	look(view, &now);
	while (known->any && (a < known->count || b < now.count)) {
		bool more_before = a < known->count, more_now = b < now.count;
		uint64_t before = more_before ? known->items[a].inode : 0;
		uint64_t after = more_now ? now.items[b].inode : 0;

		if (!more_now || (more_before && before < after)) {
			print_change(context, stream, '-', &known->items[a++], "");
		} else if (!more_before || after < before) {
			print_change(context, stream, '+', &now.items[b++], "");
		} else {
			print_holders(context, stream, &known->items[a++], &now.items[b++]);
		}
	}
	buffers_known_free(known);
	*known = now;
}

void buffers_known_free(struct buffers_known *known)
{
	array_for_each (known, buffer) {
		free(buffer->exporter);
		free(buffer->name);
		strings_free(&buffer->holders);
	}
	array_free(known);
}
