// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void out_of_memory(void)
{
	static const char message[] = "dmaheap: out of memory\n";

	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0) {
		/* nowhere left to say it */
	}
	_exit(EXIT_FAILURE);
}

void *must_have(void *pointer)
{
	if (!pointer)
		out_of_memory();
	return pointer;
}

void *xcalloc(size_t count, size_t size)
{
	return must_have(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return must_have(reallocarray(old, count ? count : 1, size));
}

char *xstrdup(const char *text)
{
	return must_have(strdup(text));
}

char *xstrndup(const char *text, size_t length)
{
	return must_have(strndup(text, length));
}

void *xmemdup(const void *data, size_t size)
{
	void *copy = xcalloc(size, 1);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	return text;
}

FILE *xmemopen(char **text, size_t *size)
{
	return must_have(open_memstream(text, size));
}

void xmemclose(FILE *stream)
{
	if (fclose(stream))
		out_of_memory();
}
