// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fact.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

void fact_set(struct fact *fact, uint64_t value, const char *format, ...)
{
	va_list arguments;

	if (fact->number.known)
		return;
	va_start(arguments, format);
	if (vasprintf(&fact->source, format, arguments) < 0)
		out_of_memory();
	va_end(arguments);
	fact->number = (struct maybe){true, value};
}

void fact_free(struct fact *fact)
{
	free(fact->source);
	*fact = (struct fact){0};
}
