// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/fate.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	free(fate->text);
	fate->text = text;
	fate->kind = kind;
	if (kind == FATE_NO_HEAP || kind == FATE_DROPPED)
		strings_free(&fate->heaps);
}

const char *fate_reason(const struct fate *fate)
{
	const char *colon = strstr(fate->text, ": ");

	return colon ? colon + 2 : fate->text;
}

static void free_fate(struct fate *fate)
{
	strings_free(&fate->heaps);
	free(fate->text);
}

void fate_add(struct fate *fate, const char *reason)
{
	char *before = fate->text;

	fate->text = xasprintf("%s; %s", before, reason);
	free(before);
}

void fates_free(struct fates *fates)
{
	array_for_each (fates, fate)
		free_fate(fate);
	array_free(fates);
	free_fate(&fates->other);
	*fates = (struct fates){0};
}

const char *fate_kind_name(enum fate_kind kind)
{
	switch (kind) {
	case FATE_HEAP:
		return "heap";
	case FATE_NO_HEAP:
		return "no-heap";
	case FATE_DROPPED:
		return "dropped";
	case FATE_OPEN:
		break;
	}
	return "open";
}
