// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/fact.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/xalloc.h"

void fact_set(struct fact *fact, uint64_t value, const char *format, ...)
{
	va_list arguments;

	if (fact->number.known)
		return;
	va_start(arguments, format);
	fact->source = xvasprintf(format, arguments);
	va_end(arguments);
	fact->number = (struct maybe){true, value};
}

void fact_free(struct fact *fact)
{
	free(fact->source);
	*fact = (struct fact){0};
}
