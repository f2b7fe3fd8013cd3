// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/path.h"

#include <stdbool.h>
#include <string.h>

#include "base/xalloc.h"

/* Adds LENGTH bytes of a part to PATH of *SIZE bytes. */
static void add_part(char *path, size_t *size, const char *part, size_t length)
{
	if (!length || (length == 1 && *part == '.'))
		return;
	if (length == 2 && part[0] == '.' && part[1] == '.') {
		while (*size && path[--*size] != '/')
			;
		return;
	}
	path[(*size)++] = '/';
	memcpy(path + *size, part, length);
	*size += length;
}

static void add_parts(char *path, size_t *size, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "/");

		add_part(path, size, text, length);
		text += length + (text[length] == '/');
	}
}

char *path_normal(const char *directory, const char *path)
{
	char *normal = xcalloc(strlen(directory) + strlen(path) + 3, 1);
	size_t size = 0;

	if (*path != '/')
		add_parts(normal, &size, directory);
	add_parts(normal, &size, path);
	if (!size)
		normal[size++] = '/';
	normal[size] = '\0';
	return normal;
}

const char *path_below(const char *directory, const char *path)
{
	size_t length = strlen(directory);

	if (length == 1)
		return path + 1; /* the root */
	if (strncmp(path, directory, length) != 0)
		return NULL;
	if (path[length] == '/')
		return path + length + 1;
	return path[length] ? NULL : path + length;
}

void path_common(char *directory, const char *path)
{
	const char *below;

	for (;;) {
		char *last = strrchr(directory, '/');

		below = path_below(directory, path);
		if ((below && *below) || last == directory) {
			if (!below || !*below)
				directory[1] = '\0';
			return;
		}
		*last = '\0';
	}
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
