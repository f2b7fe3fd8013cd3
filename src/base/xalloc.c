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

char *xstrdup_maybe(const char *text)
{
	return text ? xstrdup(text) : NULL;
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

char *xvasprintf(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		out_of_memory();
	return text;
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	return text;
}

/*
 * open_memstream() would do, if it reported a lack of memory: glibc's fclose() then succeeds with a
 * NULL text.
 */
struct memory_stream {
	char **text;
	size_t *size;
	size_t allocated;
	char buffer[256];
};

static ssize_t memory_write(void *cookie, const char *data, size_t size)
{
	struct memory_stream *stream = cookie;

	if (size >= stream->allocated - *stream->size) {
		stream->allocated = 2 * stream->allocated + size;
		*stream->text = xreallocarray(*stream->text, stream->allocated, 1);
	}
	memcpy(*stream->text + *stream->size, data, size);
	*stream->size += size;
	(*stream->text)[*stream->size] = '\0';
	return (ssize_t)size;
}

static int memory_close(void *cookie)
{
	free(cookie);
	return 0;
}

FILE *xmemopen(char **text, size_t *size)
{
	struct memory_stream *stream = xcalloc(1, sizeof(*stream));
	FILE *file;

	stream->text = text;
	stream->size = size;
	stream->allocated = sizeof(stream->buffer);
	*text = xcalloc(stream->allocated, 1);
	*size = 0;
	file = must_have(
		fopencookie(stream, "w",
			    (cookie_io_functions_t){.write = memory_write, .close = memory_close}));
	setvbuf(file, stream->buffer, _IOFBF, sizeof(stream->buffer));
	return file;
}

void xmemclose(FILE *stream)
{
	if (fclose(stream))
		out_of_memory();
}
